"""Do the pages of takedowns say at the field what is wrong, show a task where it matters, and keep its secrets?"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.services.holds import NewHold, lift_hold, place_hold
from consent.storage.models import Clearance
from tests.builders.camp import NOW
from tests.builders.clearances import ACCOUNT_URL, Department, a_department
from tests.builders.colleagues import colleague
from tests.builders.staff import csrf_token, signed_in, signed_in_as

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def database() -> str:
    """What stands on a page is the same on both databases."""
    return "sqlite"


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[time_machine.Traveller]:
    """The web reads the clock itself."""
    with time_machine.travel(LATER, tick=False) as clock:
        yield clock


@pytest.fixture
def department(app: Flask, session: Session) -> Department:
    """Whose post must come down, since a hold was placed on whoever is in it."""
    made = a_department(app, session)
    number = made.cleared("P-ok")
    made.post(number, f"{ACCOUNT_URL}/posts/1")
    place_hold(session, NewHold("P-ok", "Court order", "h1"), by="staff:1", now=NOW)
    return made


@pytest.fixture
def poster(app: Flask, department: Department) -> FlaskClient:
    return signed_in_as(app, department.email)


def send(client: FlaskClient, address: str, **told: str) -> str:
    sent = {"csrf_token": csrf_token(client), **told}
    return client.post(address, data=sent, follow_redirects=True).text


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({}, "what became of it"),
        ({"outcome": "kept"}, "Choose what became of it"),
        ({"outcome": "cannot"}, "Enter why it cannot come down"),
        ({"outcome": "gone"}, "Ask staff to remove what they reposted of it, and tick this"),
        ({"outcome": "gone", "reposts_asked": "y", "gone_at": "2026-07-02T09:00"}, "a time that is not in the future"),
        ({"outcome": "gone", "reposts_asked": "y", "gone_at": "2026-06-02T09:00"}, "Enter a time after it was posted"),
    ],
)
def test_what_is_missing_is_said_at_the_field_and_nothing_is_closed(
    poster: FlaskClient, told: dict[str, str], error: str
):
    page = send(poster, "/takedowns/1/close", **told)
    assert error in page
    assert 'data-state="open"' in page


def test_closing_the_last_one_leaves_nothing_to_take_down(poster: FlaskClient):
    page = send(poster, "/takedowns/1/close", outcome="gone", reposts_asked="y", gone_at="2026-07-01T12:10")
    assert "Nothing to take down" in page
    assert "It is closed. Nothing is left to take down." in page
    assert "It is gone" in poster.get("/takedowns/1").text
    assert "This is closed already" in send(poster, "/takedowns/1/close", outcome="cannot", note="Shared")


def test_it_may_stay_only_where_a_new_permission_allows_it(session: Session, poster: FlaskClient):
    lift_hold(session, "H-h1", until=None, why="The court ended it", by="staff:1", now=LATER)
    assert "It is allowed again." in poster.get("/takedowns").text
    assert "Nothing is left" in send(poster, "/takedowns/1/close", outcome="kept")


def test_a_task_is_given_to_somebody_else(app: Flask, poster: FlaskClient):
    other = colleague(app, "Cy Olleague", Role.ADMINISTRATOR)
    assert "It is their task now." in send(poster, "/takedowns/1/assign", owner=str(other))
    assert "Cy Olleague" in poster.get("/takedowns").text
    assert "No such colleague" in send(poster, "/takedowns/1/assign", owner="nobody")


def test_it_stands_on_the_persons_page_on_the_clearance_and_behind_the_door(
    app: Flask, session: Session, poster: FlaskClient
):
    number = session.scalars(select(Clearance.number)).one()
    for page in ("/patrons/P-ok", f"/clearances/{number}"):
        assert 'data-takedown="1"' in poster.get(page).text
    administrator = signed_in(app, Role.ADMINISTRATOR, email="admin@city.example")
    for page in ("/takedowns", "/takedowns/1"):
        assert "confidential hold" not in poster.get(page).text
        assert "confidential hold" in administrator.get(page).text
    assert "Take posts down" in administrator.get("/").text


def test_days_late_are_said_in_words(app: Flask, department: Department, camp_time: time_machine.Traveller):
    said = {0: "Due in 2 days", 1: "Due tomorrow", 2: "Due today", 3: "1 day late", 4: "2 days late"}
    for days, words in said.items():
        camp_time.move_to(LATER + timedelta(days=days))
        assert words in signed_in_as(app, department.email).get("/takedowns").text
