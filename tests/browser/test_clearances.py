"""Can somebody clear a post in a hurry and never by accident, and does a mother's word in between stop it?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from consent.domain.permissions import Role
from tests.browser.conftest import PHONE, Live
from tests.builders.browsing import follow, withdraw
from tests.builders.camp import keep
from tests.builders.clearances import DEVICE
from tests.builders.pictures import HEIC, a_photo
from tests.builders.small_registry import consent, person

STATE = ".verdict[data-state]"
POST = "https://www.facebook.com/cityparks/posts/1"


@pytest.fixture
def draft(live: Live, papers: None, signed_in: Callable[..., Page]) -> Callable[..., Page]:  # noqa: ARG001  # what a post needs
    """A photo of somebody of that number, saved as a draft."""

    def start(patron: str, **options: object) -> Page:
        keep(live.app, [*person(patron, "Pia", patron.title()), consent(f"C-{patron}", patron)], now=datetime.now(UTC))
        page = signed_in(Role.POSTER, **options)
        page.goto(f"/clearances/new?patron={patron}")
        page.fill("#what", "Photo of the pool opening")
        page.select_option("#account", label="Facebook: @cityparks")
        page.select_option("#program", "camp")
        page.locator("input[name=media][value=still]").press("Space")
        morning = datetime.now(live.app.config["CONSENT"].zone) - timedelta(hours=1)
        page.fill("#captured_at", morning.strftime("%Y-%m-%dT%H:%M"))
        page.select_option("#device", DEVICE)
        follow(page.get_by_role("button", name="Save it as a draft"))
        return page

    return start


def confirm_everything(page: Page) -> None:
    for box in page.locator("#clear + form input[type=checkbox]").all():
        box.press("Space")


def stands(page: Page, state: str) -> None:
    expect(page.locator(STATE)).to_have_attribute("data-state", state)


def test_enter_in_a_box_clears_nothing_and_the_button_puts_the_answer_in_focus(
    draft: Callable[..., Page], violations: Callable[[Page], dict], complaints: list[str]
) -> None:
    page = draft("posed")
    stands(page, "draft")
    assert violations(page) == {}
    box = page.locator("input[name=checklist]").first
    box.focus()
    page.keyboard.press("Enter")
    stands(page, "draft")
    for place in range(4):
        page.locator("input[name=checklist]").nth(place).press("Space")
    button = page.get_by_role("button", name="Clear this post")
    button.focus()
    follow(button, "Enter")
    stands(page, "cleared")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("h1")).to_have_text("CLEARED: you may post it")
    assert violations(page) == {}
    stamp = page.get_by_role("button", name="Stamp it and save it")
    page.set_input_files("#picture", {"name": "IMG.HEIC", "mimeType": "image/heic", "buffer": HEIC})
    follow(stamp)
    expect(page.locator("#picture-error")).to_contain_text("This is a HEIC picture")
    complaints.remove(next(line for line in complaints if "422" in line))
    assert violations(page) == {}
    page.set_input_files("#picture", {"name": "IMG.JPG", "mimeType": "image/jpeg", "buffer": a_photo()})
    with page.expect_download() as saved:
        stamp.press("Enter")
    assert saved.value.suggested_filename.endswith(".jpeg")
    page.fill("#url", POST)
    follow(page.get_by_role("button", name="It is posted"))
    stands(page, "posted")
    expect(page.get_by_text(POST)).to_be_visible()


def test_a_withdrawal_in_another_window_between_check_and_clear_refuses(
    draft: Callable[..., Page], signed_in: Callable[..., Page], violations: Callable[[Page], dict]
) -> None:
    page = draft("regretted")
    stands(page, "draft")
    expect(page.locator("[data-code]")).to_have_count(0)
    withdraw(signed_in, "regretted")
    confirm_everything(page)
    follow(page.get_by_role("button", name="Clear this post"))
    stands(page, "refused")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator("[data-code]")).to_have_attribute("data-code", "person-not-allowed")
    page.get_by_role("link", name="Pia Regretted").click()
    expect(page.locator("tr:target")).to_have_attribute("data-patron", "regretted")
    assert violations(page) == {}


def test_a_withdrawal_after_the_clearing_stops_the_post_on_a_phone_in_spanish(
    draft: Callable[..., Page],
    signed_in: Callable[..., Page],
    violations: Callable[[Page], dict],
    in_spanish: Callable[[Page], None],
    complaints: list[str],
) -> None:
    page = draft("recalled", viewport=PHONE)
    confirm_everything(page)
    follow(page.get_by_role("button", name="Clear this post"))
    stands(page, "cleared")
    withdraw(signed_in, "recalled")
    page.fill("#url", POST)
    follow(page.get_by_role("button", name="It is posted"))
    stands(page, "recheck-needed")
    expect(page.locator("#already-error")).to_contain_text("something changed")
    complaints.remove(next(line for line in complaints if "422" in line))
    page.goto(page.url.removesuffix("/post"))
    in_spanish(page)
    expect(page.locator("h1")).to_have_text("CONSULTE OTRA VEZ: no lo publique")
    assert violations(page) == {}
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    page.goto("/clearances")
    assert violations(page) == {}
