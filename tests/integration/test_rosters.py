"""Does the roster say who may be photographed today, and does an old sheet give itself away?"""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import UnknownProgram, UnknownRoster
from consent.domain.rosters import Mark, Section
from consent.domain.vocabulary import Use
from consent.services.checks import Asker, Door
from consent.services.rosters import Roster, call_roster, check_print, print_roster
from consent.storage.models import LedgerEvent, PatronCheck, ProgramLead, RosterPrint
from tests.builders.camp import CAMP, NOW, a_camp, a_consent, a_person, keep
from tests.builders.staff import signed_in

EVERYTHING = Asker(Door.ROSTER, frozenset(Permission))


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    """The web reads the clock itself."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    keep(app, a_camp())
    return app


def call(app: Flask, session: Session, *, now: datetime = NOW, sort: SortBy = SortBy.LAST) -> Roster:
    return call_roster(session, CAMP, sort=sort, asker=EVERYTHING, zone=app.config["CONSENT"].zone, now=now)


def names(roster: Roster) -> list[str]:
    return [person.first_name for person in roster.people]


def test_everybody_stands_in_exactly_one_part(camp: Flask, session: Session) -> None:
    roster = call(camp, session)
    parts = {part: [person.external_id for person in roster.part(part)] for part in Section}
    assert parts == {
        Section.DO_NOT_PHOTOGRAPH: ["P-unasked", "P-no"],
        Section.LIMITS: ["P-limits"],
        Section.OK: ["P-ok"],
    }
    assert [roster.count(part) for part in Section] == [2, 1, 1]


def test_somebody_whom_nobody_asked_is_marked_so(camp: Flask, session: Session) -> None:
    by_id = {person.external_id: person for person in call(camp, session).people}
    assert by_id["P-unasked"].marks[Use.PHOTO] is Mark.NOT_ASKED
    assert by_id["P-no"].marks[Use.PHOTO] is Mark.NOT_OK
    assert by_id["P-limits"].marks[Use.TAG] is Mark.NOT_OK
    assert by_id["P-ok"].age == 11


def test_the_two_orders_differ_and_follow_accents(camp: Flask, session: Session) -> None:
    assert names(call(camp, session)) == ["Zoë", "Ben", "Cy", "Ana"]
    assert names(call(camp, session, sort=SortBy.FIRST)) == ["Ana", "Ben", "Cy", "Zoë"]


def test_a_yes_that_ends_before_the_day_does_is_no_ok(app: Flask, session: Session) -> None:
    this_evening = (NOW + timedelta(hours=6)).isoformat()
    keep(app, [*a_camp()[:3], *a_person("P1", "Al", "Bo"), a_consent("P1", expires_at=this_evening)])
    [person] = call(app, session).people
    assert person.marks[Use.PHOTO] is Mark.NOT_OK


def test_a_hold_that_begins_this_evening_is_no_ok_this_morning(camp: Flask, session: Session) -> None:
    hold = {"type": "hold", "id": "H1", "patron": "P-ok", "since": "2026-07-02T03:00:00Z", "reason": "a court order"}
    keep(camp, [hold])
    by_id = {person.external_id: person for person in call(camp, session).people}
    assert by_id["P-ok"].marks[Use.PHOTO] is Mark.NOT_OK


def test_looking_at_a_roster_is_recorded_for_everybody_on_it(camp: Flask, session: Session) -> None:
    call(camp, session)
    session.rollback()
    doors = session.scalars(select(PatronCheck.door)).all()
    assert doors == [Door.ROSTER] * 4


def test_a_printed_sheet_is_true_until_something_on_it_changes(camp: Flask, session: Session) -> None:
    zone = camp.config["CONSENT"].zone
    printed = print_roster(session, CAMP, sort=SortBy.LAST, asker=EVERYTHING, by="staff:1", zone=zone, now=NOW)
    later = NOW + timedelta(hours=1)
    assert check_print(session, printed.serial, asker=EVERYTHING, zone=zone, now=later).up_to_date
    withdrawal = {
        "type": "withdrawal",
        "id": "W1",
        "patron": "P-ok",
        "signer": "G-P-ok",
        "at": later.isoformat(),
        "uses": "all",
    }
    keep(camp, [withdrawal], now=later)
    assert not check_print(session, printed.serial, asker=EVERYTHING, zone=zone, now=later).up_to_date


def test_a_sheet_is_good_for_its_own_day_only(camp: Flask, session: Session) -> None:
    zone = camp.config["CONSENT"].zone
    printed = print_roster(session, CAMP, sort=SortBy.LAST, asker=EVERYTHING, by="staff:1", zone=zone, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    assert not check_print(session, printed.serial, asker=EVERYTHING, zone=zone, now=tomorrow).up_to_date


def test_printing_leaves_a_serial_number_and_an_event(camp: Flask, session: Session) -> None:
    zone = camp.config["CONSENT"].zone
    printed = print_roster(session, CAMP, sort=SortBy.FIRST, asker=EVERYTHING, by="staff:1", zone=zone, now=NOW)
    sheet = session.scalars(select(RosterPrint)).one()
    assert (sheet.serial, sheet.sort, sheet.printed_at) == (printed.serial, "first", NOW)
    assert session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position.desc())).first() == "roster-printed"


def test_a_serial_number_that_nobody_printed_is_refused(camp: Flask, session: Session) -> None:
    with pytest.raises(UnknownRoster):
        check_print(session, "0000000000", asker=EVERYTHING, zone=camp.config["CONSENT"].zone, now=NOW)


def test_a_lead_opens_their_own_programs_only(camp: Flask, session: Session) -> None:
    client = signed_in(camp, Role.PROGRAM_LEAD)
    assert client.get(f"/programs/{CAMP}/roster").status_code == 404
    assert "Camp 2026" not in client.get("/programs").text
    session.add(ProgramLead(program_id=1, staff_id=1, since=NOW))
    session.commit()
    assert client.get(f"/programs/{CAMP}/roster").status_code == 200
    assert "Camp 2026" in client.get("/programs").text


def test_an_asker_without_an_account_and_without_the_right_opens_nothing(camp: Flask, session: Session) -> None:
    nobody = Asker(Door.ROSTER, frozenset())
    with pytest.raises(UnknownProgram):
        call_roster(session, CAMP, sort=SortBy.LAST, asker=nobody, zone=camp.config["CONSENT"].zone, now=NOW)


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.FRONT_DESK)


def test_the_page_shows_each_part_with_its_marks(desk: FlaskClient) -> None:
    page = desk.get(f"/programs/{CAMP}/roster").text
    assert page.index("DO NOT PHOTOGRAPH") < page.index("OK WITH LIMITS") < page.index("P-ok")
    assert 'data-use="photo" data-mark="not-asked"' in page


def test_the_page_says_that_a_printed_list_is_out_of_date(camp: Flask, desk: FlaskClient) -> None:
    desk.get(f"/programs/{CAMP}/roster.pdf")
    assert "out of date" not in desk.get(f"/programs/{CAMP}/roster").text
    keep(camp, [{"type": "hold", "id": "H1", "patron": "P-ok", "since": NOW.isoformat(), "reason": "order"}])
    assert "out of date" in desk.get(f"/programs/{CAMP}/roster").text


def test_the_paper_has_everybody_once_and_says_who_printed_it(desk: FlaskClient, session: Session) -> None:
    answer = desk.get(f"/programs/{CAMP}/roster.pdf?sort=first")
    assert answer.mimetype == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert [text.count(name) for name in ("Zoë Ávila", "Ben Avilla", "Ana Zapata", "Cy Öz")] == [1, 1, 1, 1]
    assert "Ada Lovelace" in text
    assert session.scalars(select(RosterPrint.serial)).one() in text


def test_the_code_on_the_paper_leads_to_its_status(camp: Flask, desk: FlaskClient, session: Session) -> None:
    desk.get(f"/programs/{CAMP}/roster.pdf")
    serial = session.scalars(select(RosterPrint.serial)).one()
    assert 'data-sheet="up-to-date"' in desk.get(f"/R/{serial}").text
    assert camp.test_client().get(f"/R/{serial}").status_code == 303
    poster = signed_in(camp, Role.POSTER, email="poster@city.example")
    assert 'data-sheet="up-to-date"' in poster.get(f"/R/{serial}").text
    assert desk.get("/R/0000000000").status_code == 404


def test_an_order_that_nobody_knows_is_the_usual_one(desk: FlaskClient) -> None:
    assert desk.get(f"/programs/{CAMP}/roster?sort=height").status_code == 200


def test_a_program_without_people_says_so(app: Flask) -> None:
    keep(app, a_camp()[:3])
    assert "Nobody is enrolled" in signed_in(app).get(f"/programs/{CAMP}/roster").text
