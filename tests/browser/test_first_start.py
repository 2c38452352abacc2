"""Does a new registry get from the code on its console to a finished list and a staff, by keyboard?"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from consent.domain.first_steps import Step
from consent.services.kiosks import enroll_device
from consent.services.setup import new_setup_code
from tests.browser.conftest import PHONE
from tests.browser.test_keeping import SIDEWAYS, TOO_SMALL
from tests.builders.browsing import follow

PASSWORD = "a boat, a lake, a friend"


@pytest.fixture
def other(chromium, site: str) -> Iterator[BrowserContext]:
    """A colleague's own browser."""
    with chromium.new_context(base_url=site) as context:
        yield context


@pytest.fixture
def looked_at(violations) -> Callable[[Page], None]:
    """Asserts that everybody can use the page as it stands, in both languages, on a phone too."""

    def check(page: Page) -> None:
        for language in ("es", "en"):
            follow(page.locator(f"button[name=language][value={language}]"))
            expect(page.locator(f"html[lang={language}]")).to_be_attached()
            assert violations(page) == {}
            size = page.viewport_size
            page.set_viewport_size(PHONE)
            assert page.evaluate(TOO_SMALL) == []
            assert page.evaluate(SIDEWAYS) == 0
            page.set_viewport_size(size)

    return check


def fill(page: Page, **typed: str) -> None:
    for field, value in typed.items():
        page.locator(f"#{field}").fill(value)


def press(page: Page, name: str) -> None:
    follow(page.get_by_role("button", name=name, exact=True), "Enter")


def save(page: Page) -> None:
    follow(page.locator("main .keeping-form > button"), "Enter")


def step(page: Page, task: str) -> None:
    page.goto("/")
    follow(page.locator(".steps").get_by_role("link", name=task, exact=True), "Enter")


def set_up(page: Page, session: Session, code: str | None = None) -> None:
    """With the code that the console shows, if no other is told."""
    fill(page, code=code or new_setup_code(session, now=datetime.now(UTC)), name="Mara Mayor")
    fill(page, email="mara@city.example", password=PASSWORD, again=PASSWORD)
    press(page, "Make me the administrator")


def invite(page: Page, name: str, role: str) -> str:
    """The path of the one-time address."""
    page.goto("/staff/new")
    fill(page, name=name, email=f"{name.split(maxsplit=1)[0].lower()}@city.example")
    page.get_by_label(role, exact=True).press("Space")
    save(page)
    return re.sub("^http://[^/]+", "", page.locator("[data-address]").inner_text())


def test_from_the_code_on_the_console_to_the_finished_list(session: Session, page: Page, looked_at):
    page.goto("/setup")
    looked_at(page)
    set_up(page, session, "not this one")
    expect(page.locator("#code-error")).to_be_visible()
    set_up(page, session)
    expect(page.locator("[data-done=yes]")).to_have_count(1)
    looked_at(page)

    step(page, "Names of the city and the department")
    looked_at(page)
    fill(page, city="City of Exampleton", department="Parks and Recreation")
    save(page)
    expect(page.locator(".house-name__department")).to_have_text("City of Exampleton Parks and Recreation")
    for task, tick in (("Time zone", "#right"), ("The form that families sign", "#read"), ("Backup", "#made")):
        step(page, task)
        looked_at(page)
        page.locator(tick).press("Space")
        save(page)
    step(page, "The city's decision on electronic signatures")
    page.locator("#policy-reference").fill("Resolution 2026-7")
    press(page, "Set the reference")
    step(page, "Platforms")
    looked_at(page)
    press(page, "Facebook")
    looked_at(page)
    step(page, "Programs")
    fill(page, name="Day camp", starts="2026-06-01", ends="2036-08-01")
    save(page)
    step(page, "Staff")
    looked_at(page)
    assert invite(page, "Ben Bell", "Front desk").startswith("/first-sign-in/")
    step(page, "First kiosk")
    page.locator("#kiosk-name").fill("Front desk, left")
    press(page, "Add and show its address")
    enroll_device(session, page.locator("[data-address]").inner_text().rpartition("/")[2], now=datetime.now(UTC))

    page.goto("/")
    expect(page.locator("[data-step]")).to_have_count(0)
    page.goto("/first-steps")
    expect(page.locator("[data-done=yes]")).to_have_count(len(Step))
    looked_at(page)
    assert page.goto("/setup").status == 404


def test_the_staff_screen_from_an_invitation_to_letting_somebody_go(
    session: Session, page: Page, other: BrowserContext, looked_at
):
    page.goto("/setup")
    set_up(page, session)
    page.goto("/platforms")
    press(page, "Instagram")
    follow(page.get_by_role("link", name="Close Instagram"), "Enter")
    looked_at(page)
    invited = invite(page, "Dora Director", "Director")
    invite(page, "Paul Post", "Front desk")

    page.goto("/staff")
    looked_at(page)
    expect(page.get_by_label("Mara Mayor - Administrator", exact=True)).to_be_disabled()
    page.get_by_label("Paul Post - Poster", exact=True).press("Space")
    save(page)
    expect(page.get_by_label("Paul Post - Poster", exact=True)).to_be_checked()
    page.locator("#q").fill("paul")
    follow(page.locator("#q"), "Enter")
    expect(page.locator("[data-staff]")).to_have_count(1)

    follow(page.get_by_role("link", name="Paul Post"), "Enter")
    page.locator("[name=posting-platform]").select_option("instagram")
    page.locator("[name=posting-account]").fill("@cityparks")
    page.locator("[name=posting-access][value=post]").press("Space")
    page.locator("[name=posting-last_day]").fill("2036-12-31")
    press(page, "Ask a director")
    expect(page.locator("[data-authorization]")).to_have_attribute("data-state", "waiting")
    looked_at(page)

    dora = other.new_page()
    dora.goto(invited)
    fill(dora, password=PASSWORD, again=PASSWORD)
    press(dora, "Save and sign in")
    dora.goto("/authorizations")
    looked_at(dora)
    follow(dora.get_by_role("button", name="Approve"), "Enter")
    expect(dora.locator("[data-authorization]")).to_have_attribute("data-state", "in-force")
    page.goto("/staff")
    expect(page.locator("[data-staff='paul@city.example']")).to_contain_text("May post on: Instagram")
    follow(page.get_by_role("link", name="Dora Director"), "Enter")
    press(page, "Let go at once")
    looked_at(page)
    dora.goto("/authorizations")
    expect(dora.locator("#password")).to_be_visible()
