"""Does a family get through the kiosk by touch, by keyboard, in Spanish and without scripts; and is it kept once?"""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from consent.storage.database import db
from consent.storage.models import Consent, SealedContent
from tests.builders.kiosk_touch import KIOSK, PARENT, Family, signings, windows

UPRIGHT = {"width": 800, "height": 1280}
PHONE = {"width": 375, "height": 700}
NARROW = {"width": 320, "height": 640}
AN_INK_SPOT = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .reduce((ink, value, at) => ink + (at % 4 === 3 && value > 0), 0)"""
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select")].filter((target) => {
    const box = target.getBoundingClientRect();
    return box.height > 1 && box.height < 60 && !target.closest("[hidden], .usa-skipnav, .usa-sr-only");
  }).map((target) => target.outerHTML)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS_ELSEWHERE = """() => [...document.querySelectorAll("a, form, [formaction]")]
    .map((way) => way.formAction || way.action || way.href)
    .filter((way) => new URL(way).origin !== location.origin || !/^\\/kiosk(\\/|$)/.test(new URL(way).pathname))"""


@pytest.fixture
def at_kiosk(app: Flask, chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    with windows(app, chromium, site) as window:
        yield window


def test_a_parent_signs_for_two_children_by_touch_with_about_thirty_taps(app: Flask, at_kiosk):
    family = Family(at_kiosk())
    family.is_a_parent()
    family.names(1, "X", "O'Brien")
    family.tap("button[name=fill][value=yes]")
    expect(family.page.locator("[data-told]")).to_have_text("Every line says Yes now. You can change each.")
    family.go_on("child/1/limits")
    family.go_on("child/1/accounts")
    family.go_on("another")
    family.tap("button[value=yes]")
    family.arrived("child/2")
    family.names(2, "Zoë", "García", year="2020")
    family.tap("button[name=same]")
    family.arrived("child/2/accounts")
    family.go_on("another")
    family.tap("button[value=no]")
    family.arrived("review")
    family.tap(family.page.locator("a.kiosk-button").first)
    family.arrived("sign")
    family.signs()
    family.tap("#sign")
    family.arrived("done")

    expect(family.page.locator("h1")).to_be_focused()
    reference = family.page.locator("#reference").inner_text()
    assert signings(app) == [reference]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference)
    with app.app_context():
        sealed = [json.loads(one) for one in db.session.scalars(select(SealedContent.canonical))]
        signed = list(db.session.scalars(select(Consent).where(Consent.signing_id.is_not(None))))
    records = [one for one in sealed if one.get("reference") == reference]
    assert [(one["patron"]["first_name"], one["patron"]["last_name"]) for one in records] == [
        ("X", "O'Brien"), ("Zoë", "García"),
    ]  # fmt: skip
    assert {(one["signer"]["first_name"], one["signer"]["last_name"]) for one in records} == {PARENT}
    assert all(set(one["patron"]["answers"].values()) == {"yes"} for one in records)
    assert len(signed[0].signature["strokes"][0]) > 5
    assert family.taps <= 32


def test_a_no_to_everything_takes_no_more_taps_than_a_yes(at_kiosk):
    taps = {}
    for fill in ("yes", "no"):
        family = Family(at_kiosk())
        family.reads(fill)
        taps[fill] = family.taps
    assert taps["no"] <= taps["yes"]


def tab_to(page: Page, target: str, key: str = "Tab") -> None:
    """As somebody does who has only a keyboard: on and on until it is there."""
    for _ in range(60):
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{target} is not reached by the keyboard on {page.url}")


def press(page: Page, target: str, key: str, at: str | None = None) -> None:
    tab_to(page, target)
    page.keyboard.press(key)
    if at:
        page.wait_for_url(f"**/kiosk/{at}")


def test_the_whole_sitting_works_with_a_keyboard_alone(app: Flask, at_kiosk):
    page = at_kiosk(has_touch=False)
    press(page, "button[value=en]", "Enter", "who")
    press(page, "button[value=children]", "Enter", "signer")
    expect(page.locator("#first_name")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("Lovelace")
    press(page, "input[name=relationship]", "Space")
    press(page, "input[name=of_age]", "Space")
    press(page, "#authority", "Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk/child/1")
    expect(page.locator("#first_name")).to_be_focused()
    page.keyboard.type("Byron")
    page.keyboard.press("Tab")
    page.keyboard.type("Lovelace")
    page.keyboard.press("Tab")
    page.keyboard.type("May")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.type("2016")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk/child/1/answers")
    for use in ("record", "photo", "video", "name", "repost", "tag", "friend", "follow", "message"):
        tab_to(page, f"input[name={use}]")
        page.keyboard.press("Space" if use == "record" else "ArrowRight")
    expect(page.locator("#record-0")).to_be_checked()
    expect(page.locator("#message-1")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/kiosk/child/1/limits")
    press(page, "button.kiosk-button", "Enter", "another")
    press(page, "button[value=no]", "Enter", "review")
    press(page, "a.kiosk-button", "Enter", "sign")
    tab_to(page, ".kiosk-text")
    page.keyboard.press("End")
    press(page, "#agrees", "Space")
    tab_to(page, "input[name=kind]")
    expect(page.locator("#kind-0")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Ada Lovelace")
    press(page, "#meant", "Space")
    press(page, "#sign", "Enter", "done")
    assert signings(app) == [page.locator("#reference").inner_text()]
    press(page, "button[form=over]", "Enter")
    page.wait_for_url("**/kiosk")


def test_without_scripts_the_name_is_typed_and_all_else_works(app: Flask, at_kiosk):
    page = at_kiosk(java_script_enabled=False)

    def go_on(at: str) -> None:
        page.locator("#question button.kiosk-button").last.click()
        page.wait_for_url(f"**/kiosk/{at}")

    page.locator("button[value=es]").click()
    page.locator("button[value=children]").click()
    page.fill("#first_name", PARENT[0])
    page.fill("#last_name", PARENT[1])
    for tile in ("relationship-0", "of_age-0", "authority"):
        page.locator(f"#{tile}").check()
    go_on("child/1")
    page.fill("#first_name", "X")
    page.fill("#last_name", "O'Brien")
    page.select_option("#month", "2")
    page.fill("#day", "29")
    page.fill("#year", "2016")
    go_on("child/1/answers")
    page.locator("button[name=fill][value=no]").click()
    expect(page.locator("input[value=no]:checked")).to_have_count(9)
    page.locator("#photo-0").check()
    go_on("child/1/limits")
    go_on("another")
    page.locator("button[value=no]").click()
    page.locator("a.kiosk-button").first.click()
    expect(page.locator("canvas")).to_be_hidden()
    page.locator("#agrees").check()
    page.fill("#name", " ".join(PARENT))
    page.locator("#meant").check()
    go_on("done")
    assert signings(app) == [page.locator("#reference").inner_text()]


def test_what_was_drawn_survives_turning_the_screen_and_the_language(at_kiosk):
    family = Family(at_kiosk())
    family.reads("no")
    page, pad, state = family.page, family.page.locator("#pad"), family.page.locator("#pad-state")
    expect(page.locator("#kind-1")).to_be_checked()
    expect(state).to_have_text("Signature empty")
    pad.scroll_into_view_if_needed()
    family.draws()
    expect(state).to_have_text("Signature present")
    sent = page.locator("[name=strokes]").input_value()
    for size in (UPRIGHT, PHONE, KIOSK):
        page.set_viewport_size(size)
        expect(state).to_have_text("Signature present")
        page.wait_for_function("""() => { const pad = document.querySelector("#pad");
            return pad.width === Math.round(pad.clientWidth * Math.max(devicePixelRatio, 1)); }""")
        assert pad.evaluate(AN_INK_SPOT) > 100
    assert page.locator("[name=strokes]").input_value()
    assert len(json.loads(sent)[0]) > 5

    page.locator("button[name=language]").tap()
    page.locator("html[lang=es]").wait_for()
    expect(state).to_have_text("Hay una firma")
    assert pad.evaluate(AN_INK_SPOT) > 100


def test_an_empty_pad_and_a_dot_are_no_signature(app: Flask, at_kiosk):
    family = Family(at_kiosk())
    family.reads("no")
    page = family.page
    family.signs()
    family.tap("#clear")
    expect(page.locator("#pad-state")).to_have_text("Signature empty")
    family.tap("#sign")
    expect(page.locator("#kind-error")).to_contain_text("Draw your signature, or type your name")
    expect(page.locator("#agrees")).to_be_checked()
    page.locator("#pad").scroll_into_view_if_needed()
    page.locator("#pad").tap()
    expect(page.locator("#pad-state")).to_have_text("Signature present")
    family.tap("#sign")
    expect(page.locator("#kind-error")).to_contain_text("too small for a signature")
    expect(page).to_have_title(re.compile("^Error:"))
    assert signings(app) == []


def test_a_double_tap_is_kept_once(app: Flask, at_kiosk):
    family = Family(at_kiosk())
    family.reads("no")
    family.signs()
    family.page.locator("#sign").dblclick(no_wait_after=True)
    family.arrived("done")
    assert signings(app) == [family.page.locator("#reference").inner_text()]


def test_where_the_reply_is_lost_after_it_was_kept_another_tap_gives_the_same_reference(app: Flask, at_kiosk):
    family = Family(at_kiosk())
    family.reads("no")
    family.signs()
    page = family.page
    lost: list[str] = []

    def lose_the_reply(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(str(route.fetch(max_redirects=0).status))
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/kiosk/sign", lose_the_reply)
    family.tap("#sign")
    expect(page.locator("#not-saved")).to_be_focused()
    expect(page.locator("#not-saved")).to_have_text("Not saved yet. Tap again: it will not be saved twice.")
    assert lost == ["303"]
    [reference] = signings(app)
    family.tap("#sign")
    family.arrived("done")
    expect(page.locator("#reference")).to_have_text(reference)
    assert signings(app) == [reference]


def test_what_is_missing_is_told_first_and_leads_to_its_answer(at_kiosk):
    family = Family(at_kiosk())
    family.is_a_parent()
    family.names(1, "X", "O'Brien")
    page = family.page
    family.tap("#answered")
    expect(page).to_have_title(re.compile(r"^Error: What may we do on social media\?"))
    expect(page.locator("[role=alert][data-focus]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#record-0")).to_be_focused()


def test_who_may_not_be_recorded_is_in_no_video_and_the_page_says_so_at_once(at_kiosk):
    family = Family(at_kiosk())
    family.is_a_parent()
    family.names(1, "X", "O'Brien")
    page = family.page
    family.tap("button[name=fill][value=yes]")
    family.tap("#record-1")
    expect(page.locator("#video-1")).to_be_checked()
    expect(page.locator("#video-0")).to_be_disabled()
    expect(page.get_by_text("No, because a video needs a yes to being recorded.")).to_be_visible()
    family.tap("#record-0")
    expect(page.locator("input[name=video]:checked")).to_have_count(0)


def test_the_language_changes_on_the_page_where_they_are_and_answers_stay(at_kiosk):
    family = Family(at_kiosk())
    family.is_a_parent()
    family.names(1, "X", "O'Brien")
    page = family.page
    family.tap("#tag-1")
    family.tap(page.get_by_role("button", name="Español"))
    page.locator("html[lang=es]").wait_for()
    family.arrived("child/1/answers")
    expect(page.locator("#tag-1")).to_be_checked()
    expect(page.locator("h1")).to_have_text("¿Qué podemos hacer en las redes sociales con X?")
    family.tap("#photo-1")
    family.tap(page.get_by_role("button", name="English"))
    page.locator("html[lang=en]").wait_for()
    expect(page.locator("#tag-1")).to_be_checked()
    expect(page.locator("#photo-1")).to_be_checked()


@pytest.fixture
def check(violations) -> Callable[[Page], None]:
    """Large enough, never wider than the screen, nothing for axe to say, and no way out of the kiosk."""

    def check(page: Page) -> None:
        for size in (NARROW, KIOSK):
            page.set_viewport_size(size)
            assert page.evaluate(TOO_SMALL) == []
            assert page.evaluate(SIDEWAYS) == 0, page.url
        assert violations(page) == {}, page.url
        assert page.evaluate(LINKS_ELSEWHERE) == []

    return check


def sent_too_soon(page: Page) -> Page:
    """The page as it comes back when nothing, or too little, was filled in."""
    page.locator("#question button.kiosk-button").last.tap()
    page.locator("[role=alert][data-focus]").wait_for()
    return page


@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_can_use_every_question_and_its_errors(at_kiosk, check, language: str):
    page = at_kiosk()
    check(page)
    family = Family(page, language)
    expect(page.locator(f"html[lang={language}]")).to_be_visible()
    check(page)
    family.tap("button[value=children]")
    family.arrived("signer")
    check(sent_too_soon(page))
    page.goto("/kiosk/who")
    family.is_a_parent()
    check(sent_too_soon(page))
    page.goto("/kiosk/child/1")
    family.names(1, "X", "O'Brien")
    check(page)
    check(sent_too_soon(page))
    family.tap("button[name=fill][value=yes]")
    family.tap("#record-1")
    check(page)
    family.go_on("child/1/limits")
    family.tap("#where-1")
    family.tap("#what_for-1")
    check(sent_too_soon(page))
    page.goto("/kiosk/child/1/limits")
    check(page)
    family.go_on("child/1/accounts")
    check(page)
    family.go_on("another")
    check(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_everybody_can_use_the_review_the_signature_the_end_and_each_way_out(at_kiosk, check, language: str):
    page = at_kiosk()
    family = Family(page, language)
    family.reads("no")
    check(page)
    check(sent_too_soon(page))
    for path in ("review", "paper", "cannot-sign/age", "cannot-sign/relationship", "under-18", "child/1/of-age"):
        page.goto(f"/kiosk/{path}")
        check(page)
    page.locator("#still-there").evaluate("dialog => dialog.showModal()")
    check(page)
    page.goto("/kiosk/sign")
    for tile in ("kind-0", "agrees", "meant"):
        page.locator(f"#{tile}").check()
    page.fill("#name", " ".join(PARENT))
    check(page)
    family.tap("#sign")
    family.arrived("done")
    check(page)
    for path in ("finished", "nothing", "enroll/x"):
        page.goto(f"/kiosk/{path}")
        check(page)
