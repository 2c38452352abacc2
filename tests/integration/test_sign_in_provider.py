"""Does the city's own sign-in let in whom it has verified and who has an account here? Asked of a real provider."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consent.domain.permissions import Role
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import Staff, StaffSession
from tests.builders.staff import EMAIL, hire

RUNNING = re.compile(r"running on (http://\S+)")
VERIFIED = {"email": EMAIL, "email_verified": True}
PEOPLE = {
    "ada": VERIFIED,
    "unverified": VERIFIED | {"email_verified": False},
    "unsaid": {"email": EMAIL},
    "stranger": VERIFIED | {"email": "nobody@city.example"},
}


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own."""
    people = [f"--user-claims={json.dumps({'sub': name, **claims})}" for name, claims in PEOPLE.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port=0", "--require-nonce=true", *people]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        yield next(found[1] for line in process.stderr if (found := RUNNING.search(line)))
        process.terminate()
        process.stderr.read()


@pytest.fixture
def settings(settings: Settings, issuer: str) -> Settings:
    base = {"base_url": "http://localhost", "oidc_client_id": "registry", "oidc_client_secret": "a secret"}
    return replace(settings, oidc_issuer=issuer, **base)


def lead(client: FlaskClient, path: str = "/sign-in/provider") -> str:
    return client.get(path).location


def come_back(asked: str, who: str = "ada") -> str:
    """Where the provider sends whoever signs in there."""
    sent = requests.post(asked, data={"sub": who}, allow_redirects=False, timeout=10).headers["Location"]
    return sent.removeprefix("http://localhost")


def is_in(client: FlaskClient) -> bool:
    return client.get("/").status_code == 200


def test_whoever_is_verified_and_known_is_in_without_another_factor(app: Flask, client: FlaskClient):
    hire(app, Role.FRONT_DESK)
    assert "Sign in with your city account" in client.get("/sign-in?next=/look-up").text
    asked = lead(client, "/sign-in/provider?next=/look-up")
    told = parse_qs(urlsplit(asked).query)
    assert told["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= told.keys()
    assert client.get(come_back(asked)).location == "/look-up"
    assert is_in(client)
    with app.app_context():
        assert db.session.scalars(select(StaffSession.proof)).all() == ["provider"]


@pytest.mark.parametrize("who", ["unverified", "unsaid", "stranger"])
def test_whoever_is_not_verified_or_has_no_account_is_not_let_in_and_gets_none(
    app: Flask, client: FlaskClient, who: str
):
    hire(app)
    refused = client.get(come_back(lead(client), who))
    assert refused.status_code == 403
    assert "no verified email address" in refused.text
    assert not is_in(client)
    with app.app_context():
        assert len(db.session.scalars(select(Staff)).all()) == 1


def test_a_closed_account_stays_closed(app: Flask, client: FlaskClient):
    hire(app)
    with app.app_context():
        db.session.scalars(select(Staff)).one().active = False
        db.session.commit()
    assert client.get(come_back(lead(client))).status_code == 403


def test_an_answer_for_another_browser_sent_twice_or_bent_lets_nobody_in(app: Flask, client: FlaskClient):
    hire(app)
    answer = come_back(lead(client))
    other = app.test_client()
    lead(other)
    for browser, path in (
        (other, answer),
        (client, answer.replace("state=", "state=x")),
        (client, "/sign-in/provider/answer"),
    ):
        assert browser.get(path).status_code == 403
        assert not is_in(browser)
    assert client.get(answer).location == "/"
    thief = app.test_client()
    assert thief.get(answer).status_code == 403


def test_nobody_is_led_elsewhere_afterwards(client: FlaskClient):
    assert client.get("/sign-in/provider?next=https://evil.example/").status_code == 400


def test_a_provider_that_does_not_answer_is_said_so(client: FlaskClient, monkeypatch):
    def broken(*_told: object, **_named: object) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr("requests.Session.request", broken)
    refused = client.get("/sign-in/provider")
    assert refused.status_code == 403
    assert "does not answer" in refused.text
