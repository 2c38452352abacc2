"""What does a browser test start from? One Chromium, and pages that tell on themselves.

`page` shows an empty registry of the test's own (`app`, at `site`). `signed_in` and `visitor` show the one that is
served once for all tests (`live`), with the people of `tests.builders.small_registry` in it.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import BaseWSGIServer, create_server
from werkzeug.serving import make_server

from consent.app import create_app
from consent.domain.permissions import Role
from consent.services.passwords import hash_new_password
from consent.services.staff import NewStaff, add_staff
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import Staff
from tests.builders.browsing import seen_whole
from tests.builders.camp import keep
from tests.builders.clearances import fill_registers
from tests.builders.desk import FrontDesk
from tests.builders.registries import hash_quickly
from tests.builders.small_registry import lines
from tests.builders.staff import EMAIL
from tests.builders.staff import PASSWORD as STAFF_PASSWORD

HEADLESS = "chromium-headless-shell"
"""The same engine without a window's own pages around it: a page opens in a third of the time."""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "a password for tests only"  # nobody's
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
SECONDS = 1000
A_STATUS = "Failed to load resource: the server responded with a status"

# A busy machine is slow, and waiting longer for what comes at once otherwise costs nothing.
expect.set_options(timeout=30 * SECONDS)


@dataclass(frozen=True)
class Live:
    """A registry that is being served, with the people of `tests.builders.small_registry` in it."""

    app: Flask
    address: str

    def session(self) -> Session:
        """A session of the test's own."""
        with self.app.app_context():
            return Session(db.engine)


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """Where this machine has its Chromium, the whole program with its profile on disk."""
    named = os.environ.get("CONSENT_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert found, "No Chromium on this machine; `make test` installs one or says how"
    return found


@pytest.fixture(scope="session")
def chromium(chromium_program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = os.environ.get("CONSENT_TEST_CHROMIUM") or shutil.which(HEADLESS) or chromium_program
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIETLY])
        yield browser
        browser.close()


@pytest.fixture
def database() -> str:
    """A browser sees no difference; what does is tested on both databases elsewhere."""
    return "sqlite"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Staff sign in by typing; what a second factor asks of them has tests of its own."""
    return replace(settings, second_factor="optional")


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the test's own registry."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    """A fresh window on the test's own registry. Whatever its console says against our own pages fails the test."""
    with chromium.new_context(base_url=site) as context:
        page = context.new_page()
        said: list[str] = []
        _listen(page, said)
        yield page
        assert [line for line in said if A_STATUS not in line] == []


@pytest.fixture(scope="session")
def violations() -> Callable[[Page], dict]:
    """What axe finds wrong with a page, by rule."""
    axe = Axe()

    def look(page: Page) -> dict:
        return {found["id"]: found["nodes"] for found in axe.run(page).response["violations"]}

    return lambda page: seen_whole(page, look)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Live]:
    """Served by waitress on a free port, on SQLite, as `consent serve` does."""
    instance = tmp_path_factory.mktemp("served")
    shutil.copy(migrated_sqlite, instance / "registry.sqlite")
    # Its staff sign in by typing; what a second factor asks of them has tests of its own.
    app = create_app(Settings(instance=instance, second_factor="optional"))
    hash_quickly(app)
    keep(app, lines(), now=datetime.now(UTC))
    _hire(app)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    assert isinstance(server, BaseWSGIServer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Live(app, f"http://localhost:{server.effective_port}")
    server.close()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def papers(live: Live) -> None:
    """Every paper that the poster needs."""
    with live.session() as session:
        by_email = {email: key for email, key in session.execute(select(Staff.email, Staff.id))}  # noqa: C416  # rows
        roles = {"poster": Role.POSTER, "boss": Role.ADMINISTRATOR, "director": Role.DIRECTOR}
        staff = {name: by_email[f"{role}@example.org"] for name, role in roles.items()}
        fill_registers(session, staff, program="camp", now=datetime.now(UTC))


@pytest.fixture
def new_context(chromium: Browser, live: Live) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a browser of its own, without cookies; each test may open several. What it complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(base_url=live.address, **({"viewport": DESK} | options))
        context.on("page", lambda page: _listen(page, complaints))
        contexts.append(context)
        return context

    make.complaints = complaints
    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def complaints(new_context) -> list[str]:
    """What the browser complained of. A test that provokes a complaint takes it out."""
    return new_context.complaints


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of somebody who is not signed in."""
    return new_context().new_page()


@pytest.fixture
def sign_in(live: Live) -> Callable[[Page, Role], None]:
    """Signs a member of staff of that role in, by typing."""

    def sign_in(page: Page, role: Role = Role.FRONT_DESK) -> None:
        page.goto("/sign-in")
        page.fill("[name=email]", f"{role}@example.org")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live.address}/")

    return sign_in


@pytest.fixture(scope="session")
def kept_cookies() -> dict[Role, list]:
    """What the browser of each role carried right after they signed in."""
    return {}


@pytest.fixture
def signed_in(
    live: Live, new_context: Callable[..., BrowserContext], sign_in: Callable[[Page, Role], None], kept_cookies: dict
) -> Callable[..., Page]:
    """A page of somebody of that role, who is signed in; by typing only the first time, and after they signed out."""

    def signed_in(role: Role = Role.FRONT_DESK, **options: object) -> Page:
        context = new_context(**options)
        page = context.new_page()
        if role in kept_cookies:
            context.add_cookies(kept_cookies[role])
            page.goto("/")
        if page.url != f"{live.address}/":
            sign_in(page, role)
            kept_cookies[role] = context.cookies()
        return page

    return signed_in


@pytest.fixture
def worker(desk: FrontDesk, page: Page) -> Page:  # noqa: ARG001  # who signs in must have been hired
    """The page of somebody at the desk of the test's own registry."""
    page.goto("/sign-in")
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(STAFF_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    return page


@pytest.fixture
def in_spanish() -> Callable[[Page], None]:
    def switch(page: Page) -> None:
        page.locator("button[name=language][value=es]").click()
        page.locator("html[lang=es]").wait_for()

    return switch


def _listen(page: Page, said: list[str]) -> None:
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))


def _hire(app: Flask) -> None:
    with app.app_context():
        password = hash_new_password(PASSWORD)
        for role in Role:
            programs = ("camp",) if role is Role.PROGRAM_LEAD else ()
            new = NewStaff(f"{role}@example.org", str(role), frozenset({role}), programs, password)
            add_staff(db.session(), new, by="test", now=datetime.now(UTC))
