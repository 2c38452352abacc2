"""What does the running registry write down of its requests? Who, on which page, when; and nobody's data."""

import http.client
import json
import logging
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.app import create_app
from consent.domain.permissions import Role
from consent.journal import TOLD
from consent.settings import Settings
from tests.builders.camp import a_camp, keep
from tests.builders.pages import ON_ONE_DATABASE
from tests.builders.registries import dispose
from tests.builders.staff import CSRF_TOKEN, EMAIL, PASSWORD, csrf_token, hire, signed_in

CONSENT = str(Path(sys.executable).with_name("consent"))
PATIENCE = 60
MARKERS = {
    "password": "marker-passphrase-7Q",
    "token": "MARKERT0KEN7Q", "name": "Zoraida-Marker", "address": "marker@city.example",
    "born": "2015-03-04", "signature": "Marker-Signature", "forged": "forged-by-nobody",
}  # fmt: skip


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str | None, str | None, int | None]]:
    lines = [(record.getMessage(), getattr(record, TOLD, None)) for record in caplog.records]
    return [(said, line["who"], line["page"], line.get("status")) for said, line in lines if line]


@pytest.fixture
def journal(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def sign_in(client: FlaskClient, password: str) -> None:
    client.post("/sign-in", data={"email": EMAIL, "password": password, "csrf_token": csrf_token(client)})


@ON_ONE_DATABASE
def test_signing_in_and_out_and_every_refusal_is_written_down(app: Flask, journal: pytest.LogCaptureFixture):
    key = hire(app, Role.POSTER)
    client = app.test_client()
    sign_in(client, "not " + PASSWORD)
    sign_in(client, PASSWORD)
    client.get("/cards")
    client.post("/sign-out", data={"csrf_token": csrf_token(client)})
    assert [line for line in told(journal) if line[2]] == [
        ("sign-in refused", None, "sign_in.sign_in", 200),
        ("signed in", f"staff:{key}", "sign_in.sign_in", None),
        ("refused", f"staff:{key}", "cards.choose", 403),
        ("signed out", f"staff:{key}", "sign_in.sign_out", None),
    ]


@ON_ONE_DATABASE
def test_what_is_answered_and_what_is_no_page_of_ours_is_not(app: Flask, journal: pytest.LogCaptureFixture):
    client = signed_in(app, Role.FRONT_DESK)
    for path in ("/", "/look-up?q=ana", "/wp-login.php", "/healthz"):
        client.get(path)
    assert told(journal) == []


@ON_ONE_DATABASE
def test_a_failure_of_ours_is_told_with_who_met_it(app: Flask, journal: pytest.LogCaptureFixture):
    @app.get("/broken")
    def broken() -> str:
        raise LookupError(MARKERS["name"])

    broken.access_rule = app.view_functions["programs.people"].access_rule
    app.config["PROPAGATE_EXCEPTIONS"] = False
    signed_in(app, Role.FRONT_DESK).get(f"/broken?q={MARKERS['name']}")
    assert ("failed", "staff:1", "broken", 500) in told(journal)
    assert "LookupError at" in journal.text
    assert MARKERS["name"] not in journal.text


@pytest.fixture
def served(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[int, Path]]:
    """`consent serve`, as it runs at a department; gives its port and what it has printed by the end."""
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copy(migrated_sqlite, instance / "registry.sqlite")
    app = create_app(Settings(instance=instance))
    keep(app, a_camp())
    hire(app, *Role, email=MARKERS["address"])
    dispose(app)
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CONSENT_")}
    printed = tmp_path / "printed"
    with (
        printed.open("wb") as output,
        subprocess.Popen(
            [CONSENT, "serve", "--port", "0"],
            env=clean | {"CONSENT_INSTANCE": str(instance), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        ) as server,
    ):
        assert server.stdout
        try:
            [*_, address] = server.stdout.readline().split()
            yield urlsplit(address).port or 0, printed
        finally:
            server.kill()


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
    """The status, the page and the cookie that came with it."""
    connection = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
    sent = {"Content-Type": "application/x-www-form-urlencoded"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    connection.request(method, path, body or None, sent)
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), (answer.getheader("Set-Cookie") or "").partition(";")[0]
    connection.close()
    return answer.status, page, cookie


def misbehave(port: int, instance: Path) -> str:
    """All that goes wrong in a bad week, each with somebody's data in it; gives every page that was answered."""
    name, token = MARKERS["name"], MARKERS["token"]
    pages = []
    _, page, cookie = ask(port, "GET", "/sign-in")
    form = {"csrf_token": CSRF_TOKEN.search(page)[1], "email": MARKERS["address"], "password": MARKERS["password"]}
    attempts = (form, form | {"email": f"{name}@city.example"}, form | {"csrf_token": token})
    pages += [ask(port, "POST", "/sign-in", urlencode(sent), Cookie=cookie) for sent in attempts]
    for path in (f"/C/{token}", f"/patrons/{name}?born=2015-03-04", f"/copy/{token}", f"/first-sign-in/{token}",
                 f"/kiosk/enroll/{token}", f"/%0d%0a{name}", f"/look-up?q={name}%0A{MARKERS['forged']}"):  # fmt: skip
        pages.append(ask(port, "GET", path))
        pages.append(ask(port, "POST", path, urlencode({"reason": name, "name": MARKERS["signature"]})))
    pages.append(ask(port, "POST", "/api/v1/checks", json.dumps({"patrons": [name]}), Authorization=f"Bearer {token}"))
    pages.append(ask(port, "GET", "/sign-in", Host=f"{name}.example"))
    pages.append(ask(port, "GET", "/sign-in", Cookie=f"session={token}; language={name}", X_Forwarded_For=name))
    pages.append(ask(port, token, "/sign-in"))
    for raw in (
        f"GET /{name}\r\n\r\n",
        f"POST / HTTP/1.1\r\nContent-Length: {name}\r\n\r\n",
        f"{name}\x1b[2J\0\r\n\r\n",
    ):
        with socket.create_connection(("localhost", port), timeout=PATIENCE) as wire:
            wire.sendall(raw.encode())
            wire.recv(65536)
    with sqlite3.connect(instance / "registry.sqlite") as database:
        database.execute("ALTER TABLE staff RENAME TO gone")
    pages.append(ask(port, "POST", "/sign-in", urlencode(form), Cookie=cookie))
    pages.append(ask(port, "POST", "/api/v1/checks", json.dumps({"patrons": [name]}), Authorization=f"Bearer {token}"))
    assert pages[-2][0] == 503
    return "\n".join(page for _, page, _ in pages)


def test_the_running_registry_writes_nobody_down(served: tuple[int, Path], tmp_path: Path):
    port, printed = served
    pages = misbehave(port, tmp_path / "instance")
    written = printed.read_text("utf-8")
    lines = [json.loads(line) for line in written.splitlines()]
    assert {"sign-in refused", "refused", "failed"} <= {line["said"] for line in lines if "said" in line}
    assert all(line["at"].endswith("+00:00") for line in lines)
    assert sum(line.get("page") == "sign_in.sign_in" and line.get("status") == 503 for line in lines) == 1
    named = {what for what, marker in MARKERS.items() if marker.lower() in written.lower()}
    assert named == set()
    shown = {what for what, marker in MARKERS.items() if what in {"password", "signature"} and marker in pages}
    assert shown == set()
    assert "Traceback" not in written + pages
