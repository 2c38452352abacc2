"""How does a test get a family to a page of the kiosk? On a device that is one, with answers a test may change."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consent.domain.vocabulary import Use
from consent.services import kiosks
from consent.storage.database import db
from tests.builders.camp import keep
from tests.builders.small_registry import lines
from tests.builders.staff import csrf_token

MOTHER = {
    "first_name": "José María", "last_name": "García-Márquez de la O", "relationship": "parent", "of_age": "yes",
    "authority": "y",
}  # fmt: skip
CHILD = {"first_name": "X", "last_name": "O'Brien", "month": "2", "day": "29", "year": "2016"}
SECOND = {"first_name": "Zoë", "last_name": "García", "month": "7", "day": "4", "year": "2018"}
YES = {use.value: "yes" for use in Use}
NO = {use.value: "no" for use in Use}
LIMITS = {"where": "all", "whose": "department", "what_for": "all"}
TYPED = {"agrees": "y", "kind": "typed", "name": "José María García-Márquez de la O", "meant": "y"}


def a_device(app: Flask, name: str = "Front desk 1", *, policy: str = "Resolution 2026-01") -> str:
    """The key of a device that is a kiosk, in a registry with a form, platforms and programs."""
    now = datetime.now(UTC)
    keep(app, lines(), now=now)
    with app.app_context():
        session = db.session()
        if policy:
            kiosks.set_esign_policy(session, policy, by="command-line", now=now)
        token = kiosks.add_kiosk(session, name, by="command-line", now=now)
        return kiosks.enroll_device(session, token, now=now)


class AtKiosk:
    """A browser on a kiosk, and the pages that a family opens on it."""

    def __init__(self, app: Flask, key: str = "", **device: Any) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("kiosk", key or a_device(app, **device), path="/kiosk")

    def session(self) -> Session:
        with self.app.app_context():
            return Session(db.engine)

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/kiosk{path}")

    def post(self, path: str, **sent: Any) -> TestResponse:
        return self.client.post(f"/kiosk{path}", data=sent | {"csrf_token": csrf_token(self.client, "/kiosk/enroll/x")})

    def begin(self, language: str = "en") -> "AtKiosk":
        assert self.post("", language=language).location == "/kiosk/who"
        return self

    def with_signer(self, **changes: str) -> "AtKiosk":
        self.post("/who", whom="children")
        assert self.post("/signer", **MOTHER | changes).location == "/kiosk/child/1"
        return self

    def with_child(self, number: int = 1, answers: dict[str, str] = YES, **changes: str) -> "AtKiosk":
        """Named and answered for, without limits."""
        child = (CHILD if number == 1 else SECOND) | changes
        assert self.post(f"/child/{number}", **child).location == f"/kiosk/child/{number}/answers"
        assert self.post(f"/child/{number}/answers", **answers).status_code == 303
        return self

    def ready(self, **child: Any) -> "AtKiosk":
        """One mother and one child, up to the signature."""
        self.begin().with_signer().with_child(**child)
        assert self.post("/another", another="no").location == "/kiosk/review"
        return self

    def sign(self, **changes: str) -> TestResponse:
        """What the page holds, with a typed name."""
        page = self.get("/sign").text
        return self.post("/sign", **TYPED | {name: value_on(page, name) for name in ("key", "shown")} | changes)


def value_on(page: str, name: str) -> str:
    """What stands in a hidden field."""
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"', maxsplit=1)[0]
