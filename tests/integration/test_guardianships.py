"""Does somebody become a guardian only with what the desk has seen, and cease to be one when a court says so?"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.authority import Authority, latest_day
from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.vocabulary import Relationship
from consent.storage.models import Guardian, Guardianship, LedgerEvent, SealedContent
from tests.builders.camp import ALL_YES, NOW, SINCE, a_camp, a_consent, a_person, keep
from tests.builders.pages import ON_ONE_DATABASE, answer, errors_on, fill, form_on, send
from tests.builders.staff import signed_in

PAGE = "/patrons/P-ok/guardians/add"
NEW = {
    "who": "by:new", "first_name": "Rosa", "last_name": "Núñez", "email": "rosa@example.org", "relationship": "parent",
    "since": "2026-07-01",
}  # fmt: skip
TODAY = {"signed_at": "2026-07-01T15:00:00Z", "witnessed_at": "2026-07-01T15:05:00Z"}
ATTORNEY = NEW | {"relationship": "power-of-attorney", "order_seen": "y"}


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    keep(app, a_camp())
    return app


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp)


def content_of(session: Session, kind: EventKind) -> dict:
    position = session.scalars(
        select(LedgerEvent.position).where(LedgerEvent.kind == kind).order_by(LedgerEvent.position.desc())
    ).first()
    return json.loads(session.get_one(SealedContent, position).canonical)


def test_a_new_guardian_may_say_no_from_that_day_on(desk: FlaskClient, session: Session):
    told = send(desk, PAGE, **NEW)
    assert "The guardian is added." in desk.get(told.location).text
    guardian = session.scalars(select(Guardian).where(Guardian.last_name == "Núñez")).one()
    row = session.scalars(select(Guardianship).where(Guardianship.guardian_id == guardian.id)).one()
    assert (row.since, row.until, row.added_by, row.order_seen) == (datetime(2026, 7, 1, 7, tzinfo=UTC), None, 1, False)
    session.rollback()
    send(desk, "/patrons/P-ok/withdraw", signer=guardian.external_id, what="all", asked_how="by-letter")
    assert answer(desk, "P-ok") == ("no", "signers-disagree")


def test_sent_twice_it_is_one_guardian_and_one_guardianship(desk: FlaskClient, session: Session):
    sent = fill(desk, PAGE, **NEW)
    assert [desk.post(PAGE, data=sent).status_code for _ in range(2)] == [303, 303]
    guardian = session.scalars(select(Guardian).where(Guardian.last_name == "Núñez")).one()
    assert len(session.scalars(select(Guardianship).where(Guardianship.guardian_id == guardian.id)).all()) == 1


@ON_ONE_DATABASE
def test_a_brothers_guardian_is_offered_and_any_other_is_found_by_number(camp: Flask, desk: FlaskClient):
    keep(
        camp,
        [
            *a_person("P-sib", "Al", "Ávila"),
            {"type": "guardianship", "guardian": "G-P-sib", "patron": "P-ok", "relationship": "parent", "since": SINCE},
            {"type": "guardian", "id": "G-aunt", "first_name": "Tía", "last_name": "Ávila"},
            {"type": "guardianship", "guardian": "G-aunt", "patron": "P-sib", "relationship": "parent", "since": SINCE},
        ],
    )
    assert "Tía Ávila (G-aunt)" in desk.get(PAGE).text
    assert "G-P-no" not in desk.get(PAGE).text
    start = {"relationship": "parent", "since": "2026-07-01"}
    assert send(desk, PAGE, who="G-aunt", **start).status_code == 303
    assert send(desk, PAGE, who="by:number", number="G-P-no", **start).status_code == 303
    assert errors_on(send(desk, PAGE, who="by:number", number="G-none", **start).text) == ["number"]


@ON_ONE_DATABASE
def test_what_is_missing_or_wrong_is_said_next_to_its_field_with_everything_kept(desk: FlaskClient, session: Session):
    tried: list[tuple[dict, list[str]]] = [
        ({"since": ""}, ["who", "relationship", "since"]),
        ({**NEW, "first_name": " ", "last_name": ""}, ["first_name", "last_name"]),
        ({**NEW, "who": "by:number"}, ["number"]),
        ({**NEW, "email": "rosa"}, ["email"]),
        ({**NEW, "since": "2026-02-30"}, ["since"]),
        ({**NEW, "until": "2026-06-30"}, ["until"]),
        ({**NEW, "relationship": "agency"}, ["order_seen"]),
        ({**NEW, "relationship": "court-appointed-guardian"}, ["order_seen"]),
        ({**NEW, "beyond_majority": "y"}, ["order_seen"]),
        (ATTORNEY, ["until"]),
        ({**ATTORNEY, "until": "2027-01-01"}, ["until"]),
        ({**ATTORNEY, "until": "2027-07-01", "active_duty": "y"}, ["until"]),
        ({**NEW, "who": "G-P-ok"}, ["since"]),
    ]
    for typed, fields in tried:
        page = send(desk, PAGE, **typed).text
        assert errors_on(page) == fields, typed
        assert form_on(page).get("first_name") == typed.get("first_name", "").strip()
    assert session.scalars(select(Guardian).where(Guardian.last_name == "Núñez")).all() == []


@ON_ONE_DATABASE
def test_a_power_of_attorney_lasts_six_months_or_twelve_on_active_duty(desk: FlaskClient):
    assert send(desk, PAGE, **ATTORNEY, until="2026-12-31").status_code == 303
    assert send(desk, PAGE, **ATTORNEY, until="2027-06-30", active_duty="y").status_code == 303


@pytest.mark.parametrize(
    ("first_day", "active_duty", "last_day"),
    [
        (date(2026, 7, 1), False, date(2026, 12, 31)),
        (date(2026, 8, 31), False, date(2027, 2, 28)),
        (date(2027, 8, 30), False, date(2028, 2, 29)),
        (date(2028, 2, 29), True, date(2029, 2, 28)),
        (date(9999, 8, 1), False, date(9999, 12, 30)),
    ],
)
def test_six_months_end_the_day_before_the_same_day(first_day: date, active_duty: bool, last_day: date):
    assert latest_day(Authority(Relationship.POWER_OF_ATTORNEY, first_day, active_duty=active_duty)) == last_day


def test_a_father_whose_guardianship_a_court_ended_no_longer_says_no(camp: Flask, desk: FlaskClient, session: Session):
    """DECISION's worked case: father no; his guardianship was ended by court; mother yes."""
    keep(
        camp,
        [
            {"type": "guardian", "id": "G-dad", "first_name": "Pa", "last_name": "Ávila"},
            {"type": "guardianship", "guardian": "G-dad", "patron": "P-ok", "relationship": "parent", "since": SINCE},
            a_consent("P-ok", id="C-dad", signer="G-dad", answers=dict.fromkeys(ALL_YES, "no"), witnessed_at=None),
        ],
    )
    assert answer(desk, "P-ok") == ("no", "signers-disagree")
    key = session.scalars(select(Guardianship.id).order_by(Guardianship.id.desc())).first()
    session.rollback()
    page = f"/guardianships/{key}/end"
    assert errors_on(send(desk, page, reason="").text) == ["reason"]
    assert errors_on(send(desk, page, reason="x", until="2019-12-31T00:00").text) == ["until"]
    sent = fill(desk, page, reason="Ended by court, case 12", order_seen="y")
    assert "The guardianship is ended." in desk.get(desk.post(page, data=sent).location).text
    assert answer(desk, "P-ok") == ("yes", "")
    content = content_of(session, EventKind.GUARDIANSHIP_ENDED)
    assert (content["guardian"], content["reason"], content["order_seen"]) == ("G-dad", "Ended by court, case 12", True)
    session.rollback()
    assert "had its end already" in desk.get(desk.post(page, data=sent).location).text


