"""How does somebody at a browser get to the next page, and look at nothing before that page is there?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Error, Locator, Page

from consent.domain.permissions import Role

REPLACED_AT_MOST = 5


def follow(target: Locator, key: str | None = None) -> None:
    """With a click or a key, to the page that it leads to. A click alone may return while the old page still stands."""
    with target.page.expect_navigation():
        if key:
            target.press(key)
        else:
            target.click()


def seen_whole(page: Page, look: Callable[[Page], dict]) -> dict:
    """What is seen on a page that has loaded; one that gives way to another meanwhile is looked at again."""
    for chance in range(REPLACED_AT_MOST):
        page.wait_for_load_state()
        try:
            before = page.evaluate_handle("document")
            seen = look(page)
            if before.evaluate("before => before === document"):
                return seen
        except Error:
            if chance == REPLACED_AT_MOST - 1:
                raise
    raise AssertionError(f"{page.url} is replaced by another page again and again")


def withdraw(signed_in: Callable[..., Page], patron: str) -> None:
    """The mother comes to the desk, in another window."""
    desk = signed_in(Role.FRONT_DESK)
    desk.goto(f"/patrons/{patron}/withdraw")
    desk.locator(f"input[name=signer][value='mother-of-{patron}']").press("Space")
    desk.locator("input[name=what][value=all]").press("Space")
    desk.locator("input[name=asked_how][value=in-person]").press("Space")
    follow(desk.get_by_role("button", name="Take it back now"))


def sign_out_elsewhere(page: Page) -> None:
    """In another window of the same browser. Without its cookie alone, an answer on its way would bring it back."""
    other = page.context.new_page()
    other.goto("/")
    other.locator(".house-person summary").click()
    follow(other.get_by_role("button", name="Sign out"))
    other.close()


def stop_time(page: Page) -> None:
    """For the page's scripts, until the test lets it pass: on a busy machine nothing is late for that alone."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
