"""Does an ended session end at once, is one asked again before what matters most, and are guesses slowed down?"""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consent.domain.browsers import browser_named
from consent.domain.permissions import Role
from consent.services.encryption import NotReadable, decrypt, encrypt
from consent.services.passwords import PasswordTooCommon, check_password
from consent.services.second_factors import FactorNameWrong, checked_name
from consent.services.staff_sessions import end_others, sweep_sessions
from consent.services.staff_sign_in import end_sessions
from consent.storage.database import db
from consent.storage.models import LedgerEvent, Staff, StaffSession
from tests.builders.factors import asked_on, with_key
from tests.builders.pages import ON_ONE_DATABASE
from tests.builders.staff import EMAIL, PASSWORD, csrf_token, hire, signed_in, signed_in_as

NOON = datetime(2026, 6, 14, 12, tzinfo=UTC)
A_DOOR = "/account/recovery-codes"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
LONG_ENOUGH = "a boat, a lake, a friend"


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields | {"csrf_token": csrf_token(client)})


def give_password(client: FlaskClient, password: str = PASSWORD, email: str = EMAIL, at: str = "10.0.0.1"):
    sent = {"email": email, "password": password, "csrf_token": csrf_token(client)}
    return client.post("/sign-in", data=sent, environ_base={"REMOTE_ADDR": at})


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position)))


def test_one_sees_where_one_is_signed_in_and_ends_it_there(app: Flask):
    here = signed_in(app)
    there = signed_in_as(app)
    page = here.get("/account").text
    assert page.count("Firefox, Linux</strong>") == 2
    [key] = re.findall(r"/account/sessions/(\d+)/end", page)
    assert is_in(there)
    assert send(here, f"/account/sessions/{key}/end").location == "/account"
    assert not is_in(there)
    assert is_in(here)
    assert kinds(app)[-1] == "staff-sessions-ended"


def test_one_signs_out_everywhere_else_at_once(app: Flask):
    here = signed_in(app)
    others = [signed_in_as(app) for _ in range(3)]
    stranger = signed_in(app, email="grace@city.example")
    assert send(here, "/account/sessions/end-others").location == "/account"
    assert "3 other browsers are signed out" in here.get("/account").text
    assert [is_in(client) for client in (*others, here, stranger)] == [False] * 3 + [True] * 2


def test_nobody_ends_a_session_of_another(app: Flask):
    client, other = signed_in(app), signed_in(app, email="grace@city.example")
    with app.app_context():
        theirs = db.session.scalars(select(StaffSession.id).order_by(StaffSession.id.desc())).first()
    send(client, f"/account/sessions/{theirs}/end")
    assert is_in(other)


def test_a_suspension_acts_at_the_next_request_in_every_browser(app: Flask):
    clients = [signed_in(app), signed_in_as(app)]
    with app.app_context():
        staff_id = db.session.scalars(select(Staff.id)).one()
        end_sessions(db.session(), staff_id, by="test", now=datetime.now(UTC))
    assert [is_in(client) for client in clients] == [False, False]


def test_a_planted_session_is_nobodys_and_signing_in_makes_a_new_one(app: Flask, client: FlaskClient):
    hire(app, Role.POSTER)
    with app.app_context():
        mark = db.session.scalars(select(Staff.fs_uniquifier)).one()
    with client.session_transaction() as planted:
        planted.update({"_user_id": mark, "_fresh": True, "seat": "a token that I chose"})
    assert not is_in(client)
    give_password(client)
    assert is_in(client)
    with client.session_transaction() as made:
        assert made["seat"] != "a token that I chose"


def test_of_a_sessions_token_only_a_hash_is_kept_and_a_copy_of_the_database_signs_nobody_in(app: Flask):
    client = signed_in(app)
    with client.session_transaction() as cookie:
        token = cookie["seat"]
    with app.app_context():
        kept = db.session.scalars(select(StaffSession.token_sha256)).one()
    assert token not in kept
    with client.session_transaction() as cookie:
        cookie["seat"] = kept
    assert not is_in(client)


def test_old_sessions_are_forgotten_a_month_after_they_are_over(app: Flask, session: Session):
    signed_in(app)
    later = datetime.now(UTC) + timedelta(days=32)
    assert sweep_sessions(session, datetime.now(UTC) + timedelta(days=29)) is None
    assert sweep_sessions(session, later) == "Forgot 1 sign-ins that were over long ago."
    assert sweep_sessions(session, later) is None


