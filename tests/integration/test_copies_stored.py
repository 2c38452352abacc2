"""Is there one signed copy, stored as it was given out, which can be checked and tells what became of it?"""

import hashlib
import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consent.app import create_app, main
from consent.documents.copies import draw_copy
from consent.domain.copies import SignedCopy, Standing
from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.vocabulary import AskedHow, Use
from consent.services.copies import CopyDoesNotMatch, copy_by_reference
from consent.services.copies_stored import is_ours, paper_of, status_of, store_missing_copies
from consent.services.signing import Signed
from consent.services.withdrawals import TakenBack, record_withdrawal
from consent.services.witness import reject_signing
from consent.settings import Settings
from consent.storage.models import LedgerEvent, StoredCopy
from tests.builders.camp import a_camp, keep
from tests.builders.desk import SOON, FrontDesk, a_family
from tests.builders.paper import words
from tests.builders.registries import dispose
from tests.builders.sittings import CHILD, NOW, Kiosk, a_child, a_sitting
from tests.builders.staff import csrf_token, signed_in

CITY = "https://consent.city.example"
LINK = re.compile(rf"{CITY}/signed/([\w-]+)")


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[time_machine.Traveller]:
    """The web reads the clock itself."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def kiosk(app: Flask) -> Kiosk:
    keep(app, a_camp())
    return Kiosk(app)


@pytest.fixture
def signed(kiosk: Kiosk) -> Signed:
    return kiosk.tap(kiosk.reviewed(a_sitting(CHILD, a_child("Max"))))


@pytest.fixture
def reachable(app: Flask) -> Settings:
    """Where phones can open the links on paper."""
    return replace(app.config["CONSENT"], base_url=CITY)


@pytest.fixture
def paper(session: Session, kiosk: Kiosk, signed: Signed, reachable: Settings) -> bytes:
    copy = copy_by_reference(session, signed.reference, zone=kiosk.zone)
    return paper_of(session, copy, draw_copy, settings=reachable, now=NOW)


@pytest.fixture
def link(paper: bytes) -> str:
    """The token of the lasting link that the paper carries."""
    return LINK.search("".join(words(paper).split()))[1][:43]


def never_draw(_: SignedCopy) -> bytes:
    raise AssertionError("It was drawn once already")


def standings(session: Session, link: str, *, days: int = 0) -> list[tuple[str, Standing]]:
    session.rollback()
    _, states = status_of(session, link, now=NOW + timedelta(days=days))
    return [(state.record[-1], state.standing) for state in states]


def test_it_is_drawn_once_and_never_again(app: Flask, session: Session, kiosk: Kiosk, signed: Signed, paper: bytes):
    copy, plain = copy_by_reference(session, signed.reference, zone=kiosk.zone), app.config["CONSENT"]
    assert paper_of(session, copy, never_draw, settings=plain, now=NOW + timedelta(days=900)) == paper
    by_link = app.test_client().get(f"/copy/{signed.copy_token}/copy.pdf").data
    by_desk = signed_in(app, Role.FRONT_DESK).get(f"/desk/signings/{signed.reference}/copy.pdf").data
    assert by_link == by_desk == paper


def test_it_is_sealed_in_the_ledger(session: Session, signed: Signed, paper: bytes):
    stored = session.scalars(select(StoredCopy)).one()
    assert (stored.pdf, stored.pdf_sha256) == (paper, hashlib.sha256(paper).hexdigest())
    [event] = session.scalars(select(LedgerEvent).where(LedgerEvent.kind == EventKind.COPY_STORED.value)).all()
    assert (event.actor, bool(signed.reference)) == ("registry", True)


def test_many_who_ask_at_once_get_the_same_paper(kiosk: Kiosk, signed: Signed, reachable: Settings):
    def ask(_: int) -> bytes:
        with Session(kiosk.engine) as session:
            copy = copy_by_reference(session, signed.reference, zone=kiosk.zone)
            return paper_of(session, copy, draw_copy, settings=reachable, now=NOW)

    with ThreadPoolExecutor(8) as many:
        assert len(set(many.map(ask, range(8)))) == 1
    with Session(kiosk.engine) as session:
        assert session.scalar(select(func.count()).select_from(StoredCopy)) == 1


def test_the_tick_draws_what_nobody_asked_for(app: Flask, session: Session, signed: Signed):
    tick = app.test_cli_runner().invoke(main, ["tick"])
    assert "Stored signed copies: 1." in tick.output
    assert session.scalars(select(StoredCopy)).one().pdf.startswith(b"%PDF")
    assert signed.reference in words(session.scalars(select(StoredCopy)).one().pdf)
    assert "Stored" not in app.test_cli_runner().invoke(main, ["tick"]).output


def test_one_that_cannot_be_drawn_holds_up_no_other(
    session: Session, kiosk: Kiosk, signed: Signed, reachable: Settings, caplog: pytest.LogCaptureFixture
):
    another = kiosk.tap(kiosk.reviewed(a_sitting()))
    on_table = " ON consent" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER consent_no_update{on_table}"))
    session.execute(
        text('UPDATE consent SET signature = \'{"kind": "typed", "name": "Eve"}\' WHERE external_id LIKE :ours'),
        {"ours": f"{signed.reference}%"},
    )
    session.commit()
    told = store_missing_copies(session, draw_copy, settings=reachable, now=NOW)
    assert told == "Stored signed copies: 1."
    assert another.reference in words(session.scalars(select(StoredCopy)).one().pdf)
    assert f"The copy of signing {signed.reference} was not drawn" in caplog.text


def test_a_stored_copy_that_was_changed_is_given_to_nobody(
    session: Session, kiosk: Kiosk, signed: Signed, paper: bytes, reachable: Settings
):
    on_table = " ON stored_copy" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER stored_copy_no_update{on_table}"))
    session.query(StoredCopy).update({"pdf": paper[:-1]})
    session.commit()
    copy = copy_by_reference(session, signed.reference, zone=kiosk.zone)
    with pytest.raises(CopyDoesNotMatch):
        paper_of(session, copy, draw_copy, settings=reachable, now=NOW)


def test_a_copy_is_known_to_the_last_byte(session: Session, paper: bytes):
    assert is_ours(session, paper)
    for changed in (paper[:-1], paper + b"\n", paper.replace(b"/Type", b"/type", 1), b""):
        assert not is_ours(session, changed)


def check(client: FlaskClient, file: bytes | None, language: str = "en") -> str:
    client.set_cookie("language", language)
    sent = {"csrf_token": csrf_token(client)}
    if file is not None:
        sent["copy"] = (io.BytesIO(file), "copy.pdf")
    answer = client.post("/verify", data=sent, content_type="multipart/form-data")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


@pytest.mark.parametrize(
    ("language", "answers"),
    [("en", ("It matches", "It does not match")), ("es", ("Coincide", "No coincide"))],
)
def test_anybody_may_have_a_copy_checked_and_learns_nothing_more(
    client: FlaskClient, session: Session, paper: bytes, language: str, answers: tuple[str, str]
):
    before = session.scalar(select(func.count()).select_from(LedgerEvent))
    known, unknown = check(client, paper, language), check(client, paper + b" ", language)
    assert f"{answers[0]}</h1>" in known
    assert f"{answers[1]}</h1>" in unknown
    for page in (known, unknown):
        assert not any(name in page for name in ("Zoë", "Max", "Mo Ávila"))
    session.rollback()
    assert session.scalar(select(func.count()).select_from(LedgerEvent)) == before


def test_no_file_is_asked_for_again_and_one_too_large_refused(client: FlaskClient):
    assert "Choose the file of the copy" in check(client, None)
    large = client.post("/verify", data=bytes(2 * 1024 * 1024), content_type="multipart/form-data; boundary=x")
    assert (large.status_code, "Too much at once" in large.text) == (413, True)


def test_the_lasting_link_tells_what_became_of_each_record(
    app: Flask, session: Session, signed: Signed, link: str, camp_time: time_machine.Traveller
):
    assert standings(session, link) == [("1", Standing.WAITING), ("2", Standing.WAITING)]
    assert standings(session, link, days=366) == [("1", Standing.ENDED), ("2", Standing.ENDED)]

    client = app.test_client()
    camp_time.move_to(NOW + timedelta(days=30))
    page = client.get(f"/signed/{link}")
    assert page.status_code == 200
    assert signed.reference in page.text
    assert page.text.count('data-standing="waiting"') == 2
    assert not any(name in page.text for name in ("Zoë", "Max", "Mo Ávila"))


@pytest.fixture
def desk(app: Flask) -> FrontDesk:
    return FrontDesk(app, a_family())


def link_of(app: Flask, desk: FrontDesk, reference: str) -> str:
    with desk.session() as session:
        copy = copy_by_reference(session, reference, zone=desk.zone)
        reachable = replace(app.config["CONSENT"], base_url=CITY)
        paper = paper_of(session, copy, draw_copy, settings=reachable, now=SOON)
    return LINK.search("".join(words(paper).split()))[1][:43]


def test_it_tells_when_the_desk_confirmed_and_when_it_was_taken_back(app: Flask, desk: FrontDesk, session: Session):
    reference = desk.signed()
    link = link_of(app, desk, reference)
    desk.confirm(reference, "P-ok", guardian="G-P-ok")
    assert standings(session, link, days=1) == [("1", Standing.CONFIRMED)]
    later = SOON + timedelta(hours=1)
    told = TakenBack("P-ok", "G-P-ok", frozenset({Use.PHOTO}), AskedHow.BY_PHONE, "a1")
    record_withdrawal(session, told, **desk.by_whom(later))
    assert standings(session, link, days=1) == [("1", Standing.WITHDRAWN)]


def test_it_tells_when_the_desk_could_not_confirm(app: Flask, desk: FrontDesk, session: Session):
    reference = desk.signed()
    link = link_of(app, desk, reference)
    reject_signing(session, reference, "Another person's document", **desk.by_whom())
    assert standings(session, link, days=1) == [("1", Standing.REJECTED)]


def test_somebody_elses_withdrawal_is_not_told(app: Flask, desk: FrontDesk, session: Session):
    """The holder of the link may not learn what another guardian did."""
    reference = desk.signed()
    link = link_of(app, desk, reference)
    desk.confirm(reference, "P-ok", guardian="G-P-ok")
    told = TakenBack("P-ok", "self", None, AskedHow.IN_PERSON, "a1")
    record_withdrawal(session, told, **desk.by_whom(SOON + timedelta(hours=1)))
    assert standings(session, link, days=1) == [("1", Standing.CONFIRMED)]


@pytest.mark.parametrize("token", ["x", "é", "a" * 43, "a" * 5000, "%F0%9F%98%80"])
def test_an_invented_link_tells_nothing(client: FlaskClient, token: str):
    assert client.get(f"/signed/{token}").status_code == 404


def test_where_no_phone_could_open_it_the_paper_carries_no_link(
    app: Flask, session: Session, kiosk: Kiosk, signed: Signed
):
    plain = app.test_client().get(f"/copy/{signed.copy_token}/copy.pdf").data
    assert "/signed/" not in words(plain)
    assert kiosk.id
    assert session.scalars(select(StoredCopy)).one().status_sha256


def test_where_phones_can_the_page_gives_a_paper_with_a_link(app: Flask, signed: Signed):
    public = create_app(replace(app.config["CONSENT"], base_url=CITY))
    paper = public.test_client().get(f"/copy/{signed.copy_token}/copy.pdf", base_url=CITY).data
    assert LINK.search("".join(words(paper).split()))
    dispose(public)