def an_agent(camp: Flask, answer: str) -> None:
    """Cy's uncle, with a power of attorney until the end of the year and one record."""
    agent = {"type": "guardianship", "guardian": "G-agent", "patron": "P-unasked", "since": "2026-07-01T07:00:00Z"}
    keep(
        camp,
        [
            {"type": "guardian", "id": "G-agent", "first_name": "Tío", "last_name": "Öz"},
            {**agent, "relationship": "power-of-attorney", "until": "2027-01-01T07:00:00Z"},
            a_consent("P-unasked", signer="G-agent", answers=dict.fromkeys(ALL_YES, answer), **TODAY),
        ],
    )


def agents_page(session: Session) -> str:
    key = session.scalars(select(Guardianship.id).where(Guardianship.relationship == "power-of-attorney")).one()
    session.rollback()
    return f"/guardianships/{key}/end"


@pytest.mark.parametrize(
    ("said", "told"),
    [("yes", [("yes", ""), ("not-known", "not-entitled")]), ("no", [("no", "refused"), ("not-known", "no-record")])],
)
def test_an_agents_word_no_longer_counts_once_the_power_of_attorney_is_revoked(
    camp: Flask, desk: FlaskClient, session: Session, said: str, told: list[tuple[str, str]]
):
    an_agent(camp, said)
    assert answer(desk, "P-unasked") == told[0]
    page = agents_page(session)
    assert page in desk.get("/patrons/P-unasked").text
    sent = fill(desk, page, reason="Revoked by the mother")
    assert "The guardianship is ended." in desk.get(desk.post(page, data=sent).location).text
    assert answer(desk, "P-unasked") == told[1]
    assert page not in desk.get("/patrons/P-unasked").text
    content = content_of(session, EventKind.GUARDIANSHIP_ENDED)
    assert (content["guardian"], content["patron"], content["reason"]) == (
        "G-agent", "P-unasked", "Revoked by the mother",
    )  # fmt: skip
    assert (content["before"], content["after"]) == (
        {"until": "2027-01-01T07:00:00Z"},
        {"until": "2026-07-01T19:00:00Z"},
    )


