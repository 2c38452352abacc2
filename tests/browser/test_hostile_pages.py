"""Does anything that somebody wrote where a name belongs come alive in a browser? On the pages that show most of it."""

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select

from consent.services import kiosks
from consent.storage.database import db
from consent.storage.models import Patron, Program, Signing
from tests.builders.hostile import ATTRIBUTES, ELEMENTS, MARK, SCRIPTS
from tests.builders.hostile_registry import ALL, NOW, HostileFamily, as_typed, fill_registry
from tests.builders.kiosk_pages import LIMITS
from tests.builders.staff import signed_in_as

TEXTS = [*SCRIPTS[::2], *ELEMENTS[::4], *ATTRIBUTES[::4]]
KIOSK = "/kiosk"


def test_nothing_that_somebody_wrote_comes_alive(app: Flask, page: Page, site: str):
    fill_registry(app, TEXTS)
    dialogs, elsewhere, unseen = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url.startswith((site, "data:")) else elsewhere.append(asked.url))
    give(page, signed_in_as(app, ALL), "/", app.config["SESSION_COOKIE_NAME"])
    give(page, a_family_under_way(app), KIOSK, "kiosk", "family")
    for path in (*staff_pages(app), *(f"{KIOSK}/{place}" for place in ("signer", "child/1/accounts", "another"))):
        page.goto(path)
        assert page.locator(f"{MARK}, [{MARK}]").count() == 0, path
        if MARK not in page.content():
            unseen.append(path)
    assert (dialogs, elsewhere, unseen) == ([], [], [])


def give(page: Page, client: FlaskClient, path: str, *names: str) -> None:
    """The browser what the client carries."""
    cookies = [(name, client.get_cookie(name, path=path).value) for name in names]
    page.context.add_cookies(
        [{"name": name, "value": value, "domain": "localhost", "path": path} for name, value in cookies]
    )


def staff_pages(app: Flask) -> list[str]:
    with app.app_context():
        patron = db.session.scalars(select(Patron).order_by(Patron.id).limit(1)).one()
        program = db.session.scalars(select(Program.external_id).order_by(Program.id).limit(1)).one()
        reference = db.session.scalars(select(Signing.reference).limit(1)).one()
    with app.test_request_context():
        url = app.url_for
        return [
            url("lookup.look_up", q=patron.last_name),
            url("lookup.look_up", patron=patron.external_id, program=program),
            url("patrons.patron", patron=patron.external_id), url("witness.queue"),
            url("witness.signing", reference=reference), url("rosters.roster", program=program), url("cards.choose"),
            url("staff.staff"), url("looks.looks"), url("kiosks.kiosks"),
        ]  # fmt: skip


def a_family_under_way(app: Flask) -> FlaskClient:
    name = as_typed(ELEMENTS[0])
    with app.app_context():
        token = kiosks.add_kiosk(db.session(), f"{MARK} <b {MARK}>", by="command-line", now=NOW)
        key = kiosks.enroll_device(db.session(), token, now=NOW)
    family = HostileFamily(app, key)
    family.begin()
    family.with_signer(first_name=name, last_name=name)
    family.with_child(1, first_name=name, last_name=name)
    family.post("/child/1/limits", **LIMITS)
    return family.client
