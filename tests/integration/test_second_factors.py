"""Does a password alone open anything for somebody who reads records, and does each code and each touch count once?"""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from consent.domain.permissions import Role
from consent.services.acting import Acting
from consent.services.passwords import is_password_of
from consent.services.second_factors import factors_of
from consent.services.staff_standing import reset_staff
from consent.storage.database import db
from consent.storage.models import Authenticator, LedgerEvent, RecoveryCode, RegistryMark, SecurityKey, Staff
from consent.storage.registry import DEMO
from consent.web.access import access_rule
from tests.builders.factors import SoftKey, asked_on, code_of, with_authenticator, with_key
from tests.builders.staff import EMAIL, PASSWORD, csrf_token, hire, signed_in, signed_in_as

NOON = datetime(2026, 6, 14, 12, tzinfo=UTC)
SHOWN_KEY = re.compile(r"<code>([A-Z2-7 ]+)</code>")
SEALED = re.compile(r'name="secret"[^>]* value="([^"]+)"')
SHOWN_CODES = re.compile(r"<li><code>([0-9A-Z ]+)</code></li>")


def give_password(client: FlaskClient, email: str = EMAIL) -> TestResponse:
    return send(client, "/sign-in", email=email, password=PASSWORD)


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields | {"csrf_token": csrf_token(client)})


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def half_way_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert give_password(client).location == "/sign-in/second"
    return client


@pytest.fixture
def key_of_ada(app: Flask) -> str:
    """Ada reads records, and has an authenticator; what it is made of."""
    hire(app)
    return with_authenticator(app, EMAIL)


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.ADMINISTRATOR, Role.RECORDS_OFFICER])
def test_whoever_reads_records_sets_one_up_before_anything_opens(app: Flask, client: FlaskClient, role: Role):
    hire(app, role)
    assert give_password(client).location == "/account/second-factor"
    assert client.get("/account/second-factor").status_code == 200
    opened = []
    for rule in app.url_map.iter_rules():
        who = access_rule(app, rule.endpoint).who
        if "GET" in rule.methods and who.startswith(("staff", "signed in")) and "setting up" not in who:
            address = rule.build(dict.fromkeys(rule.arguments, "1"))[1]
            if client.get(address).status_code != 303:
                opened.append(address)
    assert opened == []


@pytest.mark.parametrize("role", [Role.POSTER, Role.PROGRAM_LEAD, Role.DIRECTOR])
def test_whoever_reads_no_records_needs_none(app: Flask, client: FlaskClient, role: Role):
    hire(app, role)
    assert give_password(client).location == "/"
    assert is_in(client)


def test_a_demo_asks_for_none(app: Flask, client: FlaskClient):
    hire(app)
    with app.app_context():
        db.session.add(RegistryMark(name=DEMO, value="yes"))
        db.session.commit()
    assert give_password(client).location == "/"
    assert is_in(client)


def test_a_role_that_needs_one_closes_a_session_that_had_none(app: Flask, client: FlaskClient):
    hire(app, Role.POSTER)
    hire(app, Role.FRONT_DESK, email="desk@city.example")
    give_password(client)
    with app.app_context():
        desk = db.session.scalars(select(Staff).where(Staff.email == "desk@city.example")).one()
        db.session.scalars(select(Staff).where(Staff.email == EMAIL)).one().roles = list(desk.roles)
        db.session.commit()
    assert not is_in(client)


def test_an_authenticator_is_set_up_once_its_code_is_right(app: Flask, client: FlaskClient):
    hire(app)
    give_password(client)
    page = client.get("/account/authenticator").text
    base32, sealed = SHOWN_KEY.search(page)[1].replace(" ", ""), html.unescape(SEALED.search(page)[1])
    told = {"name": "The grey token", "secret": sealed}
    wrong = send(client, "/account/authenticator", code="000000", **told)
    assert "It should show another code now" in wrong.text
    assert SHOWN_KEY.search(wrong.text)[1].replace(" ", "") == base32
    added = send(client, "/account/authenticator", code=code_of(base32), **told)
    assert added.location == "/account/recovery-codes?next=/"
    assert is_in(client)
    with app.app_context():
        kept = db.session.scalars(select(Authenticator)).one()
        assert base32 not in kept.encrypted_secret
        assert "second-factor-added" in db.session.scalars(select(LedgerEvent.kind)).all()


