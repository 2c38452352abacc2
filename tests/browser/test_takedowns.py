"""Posted, withdrawn, taken down, seen by the family: does it go through, by keyboard and on a phone?"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from consent.domain.permissions import Role
from tests.browser.conftest import PHONE, Live
from tests.builders.browsing import follow, withdraw
from tests.builders.camp import keep
from tests.builders.posted import a_mothers_link, a_post
from tests.builders.small_registry import consent, person


@pytest.fixture
def posted(live: Live, papers: None) -> Callable[[str], str]:  # noqa: ARG001  # an account to post from
    """A child in three posts, and the link of the mother's copy."""

    def post(patron: str) -> str:
        now = datetime.now(UTC)
        keep(live.app, [*person(patron, "Tao", patron.title()), consent(f"C-{patron}", patron)], now=now)
        with live.session() as session:
            link = a_mothers_link(session, patron, now=now)
            for what in ("Pool opening", "Art show", "Race day"):
                a_post(session, patron, what, by=f"{Role.POSTER}@example.org", now=now)
            session.commit()
            return link

    return post


def rows(page: Page, name: str) -> Locator:
    return page.locator("[data-takedown]").filter(has_text=name)


def close_by_keyboard(page: Page, opener: Locator) -> None:
    follow(opener, "Enter")
    page.locator("input[name=outcome][value=gone]").press("Space")
    page.locator("#reposts_asked").press("Space")
    follow(page.get_by_role("button", name="Close this task"), "Enter")


def test_posted_withdrawn_taken_down_by_keyboard_and_seen_by_the_family(
    posted: Callable[[str], str],
    signed_in: Callable[..., Page],
    visitor: Page,
    violations: Callable[[Page], dict],
    in_spanish: Callable[[Page], None],
) -> None:
    link = posted("takendown")
    withdraw(signed_in, "takendown")
    page = signed_in(Role.POSTER)
    page.goto("/takedowns")
    mine = rows(page, "Tao Takendown")
    expect(mine).to_have_count(3)
    assert violations(page) == {}
    close_by_keyboard(page, mine.first.get_by_role("link", name="Open"))
    expect(mine).to_have_count(2)
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"It is closed\. \d+ are left to take down\."))
    following = mine.first.get_by_role("link", name="Open")
    expect(following).to_be_focused()
    expect(following).to_have_accessible_description(re.compile(r"\d+ are left to take down\."))

    visitor.goto(f"/signed/{link}")
    told = visitor.locator("[data-found]")
    expect(told).to_have_attribute("data-found", "3")
    expect(told).to_have_attribute("data-down", "1")
    assert violations(visitor) == {}
    in_spanish(visitor)
    expect(told).to_contain_text("Se encontraron 3 publicaciones. 1 ya está retirada.")
    assert "Takendown" not in visitor.content()


def test_a_task_says_at_the_field_what_is_missing_on_a_phone_in_spanish(
    posted: Callable[[str], str],
    signed_in: Callable[..., Page],
    violations: Callable[[Page], dict],
    in_spanish: Callable[[Page], None],
) -> None:
    posted("narrowed")
    withdraw(signed_in, "narrowed")
    page = signed_in(Role.POSTER, viewport=PHONE)
    page.goto("/takedowns")
    in_spanish(page)
    assert violations(page) == {}
    _fits(page)
    follow(rows(page, "Tao Narrowed").first.get_by_role("link", name="Abrir"))
    page.locator("input[name=outcome][value=cannot]").press("Space")
    follow(page.get_by_role("button", name="Cerrar esta tarea"))
    expect(page.locator("#note-error")).to_contain_text("por qué no se puede retirar")
    expect(page.locator("input[name=outcome][value=cannot]")).to_be_checked()
    assert violations(page) == {}
    _fits(page)


def test_anybody_on_staff_reports_a_comment_and_whoever_corrects_closes_it(
    signed_in: Callable[..., Page],
    papers: None,  # noqa: ARG001  # an account to post from
    violations: Callable[[Page], dict],
) -> None:
    page = signed_in(Role.PROGRAM_LEAD, viewport=PHONE)
    page.goto("/reports/new")
    follow(page.get_by_role("button", name="Report it"))
    expect(page.locator("#url-error")).to_contain_text("Enter its address")
    assert violations(page) == {}
    page.select_option("#platform", "facebook")
    page.fill("#url", "https://www.facebook.com/cityparks/posts/7?comment=3")
    page.fill("#wrong", "A visitor gives away a home address")
    follow(page.get_by_role("button", name="Report it"))
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "reported")
    _fits(page)
    address = page.url
    page = signed_in(Role.POSTER)
    page.goto("/reports")
    assert violations(page) == {}
    follow(page.get_by_role("link", name="Open A visitor gives away a home address"))
    assert page.url.endswith(address.rsplit("/", 1)[1])
    page.select_option("#owner", label="poster")
    follow(page.get_by_role("button", name="Give it to them"))
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "assigned")
    page.fill("#note", "Comment hidden")
    follow(page.get_by_role("button", name="It is corrected"))
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "corrected")
    follow(page.get_by_role("button", name="Close it"))
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "closed")
    assert violations(page) == {}


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
