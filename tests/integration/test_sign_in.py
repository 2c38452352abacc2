"""Who gets in, how long do they stay in, and what does somebody learn who does not?"""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from consent.app import create_app
from consent.domain.permissions import Role
from consent.services.staff_sign_in import first_sign_in_address, hash_new_password
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models.ledger import LedgerEvent
from consent.storage.models.staff import Staff
from tests.builders.staff import CSRF_TOKEN, EMAIL, PASSWORD, csrf_token, signed_in
from tests.builders.staff import hire as hire_with_roles

LONG_ENOUGH = "a boat, a lake, a friend"
NOON = "2026-06-14T12:00:00Z"


def hire(app: Flask, *roles: Role, **told) -> int:
    """Somebody who needs no second factor, unless a test says otherwise."""
    return hire_with_roles(app, *(roles or [Role.POSTER]), **told)


def sign_in(
    client: FlaskClient, email: str = EMAIL, password: str = PASSWORD, address: str = "/sign-in"
) -> TestResponse:
    return client.post(address, data={"email": email, "password": password, "csrf_token": csrf_token(client)})


def opens(client: FlaskClient) -> bool:
    """Whether the first page opens; as a browser does, the answer is read to its end."""
    with client.get("/") as answer:
        return answer.status_code == 200


def one_time_path(app: Flask) -> str:
    hire(app, password=False)
    with app.app_context():
        staff = db.session.scalars(select(Staff)).one()
        return first_sign_in_address(staff, base_url="http://localhost:8000/").removeprefix("http://localhost:8000")


def choose(client: FlaskClient, path: str, password: str, again: str | None = None) -> TestResponse:
    sent = {"password": password, "again": password if again is None else again, "csrf_token": csrf_token(client)}
    return client.post(path, data=sent)


@pytest.mark.parametrize("email", [EMAIL, EMAIL.upper(), f" {EMAIL} "])
def test_the_right_password_opens_the_first_page(app: Flask, client: FlaskClient, email: str):
    hire(app)
    assert sign_in(client, email).location == "/"
    assert "Ada Lovelace" in client.get("/").text


def test_passwords_are_kept_as_argon2id(app: Flask):
    hire(app)
    with app.app_context():
        assert db.session.scalar(select(Staff.password)).startswith("$argon2id$")


def test_a_password_costs_whoever_guesses_it_64_megabytes_and_three_rounds(settings: Settings):
    with create_app(settings).app_context():
        assert hash_new_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,")


def test_unknown_wrong_closed_and_not_yet_opened_accounts_get_the_same_answer(app: Flask, client: FlaskClient):
    for name in ("mistyped", "closed"):
        hire(app, email=f"{name}@city.example")
    hire(app, email="unopened@city.example", password=False)
    with app.app_context():
        db.session.execute(update(Staff).where(Staff.email == "closed@city.example").values(active=False))
        db.session.commit()
    tries = {"unknown": PASSWORD, "mistyped": "something else", "closed": PASSWORD, "unopened": PASSWORD}

    pages = set()
    for name, password in tries.items():
        answer = sign_in(client, f"{name}@city.example", password)
        assert answer.status_code == 200
        assert "The email address or the password is wrong" in answer.text
        pages.add(CSRF_TOKEN.sub("", answer.text).replace(name, ""))
    assert len(pages) == 1


def test_an_unknown_address_costs_a_hash_as_a_wrong_password_does(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    hashed = []
    monkeypatch.setattr("consent.services.staff_sign_in.hash_new_password", hashed.append)
    sign_in(client, "nobody@city.example", "some password")
    assert hashed == ["some password"]


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("", PASSWORD, "Enter your email address"),
        (EMAIL, "", "Enter your password"),
        ("e" * 321, PASSWORD, "Use 320 characters or fewer"),
        (EMAIL, "p" * 10_000, "Use 256 characters or fewer"),
    ],
)
def test_what_is_missing_or_too_long_is_said_beside_its_field(
    client: FlaskClient, email: str, password: str, said: str
):
    page = sign_in(client, email, password).text
    assert page.count(said) == 2  # in the summary and at the field
    assert "<title>Error: Sign in" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("path", ["/look-up?q=Zoe&use=photo", "/look-up"])
def test_whoever_was_on_their_way_arrives_there(app: Flask, client: FlaskClient, path: str):
    hire(app)
    page = client.get(client.get(path).location).request
    assert sign_in(client, address=f"{page.path}?{page.query_string.decode()}").location == path


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "javascript:alert(1)", "https:evil.example", " //evil.example",
        "http://[::1", "evil.example",
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(app: Flask, client: FlaskClient, address: str):
    hire(app)
    token = csrf_token(client)
    sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": token}
    assert client.get("/sign-in", query_string={"next": address}).status_code == 400
    assert client.post("/sign-in", data=sent, query_string={"next": address}).status_code == 400
    assert client.post("/sign-in", data=sent | {"next": address}).status_code == 400