def test_another_persons_or_a_made_up_secret_is_set_up_for_nobody(app: Flask, client: FlaskClient):
    hire(app, Role.POSTER, email="grace@city.example")
    theirs = signed_in_as(app, "grace@city.example").get("/account/authenticator").text
    hire(app)
    give_password(client)
    stolen = html.unescape(SEALED.search(theirs)[1])
    base32 = SHOWN_KEY.search(theirs)[1].replace(" ", "")
    for sealed in (stolen, "bm90aGluZw=="):
        told = {"name": "Token", "secret": sealed, "code": code_of(base32)}
        assert send(client, "/account/authenticator", **told).status_code == 200
    assert not is_in(client)


def test_the_code_that_is_shown_now_lets_in_and_a_wrong_one_does_not(app: Flask, key_of_ada: str):
    client = half_way_in(app)
    assert "The code is wrong or was used already" in send(client, "/sign-in/second/code", code="123").text
    assert not is_in(client)
    assert send(client, "/sign-in/second/code", code=code_of(key_of_ada)).location == "/"
    assert is_in(client)


def test_a_code_is_taken_once(app: Flask, key_of_ada: str):
    with time_machine.travel(NOON, tick=False) as clock:
        code = code_of(key_of_ada, NOON)
        assert send(half_way_in(app), "/sign-in/second/code", code=code).location == "/"
        again = half_way_in(app)
        assert "was used already" in send(again, "/sign-in/second/code", code=code).text
        clock.shift(timedelta(seconds=30))
        assert (
            send(again, "/sign-in/second/code", code=code_of(key_of_ada, NOON + timedelta(seconds=30))).location == "/"
        )


def test_a_touch_lets_in_and_the_same_answer_sent_again_does_not(app: Flask):
    client = signed_in(app)
    key = with_key(client, csrf_token(client))
    first = half_way_in(app)
    answer = key.touch(asked_on(first.get("/sign-in/second").text))
    assert send(first, "/sign-in/second/touch", answer=answer).location == "/"
    assert is_in(first)
    second = half_way_in(app)
    second.get("/sign-in/second")
    assert "was not recognized" in send(second, "/sign-in/second/touch", answer=answer).text
    assert not is_in(second)


def test_a_touch_for_another_site_of_a_copy_or_of_a_stranger_lets_nobody_in(app: Flask):
    client = signed_in(app)
    key = with_key(client, csrf_token(client))
    hire(app, Role.POSTER, email="grace@city.example")
    grace = signed_in_as(app, "grace@city.example")
    strange = with_key(grace, csrf_token(grace))
    victim = half_way_in(app)

    def touched(by: SoftKey, **told: str) -> bool:
        answer = by.touch(asked_on(victim.get("/sign-in/second").text), **told)
        return send(victim, "/sign-in/second/touch", answer=answer).status_code == 303

    assert not touched(key, origin="https://consent.evil.example")
    assert not touched(strange)
    assert not touched(SoftKey())
    key.touches = 5
    assert touched(key)
    victim = half_way_in(app)
    key.touches = 2
    assert not touched(key)
    for nonsense in ("{}", "no JSON", '{"rawId": 5}', '["rawId"]', '{"rawId": "é"}'):
        assert send(victim, "/sign-in/second/touch", answer=nonsense).status_code in {200, 429}


def test_a_key_is_registered_once(app: Flask):
    client = signed_in(app)
    key = with_key(client, csrf_token(client))
    asked = asked_on(client.get("/account/security-key").text)
    assert [known["type"] for known in asked["excludeCredentials"]] == ["public-key"]
    again = send(client, "/account/security-key", name="Once more", answer=key.make(asked))
    assert "registered already" in again.text
    asked = asked_on(client.get("/account/security-key").text)
    forged = SoftKey().make(asked, origin="https://consent.evil.example")
    assert "was not recognized" in send(client, "/account/security-key", name="Forged", answer=forged).text
    with app.app_context():
        assert len(db.session.scalars(select(SecurityKey)).all()) == 1


@pytest.mark.usefixtures("key_of_ada")
def test_a_password_alone_adds_no_factor_where_one_is_asked_for(app: Flask):
    thief = half_way_in(app)
    for page in ("second-factor", "security-key", "authenticator"):
        assert thief.get(f"/account/{page}").location == "/sign-in/second"
        assert send(thief, f"/account/{page}", name="Mine").status_code in {303, 405}
    assert thief.get("/account/recovery-codes").location.startswith("/sign-in?")


