"""Does a form signed on paper count as one signed on a screen does, once a second person has compared it?"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consent.domain.paper_forms import FormCode
from consent.domain.permissions import Role
from consent.domain.refusals import InTheFuture
from consent.domain.signing import SigningRefused
from consent.domain.vocabulary import Answer, Assurance, Language, Reason, Relationship, Use
from consent.services.copies import copy_by_reference
from consent.services.evidence import README
from consent.services.exchange.exporting import export_lines
from consent.services.exchange.importing import import_file
from consent.services.paper_entries import (
    EnteredBefore,
    ScanDoesNotMatch,
    SignedTooEarly,
    entered_today,
    last_entered,
    scan_of,
)
from consent.services.paper_forms import UnknownForm
from consent.services.signing import KeyReused
from consent.services.verification import verify_connection
from consent.services.witness import NeedsSecondPerson, confirm_signing, reject_signing
from consent.services.witness_matching import Chosen, Matching
from consent.services.witness_queue import how_many_wait, open_queue
from consent.storage.models import Consent, LedgerEvent, PaperEntry, PaperScan, SealedContent, ShownText, Signing
from tests.builders.camp import CAMP
from tests.builders.desk import SOON, a_family
from tests.builders.paper import words
from tests.builders.papers import SECOND, PaperDesk, a_scan, on_paper, typed
from tests.builders.sittings import CHILD, MOTHER, NO, a_child, a_sitting, by_oneself
from tests.builders.staff import csrf_token, signed_in, signed_in_as

YESTERDAY = date(2026, 6, 30)
PAGE = "/desk/paper/enter"


@pytest.fixture(autouse=True)
def desk_time() -> Iterator[None]:
    with time_machine.travel(SOON, tick=False):
        yield


@pytest.fixture
def desk(app: Flask) -> PaperDesk:
    old = a_family()[0] | {"version": 2, "published_at": "2026-06-30T19:00:00Z"}
    return PaperDesk(app, [*a_family(), old])


@pytest.fixture
def pile(desk: PaperDesk, app: Flask) -> FlaskClient:
    """The browser of whoever enters."""
    assert desk
    return signed_in_as(app, SECOND)


def send(client: FlaskClient, path: str = PAGE, **told: Any) -> Any:
    sent = {"csrf_token": csrf_token(client), "key": "ABCD-2345", **told}
    return client.post(path, data=sent, content_type="multipart/form-data")


def confirmed(desk: PaperDesk, reference: str, *patrons: str | None, **told: Any) -> None:
    desk.confirm(reference, *patrons, identified_by=None, **told)


def sealed(session: Session) -> dict[str, Any]:
    canonical = select(SealedContent.canonical).join(Consent, Consent.event_position == SealedContent.position)
    found: dict[str, Any] = json.loads(session.scalars(canonical.order_by(Consent.id.desc()).limit(1)).one())
    return found


def test_a_yes_on_paper_counts_once_a_second_person_has_compared_it(desk: PaperDesk) -> None:
    reference = desk.enter(on_paper())
    assert desk.verdict("P-ok").reason is Reason.AWAITING_WITNESS
    confirmed(desk, reference, "P-ok", guardian="G-P-ok")
    assert desk.verdict("P-ok").allowed


def test_a_no_on_paper_counts_at_once(desk: PaperDesk) -> None:
    desk.confirm(desk.signed(), "P-ok", guardian="G-P-ok")
    desk.enter(on_paper(sitting=a_sitting(a_child("Zoë", answers=NO)), signed_on=date(2026, 7, 1)))
    at = SOON + timedelta(minutes=1)
    assert desk.verdict("P-ok", at=at).allowed, "the screen was signed later on that day, and the paper tells no hour"
    later = datetime(2026, 7, 3, 19, tzinfo=UTC)
    second = on_paper("ABCD-2346", a_scan(1), sitting=a_sitting(a_child("Zoë", answers=NO)), signed_on=date(2026, 7, 2))
    desk.enter(second, now=later)
    assert desk.verdict("P-ok", at=later).reason is Reason.REFUSED


def test_whoever_entered_it_never_confirms_it(desk: PaperDesk) -> None:
    reference = desk.enter(on_paper())
    own = {**desk.by_whom(), "staff_id": desk.enterer_id}
    with desk.session() as session, pytest.raises(NeedsSecondPerson):
        confirm_signing(session, reference, Matching((Chosen("P-ok"),), guardian="G-P-ok"), None, **own)
    assert desk.verdict("P-ok").reason is Reason.AWAITING_WITNESS


def test_a_rejected_paper_may_be_entered_again_and_another_not(desk: PaperDesk) -> None:
    reference = desk.enter(on_paper())
    with pytest.raises(EnteredBefore) as taken:
        desk.enter(on_paper("ABCD-2346"))
    assert taken.value.reference == reference
    with desk.session() as session:
        reject_signing(session, reference, "A no was entered as yes", **desk.by_whom())
    again = desk.enter(on_paper("ABCD-2347"))
    with desk.session() as session:
        assert session.scalar(select(func.count()).select_from(PaperScan)) == 1
        assert session.scalars(select(PaperEntry.scan_sha256)).all() == [a_scan().sha256] * 2
    confirmed(desk, again, "P-ok", guardian="G-P-ok")
    assert desk.verdict("P-ok").allowed


def test_sent_twice_it_is_kept_once(desk: PaperDesk) -> None:
    assert desk.enter(on_paper()) == desk.enter(on_paper())
    with pytest.raises(KeyReused):
        desk.enter(on_paper(sitting=a_sitting(a_child("Zoë", answers=NO))))
    with desk.session() as session:
        assert session.scalar(select(func.count()).select_from(Signing)) == 1


def test_the_sealed_record_says_that_it_was_paper_and_names_the_scan(desk: PaperDesk) -> None:
    limited = replace(CHILD, platforms=("facebook",), programs=(CAMP,))
    reference = desk.enter(on_paper(sitting=a_sitting(limited, language=Language.SPANISH), signed_on=YESTERDAY))
    with desk.session() as session:
        record = sealed(session)
        kept = session.scalars(select(Consent).order_by(Consent.id.desc()).limit(1)).one()
        shown = session.get_one(ShownText, kept.shown_sha256).text
        kinds = session.scalars(select(LedgerEvent.kind).where(LedgerEvent.actor == f"staff:{desk.enterer_id}")).all()
    scan = a_scan()
    assert (record["capture"], record["assurance"], record["kiosk"]) == ("paper", "paper", None)
    assert record["scan"] == {"sha256": scan.sha256, "pages": 1}
    assert (record["reference"], record["order_seen"]) == (reference, False)
    assert (kept.assurance, kept.signature) == ("paper", {"kind": "paper", "scan_sha256": scan.sha256})
    assert (kept.every_platform, kept.every_program) == (False, False)
    assert "Firmar en papel" in shown
    assert "electrónicamente" not in shown
    assert kinds == ["paper-entered", "consent-signed", "consent-matched"]
    told = README.partition("consent-record/1")[2].partition("copy-proof/1")[0]
    assert [key for key in record if not re.search(rf"\b{key}\b", told) and key != "schema"] == []


def test_the_copy_of_a_paper_proves_itself_to_whoever_has_python_alone(
    desk: PaperDesk, app: Flask, tmp_path: Path
) -> None:
    reference = desk.enter(on_paper())
    (tmp_path / "copy.pdf").write_bytes(
        signed_in(app, email="third@city.example").get(f"/desk/signings/{reference}/copy.pdf").data
    )
    (tmp_path / "verify_copy.py").write_bytes(app.test_client().get("/verify/verify_copy.py").data)
    command = [sys.executable, "-I", "-S", "verify_copy.py", "copy.pdf"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout


@pytest.mark.parametrize(("version", "signed_at"), [(1, "2026-06-30T00:00:00-07:00"), (2, "2026-06-30T12:00:00-07:00")])
def test_the_year_runs_from_the_day_on_the_paper(desk: PaperDesk, version: int, signed_at: str) -> None:
    """From its start; on the day on which the form was published, from then on."""
    desk.enter(on_paper(code=FormCode("media", version, Language.ENGLISH), signed_on=YESTERDAY))
    with desk.session() as session:
        kept = session.scalars(select(Consent).order_by(Consent.id.desc()).limit(1)).one()
        assert kept.signed_at.astimezone(desk.zone).isoformat() == signed_at
        assert kept.expires_at.isoformat() == "2027-06-30T07:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"signed_on": date(2026, 7, 2)}, InTheFuture),
        ({"signed_on": date(2019, 12, 30)}, SignedTooEarly),
        ({"code": FormCode("media", 2, Language.ENGLISH), "signed_on": date(2026, 6, 29)}, SignedTooEarly),
        ({"code": FormCode("media", 9, Language.ENGLISH)}, UnknownForm),
        ({"sitting": a_sitting(a_child("Zoë", born=date(1990, 1, 1)))}, SigningRefused),
        ({"sitting": a_sitting(a_child("Zoë", answers={Use.PHOTO: Answer.YES}))}, SigningRefused),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_cannot_be_signed_is_not_entered(
    desk: PaperDesk, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        desk.enter(on_paper(**changes))
    with desk.session() as session:
        assert session.scalar(select(func.count()).select_from(PaperScan)) == 0


def test_papers_and_kiosks_have_a_queue_each(desk: PaperDesk) -> None:
    screen = desk.signed()
    paper = desk.enter(on_paper())
    with desk.session() as session:
        assert (how_many_wait(session), how_many_wait(session, paper=True)) == (1, 1)
        kiosks = open_queue(session, page=1, zone=desk.zone, now=SOON)
        papers = open_queue(session, page=1, zone=desk.zone, now=SOON, paper=True)
    assert [one.reference for one in kiosks.waiting] == [screen]
    [waiting] = papers.waiting
    assert (waiting.reference, waiting.entered_by, waiting.entered_by_id) == (paper, "Sol Second", desk.enterer_id)
    confirmed(desk, paper, "P-ok", guardian="G-P-ok")
    with desk.session() as session:
        finished = open_queue(session, page=1, zone=desk.zone, now=SOON, paper=True).finished
    assert [one.reference for one in finished] == [paper]


def test_the_next_form_takes_over_what_the_last_one_had(desk: PaperDesk) -> None:
    with desk.session() as session:
        assert last_entered(session, staff_id=desk.enterer_id, zone=desk.zone) is None
    spanish = FormCode("media", 1, Language.SPANISH)
    sitting = a_sitting(replace(CHILD, programs=(CAMP,)), language=Language.SPANISH)
    desk.enter(on_paper(code=spanish, sitting=sitting, signed_on=YESTERDAY))
    with desk.session() as session:
        last = last_entered(session, staff_id=desk.enterer_id, zone=desk.zone)
        assert last
        assert (last.code, last.signed_on, last.program) == (spanish, YESTERDAY, CAMP)
        assert last_entered(session, staff_id=desk.staff_id, zone=desk.zone) is None
        assert entered_today(session, staff_id=desk.enterer_id, zone=desk.zone, now=SOON) == 1
        tomorrow = SOON + timedelta(days=1)
        assert entered_today(session, staff_id=desk.enterer_id, zone=desk.zone, now=tomorrow) == 0


def test_a_scan_changed_by_one_byte_is_found_and_given_to_nobody(desk: PaperDesk) -> None:
    reference = desk.enter(on_paper())
    with desk.session() as session:
        assert scan_of(session, reference) == a_scan().content
        assert scan_of(session, "none") is None
        assert [
            finding for finding in verify_connection(session.connection()).findings if "paper" in str(finding)
        ] == []
        session.rollback()
        on_table = " ON paper_scan" if session.get_bind().dialect.name == "postgresql" else ""
        session.execute(text(f"DROP TRIGGER paper_scan_no_update{on_table}"))
        session.query(PaperScan).update({"content": a_scan().content[:-1]})
        session.commit()
        found = [str(finding) for finding in verify_connection(session.connection()).findings]
        assert any("its content is not the one of its SHA-256" in finding for finding in found)
        with pytest.raises(ScanDoesNotMatch):
            scan_of(session, reference)


def test_the_signers_copy_says_that_it_was_paper(desk: PaperDesk, app: Flask) -> None:
    reference = desk.enter(on_paper())
    with desk.session() as session:
        assert copy_by_reference(session, reference, zone=desk.zone).scan_sha256 == a_scan().sha256
    told = words(signed_in(app, email="third@city.example").get(f"/desk/signings/{reference}/copy.pdf").data)
    assert "Signed by Mo Ávila on paper for City Recreation Department on July 1, 2026" in told
    assert "Signed by hand" in told
    assert "at a kiosk" not in told


def test_an_order_that_was_seen_at_entry_is_offered_to_the_second_person(desk: PaperDesk, app: Flask) -> None:
    signer = replace(MOTHER, relationship=Relationship.COURT_APPOINTED_GUARDIAN)
    reference = desk.enter(on_paper(sitting=a_sitting(signer=signer), order_seen=True))
    page = signed_in(app, email="third@city.example").get(f"/desk/signings/{reference}").text
    assert re.search(r'<input checked[^>]*name="order_seen"[^>]*value="yes"', page)


def test_what_was_signed_on_paper_is_exported_and_imported_the_same(desk: PaperDesk) -> None:
    confirmed(desk, desk.enter(on_paper()), "P-ok", guardian="G-P-ok")
    with desk.session() as session:
        told = b"".join(export_lines(session))
        kept = session.scalar(select(func.count()).select_from(Consent))
        [line] = [line for line in map(json.loads, told.splitlines()) if line["type"] == "consent"]
        assert (line["witnessed_at"], line["signer"], line["form"]) == ("2026-07-01T19:05:00Z", "G-P-ok", "media")
        import_file(session, BytesIO(told), zone=desk.zone, now=SOON)
        assert b"".join(export_lines(session)) == told
        assert session.scalar(select(func.count()).select_from(Consent)) == kept


def test_fifty_forms_go_through_the_page(desk: PaperDesk, pile: FlaskClient) -> None:
    for number in range(50):
        name = {"first_1": f"Child {number}"} if number else {}
        answer = send(pile, **typed(number, key="", **name))
        assert answer.status_code == 303, answer.text
    page = pile.get(answer.location).text
    assert 'data-count="50"' in page
    with desk.session() as session:
        assert how_many_wait(session, paper=True) == 50


def test_the_page_takes_over_what_the_last_form_had(pile: FlaskClient) -> None:
    first = pile.get(PAGE).text
    assert 'value="FORM/media/2/en"' in first
    saved = send(pile, **typed(code="FORM/media/1/es", signed_on="6/30/2026", program=CAMP))
    page = pile.get(saved.location).text
    assert 'value="FORM/media/1/es"' in page
    assert 'value="06/30/2026"' in page
    assert f'<option selected value="{CAMP}">' in page
    assert "data-saved" in page
    assert "Ávila" not in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": "FORM/none/1/en"}, "No form has this code"),
        ({"code": "nonsense"}, "No form has this code"),
        ({"signed_on": "07/02/2026"}, "Enter a date that is not in the future"),
        ({"signed_on": "06/31/2026"}, "Enter a real date"),
        ({"signed_on": "07/01/1026"}, "Enter a real date"),
        ({"signed_on": ""}, "Enter the date signed"),
        ({"signed_on": "12/30/2019"}, "This version of the form was published on"),
        ({"first_name": ""}, "Enter the first name of the signer"),
        ({"relationship": ""}, "Choose what the signer is to them"),
        ({"relationship": "self"}, "is person 1, by the same name"),
        ({"first_1": ""}, "Enter the first name of person 1"),
        ({"born_1": "someday"}, "Enter a real date"),
        ({"born_1": "01/01/1990"}, "Somebody of 18 or older signs for themself"),
        ({"born_1": "01/01/1881"}, "Check the date of birth"),
        ({"answer_1_photo": ""}, "Choose yes or no for person 1: Post a photo"),
        ({"answer_1_photo": "perhaps"}, "Choose yes or no for person 1: Post a photo"),
        ({"first_2": "Max"}, "Enter the last name of person 2"),
        ({"first_name": "Mo\u202e"}, "Enter the name in letters"),
        ({"scan": ""}, "Choose the scan or the photo"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_loses_nothing(
    desk: PaperDesk, pile: FlaskClient, changes: dict[str, Any], told: str
) -> None:
    page = send(pile, **typed(**changes))
    assert page.status_code == 200
    assert told in page.text
    assert 'value="Zoë"' in page.text or "first_1" in changes
    with desk.session() as session:
        assert session.scalar(select(func.count()).select_from(Signing)) == 0


def test_three_children_with_their_own_answers_and_limits(desk: PaperDesk, pile: FlaskClient) -> None:
    others = {
        f"{what}_{number}": value
        for number, name in ((2, "Ines"), (3, "Iris"))
        for what, value in {"first": name, "last": "Romero", "born": "3-4-2015"}.items()
    }
    noes = {f"answer_{number}_{use.value}": "no" for number in (2, 3) for use in Use}
    limits = {"personal": "y", "platforms": "facebook", "account_1_0": "@zoe", "email": "mo@example.org"}
    assert send(pile, **typed(**others, **noes, **limits)).status_code == 303
    with desk.session() as session:
        kept = session.scalars(select(Consent).order_by(Consent.id)).all()[-3:]
    assert [one.assurance for one in kept] == [Assurance.PAPER] * 3
    assert [one.channels for one in kept] == ["department personal", "department", "department"]
    assert [one.every_platform for one in kept] == [False, True, True]


def test_a_child_named_twice_is_told_of_where_the_second_stands(pile: FlaskClient) -> None:
    again = {"first_3": "Zoë", "last_3": "Ávila", "born_3": "03/04/2015"}
    page = send(pile, **typed(**again, **{f"answer_3_{use.value}": "no" for use in Use})).text
    assert 'id="first_3-error"' in page


def test_another_code_changes_the_page_and_keeps_what_was_typed(pile: FlaskClient) -> None:
    page = send(pile, **typed(code="FORM/media/1/es", use="1")).text
    assert "Formulario de medios" in page
    assert 'value="Zoë"' in page
    assert "There is a problem" not in page


def test_the_second_person_compares_and_confirms_on_the_page(desk: PaperDesk, pile: FlaskClient, app: Flask) -> None:
    reference = desk.enter(on_paper())
    own = pile.get(f"/desk/signings/{reference}").text
    assert "Entered by you" in own
    assert send(pile, f"/desk/signings/{reference}").status_code == 409
    second = signed_in(app, email="third@city.example")
    assert "Sol Second" in second.get("/desk/paper").text
    page = second.get(f"/desk/signings/{reference}").text
    assert f"/desk/paper/{reference}/scan/1.png" in page
    chosen = {"person_1": "on-file:P-ok", "guardian": "on-file:G-P-ok"}
    assert "then tick that you did" in send(second, f"/desk/signings/{reference}", **chosen).text
    assert send(second, f"/desk/signings/{reference}", **chosen, compared="y").status_code == 303
    assert desk.verdict("P-ok").allowed
    assert "See the scan" in second.get(f"/desk/signings/{reference}").text
    assert second.get(f"/desk/signings/{reference}/correct").status_code == 200
    picture = second.get(f"/desk/paper/{reference}/scan/1.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert second.get(f"/desk/paper/{reference}/scan/2.png").status_code == 404
    assert second.get(f"/desk/paper/{reference}/scan.pdf").data == a_scan().content
    assert second.get("/desk/paper/none/scan.pdf").status_code == 404


def test_somebody_who_signs_for_themself_on_paper(desk: PaperDesk) -> None:
    reference = desk.enter(on_paper(sitting=by_oneself()))
    confirmed(desk, reference, None)
    with desk.session() as session:
        kept = session.scalars(select(Consent).order_by(Consent.id.desc()).limit(1)).one()
    assert kept.assurance == "paper"


def test_without_any_form_nothing_can_be_entered(app: Flask) -> None:
    assert "No form has been published yet" in signed_in(app, Role.FRONT_DESK).get(PAGE).text
