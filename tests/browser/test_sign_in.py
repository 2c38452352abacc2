"""Can everybody use the first pages: by keyboard, on a phone, read aloud, in either language, without scripts?"""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consent.domain.permissions import Role, permissions_of
from consent.services.staff_sign_in import first_sign_in_address
from consent.storage.database import db
from consent.storage.models.staff import Staff
from consent.web.home import AT_HAND, DOORS, LOOK_UP
from tests.builders.browsing import follow
from tests.builders.staff import EMAIL, PASSWORD, hire

PHONE = {"width": 320, "height": 640}
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((target) => { const box = target.getBoundingClientRect(); return box.height > 1 && box.height < 44; })
    .map((target) => target.outerHTML)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")


def speak(page: Page, language: str) -> None:
    page.goto("/no-such-page")
    if language == "es":
        follow(page.get_by_role("button", name="Español"))
    expect(page.locator(f"html[lang={language}]")).to_be_visible()


def check(page: Page, violations) -> None:
    for size in ({"width": 1200, "height": 800}, PHONE):
        page.set_viewport_size(size)
        assert violations(page) == {}
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_first_pages_can_be_used_by_everybody(app: Flask, page: Page, violations, language: str):
    hire(app)
    hire(app, email="new@city.example", password=False)
    with app.app_context():
        new = db.session.query(Staff).filter_by(password=None).one()
        first = first_sign_in_address(new, base_url="")

    speak(page, language)
    check(page, violations)
    for path in ("/sign-in", first):
        page.goto(path)
        check(page, violations)
        follow(page.locator("main button"))
        check(page, violations)
    sign_in(page)
    check(page, violations)
    page.locator(".house-person summary").click()
    check(page, violations)


def test_what_is_wrong_gets_the_focus_and_leads_to_its_field(page: Page):
    page.goto("/sign-in")
    follow(page.locator("main button"))
    expect(page).to_have_title("Error: Sign in · Consent registry")
    expect(page.locator("[role=alert]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#email")).to_be_focused()


def test_everything_on_the_first_page_is_reached_by_the_keyboard(app: Flask, page: Page):
    hire(app)
    sign_in(page)
    page.goto("/")
    menu = [door for door in DOORS if door.permission in permissions_of({Role.FRONT_DESK})]
    first = ["Skip to the main content", "City Recreation Department\nConsent registry", "Español", "Ada Lovelace"]
    names, tasks = [str(door.name) for door in menu], [str(door.task) for door in menu if door is not LOOK_UP]
    expected = [*first, *names[:AT_HAND], "More", "q", "Look up", *tasks]
    reached = []
    for _ in expected:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.id").strip())
    assert reached == expected


def test_the_doors_that_are_not_at_hand_open_by_the_keyboard(app: Flask, page: Page):
    hire(app)
    sign_in(page)
    page.locator(".house-more summary").press("Enter")
    last = page.locator(".house-more a").last
    expect(last).to_be_visible()
    page.keyboard.press("Escape")
    expect(last).to_be_hidden()
    expect(page.locator(".house-more summary")).to_be_focused()
    page.keyboard.press("Enter")
    last.press("Enter")
    expect(page.locator(".house-nav__link[aria-current]")).to_be_visible()


def test_the_menu_of_the_person_opens_closes_and_signs_out_without_a_mouse(app: Flask, page: Page):
    hire(app)
    sign_in(page)
    page.locator(".house-person summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.locator(".house-person summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/sign-in")


def test_pages_need_no_script(app: Flask, chromium, site: str):
    hire(app)
    with chromium.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page)
        expect(page.get_by_role("link", name="Programs", exact=True)).to_be_visible()
        page.locator(".house-person summary").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