def test_no_cookie_remembers_anybody_beyond_the_session(app: Flask, client: FlaskClient):
    hire(app)
    sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": csrf_token(client), "remember": "y"}
    cookies = client.post("/sign-in", data=sent).headers.getlist("Set-Cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["session"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, client: FlaskClient):
    hire(app)
    [cookie] = sign_in(client).headers.getlist("Set-Cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # browsers refuse it on plain http


def test_on_https_the_session_cookie_is_bound_to_this_host_and_to_encryption(tmp_path: Path):
    app = create_app(Settings(instance=tmp_path, base_url="https://consent.city.example"))
    with app.app_context():
        db.create_all()
    [cookie] = app.test_client().get("/sign-in", base_url="https://consent.city.example").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_half_an_hour_of_quiet_ends_the_session(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(app)
        clock.shift(timedelta(minutes=29))
        assert opens(client)
        clock.shift(timedelta(minutes=29))
        assert opens(client)
        clock.shift(timedelta(minutes=31))
        assert not opens(client)


def test_eight_hours_end_the_session_of_even_the_busiest(app: Flask):
    with time_machine.travel(NOON, tick=False) as clock:
        client = signed_in(app)
        for _ in range(24):
            assert opens(client)
            clock.shift(timedelta(minutes=20))
        assert opens(client)
        clock.shift(timedelta(seconds=1))
        assert not opens(client)


def test_signing_out_takes_a_button_and_not_a_link(app: Flask):
    client = signed_in(app)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200
    assert client.post("/sign-out", data={"csrf_token": csrf_token(client)}).location == "/sign-in"
    assert client.get("/").location == "/sign-in"


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(app: Flask):
    client = signed_in(app)
    copied = client.get_cookie("session").value
    client.post("/sign-out", data={"csrf_token": csrf_token(client)})
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/").location == "/sign-in"


def test_a_form_token_from_before_signing_in_is_no_longer_good(app: Flask, client: FlaskClient):
    hire(app)
    before = csrf_token(client)
    sign_in(client)
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    assert client.get("/").status_code == 200


def test_nobody_gets_in_by_a_token_of_the_sign_in_library(app: Flask, client: FlaskClient):
    hire(app)
    with app.app_context():
        token = db.session.scalars(select(Staff)).one().get_auth_token()
    assert client.get("/", query_string={"auth_token": token}).status_code == 303
    assert client.get("/", headers={"Authentication-Token": token}).status_code == 303


def test_a_one_time_address_lets_its_owner_choose_a_password_and_in(app: Flask, client: FlaskClient):
    path = one_time_path(app)
    assert "Welcome, Ada Lovelace" in client.get(path).text
    assert choose(client, path, LONG_ENOUGH).location == "/"
    assert client.get("/").status_code == 200
    assert sign_in(app.test_client(), password=LONG_ENOUGH).location == "/"
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position)).all()
    assert kinds == ["staff-added", "staff-password-chosen"]


def test_a_one_time_address_is_good_for_once(app: Flask, client: FlaskClient):
    path = one_time_path(app)
    choose(client, path, LONG_ENOUGH)
    other = app.test_client()
    assert other.get(path).status_code == 404
    assert "This address no longer works" in choose(other, path, "another long password").text
    assert sign_in(other, password=LONG_ENOUGH).location == "/"


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 404)])
def test_a_one_time_address_is_good_for_seven_days(app: Flask, client: FlaskClient, days: int, status: int):
    with time_machine.travel(NOON, tick=False) as clock:
        path = one_time_path(app)
        clock.shift(timedelta(days=days))
        assert client.get(path).status_code == status


def test_a_made_up_address_and_that_of_a_closed_account_do_not_work(app: Flask, client: FlaskClient):
    path = one_time_path(app)
    assert client.get(f"{path}x").status_code == 404
    with app.app_context():
        db.session.execute(update(Staff).values(active=False))
        db.session.commit()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("fourteen chars", "fourteen chars", "Use 15 characters or more"),
        (LONG_ENOUGH, "a boat, a lake", "Enter the same password in both places"),
        ("", "", "Enter a password"),
    ],
)
def test_a_password_that_is_short_or_mistyped_is_not_taken(app: Flask, client: FlaskClient, password, again, said):
    path = one_time_path(app)
    assert said in choose(client, path, password, again).text
    with app.app_context():
        assert db.session.scalar(select(Staff.password)) is None


def test_a_password_means_the_same_however_its_accents_are_typed(app: Flask, client: FlaskClient):
    choose(client, one_time_path(app), "ma\u00f1ana en la playa")
    assert sign_in(app.test_client(), password="man\u0303ana en la playa").location == "/"


def test_every_role_has_its_row_after_the_first_hire(app: Flask):
    hire(app, *Role)
    with app.app_context():
        assert {role.name for role in db.session.scalars(select(Staff)).one().roles} == set(Role)
