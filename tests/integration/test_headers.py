"""What does every answer carry, which requests are refused unread, and how is a failure said?"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from consent.app import create_app
from consent.domain.permissions import Role
from consent.domain.refusals import ConsentError, RegistryBusy, UnknownPatron, UnknownPlatform, UnknownProgram
from consent.settings import Settings
from consent.storage.database import db
from consent.web.access import anybody
from tests.builders.staff import EMAIL, csrf_token, signed_in
from tests.builders.walk import Walk

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EXPECTED = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
WITH_A_CAMERA = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
STYLE_SHEET = re.compile(r'href="(/static/css/house\.css\?v=\w+)"')


def open_page(app: Flask, path: str, view) -> FlaskClient:
    """A page of the test's own, where something goes wrong."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule(path, path, anybody("a test asks")(view), methods=["GET", "POST"])
    return app.test_client()


def lacking(app: Flask, walk: Walk, *, pages_most: int | None = None) -> set[str]:
    """Each header that some answer to somebody signed in, or to a stranger, does not carry, whatever became of it."""
    # Signed in for the last time: the walk ends with signing out.
    signed, stranger = signed_in(app, *Role, email=f"{uuid4()}@city.example"), app.test_client()
    style = STYLE_SHEET.search(stranger.get("/sign-in").text)[1]
    pages = sorted({walk.address(rule) for rule in app.url_map.iter_rules() if rule.endpoint != "static"})
    found = set()
    for path in [*pages[:pages_most], "/nothing", "/api/v1/nothing", "/first-sign-in/x", "/static/nothing.css", style]:
        for client, method in ((signed, "GET"), (stranger, "GET"), (stranger, "POST")):
            with client.open(path, method=method) as answer:
                answer.get_data()  # to its end, as a browser reads it
            found |= set(_lacking(answer, kept=path == style and answer.status_code == 200))
    return found


def _lacking(answer: TestResponse, *, kept: bool) -> Iterator[str]:
    # Only a page with a camera on it may compile the reader that comes with it.
    camera = answer.mimetype == "text/html" and "data-camera-seen" in answer.text
    for name, value in (EXPECTED | ({"Content-Security-Policy": WITH_A_CAMERA} if camera else {})).items():
        if answer.headers.getlist(name) != [value]:
            yield name
    if "Cookie" not in answer.headers.get("Vary", ""):
        yield "Vary"
    if not kept and answer.headers.get("Cache-Control") != "no-store":
        yield "Cache-Control"
    if "Strict-Transport-Security" in answer.headers or "Server" in answer.headers:
        yield "nothing too many"


def test_every_answer_carries_the_headers_whatever_became_of_it(walk: Walk):
    assert lacking(walk.app, walk) == set()


def test_one_header_that_is_let_go_is_noticed(walk: Walk, monkeypatch: pytest.MonkeyPatch):
    """The walk above is tested itself, and needs one walk for all headers."""
    monkeypatch.setattr("consent.web.headers.HEADERS", {})
    assert lacking(walk.app, walk, pages_most=3) == set(EXPECTED)


def test_on_https_browsers_are_told_to_stay_there(tmp_path: Path):
    app = create_app(Settings(instance=tmp_path, base_url="https://consent.city.example"))
    answer = app.test_client().get("/nothing", base_url="https://consent.city.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_style_sheets_are_kept_a_year_under_an_address_that_names_their_content(client: FlaskClient):
    address = STYLE_SHEET.search(client.get("/sign-in").text)[1]
    with client.get(address) as named, client.get(address.partition("?")[0]) as unnamed:
        assert named.headers["Cache-Control"] == "public, max-age=31536000"
        assert unnamed.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:x:y", "", "[::1"])
def test_only_our_own_hosts_are_answered(client: FlaskClient, host: str):
    answer = client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1:8000"])
def test_this_machine_is_always_a_host_of_ours(client: FlaskClient, host: str):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Origin", "https://evil.example", 403),
        ("Origin", "http://localhost.evil.example", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Origin", "http://localhost", 303),
        ("Origin", "http://localhost:8000", 303),
        ("Origin", "null", 303),
        ("Sec-Fetch-Site", "same-origin", 303),
    ],
)
def test_a_form_on_another_site_changes_nothing(app: Flask, header: str, value: str, status: int):
    client = signed_in(app)
    sent = {"language": "es", "back": "/", "csrf_token": csrf_token(client)}
    assert client.post("/language", data=sent, headers={header: value}).status_code == status


def test_what_no_page_sends_is_not_read(client: FlaskClient):
    assert client.get("/sign-in?next=%00").status_code == 400
    assert client.get("/first-sign-in/%00").status_code == 400
    assert client.post("/sign-in", data={"email": "a\0b", "csrf_token": csrf_token(client)}).status_code == 400
    assert client.post("/sign-in", data={"email": "a" * 2_000_000}).status_code == 413
    assert client.post("/sign-in", data={f"field{n}": "" for n in range(2000)}).status_code == 400


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_failure_is_said_in_plain_words(app: Flask, status: int, language: str):
    client = open_page(app, "/door", lambda: abort(status))
    client.set_cookie("language", language)
    answer = client.get("/door")
    assert answer.status_code == status
    assert f'<html lang="{language}">' in answer.text
    assert str(status) not in re.sub(r"<(head|footer|form).*?</\1>", "", answer.text, flags=re.DOTALL)
    assert len(re.findall("<h1", answer.text)) == 1


@pytest.mark.parametrize("status", [400, 404, 413, 429, 500, 503])
def test_another_system_is_told_in_its_own_form(app: Flask, status: int):
    answer = open_page(app, "/api/v1/door", lambda: abort(status)).get("/api/v1/door")
    assert answer.mimetype == "application/problem+json"
    assert answer.status_code == answer.json["status"] == status
    assert {"type", "title", "detail"} < answer.json.keys()


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(UnknownPatron, 404), (UnknownProgram, 404), (UnknownPlatform, 404), (RegistryBusy, 503), (ConsentError, 409)],
)
def test_a_refusal_that_no_view_caught_is_a_page_with_its_sentence(app: Flask, refusal, status: int):
    def refuse():
        raise refusal("Some reason of its own.")

    answer = open_page(app, "/door", refuse).get("/door")
    assert answer.status_code == status
    assert ("Some reason of its own." in answer.text) is (refusal is ConsentError)


def test_a_database_that_does_not_answer_is_no_answer_to_post_on(app: Flask, caplog: pytest.LogCaptureFixture):
    def ask():
        raise OperationalError("SELECT name FROM patron WHERE name = ?", ["Zoe Marker"], OSError("disk I/O error"))

    answer = open_page(app, "/door", ask).get("/door")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "do not post" in answer.text
    assert "Zoe" not in answer.text + caplog.text


def test_a_fault_of_ours_shows_and_logs_nobody(app: Flask, caplog: pytest.LogCaptureFixture):
    def fail():
        raise KeyError("Zoe Marker")

    app.logger.setLevel(logging.ERROR)
    answer = open_page(app, "/door/zoe-marker", fail).get("/door/zoe-marker?q=zoe")
    assert answer.status_code == 500
    assert "zoe" not in (answer.text.split("<main")[1] + caplog.text).lower()
    assert "KeyError at" in caplog.text
    assert "test_headers.fail" in caplog.text


def test_a_wrong_password_is_logged_nowhere(client: FlaskClient, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    client.post("/sign-in", data={"email": EMAIL, "password": "marker-password", "csrf_token": csrf_token(client)})
    assert "marker-password" not in caplog.text
    assert EMAIL not in caplog.text
