"""Is anything of a family left on the device's disk, once they are done or the browser was killed under them?"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser.conftest import QUIETLY
from tests.browser.test_kiosk_privacy import MARKERS, a_family_of_markers, shows_none_of_them, sign_by_name
from tests.builders.kiosk_pages import a_device
from tests.builders.kiosk_touch import WINDOW

SPELLINGS = ("utf-8", "utf-16-le", "utf-16-be")
TYPED_AND_LEFT = ("signer", "child/1", "child/1/answers", "child/2", "review", "sign", "done")
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def left_in(profile: Path) -> set[str]:
    """The markers that stand in any file of the browser's profile, in any spelling."""
    written = []
    for file in filter(Path.is_file, profile.rglob("*")):
        with suppress(FileNotFoundError):  # a browser that is dying still clears some away
            written.append(file.read_bytes())
    return {
        marker
        for marker in MARKERS
        for spelling in SPELLINGS
        if any(marker.encode(spelling) in content for content in written)
    }


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def start(
    app: Flask, chromium: Browser, chromium_program: str, site: str, profile: Path
) -> Iterator[Callable[..., Page]]:
    """Starts the kiosk's browser on its one profile, as somebody switches the device on, at a page of theirs."""
    key = a_device(app)
    started: list[BrowserContext] = []

    def start(path: str = "/kiosk") -> Page:
        context = chromium.browser_type.launch_persistent_context(
            profile,
            executable_path=chromium_program,
            base_url=site,
            args=[*QUIETLY],
            ignore_default_args=["--disable-back-forward-cache"],
            **WINDOW,
        )
        started.append(context)
        device = {"name": "kiosk", "value": key, "domain": "localhost", "path": "/kiosk", "httpOnly": True}
        context.add_cookies([device])
        page = context.pages[0]
        page.goto(path)
        return page

    yield start
    for context in started:
        with suppress(Error):
            context.close()


def kill(page: Page) -> None:
    """As when somebody pulls the plug: the browser writes nothing more."""
    with suppress(Error):
        page.context.new_cdp_session(page).send("Browser.crash")


def shows_nobody_anywhere(page: Page) -> None:
    for path in TYPED_AND_LEFT:
        page.goto(f"/kiosk/{path}")
        shows_none_of_them(page)
        assert page.evaluate(WORKERS) == 0
    page.emulate_media(media="print")
    shows_none_of_them(page)
    page.emulate_media(media="screen")


def close(page: Page) -> None:
    page.context.close()


@pytest.mark.parametrize("end", [kill, close])
def test_a_browser_that_ends_and_is_started_again_knows_nothing_of_the_family(start, profile: Path, end):
    page = start()
    a_family_of_markers(page)
    page.goto("/kiosk/signer")
    page.fill("#first_name", MARKERS[0])
    end(page)
    assert left_in(profile) == set()

    page = start("/kiosk/child/1")
    shows_nobody_anywhere(page)
    for _ in range(10):
        page.go_back(wait_until="load")
        shows_none_of_them(page)
    page.go_forward(wait_until="load")
    shows_none_of_them(page)
    page.context.close()
    assert left_in(profile) == set()


def test_a_family_that_is_done_leaves_no_byte_on_the_disk(start, profile: Path):
    page = start()
    a_family_of_markers(page)
    sign_by_name(page)
    other_tab = page.context.new_page()
    other_tab.goto("/kiosk/done")
    assert MARKERS[2] in other_tab.content()
    page.get_by_role("button", name="Done").tap()
    page.wait_for_url("**/kiosk")
    other_tab.reload()
    shows_none_of_them(other_tab)
    shows_nobody_anywhere(page)
    page.goto("/kiosk")
    page.locator("button[value=es]").tap()
    page.wait_for_url("**/kiosk/who")
    shows_none_of_them(page)
    page.context.close()
    assert left_in(profile) == set()

    page = start()
    page.evaluate("(name) => { localStorage.setItem('left', name[0]); document.title = name[1] }", MARKERS[:2])
    page.reload()
    page.context.close()
    assert left_in(profile) == set(MARKERS[:2]), "the search itself finds what a page leaves"
