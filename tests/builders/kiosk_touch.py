"""How does a family get through the kiosk's pages by touch? Each tap is counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from consent.storage.database import db
from consent.storage.models import Signing
from tests.builders.kiosk_pages import a_device

KIOSK = {"width": 1280, "height": 800}
WINDOW = {"viewport": KIOSK, "has_touch": True, "reduced_motion": "reduce"}
PARENT = "José María", "García-Márquez de la O"


@contextmanager
def windows(app: Flask, chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Windows of a device that is a kiosk, each on its first page."""
    key = a_device(app)
    opened: list[BrowserContext] = []

    def window(**options: object) -> Page:
        context = chromium.new_context(base_url=site, **(WINDOW | options))
        context.add_cookies(
            [{"name": "kiosk", "value": key, "domain": "localhost", "path": "/kiosk", "httpOnly": True}]
        )
        opened.append(context)
        page = context.new_page()
        page.goto("/kiosk")
        return page

    yield window
    for context in opened:
        context.close()


class Family:
    """Somebody with two children, who taps; each tap is counted, and what is typed on the keys is not."""

    def __init__(self, page: Page, language: str = "en") -> None:
        self.page, self.taps = page, 0
        self.tap(page.locator(f"button[value={language}]"))
        self.arrived("who")

    def arrived(self, at: str) -> None:
        self.page.wait_for_url(f"**/kiosk/{at}")

    def tap(self, target: Locator | str) -> None:
        (self.page.locator(target) if isinstance(target, str) else target).tap()
        self.taps += 1

    def type(self, field: str, text: str) -> None:
        if self.page.evaluate("document.activeElement.id") != field:
            self.tap(f"#{field}")
        self.page.keyboard.insert_text(text)

    def go_on(self, at: str) -> None:
        self.tap(self.page.locator("#question button.kiosk-button").last)
        self.arrived(at)

    def is_a_parent(self) -> None:
        self.tap("button[value=children]")
        self.arrived("signer")
        self.type("first_name", PARENT[0])
        self.type("last_name", PARENT[1])
        for tile in ("relationship-0", "of_age-0", "authority"):
            self.tap(f"#{tile}")
        self.go_on("child/1")

    def names(self, number: int, first_name: str, last_name: str, year: str = "2016") -> None:
        self.type("first_name", first_name)
        self.type("last_name", last_name)
        self.taps += 2  # the list of months, and the month in it
        self.page.select_option("#month", "2")
        self.type("day", "29")
        self.type("year", year)
        self.go_on(f"child/{number}/answers")

    def draws(self) -> None:
        box = self.page.locator("#pad").bounding_box()
        touch = self.page.context.new_cdp_session(self.page)
        points = [{"x": box["x"] + 60 + 12 * at, "y": box["y"] + 60 + 40 * (at % 3)} for at in range(14)]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
            self.page.wait_for_timeout(20)  # a finger takes its time, and the pad looks every 16 ms
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.taps += 1

    def reads(self, fill: str = "yes") -> None:
        """Everything up to the signature, for one child."""
        self.is_a_parent()
        self.names(1, "X", "O'Brien")
        self.tap(f"button[name=fill][value={fill}]")
        if fill == "yes":
            self.go_on("child/1/limits")
            self.go_on("child/1/accounts")
        self.go_on("another")
        self.tap("button[value=no]")
        self.arrived("review")
        self.tap(self.page.locator("a.kiosk-button").first)
        self.arrived("sign")

    def signs(self) -> None:
        self.tap("#agrees")
        self.page.locator("#pad").scroll_into_view_if_needed()
        self.draws()
        self.tap("#meant")
        expect(self.page.locator("#meant")).to_be_checked()


def signings(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Signing.reference)))
