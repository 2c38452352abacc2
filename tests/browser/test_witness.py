"""Can a hurried desk worker witness a family: by keyboard alone, in either language, on a narrow screen, read aloud?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consent.domain.vocabulary import Answer, Relationship, Use
from tests.builders.browsing import follow, sign_out_elsewhere
from tests.builders.desk import INES, ROSA, FrontDesk, a_family, named
from tests.builders.sittings import CHILD, YES
from tests.builders.staff import EMAIL, PASSWORD

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1200, "height": 800}
POLLED_EVERY = 5_000
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TARGETS = "a, button, input:not(.usa-radio__input, .usa-checkbox__input), select, summary"
TOO_SMALL = f"""() => [...document.querySelectorAll("{TARGETS}")]
    .map((target) => [target, target.getBoundingClientRect().height])
    .filter(([target, height]) => height > 1 && height < 44)
    .map(([target]) => target.outerHTML)"""


@pytest.fixture
def desk(app: Flask) -> FrontDesk:
    return FrontDesk(app, a_family())


def now() -> datetime:
    return datetime.now(UTC)


def check(page: Page, violations) -> None:
    assert violations(page) == {}
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate(SIDEWAYS) == 0
        assert page.evaluate(TOO_SMALL) == []


def tab_to(page: Page, text: str) -> None:
    """With the Tab key, to whatever says so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText")
        if text in " ".join(said.split()):
            return
    pytest.fail(f"Tab never reached {text!r}")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_the_desk_can_be_used_by_everybody(desk: FrontDesk, worker: Page, violations, language: str):
    a_no = replace(CHILD, answers=YES | {Use.TAG: Answer.NO}, platforms=("facebook",), accounts={"facebook": "zoe"})
    attorney = replace(ROSA, relationship=Relationship.POWER_OF_ATTORNEY)
    linked = desk.signed(a_no, now=now())
    twins = desk.signed(INES, named(INES, "Íris"), signer=attorney, now=now())
    if language == "es":
        follow(worker.get_by_role("button", name="Español"))
    worker.goto("/desk/signings")
    check(worker, violations)
    for path in (f"/{twins}", f"/{twins}/reject", f"/{linked}"):
        worker.goto(f"/desk/signings{path}")
        expect(worker.locator(f"html[lang={language}]")).to_be_visible()
        check(worker, violations)
        if path != f"/{linked}":
            follow(worker.locator("main form button[type=submit]").last)
            expect(worker.locator("[role=alert]")).to_be_focused()
            check(worker, violations)
    worker.locator("label[for=identified_by-0]").click()
    follow(worker.locator("main form button[type=submit]").last)
    expect(worker.locator("h1")).to_contain_text("Mo Ávila")
    check(worker, violations)
    follow(worker.get_by_role("link", name="Correct it" if language == "en" else "Corríjalo"))
    check(worker, violations)
    worker.goto("/desk/signings")
    check(worker, violations)
    worker.goto("/kiosks")
    check(worker, violations)
    worker.locator("#kiosk-name").fill("Left")
    follow(worker.locator("main form button[type=submit]").nth(2))
    expect(worker.locator("[data-address]")).to_be_visible()
    check(worker, violations)


def test_a_family_is_witnessed_by_keyboard_alone_and_the_next_look_up_says_so(desk: FrontDesk, worker: Page):
    reference = desk.signed(INES, signer=ROSA, now=now())
    worker.goto("/desk/signings")
    tab_to(worker, "Rosa Romero")
    worker.keyboard.press("Enter")
    expect(worker.locator("h1")).to_have_attribute("data-reference", reference)
    tab_to(worker, "I saw a document")
    worker.keyboard.press("Space")
    tab_to(worker, "Ines Romero")
    worker.keyboard.press("Space")
    tab_to(worker, "Confirm this signing")
    worker.keyboard.press("Enter")
    expect(worker.locator("h1")).to_have_text("Confirmed: Rosa Romero")
    tab_to(worker, "Look up Ines Romero")
    worker.keyboard.press("Enter")
    expect(worker.locator('.verdict[data-verdict="yes"]')).to_be_visible()


def test_a_new_signing_appears_and_is_announced_by_itself(desk: FrontDesk, worker: Page):
    first = desk.signed(now=now() - timedelta(minutes=1))
    worker.clock.install()
    worker.goto("/desk/signings")
    worker.locator(f'[data-reference="{first}"] a').focus()
    fresh = desk.signed(INES, signer=ROSA, now=now())
    worker.clock.fast_forward(POLLED_EVERY)
    expect(worker.locator(f'[data-reference="{fresh}"]')).to_be_visible()
    expect(worker.locator("[role=status]")).to_have_text("A new signing: Rosa Romero")
    expect(worker.locator(f'[data-reference="{first}"] a')).to_be_focused()


def test_a_list_that_cannot_be_refreshed_says_so(worker: Page):
    worker.clock.install()
    worker.goto("/desk/signings")
    worker.get_by_role("button", name="Sound is off").click()
    expect(worker.get_by_role("button", name="Sound is on")).to_be_visible()
    worker.route("**/desk/signings/waiting*", lambda route: route.fulfill(status=503))
    worker.clock.fast_forward(POLLED_EVERY)
    expect(worker.get_by_text("This list may be out of date")).to_be_visible()
    worker.unroute("**/desk/signings/waiting*")
    sign_out_elsewhere(worker)
    worker.clock.fast_forward(POLLED_EVERY)
    expect(worker.get_by_text("You are signed out")).to_be_visible()


def test_the_desk_needs_no_script(desk: FrontDesk, chromium, site: str):
    desk.signed(named(INES, "Xavier", last_name="Quist", born=date(2012, 1, 1)), signer=ROSA, now=now())
    with chromium.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("#email").fill(EMAIL)
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.goto("/desk/signings")
        page.get_by_role("link", name="Refresh").click()
        page.get_by_role("link", name="Rosa Romero").click()
        page.get_by_label("Look for somebody else").fill("Ines")
        page.get_by_role("button", name="Look Xavier Quist").click()
        expect(page.get_by_text("You looked for them")).to_be_visible()
        page.get_by_text("I know them").click()
        page.locator("label", has_text="Create a new record").click()
        page.locator("label", has_text="Add as a new guardian").click()
        page.get_by_role("button", name="Confirm this signing").click()
        expect(page.locator("h1")).to_have_text("Confirmed: Rosa Romero")
