"""Can everybody prove twice who they are: with a key, a code or paper, by keyboard, on a phone, in either language?"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import StaffSession
from tests.builders.factors import code_of, with_authenticator
from tests.builders.staff import EMAIL, PASSWORD, hire

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FIRST_PAGE = re.compile(r":\d+/$")
A_KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, second_factor="required")


@pytest.fixture
def key(page: Page) -> Iterator[None]:
    """A security key in the USB port, which is touched as soon as it blinks."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": A_KEY})
    yield
    devices.detach()


@pytest.fixture
def check(violations: Callable[[Page], dict]) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            assert violations(page) == {}
            assert page.evaluate(SIDEWAYS) == 0

    return check


def speak(page: Page, language: str) -> None:
    page.goto("/sign-in")
    if language == "es":
        page.get_by_role("button", name="Español").click()
    expect(page.locator(f"html[lang={language}]")).to_be_visible()


def give_password(page: Page) -> None:
    page.goto("/sign-in")
    page.locator("#email").fill(EMAIL)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")


def name_key(page: Page, name: str) -> None:
    expect(page.locator("[data-key] button")).to_be_enabled()  # until its script runs, Enter sends nothing
    page.locator("#name").fill(name)
    page.keyboard.press("Enter")


def add_key(page: Page) -> None:
    give_password(page)
    page.locator(".account-choices a").first.click()
    name_key(page, "The blue key")
    page.wait_for_url("**/account/recovery-codes?next=**")


def let_hours_pass(app: Flask) -> None:
    """As the registry's clock tells them; the session itself is kept alive."""
    with app.app_context():
        ago = datetime.now(UTC) - timedelta(hours=2)
        db.session.execute(update(StaffSession).values(started_at=ago, proven_at=ago))
        db.session.commit()


def sign_out(page: Page) -> None:
    page.locator(".house-person summary").focus()
    page.keyboard.press("Enter")
    page.locator(".house-person form button").press("Enter")
    page.wait_for_url("**/sign-in")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.usefixtures("key")
def test_a_key_is_added_and_from_then_on_a_touch_signs_in(app: Flask, page: Page, check, language: str):
    hire(app)
    speak(page, language)
    give_password(page)
    page.wait_for_url("**/account/second-factor")
    check(page)
    page.locator(".account-choices a").first.press("Enter")
    page.wait_for_url("**/account/security-key")
    check(page)
    name_key(page, "The blue key")
    page.wait_for_url("**/account/recovery-codes?next=**")
    check(page)
    page.locator("main button").press("Enter")
    expect(page.locator(".account-codes li")).to_have_count(10)
    check(page)
    page.locator(".account-on a").press("Enter")
    page.wait_for_url(FIRST_PAGE)

    sign_out(page)
    give_password(page)
    page.wait_for_url("**/sign-in/second")
    check(page)
    page.locator("[data-key] button").press("Enter")
    page.wait_for_url(FIRST_PAGE)
    page.goto("/account")
    expect(page.locator(".account-row").first).to_contain_text("The blue key")
    check(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_authenticator_is_set_up_from_the_page_and_signs_in(app: Flask, page: Page, check, language: str):
    hire(app)
    speak(page, language)
    give_password(page)
    page.locator(".account-choices a").last.press("Enter")
    page.wait_for_url("**/account/authenticator")
    check(page)
    base32 = page.locator(".account-key code").inner_text().replace(" ", "")
    page.locator("#name").fill("The grey token")
    page.locator("#code").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_focused()
    check(page)
    page.locator("#code").fill(code_of(base32))
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/recovery-codes?next=**")


def test_a_code_typed_by_hand_signs_in_without_scripts(app: Flask, chromium, site: str):
    hire(app)
    base32 = with_authenticator(app, EMAIL)
    with chromium.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        give_password(page)
        page.wait_for_url("**/sign-in/second")
        page.locator("#code").fill(code_of(base32))
        page.keyboard.press("Enter")
        page.wait_for_url(FIRST_PAGE)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.usefixtures("key")
def test_what_was_typed_too_long_ago_is_kept_until_a_touch(app: Flask, page: Page, check, language: str):
    hire(app)
    speak(page, language)
    add_key(page)
    page.goto("/account/authenticator")
    base32 = page.locator(".account-key code").inner_text().replace(" ", "")
    page.locator("#name").fill("The grey token")
    page.locator("#code").fill(code_of(base32))
    let_hours_pass(app)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/again/form?form=**")
    check(page)
    page.locator("[data-key] button").press("Enter")
    page.wait_for_url("**/sign-in/again/touch?**")
    check(page)
    page.locator("main button").press("Enter")
    page.wait_for_url("**/account/recovery-codes?next=**")
    page.goto("/account")
    expect(page.locator(".account-row", has_text="The grey token")).to_be_visible()


@pytest.mark.usefixtures("key")
def test_a_recovery_code_signs_in_and_a_wrong_one_says_so(app: Flask, page: Page, check):
    hire(app)
    add_key(page)
    page.goto("/account/recovery-codes")
    page.locator("main button").click()
    code = page.locator(".account-codes code").first.inner_text()
    sign_out(page)
    give_password(page)
    page.get_by_role("link", name="Not at hand? Use a recovery code").press("Enter")
    page.wait_for_url("**/sign-in/second/recovery-code")
    page.locator("#recovery_code").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_focused()
    check(page)
    page.locator("#recovery_code").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(FIRST_PAGE)
