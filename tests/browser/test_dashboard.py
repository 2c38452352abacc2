"""Can a lead see at a glance where to act, on a phone and by keyboard, and get to the people behind a number?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from consent.domain.permissions import Role
from tests.browser.conftest import PHONE
from tests.builders.browsing import follow

WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_bar_and_its_number_lead_to_the_same_people_in_both_languages_and_on_a_phone(
    signed_in: Callable[..., Page], violations: Callable[[Page], dict], in_spanish: Callable[[Page], None]
):
    page = signed_in(Role.PROGRAM_LEAD, viewport=PHONE)
    day = (datetime.now(UTC) + timedelta(days=1)).date()
    pages = (
        "/dashboard", "/dashboard/programs/camp?standing=yes", "/dashboard/ending", "/dashboard/rosters",
        f"/dashboard/forecast?program=camp&day={day}",
    )  # fmt: skip
    for language in ("en", "es"):
        for address in pages:
            page.goto(address)
            expect(page.locator(f"html[lang={language}]")).to_have_count(1)
            assert (violations(page), page.evaluate(WIDER)) == ({}, False), address
        page.goto("/dashboard")
        if language == "en":
            in_spanish(page)

    number = page.locator("[data-program=camp] [data-count=yes] a")
    people = int((number.inner_text()).split()[0])
    page.locator(".chart-rows a[href*='standing=yes']").first.click()
    expect(page.locator("[data-patron]")).to_have_count(people)
    page.goto("/dashboard")
    follow(number, key="Enter")
    expect(page.locator("[data-patron]")).to_have_count(people)
    follow(page.locator("[data-patron] a").first, key="Enter")
    expect(page.locator(".verdict").first).to_be_visible()
