"""Can somebody scan a whole group without looking, and trust the one banner? Scanner, keyboard, whatever may fail."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from consent.domain.permissions import Role
from consent.domain.vocabulary import Shown
from tests.browser.conftest import PHONE, Live
from tests.browser.test_lookup import give_card, scan
from tests.builders.browsing import follow, sign_out_elsewhere, stop_time
from tests.builders.camp import keep
from tests.builders.small_registry import consent, person

BAND = "#group .verdict"
ROWS = "#group [data-person]"


@pytest.fixture
def group(signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """Starts a group check of so many people."""

    def start(headcount: int, platform: str = "facebook", **options: object) -> Page:
        page = signed_in(Role.POSTER, **options)
        page.goto("/group-check")
        page.fill("#headcount", str(headcount))
        page.select_option("#platform", platform)
        follow(page.locator(".keeping-form [type=submit]"))
        return page

    return start


@pytest.fixture
def thirty(live: Live) -> list[str]:
    """The cards of 29 children who may be shown, and in their middle of one who may not."""
    names = [f"crowd-{n}" for n in range(30)]
    crowd = [line for n in names for line in (*person(n, "Noor", n.title()), consent(f"C-{n}", n))]
    gone = {
        "type": "withdrawal", "id": "W-crowd", "patron": "crowd-17", "signer": "mother-of-crowd-17",
        "at": datetime.now(UTC).isoformat(), "uses": "all",
    }  # fmt: skip
    with live.session() as session:
        known = session.connection().exec_driver_sql("SELECT 1 FROM patron WHERE external_id = 'crowd-0'").scalar()
    if not known:
        keep(live.app, [*crowd, gone], now=datetime.now(UTC))
    return [give_card(live, name) for name in names]


def band(page: Page, shown: str, word: str) -> None:
    expect(page.locator(BAND)).to_have_attribute("data-verdict", shown)
    expect(page.locator(f"{BAND} .verdict__word")).to_have_text(word)


def test_thirty_scans_a_tenth_of_a_second_apart_lose_none_and_one_no_stands_first(
    group: Callable[..., Page], thirty: list[str]
) -> None:
    page = group(30)
    for code in thirty:
        page.keyboard.insert_text(f"/C/{code}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)  # the scanner's own pace, and nothing that is waited for
    band(page, "no", "NO: 1 of 30")
    expect(page.locator(ROWS)).to_have_count(30)
    expect(page.locator(ROWS).first).to_have_attribute("data-person", "crowd-17")
    expect(page.locator("[data-status]")).to_have_text("30 of 30 in the picture.")
    expect(page.locator("[data-refusals]")).to_have_text("NO: Noor Crowd-17")
    page.reload()
    band(page, "no", "NO: 1 of 30")
    assert not any(code in page.content() or code in page.url for code in thirty)


def test_a_scanner_writes_into_the_field_wherever_the_focus_is_and_is_told_of_who_is_counted(
    live: Live, group: Callable[..., Page]
) -> None:
    page = group(2)
    page.locator(".house-name").focus()
    page.keyboard.type(f"/C/{give_card(live, 'yes')}", delay=10)
    page.keyboard.press("Tab")
    band(page, "not-known", "NOT YET: 1 of 2 to check")
    expect(page.locator("#q")).to_be_focused()
    scan(page, give_card(live, "yes"))
    expect(page.locator("#group [data-note]")).to_have_text("Ada Okafor is counted already.")
    expect(page.locator("[data-status]")).to_have_text("Ada Okafor is counted already. 1 of 2 in the picture.")
    scan(page, give_card(live, "limits"))
    band(page, "yes", "POST: yes, all 2")


def test_a_card_held_under_the_scanner_is_sent_once(live: Live, group: Callable[..., Page]) -> None:
    page, sent = group(1), []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    stop_time(page)
    code = give_card(live, "yes")
    for _ in range(3):
        scan(page, code)
    band(page, "yes", "POST: yes, 1 person")
    assert len(sent) == 1


def test_the_whole_list_is_made_with_the_keyboard_alone(group: Callable[..., Page]) -> None:
    page = group(2)
    page.keyboard.type("okafor", delay=5)
    page.keyboard.press("ArrowDown")
    suggested = page.locator("[data-suggestions] a")
    expect(suggested).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(suggested).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)
    page.keyboard.type("romero")
    page.keyboard.press("Enter")
    offered = page.locator("#group .lookup-people button")
    expect(offered).to_have_count(2)
    offered.first.focus()
    page.keyboard.press("Enter")
    band(page, "no", "NO: 1 of 2")
    page.keyboard.press("Delete")
    band(page, "not-known", "NOT YET: 1 of 2 to check")
    page.keyboard.press("Control+z")
    band(page, "no", "NO: 1 of 2")
    expect(page.locator("#q")).to_be_focused()


def test_delete_leaves_a_number_that_is_being_typed_alone(
    live: Live, group: Callable[..., Page], complaints: list[str]
) -> None:
    page = group(1)
    scan(page, give_card(live, "yes"))
    band(page, "yes", "POST: yes, 1 person")
    page.locator("#headcount").fill("3")
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    band(page, "not-known", "NOT YET: 3 of 4 to check")
    page.locator("#headcount").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator("#headcount-error")).to_be_visible()
    expect(page.locator(ROWS)).to_have_count(1)
    assert all("422" in said for said in complaints)
    complaints.clear()


def test_a_person_nobody_knows_is_added_and_taken_out(group: Callable[..., Page], live: Live) -> None:
    page = group(1)
    page.get_by_role("button", name="Add a person nobody knows").click()
    band(page, "no", "NO: 1 of 1")
    page.get_by_role("button", name="One fewer").click()
    expect(page.locator("[data-unidentified]")).to_have_count(0)
    scan(page, give_card(live, "yes"))
    band(page, "yes", "POST: yes, 1 person")


def test_a_registry_that_is_out_of_reach_cannot_check_the_group_and_no_scan_is_lost(
    live: Live, group: Callable[..., Page], complaints: list[str]
) -> None:
    page = group(2)
    scan(page, give_card(live, "yes"))
    band(page, "not-known", "NOT YET: 1 of 2 to check")
    page.route("**/group-check/**", lambda route: route.abort())
    scan(page, give_card(live, "limits"))
    band(page, "cannot-check", "CANNOT CHECK")
    expect(page.locator("[data-unsent]")).to_contain_text("not yet added: 1")
    expect(page.locator("#group [data-word]").first).to_be_hidden()
    page.unroute("**/group-check/**")
    page.locator("[data-again]").click()
    band(page, "yes", "POST: yes, all 2")
    expect(page.locator(ROWS)).to_have_count(2)
    assert all("ERR_FAILED" in said for said in complaints)
    complaints.clear()


def test_an_answer_that_takes_over_three_seconds_is_cannot_check(live: Live, group: Callable[..., Page]) -> None:
    page, held = group(1), []
    code = give_card(live, "yes")
    stop_time(page)

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/group-check/*/people", hold)
    scan(page, code)
    expect(page.locator("#group")).to_have_attribute("aria-busy", "true")
    page.clock.run_for(3100)
    band(page, "cannot-check", "CANNOT CHECK")
    page.unroute("**/group-check/*/people")
    page.locator("[data-again]").click()
    band(page, "yes", "POST: yes, 1 person")


def test_an_old_answer_is_none_and_who_is_signed_out_is_told(
    live: Live, group: Callable[..., Page], complaints: list[str]
) -> None:
    page = group(1)
    stop_time(page)
    scan(page, give_card(live, "yes"))
    band(page, "yes", "POST: yes, 1 person")
    page.clock.run_for(6 * 60 * 1000)
    band(page, "cannot-check", "CANNOT CHECK")
    page.locator("[data-again]").click()
    band(page, "yes", "POST: yes, 1 person")
    sign_out_elsewhere(page)
    scan(page, give_card(live, "no"))
    expect(page.locator("[data-sign-in]")).to_be_visible()
    assert all("400" in said for said in complaints)
    complaints.clear()


def test_without_scripts_it_is_all_forms(group: Callable[..., Page]) -> None:
    page = group(2, java_script_enabled=False)
    page.fill("#q", "yes")
    follow(page.locator("#add [type=submit]"))
    page.fill("#q", "romero")
    follow(page.locator("#add [type=submit]"))
    follow(page.locator("#group .lookup-people button").first)
    assert page.locator(f"{BAND} .verdict__word").text_content() == "NO: 1 of 2"
    follow(page.get_by_role("button", name="Take the last one out"))
    follow(page.get_by_role("button", name="Put back"))
    page.select_option("#roster-program", "camp")
    follow(page.get_by_role("button", name="Show its people"))
    page.get_by_text("Okafor, Ada").click()
    follow(page.get_by_role("button", name="Add those ticked"))
    assert page.get_by_text("1 of them was counted already.").is_visible()
    assert page.locator("[data-print]").is_hidden()


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_every_step_is_read_in_two_languages_and_on_a_phone(
    live: Live,
    group: Callable[..., Page],
    size: dict,
    in_spanish: Callable[[Page], None],
    violations: Callable[[Page], dict],
) -> None:
    page = group(5, platform="", viewport=size)
    empty = page.url
    assert violations(page) == {}
    for patron in ("yes", "limits", "no", "not-known"):
        scan(page, give_card(live, patron))
    expect(page.locator(ROWS)).to_have_count(4)
    page.get_by_role("button", name="Add a person nobody knows").click()
    band(page, "no", "NO: 3 of 5")
    for address in (empty, f"{empty}?q=romero", f"{empty}/roster?program=camp", "/group-check"):
        page.goto(address)
        assert violations(page) == {}, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    in_spanish(page)
    page.goto(empty)
    band(page, Shown.NO, "NO: 3 de 5")
    assert violations(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