def test_ending_others_where_there_are_none_is_no_event(app: Flask, session: Session):
    signed_in(app)
    only = session.scalars(select(StaffSession)).one()
    assert end_others(session, only.staff_id, only.id, by="test", now=NOON) == 0
    assert "staff-sessions-ended" not in kinds(app)


def test_after_a_quarter_of_an_hour_one_is_asked_again_and_comes_back(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(app)
        clock.shift(timedelta(minutes=15))
        assert client.get(A_DOOR).status_code == 200
        clock.shift(timedelta(minutes=1))
        asked = client.get(A_DOOR).location
        assert asked == "/sign-in/again?next=/account/recovery-codes"
        wrong = send(client, "/sign-in/again/password?next=" + A_DOOR, password="not it")
        assert "The password is wrong" in wrong.text
        assert client.get(A_DOOR).status_code == 303
        with client.session_transaction() as cookie:
            before = cookie["seat"]
        assert send(client, "/sign-in/again/password?next=" + A_DOOR, password=PASSWORD).location == A_DOOR
        assert client.get(A_DOOR).status_code == 200
        with client.session_transaction() as cookie:
            assert cookie["seat"] != before


def test_exports_holds_and_roles_are_behind_that_question(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(app, *Role)
        clock.shift(timedelta(minutes=16))
        for door in ("/looks/file.csv", "/staff/new", "/patrons/P-1/hold", "/account/recovery-codes"):
            assert client.get(door).location == f"/sign-in/again?next={door}", door
        assert client.get("/look-up").status_code == 200


def test_a_touch_proves_it_too_and_another_persons_does_not(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client, other = signed_in(app), signed_in(app, email="grace@city.example")
        mine, theirs = with_key(client, csrf_token(client)), with_key(other, csrf_token(other))
        clock.shift(timedelta(minutes=20))
        for key, location in ((theirs, None), (mine, A_DOOR)):
            asked = asked_on(client.get(client.get(A_DOOR).location).text)
            assert send(client, f"/sign-in/again/touch?next={A_DOOR}", answer=key.touch(asked)).location == location


def test_a_form_that_was_opened_in_time_may_take_its_time(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(app)
        clock.shift(timedelta(minutes=25))
        client.get("/").close()
        clock.shift(timedelta(minutes=25))
        assert "shown only this once" in send(client, A_DOOR).text


def test_what_arrives_too_late_is_kept_sealed_and_can_be_sent_again(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(app)
        for _ in range(3):
            clock.shift(timedelta(minutes=25))
            client.get("/").close()
        late = {"reason": 'A "court" order', "csrf_token": csrf_token(client)}
        turned = client.post("/patrons/P-1/hold", data=late)
        assert (turned.status_code, turned.location) == (307, "/sign-in/again/form?form=/patrons/P-1/hold")
        kept = dict(HIDDEN.findall(client.post(turned.location, data=late).text))["kept"]
        assert "court" not in kept
        assert send(client, "/sign-in/again/password", password=PASSWORD, kept=f"{kept}x").status_code == 400
        page = send(client, "/sign-in/again/password", password=PASSWORD, kept=kept).text
        assert 'action="/patrons/P-1/hold"' in page
        assert html.unescape(dict(HIDDEN.findall(page))["reason"]) == 'A "court" order'
        elsewhere = send(client, "/sign-in/again/form?form=https://evil.example/", reason="x")
        assert elsewhere.status_code == 400


def test_a_new_password_needs_the_old_one_and_ends_all_other_sessions(app: Flask):
    here = signed_in(app)
    there = signed_in_as(app)
    told = {"password": LONG_ENOUGH, "again": LONG_ENOUGH}
    assert "not the password that you have now" in send(here, "/account/password", current="wrong", **told).text
    assert send(here, "/account/password", current=PASSWORD, **told).location == "/account"
    assert is_in(here)
    assert not is_in(there)
    fresh = app.test_client()
    assert give_password(fresh).status_code == 200
    assert give_password(fresh, LONG_ENOUGH).status_code == 303


@pytest.mark.parametrize(
    ("role", "password", "said"),
    [
        (Role.FRONT_DESK, "k3m9-x2pt", None),
        (Role.FRONT_DESK, "k3m9-x2", "Use 8 characters or more"),
        (Role.POSTER, "k3m9-x2pt", "Use 15 characters or more"),
        (Role.POSTER, "passwordpassword", "among the first that a stranger would try"),
        (Role.POSTER, "x" * 64, "among the first that a stranger would try"),
        (Role.POSTER, "ada@city.example", "among the first that a stranger would try"),
        (Role.POSTER, "una canción larga y sin reglas " * 8, None),
    ],
)
@ON_ONE_DATABASE
def test_a_password_is_judged_by_its_length_and_by_how_soon_it_is_guessed(
    app: Flask, role: Role, password: str, said: str | None
):
    client = signed_in(app, role)
    answer = send(client, "/account/password", current=PASSWORD, password=password, again=password)
    assert answer.location == (None if said else "/account")
    assert said is None or said in answer.text


@ON_ONE_DATABASE
def test_the_list_of_common_passwords_is_asked_without_a_network(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def no_network(*_told: object) -> None:
        raise AssertionError("Nothing is asked of anybody outside")

    monkeypatch.setattr("socket.socket.connect", no_network)
    with app.app_context():
        for common in ("12345678987654321", "1qaz2wsx3edc4rfv", "qwerty123456789"):
            with pytest.raises(PasswordTooCommon):
                check_password(common, at_least=8, about=())


def test_a_hammered_account_opens_for_its_owner_from_elsewhere_within_a_minute(app: Flask, client: FlaskClient):
    """Of a thousand wrong passwords a minute, five are looked at."""
    hire(app, Role.POSTER)
    with time_machine.travel(NOON, tick=False) as clock:
        statuses = [give_password(client, f"guess {number}").status_code for number in range(40)]
        assert statuses == [200] * 5 + [429] * 35
        refused = give_password(client, PASSWORD)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert "Too many tries. Wait 60 seconds" in refused.text
        assert give_password(app.test_client(), PASSWORD, at="10.0.0.2").location == "/"
        clock.shift(timedelta(seconds=61))
        assert give_password(client, PASSWORD).location == "/"


def test_an_unknown_account_is_slowed_down_in_the_same_words(app: Flask, client: FlaskClient):
    hire(app, Role.POSTER)
    told = []
    for email, address in ((EMAIL, "10.0.0.1"), ("nobody@city.example", "10.0.0.2")):
        answers = [give_password(client, "wrong", email, address) for _ in range(7)]
        told.append([(answer.status_code, answer.headers.get("Retry-After")) for answer in answers])
    assert told[0] == told[1]


def test_guesses_of_the_password_by_whoever_sits_at_an_open_desk_are_slowed_down(app: Flask):
    client = signed_in(app)
    statuses = [send(client, "/sign-in/again/password", password="wrong").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    told = {"current": PASSWORD, "password": LONG_ENOUGH, "again": LONG_ENOUGH}
    assert send(client, "/account/password", **told).status_code == 429


@ON_ONE_DATABASE
def test_a_page_asks_the_database_once_who_is_there(app: Flask):
    client = signed_in(app)
    with app.app_context():
        engine = db.engine
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client.get("/").close()
    assert sum("staff_session" in statement for statement in asked) == 1


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPad"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140.0 Safari/537.36", "Chrome, Mac"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(told: str, shown: str):
    assert browser_named(told) == shown


def test_a_secret_opens_with_its_key_and_for_its_owner_only():
    sealed = encrypt("JBSWY3DPEHPK3PXP", secret="ours", about="staff 1")
    assert decrypt(sealed, secret="ours", about="staff 1") == "JBSWY3DPEHPK3PXP"
    for secret, about, text in (("theirs", "staff 1", sealed), ("ours", "staff 2", sealed), ("ours", "staff 1", "x")):
        with pytest.raises(NotReadable):
            decrypt(text, secret=secret, about=about)
    assert encrypt("JBSWY3DPEHPK3PXP", secret="ours", about="staff 1") != sealed


@pytest.mark.parametrize("name", ["", " ", "x" * 129, "two\nlines"])
def test_a_factors_name_is_one_line(name: str):
    with pytest.raises(FactorNameWrong):
        checked_name(name)
