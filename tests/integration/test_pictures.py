"""Is a picture stamped only while it is cleared, for whoever may post, and does the registry keep its hash alone?"""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from consent.documents.pictures import stamp_picture
from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.pictures import MOST_BYTES
from consent.domain.vocabulary import Use
from consent.services.pictures import keep_stamped, stamp_of
from consent.services.posts import NotCleared
from tests.builders.camp import NOW, a_consent, a_person
from tests.builders.clearances import Department, a_department
from tests.builders.colleagues import happened
from tests.builders.pages import ON_ONE_DATABASE, errors_on, send
from tests.builders.pictures import HEIC, a_photo, fields, opened, saved
from tests.builders.staff import csrf_token, hire, signed_in_as

pytestmark = ON_ONE_DATABASE
BASE_URL = "https://consent.example.org/"
NAMED = frozenset({Use.PHOTO, Use.NAME})
TODAY = {"signed_at": "2026-07-01T08:00:00Z", "witnessed_at": "2026-07-01T09:00:00Z"}
ADULTS = [
    *a_person("P-adult", "Ada", "Adams", born="1990-01-02"), a_consent("P-adult", signer="self"),
    *a_person("P-today", "Eva", "Eighteen", born="2008-07-01"), a_consent("P-today", signer="self", **TODAY),
]  # fmt: skip


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def department(app: Flask, session: Session) -> Department:
    return a_department(app, session, more=ADULTS)


@pytest.fixture
def poster(app: Flask, department: Department) -> FlaskClient:
    return signed_in_as(app, department.email)


def give(client: FlaskClient, number: str, content: bytes, name: str = "IMG_0001.JPG") -> TestResponse:
    file = FileStorage(BytesIO(content), name)
    boundary, body = encode_multipart({"csrf_token": csrf_token(client), "picture": file})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/clearances/{number}/picture", data=body, content_type=kind)


def test_a_cleared_picture_comes_back_to_be_saved_and_its_hashes_are_in_the_ledger(
    poster: FlaskClient, department: Department, session: Session
):
    number = department.cleared("P-ok")
    assert "Before posting: give the picture its stamp" in poster.get(f"/clearances/{number}").text
    answer = give(poster, number, a_photo("JPEG", 6))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="clearance-{number}.jpeg"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert opened(answer.data).size == (48, 64)
    packet = opened(answer.data).info["xmp"].decode()
    assert f"<rdf:li>{number}</rdf:li>" in packet
    assert f"/P/{number}</xmpRights:WebStatement>" in packet
    assert f"Cleared for Facebook (@cityparks) only, as clearance {number}." in packet
    assert "Autorizada solo para Facebook" in packet
    given = stamp_picture(a_photo("JPEG", 6), stamp_of(department.open(number), base_url="http://localhost:8000"))
    [(kind, actor, told)] = happened(session, EventKind.PICTURE_STAMPED)
    assert (kind, actor) == ("picture-stamped", f"staff:{department.poster}")
    assert told == {"clearance": number, "sent_sha256": given.sent_sha256, "given_sha256": given.sha256}


def test_only_adults_who_agreed_to_be_named_are_named_and_only_where_names_were_asked_about(department: Department):
    """The child in it agreed to everything, through the mother."""
    people = ("P-ok", "P-adult", "P-today")
    named = stamp_of(department.open(department.cleared(*people, uses=NAMED)), base_url=BASE_URL)
    assert sorted(named.named) == ["Ada Adams", "Eva Eighteen"]
    silent = stamp_of(department.open(department.cleared(*people)), base_url=BASE_URL)
    assert silent.named == ()
    assert named.statement_url == f"https://consent.example.org/P/{named.number}"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Choose the picture that was cleared"),
        (HEIC, "This is a HEIC picture"),
        (b"GIF89a", "Choose a JPEG, a PNG or a WebP"),
        (saved(fields(), "PNG", save_all=True, append_images=[fields().rotate(180)]), "Choose a picture that stands"),
        (b"\xff\xd8\xff" + b"\0" * MOST_BYTES, "Choose a smaller picture"),
        (a_photo("PNG")[:-80], "This file is broken or cut short"),
    ],
    ids=["empty", "heic", "gif", "moving", "large", "cut"],
)
def test_what_cannot_be_stamped_is_told_beside_the_field_and_the_page_stays(
    poster: FlaskClient, department: Department, session: Session, content: bytes, told: str
):
    number = department.cleared("P-ok")
    answer = give(poster, number, content)
    assert answer.status_code == 422
    assert errors_on(answer.text) == ["picture"]
    assert told in answer.text
    assert 'data-state="cleared"' in answer.text
    assert happened(session, EventKind.PICTURE_STAMPED) == []


def test_what_is_not_cleared_or_no_longer_gets_no_stamp(poster: FlaskClient, department: Department, session: Session):
    draft, cleared, gone = department.draft("P-ok"), department.cleared("P-limits"), department.cleared("P-ok")
    drawn = stamp_picture(a_photo(), stamp_of(department.open(gone), base_url=BASE_URL))
    assert send(poster, "/patrons/P-ok/withdraw", signer="G-P-ok", what="all", asked_how="in-person").status_code == 303
    department.post(cleared)
    for number in (draft, cleared, gone):
        assert give(poster, number, a_photo()).status_code == 409
        assert "give the picture its stamp" not in poster.get(f"/clearances/{number}").text
    told = {"by": "staff:1", "zone": department.zone, "now": NOW}
    with pytest.raises(NotCleared, match="while the picture was drawn"):
        keep_stamped(session, gone, drawn, asker=department.asker(), **told)
    session.rollback()
    assert happened(session, EventKind.PICTURE_STAMPED) == []
    assert give(poster, "NONE-0000", a_photo()).status_code == 404


def test_whoever_may_only_read_a_clearance_gives_no_picture(app: Flask, department: Department):
    number = department.cleared("P-ok")
    hire(app, Role.RECORDS_OFFICER, email="records@city.example", name="Rae Cords")
    officer = signed_in_as(app, "records@city.example")
    page = officer.get(f"/clearances/{number}").text
    assert re.search("CLEARED", page)
    assert "give the picture its stamp" not in page
    assert give(officer, number, a_photo()).status_code == 403