@pytest.mark.usefixtures("key_of_ada")
def test_recovery_codes_are_shown_once_and_each_lets_in_once(app: Flask):
    client = signed_in_as(app, EMAIL)
    assert SHOWN_CODES.findall(client.get("/account/recovery-codes").text) == []
    codes = SHOWN_CODES.findall(send(client, "/account/recovery-codes").text)
    assert len(set(codes)) == 10
    assert not any(code in client.get("/account/recovery-codes").text for code in codes)
    with app.app_context():
        assert not {code.replace(" ", "") for code in codes} & set(db.session.scalars(select(RecoveryCode.code_sha256)))

    typed = codes[0].lower().replace(" ", "-")
    assert send(half_way_in(app), "/sign-in/second/recovery-code", recovery_code=typed).location == "/"
    for wrong in (typed, "0" * 26, "short"):
        refused = send(half_way_in(app), "/sign-in/second/recovery-code", recovery_code=wrong)
        assert "The recovery code is wrong or was used already" in refused.text
    assert "9 codes are left" in client.get("/account").text
    newer = SHOWN_CODES.findall(send(client, "/account/recovery-codes").text)
    assert send(half_way_in(app), "/sign-in/second/recovery-code", recovery_code=codes[1]).status_code == 200
    assert send(half_way_in(app), "/sign-in/second/recovery-code", recovery_code=newer[1]).location == "/"
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEvent.kind)).all()
    assert kinds.count("recovery-code-used") == 2


def test_guesses_of_a_code_are_slowed_down_however_they_are_mixed(app: Flask, key_of_ada: str):
    client = half_way_in(app)
    statuses = [
        send(client, "/sign-in/second/code", code=f"{guess:06}").status_code
        if guess % 2
        else send(client, "/sign-in/second/recovery-code", recovery_code="0" * 26).status_code
        for guess in range(8)
    ]
    assert statuses == [200] * 5 + [429] * 3
    refused = send(client, "/sign-in/second/code", code=code_of(key_of_ada))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Too many tries. Wait" in refused.text
    assert not is_in(client)


@pytest.mark.usefixtures("key_of_ada")
def test_half_a_sign_in_is_forgotten_after_a_quarter_of_an_hour(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = half_way_in(app)
        clock.shift(timedelta(minutes=16))
        assert client.get("/sign-in/second").location == "/sign-in"


@pytest.mark.usefixtures("key_of_ada")
def test_the_last_factor_stays_where_the_work_needs_one(app: Flask):
    client = signed_in_as(app, EMAIL)
    with app.app_context():
        only = db.session.scalars(select(Authenticator.id)).one()
    path = f"/account/authenticator/{only}/remove"
    assert "The grey token" in client.get(path).text
    assert "Your work needs a second factor" in send(client, path).text
    with_key(client, csrf_token(client))
    assert send(client, path).location == "/account"
    assert client.get(path).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Authenticator)).all() == []
        assert "second-factor-removed" in db.session.scalars(select(LedgerEvent.kind)).all()


def test_whoever_needs_none_may_remove_the_last_with_its_recovery_codes(app: Flask):
    client = signed_in(app, Role.POSTER)
    with_key(client, csrf_token(client))
    send(client, "/account/recovery-codes")
    with app.app_context():
        only = db.session.scalars(select(SecurityKey.id)).one()
    assert send(client, f"/account/security-key/{only}/remove").location == "/account"
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []


@pytest.mark.usefixtures("key_of_ada")
def test_nobody_removes_another_persons_factor(app: Flask):
    other = signed_in(app, email="grace@city.example")
    with app.app_context():
        theirs = db.session.scalars(select(Authenticator.id)).one()
    assert send(other, f"/account/authenticator/{theirs}/remove").status_code == 404


@pytest.mark.usefixtures("key_of_ada")
def test_an_administrators_reset_takes_every_factor_and_ends_every_session(app: Flask):
    client = signed_in_as(app, EMAIL)
    with_key(client, csrf_token(client))
    administrator = hire(app, Role.ADMINISTRATOR, email="grace@city.example")
    with app.app_context():
        session = db.session()
        ada = session.scalar(select(Staff.id).where(Staff.email == EMAIL))
        now = datetime.now(UTC)
        reset_staff(session, ada, acting=Acting(administrator, now, now.date()))
        held = factors_of(session, ada)
        assert not held
        assert held.codes_left == 0
    assert not is_in(client)
    assert give_password(app.test_client()).status_code == 200


def test_a_closed_account_is_asked_for_nothing_more(app: Flask, key_of_ada: str):
    client = half_way_in(app)
    with app.app_context():
        db.session.execute(update(Staff).values(active=False))
        db.session.commit()
    assert send(client, "/sign-in/second/code", code=code_of(key_of_ada)).location == "/sign-in"


def test_an_account_that_was_never_opened_has_no_password_to_guess(app: Flask):
    hire(app, password=False)
    with app.app_context():
        assert not is_password_of(db.session.scalars(select(Staff)).one(), "")
