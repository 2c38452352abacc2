"""Does the console's one-time code make the first administrator, once, and is there no such page afterwards?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consent.domain.permissions import Role
from consent.domain.throttle import Scope
from consent.services.setup import SetupClosed, new_setup_code, set_up
from consent.services.staff import NewStaff
from consent.services.throttle import count_try
from consent.settings import Settings
from consent.storage.models import SetupCode, Staff
from tests.builders.colleagues import NOW, happened, roles_of
from tests.builders.pages import ON_ONE_DATABASE, errors_on
from tests.builders.staff import csrf_token, hire, signed_in

PASSWORD = "a boat, a lake, a friend"
ME = {"name": "Mara Mayor", "email": "Mara@City.example", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """What a second factor asks of them has tests of its own."""
    return replace(settings, second_factor="optional")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def code(session: Session) -> str:
    """What the console shows at the start."""
    return new_setup_code(session, now=NOW) or ""


def send(client: FlaskClient, code: str, **typed: str) -> TestResponse:
    return client.post("/setup", data={**ME, "code": code, **typed, "csrf_token": csrf_token(client)})


def test_the_code_makes_the_first_administrator_who_is_in(client: FlaskClient, session: Session, code: str):
    assert "You become its first administrator" in client.get("/setup").text
    assert send(client, code.lower()).location == "/"
    assert "Mara Mayor" in client.get("/").text
    [mara] = session.scalars(select(Staff))
    assert (mara.email, roles_of(session, mara.id)) == ("mara@city.example", {"administrator"})
    [(kind, actor, told)] = happened(session)
    assert (kind, actor, told["roles"]) == ("staff-added", "setup", ["administrator"])


def test_the_page_is_gone_as_soon_as_somebody_administers_the_registry(
    app: Flask, client: FlaskClient, session: Session, code: str
):
    send(client, code)
    for browser in (client, app.test_client()):
        assert browser.get("/setup").status_code == 404
        assert send(browser, code).status_code == 404
    with pytest.raises(SetupClosed):
        set_up(session, code, NewStaff("b@city.example", "B", frozenset()), source="here", now=NOW)
    session.rollback()
    assert new_setup_code(session, now=NOW) is None


@ON_ONE_DATABASE
def test_an_administrator_made_at_the_terminal_closes_it_too(app: Flask, client: FlaskClient, session: Session):
    hire(app, Role.FRONT_DESK, email="desk@city.example")
    assert client.get("/setup").status_code == 200
    assert new_setup_code(session, now=NOW)
    hire(app, Role.ADMINISTRATOR, password=False)
    assert client.get("/setup").status_code == 404
    assert new_setup_code(session, now=NOW) is None


def test_of_the_code_only_a_hash_is_kept_and_each_start_ends_the_one_before(
    client: FlaskClient, session: Session, code: str
):
    [kept] = session.scalars(select(SetupCode.code_sha256))
    assert re.fullmatch("[0-9a-f]{64}", kept)
    newer = new_setup_code(session, now=NOW)
    assert errors_on(send(client, code).text) == ["code"]
    assert send(client, newer).location == "/"
    session.rollback()
    assert session.scalars(select(SetupCode)).all() == []


def test_wrong_codes_count_and_the_sixth_waits(
    app: Flask, client: FlaskClient, session: Session, code: str, clock: time_machine.Traveller
):
    for wrong in ("A" * 26, "", "ñ" * 26, "0", code[:-1]):
        answer = send(client, wrong or " ")
        assert answer.status_code == 200
    send(client, "A" * 26)
    waiting = send(client, code)
    assert waiting.status_code == 429
    assert "Too many wrong codes" in waiting.text
    assert ME["email"] in waiting.text
    assert session.scalars(select(Staff)).all() == []
    clock.shift(timedelta(minutes=15))
    assert send(client, code).location == "/"
    assert app.test_client().get("/setup").status_code == 404


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"code": ""}, ["code"]),
        ({"name": ""}, ["name"]),
        ({"name": "a\u202eb"}, ["name"]),
        ({"email": "mara"}, ["email"]),
        ({"password": "short"}, ["password", "again"]),
        ({"again": "another password"}, ["again"]),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    client: FlaskClient, session: Session, code: str, typed: dict[str, str], fields: list[str]
):
    page = send(client, **({"code": code} | typed)).text
    assert sorted(errors_on(page)) == sorted(fields)
    assert session.scalars(select(Staff)).all() == []
    if "email" not in typed:
        assert ME["email"] in page


@ON_ONE_DATABASE
def test_a_right_code_is_forgiven_its_wrong_tries(client: FlaskClient, session: Session, code: str):
    send(client, "A" * 26)
    send(client, code)
    assert count_try(session, Scope.SETUP_CODE, "127.0.0.1", now=NOW) is None


def test_two_who_set_it_up_at_once_make_one_administrator(session: Session, code: str):
    first = NewStaff("a@city.example", "A", frozenset(), password_hash="$argon2id$")
    set_up(session, code, first, source="here", now=NOW)
    with pytest.raises(SetupClosed):
        set_up(session, code, NewStaff("b@city.example", "B", frozenset()), source="there", now=NOW)
    session.rollback()
    assert len(session.scalars(select(Staff)).all()) == 1


@ON_ONE_DATABASE
def test_nobody_who_is_signed_in_finds_it_either(app: Flask):
    assert signed_in(app, *Role).get("/setup").status_code == 404