@ON_ONE_DATABASE
def test_a_power_of_attorney_is_never_made_longer(camp: Flask, desk: FlaskClient, session: Session):
    an_agent(camp, "yes")
    page = agents_page(session)
    assert "You can move that earlier, never later." in desk.get(page).text
    assert errors_on(send(desk, page, reason="x", until="2027-01-01T00:01").text) == ["until"]
    same = send(desk, page, reason="x", until="2027-01-01T00:00")
    assert "Nothing was changed" in desk.get(same.location).text
    assert answer(desk, "P-unasked") == ("yes", "")


@ON_ONE_DATABASE
def test_after_its_end_the_same_person_may_become_a_guardian_again(desk: FlaskClient, session: Session):
    key = session.scalars(select(Guardianship.id)).first()
    session.rollback()
    send(desk, f"/guardianships/{key}/end", reason="Moved away", until="2026-06-30T00:00")
    again = {"who": "G-P-ok", "relationship": "parent", "since": "2026-06-29"}
    assert errors_on(send(desk, PAGE, **again).text) == ["since"]
    assert send(desk, PAGE, **again | {"since": "2026-06-30"}).status_code == 303


def test_an_order_past_18_lets_a_guardian_speak_for_an_adult(camp: Flask, desk: FlaskClient, session: Session):
    keep(camp, a_person("P-adult", "Al", "Bo", born="2000-01-01")[:1])
    ordered = NEW | {"relationship": "court-appointed-guardian", "order_seen": "y", "beyond_majority": "y"}
    send(desk, "/patrons/P-adult/guardians/add", **ordered)
    guardian = session.scalars(select(Guardian.external_id).where(Guardian.last_name == "Núñez")).one()
    session.rollback()
    send(desk, "/patrons/P-adult/withdraw", signer=guardian, what="all", asked_how="in-person")
    assert answer(desk, "P-adult") == ("no", "withdrawn")
    assert content_of(session, EventKind.GUARDIANSHIP_ADDED)["order_seen"] is True


@ON_ONE_DATABASE
def test_others_may_not(camp: Flask, desk: FlaskClient):
    other = signed_in(camp, Role.RECORDS_OFFICER, Role.POSTER, email="other@city.example")
    assert [other.get(page).status_code for page in (PAGE, "/guardianships/1/end")] == [403, 403]
    assert [desk.get(page).status_code for page in ("/patrons/none/guardians/add", "/guardianships/99/end")] == [
        404,
        404,
    ]
