"""Can an administrator make a program, and the desk bring people into it and out of it?"""

import json
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.storage.models import Enrollment, LedgerEvent, Program, ProgramLead, SealedContent
from tests.builders.camp import CAMP, NOW, a_camp, keep
from tests.builders.pages import ON_ONE_DATABASE, errors_on, fill, form_on, send
from tests.builders.staff import csrf_token, hire, signed_in

NEW = {"name": "Learn to Swim", "starts": "2026-07-06", "ends": "2026-07-31"}


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    keep(app, a_camp())
    return app


@pytest.fixture
def lead(camp: Flask) -> int:
    return hire(camp, Role.PROGRAM_LEAD, email="lead@city.example", name="Lee Lead")


@pytest.fixture
def administrator(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.ADMINISTRATOR, email="admin@city.example")


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp)


def happened(session: Session, kind: EventKind) -> list[dict]:
    rows = select(SealedContent.canonical).join(LedgerEvent, LedgerEvent.position == SealedContent.position)
    found = [json.loads(row) for row in session.scalars(rows.where(LedgerEvent.kind == kind))]
    session.rollback()
    return found


def change(client: FlaskClient, address: str, **typed: str) -> int:
    return client.post(address, data={"csrf_token": csrf_token(client), **typed}).status_code


def test_a_new_program_is_led_by_whoever_is_chosen(administrator: FlaskClient, lead: int, session: Session):
    sent = fill(administrator, "/programs/new", **NEW, leads=[str(lead)])
    told = [administrator.post("/programs/new", data=sent) for _ in range(2)]
    assert [answer.status_code for answer in told] == [303, 303]
    assert "Learn to Swim" in administrator.get(told[0].location).text
    program = session.scalars(select(Program).where(Program.name == "Learn to Swim")).one()
    assert (program.starts.isoformat(), program.ends.isoformat()) == ("2026-07-06", "2026-07-31")
    assert session.scalars(select(ProgramLead.staff_id)).all() == [lead]
    assert happened(session, EventKind.PROGRAM_LEAD_ADDED) == [{"staff": lead, "program": program.external_id}]
    sent["name"] = "Another"
    assert "saved before, with other answers" in administrator.post("/programs/new", data=sent).text


def test_a_program_is_edited_with_a_trail(administrator: FlaskClient, lead: int, session: Session):
    page = f"/programs/{CAMP}/edit"
    assert send(administrator, page, ends="2026-08-15", leads=[str(lead)]).status_code == 303
    assert "The program is saved." in administrator.get("/programs").text
    assert form_on(administrator.get(page).text).getlist("leads") == [str(lead)]
    send(administrator, page, leads=None)
    assert session.scalars(select(ProgramLead.staff_id)).all() == []
    assert happened(session, EventKind.PROGRAM_LEAD_REMOVED) == [{"staff": lead, "program": CAMP}]
    assert happened(session, EventKind.PROGRAM_CHANGED) == [
        {"type": "program", "id": CAMP, "before": {"ends": "2026-08-01"}, "after": {"ends": "2026-08-15"}}
    ]


@ON_ONE_DATABASE
def test_two_who_edit_one_program_both_keep_theirs(camp: Flask, administrator: FlaskClient):
    page = f"/programs/{CAMP}/edit"
    mine = fill(administrator, page, name="Camp of the Sun")
    send(signed_in(camp, Role.ADMINISTRATOR, email="other@city.example"), page, ends="2026-08-15")
    shown = administrator.post(page, data=mine).text
    assert "was 2026-08-01, is now 2026-08-15" in shown
    kept = form_on(shown)
    assert (kept["name"], kept["ends"]) == ("Camp of the Sun", "2026-08-15")


@ON_ONE_DATABASE
@pytest.mark.usefixtures("lead")
def test_what_is_wrong_is_said_next_to_its_field(administrator: FlaskClient):
    tried = [
        ({"name": "", "starts": "", "ends": "x"}, ["name", "starts", "ends"]),
        (NEW | {"ends": "2026-07-05"}, ["ends"]),
        (NEW | {"leads": ["99"]}, ["leads"]),
    ]
    for page in ("/programs/new", f"/programs/{CAMP}/edit"):
        assert [errors_on(send(administrator, page, **typed).text) for typed, _ in tried] == [f for _, f in tried]


def test_somebody_found_by_name_is_enrolled_once_and_leaves_with_a_trace(
    desk: FlaskClient, administrator: FlaskClient, session: Session
):
    page = send(administrator, "/programs/new", **NEW).location
    assert "Zapata" in desk.get(f"{page}?q=zapata").text
    assert [change(desk, page, patron="P-no") for _ in range(2)] == [303, 303]
    assert 'data-patron="P-no"' in desk.get(page).text
    assert "Enrolled" in desk.get(f"{page}?q=zapata").text
    assert [change(desk, f"{page}/end", patron="P-no") for _ in range(2)] == [303, 303]
    assert 'data-patron="P-no"' not in desk.get(page).text
    assert len(happened(session, EventKind.ENROLLMENT_ENDED)) == 1
    assert happened(session, EventKind.ENROLLMENT_ADDED)[-1]["patron"] == "P-no"
    assert "Nobody has this name" in desk.get(f"{page}?q=qqqqqq").text


def test_somebody_is_enrolled_from_their_own_page(desk: FlaskClient, administrator: FlaskClient, session: Session):
    send(administrator, "/programs/new", **NEW)
    program = session.scalars(select(Program.external_id).where(Program.name == "Learn to Swim")).one()
    session.rollback()
    page = "/patrons/P-ok/programs"
    assert errors_on(send(desk, page).text) == ["program"]
    assert "Enrolled." in desk.get(send(desk, page, program=program).location).text
    assert change(desk, f"{page}/end", program=CAMP) == 303
    enrolled = (
        select(Program.external_id)
        .join(Enrollment, Enrollment.program_id == Program.id)
        .where(Enrollment.patron_id == 1)
    )
    assert session.scalars(enrolled).all() == [program]


@ON_ONE_DATABASE
def test_whom_or_what_nobody_knows_is_not_enrolled(desk: FlaskClient):
    page = f"/programs/{CAMP}/people"
    assert [change(desk, page, patron="nobody"), change(desk, page), change(desk, "/programs/none/people")] == [404] * 3
    assert desk.get("/programs/none/people").status_code == 404
    assert send(desk, "/patrons/P-ok/programs", program="none").status_code == 404


@ON_ONE_DATABASE
def test_others_may_not(camp: Flask, desk: FlaskClient, administrator: FlaskClient):
    assert [desk.get(page).status_code for page in ("/programs/new", f"/programs/{CAMP}/edit")] == [403, 403]
    other = signed_in(camp, Role.PROGRAM_LEAD, Role.RECORDS_OFFICER, email="other@city.example")
    assert other.get(f"/programs/{CAMP}/people").status_code == 403
    assert other.get("/patrons/P-ok/programs").status_code == 403
    assert administrator.get("/programs/none/edit").status_code == 404
