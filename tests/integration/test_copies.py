"""Does the signer's copy open for a day by its own link, say what was sealed, and nothing to anybody else?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.domain.signatures import Signature
from consent.domain.vocabulary import Language
from consent.services.copies import (
    CopyDoesNotMatch,
    UnknownSigning,
    copy_address,
    copy_by_reference,
    copy_by_token,
)
from consent.services.signing import Signed, Submission
from consent.storage.models import LedgerEvent, Patron
from tests.builders.camp import a_camp, keep
from tests.builders.paper import words
from tests.builders.sittings import CHILD, MOTHER, NOW, SCRIBBLE, Kiosk, a_child, a_sitting
from tests.builders.staff import signed_in

ONE_DAY = timedelta(hours=24)


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
def submission(kiosk: Kiosk) -> Submission:
    return kiosk.reviewed(a_sitting(CHILD, a_child("Max"), language=Language.SPANISH))


@pytest.fixture
def signed(kiosk: Kiosk, submission: Submission) -> Signed:
    return kiosk.tap(submission)


@pytest.fixture
def desk(signed: Signed, app: Flask) -> FlaskClient:
    assert signed.reference
    return signed_in(app, Role.FRONT_DESK)


def test_the_copy_says_what_was_sealed(kiosk: Kiosk, session: Session, signed: Signed) -> None:
    copy = copy_by_token(session, signed.copy_token, zone=kiosk.zone, now=NOW)
    assert (copy.reference, copy.language, copy.signer) == (signed.reference, Language.SPANISH, "Mo Ávila")
    assert (copy.signature, copy.department, copy.demo) == (SCRIBBLE, "City Recreation Department", False)
    assert copy.signed_at.isoformat() == "2026-07-01T12:00:00-07:00"
    assert [seal.record for seal in copy.seals] == [f"{signed.reference}-1", f"{signed.reference}-2"]
    leaves = session.scalars(select(LedgerEvent.leaf).where(LedgerEvent.actor == f"kiosk:{kiosk.id}")).all()
    assert {seal.sha256 for seal in copy.seals} <= set(leaves)
    assert copy == copy_by_reference(session, signed.reference, zone=kiosk.zone)


def test_a_name_corrected_since_changes_nothing_on_the_copy(
    kiosk: Kiosk, session: Session, signed: Signed, client: FlaskClient
) -> None:
    patron = session.scalars(select(Patron).where(Patron.external_id == "P-ok")).one()
    patron.first_name = "Corrected"
    session.commit()
    said = words(client.get(f"/copy/{signed.copy_token}/copy.pdf").data)
    assert "Respuestas para Zoë Ávila" in said
    assert "Corrected" not in said
    assert kiosk.id


def test_the_link_opens_a_page_and_the_paper_in_the_language_signed(client: FlaskClient, signed: Signed) -> None:
    page = client.get(f"/copy/{signed.copy_token}")
    assert page.status_code == 200
    assert signed.reference in page.text
    assert not any(name in page.text for name in ("Zoë", "Max", "Mo Ávila"))
    paper = client.get(f"/copy/{signed.copy_token}/copy.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.headers["Content-Disposition"] == f'attachment; filename="signed-copy-{signed.reference}.pdf"'
    assert paper.headers["Cache-Control"] == "no-store"
    assert f"Número de referencia: {signed.reference}" in words(paper.data)


def test_the_link_works_for_a_day_and_then_looks_like_one_that_never_was(
    client: FlaskClient, signed: Signed, camp_time: time_machine.Traveller
) -> None:
    camp_time.move_to(NOW + ONE_DAY - timedelta(seconds=1))
    assert client.get(f"/copy/{signed.copy_token}").status_code == 200
    camp_time.move_to(NOW + ONE_DAY)
    for address in ("", "/copy.pdf"):
        late = client.get(f"/copy/{signed.copy_token}{address}")
        invented = client.get(f"/copy/{'0' * 64}{address}")
        assert late.status_code == invented.status_code == 404
        assert "This link no longer works" in late.text
        assert late.text.replace(signed.copy_token, "") == invented.text.replace("0" * 64, "")


@pytest.mark.parametrize("token", ["x", "é", "%F0%9F%98%80", "a" * 5000, "..%2f", "%ED%A0%80"])
def test_an_odd_link_is_only_a_link_that_does_not_work(client: FlaskClient, token: str) -> None:
    assert client.get(f"/copy/{token}").status_code == 404


def test_the_desk_prints_it_again_long_after(
    desk: FlaskClient, signed: Signed, camp_time: time_machine.Traveller
) -> None:
    camp_time.move_to(NOW + timedelta(minutes=20))
    for typed in (signed.reference, signed.reference.lower().replace("-", "")):
        paper = desk.get(f"/desk/signings/{typed}/copy.pdf")
        assert signed.reference in words(paper.data)
    assert desk.get("/desk/signings/0000-0000/copy.pdf").status_code == 404


def test_only_the_desk_prints_it_again(app: Flask, client: FlaskClient, signed: Signed) -> None:
    address = f"/desk/signings/{signed.reference}/copy.pdf"
    assert client.get(address).status_code == 303
    assert signed_in(app, Role.POSTER).get(address).status_code == 403


def test_a_typed_signature_stands_on_the_copy_as_it_was_typed(kiosk: Kiosk, session: Session) -> None:
    submission = kiosk.reviewed(a_sitting(), signature=Signature.typed("Mo A.", meant=True))
    copy = copy_by_reference(session, kiosk.tap(submission).reference, zone=kiosk.zone)
    assert copy.signature == Signature(name="Mo A.")


def test_an_unknown_reference_is_refused(kiosk: Kiosk, session: Session) -> None:
    with pytest.raises(UnknownSigning):
        copy_by_reference(session, "0000-0000", zone=kiosk.zone)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("shown_text", "UPDATE shown_text SET text = replace(text, 'Max', 'Tom')"),
        ("sealed_content", "UPDATE sealed_content SET canonical = replace(canonical, 'Max', 'Tom')"),
        ("consent", 'UPDATE consent SET signature = \'{"kind": "typed", "name": "Eve"}\''),
    ],
)
def test_what_was_changed_behind_the_registrys_back_is_never_copied(
    kiosk: Kiosk, session: Session, signed: Signed, table: str, change: str
) -> None:
    on_table = f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER {table}_no_update{on_table}"))
    session.execute(text(change))
    session.commit()
    with pytest.raises(CopyDoesNotMatch):
        copy_by_reference(session, signed.reference, zone=kiosk.zone)


def test_a_record_that_was_lawfully_destroyed_has_no_copy(kiosk: Kiosk, session: Session, signed: Signed) -> None:
    on_table = " ON sealed_content" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER sealed_content_no_delete{on_table}"))
    session.execute(text("DELETE FROM sealed_content"))
    session.commit()
    assert copy_by_token(session, signed.copy_token, zone=kiosk.zone, now=NOW) is None


def test_the_address_of_a_copy_is_the_registrys_own() -> None:
    assert copy_address("abc", base_url="https://consent.example/") == "https://consent.example/copy/abc"


@pytest.mark.parametrize("name", ["X", "W" * 128, "محمد", "王小明", "Łukasz"])
def test_whatever_the_name_is_the_copy_is_drawn(kiosk: Kiosk, client: FlaskClient, name: str) -> None:
    sitting = a_sitting(replace(CHILD, first_name=name), signer=replace(MOTHER, last_name=name))
    signed = kiosk.tap(kiosk.reviewed(sitting))
    assert client.get(f"/copy/{signed.copy_token}/copy.pdf").data.startswith(b"%PDF-1.7")
