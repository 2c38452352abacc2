"""Can a phone's own camera read a card in the page, on the look-up and for a whole group, and say why it cannot?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from consent.documents.cards import draw_card
from consent.domain.cards import Letterhead
from consent.domain.permissions import Permission, Role
from consent.services.cards import issue_cards
from consent.services.checks import Asker, Door
from consent.storage.database import db
from tests.browser.conftest import DESK, PHONE, QUIETLY, Live
from tests.browser.test_lookup import BAND
from tests.builders.browsing import follow
from tests.builders.filming import film
from tests.builders.paper import picture

pytestmark = pytest.mark.xdist_group("camera")
START, STOP, SEEN, TOLD = (f"[data-camera-{part}]" for part in ("start", "stop", "seen", "told"))
GROUP_BAND = "#group .verdict"
CARDS = ["yes", "limits"]
A_READER = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.before ?? []; }
};
"""
A_LIGHT = """
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
MediaStreamTrack.prototype.applyConstraints = async (wanted) => { window.lit = wanted.advanced[0].torch; };
"""


@pytest.fixture(scope="module")
def filmed(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two printed cards held before the camera in turn."""
    told = {"by": "command-line", "now": datetime.now(UTC)}
    with live.app.app_context():
        asker, head = Asker(Door.CARD, frozenset(Permission)), Letterhead("Recreation", live.address)
        zone = live.app.config["CONSENT"].zone
        cards = issue_cards(db.session(), CARDS, letterhead=head, asker=asker, zone=zone, **told)
    pictures = [picture(draw_card(card)) for card in cards]
    return film(pictures, tmp_path_factory.mktemp("film") / "cards.y4m")


@pytest.fixture(scope="module")
def filming(chromium: Browser, chromium_program: str, filmed: Path) -> Iterator[Browser]:
    """The whole Chromium, whose camera sees the film; the one without a window has no camera."""
    fakes = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={filmed}",
    )
    browser = chromium.browser_type.launch(executable_path=chromium_program, args=[*QUIETLY, *fakes])
    yield browser
    browser.close()


@pytest.fixture
def phone(
    filming: Browser, live: Live, sign_in: Callable[[Page, Role], None], kept_cookies: dict
) -> Iterator[Callable[..., Page]]:
    """A page of a poster whose device has a camera. Whatever the browser complains of fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(script: str = "", **options: object) -> Page:
        context = filming.new_context(base_url=live.address, **({"viewport": DESK} | options))
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if Role.POSTER not in kept_cookies:
            sign_in(page, Role.POSTER)
            kept_cookies[Role.POSTER] = context.cookies()
        context.add_cookies(kept_cookies[Role.POSTER])
        if script:
            page.add_init_script(script)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []


def on_look_up(page: Page) -> Page:
    page.goto("/look-up")
    return page


def filming_stopped(page: Page) -> None:
    expect(page.locator(SEEN)).to_be_hidden()
    assert page.evaluate("document.querySelector('[data-camera-seen]').srcObject") is None


def test_a_printed_card_before_the_camera_is_looked_up(phone: Callable[..., Page]) -> None:
    page = on_look_up(phone(viewport=PHONE))
    page.locator(START).click()
    expect(page.locator(BAND)).to_be_visible()
    assert page.locator("#answer [data-patron]").get_attribute("data-patron") in CARDS
    filming_stopped(page)
    assert "/C/" not in page.url
    assert "q=" not in page.url


def test_cards_before_the_camera_come_into_the_group_one_after_the_other(phone: Callable[..., Page]) -> None:
    page = phone()
    page.goto("/group-check")
    page.fill("#headcount", "2")
    page.select_option("#platform", "facebook")
    follow(page.locator(".keeping-form [type=submit]"))
    page.locator(START).click()
    expect(page.locator(f"{GROUP_BAND} .verdict__word")).to_have_text("POST: yes, all 2")
    expect(page.locator(SEEN)).to_be_visible()
    expect(page.locator("#group [data-person]")).to_have_count(2)
    page.locator(STOP).click()
    filming_stopped(page)
    expect(page.locator(START)).to_be_focused()


def test_the_browsers_own_reader_is_used_where_there_is_one(phone: Callable[..., Page]) -> None:
    page = on_look_up(phone(A_READER))
    loaded = []
    page.on("request", lambda request: "zxing" in request.url and loaded.append(request.url))
    page.locator(START).click()
    expect(page.locator(SEEN)).to_be_visible()
    page.evaluate("window.before = [{ rawValue: 'https://other.example/' }]")
    expect(page.locator(TOLD)).to_have_text("This is not one of our cards.")
    expect(page.locator(BAND)).to_have_count(0)
    page.evaluate("window.before = [{ rawValue: 'HTTP://LOCALHOST/C/' + 'Z'.repeat(26) }]")
    expect(page.locator(BAND)).to_have_attribute("data-verdict", "not-known")
    assert loaded == []


def test_the_light_is_offered_where_the_camera_has_one(phone: Callable[..., Page]) -> None:
    page = on_look_up(phone(A_READER + A_LIGHT))
    expect(page.locator("[data-camera-light]")).to_be_hidden()
    page.locator(START).click()
    light = page.locator("[data-camera-light]")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("window.lit") is True
    light.click()
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.lit") is False


def test_the_camera_is_off_once_the_page_is_left(phone: Callable[..., Page]) -> None:
    page = on_look_up(phone(A_READER))
    page.locator(START).click()
    expect(page.locator(SEEN)).to_be_visible()
    page.evaluate("window.track = document.querySelector('[data-camera-seen]').srcObject.getTracks()[0]")
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("window.track.readyState") == "ended"
    filming_stopped(page)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("NotAllowedError", "The camera was refused."),
        ("NotFoundError", "This device has no camera."),
        ("NotReadableError", "Another program is using the camera."),
        ("SomethingElse", "The camera could not be started."),
    ],
)
def test_what_keeps_the_camera_off_is_said_in_words(signed_in: Callable[..., Page], wrong: str, said: str) -> None:
    page = signed_in(Role.POSTER)
    page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia: async () => "
        f"{{ throw new DOMException('no', '{wrong}') }} }} }})"
    )
    on_look_up(page).locator(START).click()
    expect(page.locator(TOLD)).to_contain_text(said)
    expect(page.locator(START)).to_be_enabled()
    expect(page.locator(SEEN)).to_be_hidden()


def test_without_https_the_page_says_so(
    signed_in: Callable[..., Page], violations: Callable[[Page], dict], in_spanish: Callable[[Page], None]
) -> None:
    page = signed_in(Role.POSTER, viewport=PHONE)
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined })")
    on_look_up(page)
    in_spanish(page)
    page.locator(START).click()
    expect(page.locator(TOLD)).to_contain_text("https")
    assert violations(page) == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
