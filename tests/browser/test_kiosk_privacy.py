"""Does the next family see anything of the last: after the end, after a while, by Back, by a reload, in the browser?"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from consent.storage.database import db
from consent.storage.models import KioskDraft
from tests.builders.browsing import stop_time
from tests.builders.kiosk_touch import Family, signings, windows

MARKERS = ("Zebulon", "Quarrington", "Ottoline", "Featherby", "Peregrin", "Quillfeather")
ASKED_EVERY = 3_000
STORED = """async () => ({
    local: localStorage.length, session: sessionStorage.length, cookies: document.cookie,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    fields: [...document.querySelectorAll("input:not([type=hidden]), textarea")].map((field) => field.value).join(""),
  })"""
NOTHING = {"local": 0, "session": 0, "cookies": "", "databases": 0, "caches": 0, "fields": ""}


@pytest.fixture
def at_kiosk(app: Flask, chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    with windows(app, chromium, site) as window:
        yield window


def drafts(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(KioskDraft))


def a_family_of_markers(page: Page) -> Family:
    """A parent and two children whose six names nobody else bears, up to the signature."""
    family = Family(page)
    family.tap("button[value=children]")
    family.arrived("signer")
    page.fill("#first_name", MARKERS[0])
    page.fill("#last_name", MARKERS[1])
    for tile in ("relationship-0", "of_age-0", "authority"):
        page.locator(f"#{tile}").check()
    family.go_on("child/1")
    family.names(1, MARKERS[2], MARKERS[3])
    family.tap("button[name=fill][value=no]")
    family.go_on("another")
    family.tap("button[value=yes]")
    family.arrived("child/2")
    family.names(2, MARKERS[4], MARKERS[5], year="2020")
    family.tap("button[name=same]")
    family.arrived("another")
    family.tap("button[value=no]")
    family.arrived("review")
    return family


def sign_by_name(page: Page) -> None:
    page.goto("/kiosk/sign")
    page.locator("#agrees").check()
    page.locator("#kind-0").check()
    page.fill("#name", f"{MARKERS[0]} {MARKERS[1]}")
    page.locator("#meant").check()
    page.locator("#sign").tap()
    page.wait_for_url("**/kiosk/done")


def shows_none_of_them(page: Page) -> None:
    page.wait_for_load_state()
    seen = page.content() + page.title()
    assert [marker for marker in MARKERS if marker in seen] == [], page.url


def test_after_the_end_back_reload_and_the_browser_itself_hold_nothing(app: Flask, at_kiosk):
    page = at_kiosk()
    a_family_of_markers(page)
    sign_by_name(page)
    assert MARKERS[2] in page.content()
    page.get_by_role("button", name="Done").tap()
    page.wait_for_url("**/kiosk")
    assert drafts(app) == 0
    assert page.evaluate(STORED) == NOTHING
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"kiosk", "session"}

    for _ in range(10):
        page.go_back(wait_until="load")
        shows_none_of_them(page)
    page.reload()
    shows_none_of_them(page)
    for path in ("done", "review", "sign", "child/1", "child/2/answers", "signer"):
        page.goto(f"/kiosk/{path}")
        assert page.url.endswith("/kiosk/finished")
        shows_none_of_them(page)

    page.goto("/kiosk")
    family = Family(page, "es")
    shows_none_of_them(page)
    family.is_a_parent()
    shows_none_of_them(page)
    family.names(1, "X", "O'Brien")
    shows_none_of_them(page)
    for _ in range(4):
        page.go_back(wait_until="load")
        shows_none_of_them(page)
    assert page.evaluate(STORED) | {"fields": ""} == NOTHING
    assert len(signings(app)) == 1


def test_a_page_that_the_browser_kept_is_asked_for_anew(at_kiosk):
    page = at_kiosk()
    Family(page)
    page.context.clear_cookies(name="family")
    with page.expect_navigation():
        page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_url("**/kiosk/finished")


def test_who_is_gone_for_a_while_is_asked_and_then_everything_goes(app: Flask, at_kiosk):
    page = at_kiosk()
    stop_time(page)
    a_family_of_markers(page)
    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    page.clock.run_for(85_000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(6_000)
    expect(dialog).to_be_visible()
    expect(page.get_by_role("button", name="I need more time")).to_be_focused()
    assert drafts(app) == 1
    page.clock.run_for(31_000)
    page.wait_for_url("**/kiosk")
    expect(page.get_by_role("button", name="Español")).to_be_visible()
    shows_none_of_them(page)
    assert drafts(app) == 0
    assert page.evaluate(STORED) == NOTHING


def test_any_key_or_touch_gives_more_time_as_often_as_they_like(app: Flask, at_kiosk):
    page = at_kiosk()
    stop_time(page)
    a_family_of_markers(page)
    dialog = page.get_by_role("alertdialog")
    ways = ["Escape", "a", "Enter", "Space", "ArrowDown", None]
    for way in ways * 2:
        page.clock.run_for(92_000)
        expect(dialog).to_be_visible()
        if way is None:
            dialog.tap()
        else:
            page.keyboard.press(way)
        expect(dialog).to_be_hidden()
    assert MARKERS[2] in page.content()
    assert drafts(app) == 1

    page.clock.run_for(92_000)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Start over")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk")
    assert drafts(app) == 0


def test_the_last_page_goes_by_itself_unless_somebody_wants_more_time(app: Flask, at_kiosk):
    page = at_kiosk()
    stop_time(page)
    a_family_of_markers(page)
    sign_by_name(page)
    aloud = page.locator("#leaving [role=status]")
    page.clock.run_for(14_000)
    expect(aloud).to_be_empty()
    page.clock.run_for(2_000)
    expect(aloud).to_have_text("This page closes in 30 seconds")
    page.clock.run_for(20_000)
    expect(aloud).to_have_text("This page closes in 10 seconds")
    page.get_by_role("button", name="More time").tap()
    page.clock.run_for(40_000)
    expect(page.locator("#reference")).to_be_visible()
    page.clock.run_for(6_000)
    page.wait_for_url("**/kiosk")
    shows_none_of_them(page)
    assert drafts(app) == 0


def test_a_kiosk_that_gets_no_answer_sends_people_to_the_desk_and_loses_nothing(at_kiosk):
    page = at_kiosk()
    stop_time(page)
    told = page.get_by_role("heading", name="This kiosk is not working. Please go to the desk.")
    page.context.set_offline(True)
    page.clock.run_for(ASKED_EVERY)
    expect(told).to_be_visible()
    expect(page.locator("button[value=en]")).to_be_hidden()
    page.context.set_offline(False)
    page.clock.run_for(ASKED_EVERY)
    expect(told).to_be_hidden()

    family = Family(page)
    family.tap("button[value=children]")
    family.arrived("signer")
    page.fill("#first_name", MARKERS[0])
    page.context.set_offline(True)
    family.tap(page.locator("#question button.kiosk-button"))
    expect(told).to_be_visible()
    page.context.set_offline(False)
    page.clock.run_for(ASKED_EVERY)
    expect(told).to_be_hidden()
    expect(page.locator("#first_name")).to_have_value(MARKERS[0])
