"""Can a pile of signed forms be entered by keyboard alone, in either language, and compared with the paper?"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consent.domain.vocabulary import Use
from tests.builders.browsing import follow
from tests.builders.desk import a_family
from tests.builders.papers import CODE, PaperDesk, a_picture, on_paper

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1200, "height": 800}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
YES_KEY = {"en": "y", "es": "s"}


@pytest.fixture
def desk(app: Flask) -> PaperDesk:
    return PaperDesk(app, a_family())


def check(page: Page, violations) -> None:
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert violations(page) == {}
        assert page.evaluate(SIDEWAYS) == 0


def enter_one(page: Page, number: int, language: str, *, day: str = "") -> None:
    """One form: everything by keys, but for the choice of the file, which is the system's own window."""
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.press("Enter")
    for typed in ("Mo", "Ávila", "Pa", "", "", f"Child {number}", "Ávila", "03042015"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    for use in Use:
        expect(page.locator(f"[name=answer_1_{use.value}]").first).to_be_focused()
        page.keyboard.press(YES_KEY[language])
    page.keyboard.press("Enter")
    page.keyboard.type(day)
    page.keyboard.press("Enter")
    expect(page.locator("#scan")).to_be_focused()
    sent = {"name": "scan.png", "mimeType": "image/png", "buffer": a_picture(number)}
    page.locator("#scan").set_input_files(sent)
    follow(page.locator(":focus"), "Enter")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_pile_is_entered_by_keyboard_alone(desk: PaperDesk, worker: Page, violations, language: str):
    if language == "es":
        follow(worker.get_by_role("button", name="Español"))
    worker.goto("/desk/paper/enter")
    check(worker, violations)
    worker.locator("#code").focus()
    worker.keyboard.type(f"FORM/media/1/{language}")
    for number in range(3):
        enter_one(worker, number, language, day="" if number else f"{datetime.now(desk.zone):%m%d%Y}")
        expect(worker.locator(f'[data-count="{number + 1}"]')).to_be_visible()
        expect(worker.locator("[data-saved]")).to_be_visible()
    expect(worker.locator("#code")).to_have_value(f"FORM/media/1/{language}")
    check(worker, violations)
    follow(worker.locator("main form button[type=submit]").last)
    expect(worker.locator("main [role=alert]")).to_be_focused()
    check(worker, violations)
    worker.goto("/desk/paper")
    expect(worker.locator("[data-reference]")).to_have_count(3)
    check(worker, violations)


def test_the_paper_is_shown_beside_what_was_entered(desk: PaperDesk, worker: Page, violations):
    today = datetime.now(desk.zone).date()
    reference = desk.enter(on_paper(signed_on=today - timedelta(days=1)), now=datetime.now(UTC))
    worker.goto("/desk/paper")
    check(worker, violations)
    follow(worker.get_by_role("link", name="Mo Ávila"))
    picture = worker.get_by_alt_text("Scan, page 1 of 1")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1100)
    check(worker, violations)
    worker.get_by_text("I compared names").click()
    follow(worker.get_by_role("button", name="Confirm this signing"))
    expect(worker.locator("h1")).to_have_attribute("data-reference", reference)
    check(worker, violations)


def test_a_scanned_code_chooses_the_form_and_a_person_opens_by_keyboard(desk: PaperDesk, worker: Page, violations):
    assert desk
    worker.goto("/desk/paper/enter")
    worker.keyboard.type(CODE.text.replace("/en", "/es"))
    with worker.expect_navigation():
        worker.keyboard.press("Enter")
    expect(worker.get_by_text("Formulario de medios")).to_be_visible()
    worker.locator("summary").filter(has_text=re.compile("^Person 2$")).press("Enter")
    expect(worker.locator("#first_2")).to_be_focused()
    check(worker, violations)
    worker.goto("/desk/paper/forms")
    check(worker, violations)
