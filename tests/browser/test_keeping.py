"""Can the desk keep the records right by keyboard, on a phone, read aloud and in either language?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from consent.domain.permissions import Role
from consent.storage.models import Guardianship
from tests.browser.conftest import DESK, PHONE, Live
from tests.builders.browsing import follow
from tests.builders.camp import keep
from tests.builders.small_registry import consent, person

TARGETS = "main a, main button, main select, main textarea, main label[class$=__label]"
TOO_SMALL = f"""() => [...document.querySelectorAll("{TARGETS}")]
    .filter((target) => {{ const box = target.getBoundingClientRect(); return box.height > 1 && box.height < 44; }})
    .map((target) => target.outerHTML)"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WHY = "Entered for the wrong child"
_numbers = count(1)


@pytest.fixture
def child(live: Live) -> str:
    """Somebody of this test's own, with a mother's yes to everything."""
    number = f"kept-{next(_numbers)}"
    keep(live.app, [*person(number, "Noor", "Keeper"), consent(f"C-{number}", number)], now=datetime.now(UTC))
    return number


@pytest.fixture
def seen(violations) -> Callable[[Page], None]:
    """Asserts that everybody can use the page as it stands, on a phone too."""

    def check(page: Page) -> None:
        assert violations(page) == {}
        size = page.viewport_size
        page.set_viewport_size(PHONE)
        assert page.evaluate(TOO_SMALL) == []
        assert page.evaluate(SIDEWAYS) == 0
        page.set_viewport_size(size)

    return check


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"[name={name}][value={value}]").press("Space")


def submit(page: Page) -> None:
    follow(page.locator(".keeping-form button"), "Enter")


def shows(page: Page, use: str, verdict: str) -> None:
    expect(page.locator(f"[data-use={use}]").first).to_have_attribute("data-verdict", verdict)


def pages_of(live: Live, child: str) -> Iterator[str]:
    """Every page with a form."""
    with live.session() as session:
        key = session.scalar(select(func.max(Guardianship.id)))
    for page in ("withdraw", "hold", "guardians/add", "correct", f"guardians/mother-of-{child}/correct", "programs"):
        yield f"/patrons/{child}/{page}"
    yield from (f"/consents/C-{child}/void", f"/guardianships/{key}/end", "/programs/new")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_and_every_error_can_be_used_by_everybody(
    live: Live, signed_in: Callable[..., Page], seen, child: str, size: dict
) -> None:
    """In English at a desk, in Spanish on a phone."""
    page = signed_in(Role.ADMINISTRATOR, viewport=size)
    if size is PHONE:
        follow(page.locator("button[name=language][value=es]"))
        expect(page.locator("html[lang=es]")).to_be_visible()
    for path in pages_of(live, child):
        page.goto(path)
        submit(page)
        expect(page.locator("[role=alert]")).to_be_focused()
        seen(page)
    for path in (
        *(f"/patrons/{child}", "/voidings", "/programs", "/programs/camp/people?q=smith", "/programs/camp/edit"),
        *("/ledger", "/verify"),
    ):
        page.goto(path)
        seen(page)


def test_an_error_leads_to_the_first_choice_of_its_question(signed_in: Callable[..., Page], child: str) -> None:
    page = signed_in()
    page.goto(f"/patrons/{child}/withdraw")
    submit(page)
    expect(page).to_have_title("Error: Take a permission back · Consent registry")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=signer]").first).to_be_focused()


def test_a_parent_takes_it_back_by_keyboard_alone_and_the_next_look_up_says_no(
    signed_in: Callable[..., Page], seen, child: str
) -> None:
    page = signed_in()
    page.goto(f"/look-up?patron={child}")
    shows(page, "photo", "yes")
    page.goto(f"/patrons/{child}")
    follow(page.get_by_role("link", name="Take a permission back"), "Enter")
    page.locator("[name=signer]").first.focus()
    page.keyboard.press("ArrowDown")  # the mother
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # everything
    choose(page, "asked_how", "in-person")
    submit(page)
    expect(page.get_by_role("heading", name="The permission is taken back")).to_be_visible()
    shows(page, "photo", "no")
    seen(page)
    with page.expect_request("**/slip.pdf") as asked:
        page.evaluate("fetch(document.querySelector('a[href$=\"slip.pdf\"]').href)")
    assert asked.value.response().header_value("content-type") == "application/pdf"
    page.goto(f"/look-up?patron={child}")
    shows(page, "photo", "no")


def test_a_backdated_withdrawal_that_a_later_yes_outlives_warns_and_keeps_what_was_typed(
    signed_in: Callable[..., Page], seen, child: str
) -> None:
    page = signed_in()
    page.goto(f"/patrons/{child}/withdraw")
    choose(page, "signer", f"mother-of-{child}")
    choose(page, "what", "all")
    choose(page, "asked_how", "by-letter")
    page.fill("[name=at]", (datetime.now(UTC) - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M"))
    submit(page)
    expect(page.get_by_text("signed yes again on")).to_be_visible()
    expect(page.locator("[name=asked_how][value=by-letter]")).to_be_checked()
    seen(page)
    page.locator("[name=anyway]").press("Space")
    submit(page)
    expect(page.get_by_text("The answer stays YES for:")).to_be_visible()
    shows(page, "photo", "yes")
    seen(page)


def test_two_people_void_a_record_and_the_menu_tells_what_waits(
    signed_in: Callable[..., Page], seen, child: str
) -> None:
    desk, officer = signed_in(Role.FRONT_DESK), signed_in(Role.RECORDS_OFFICER)
    desk.goto(f"/patrons/{child}")
    follow(desk.get_by_role("link", name="Entered by mistake?"), "Enter")
    desk.fill("[name=reason]", WHY)
    submit(desk)
    expect(desk.get_by_role("heading", name="It waits for a second person")).to_be_visible()
    seen(desk)
    officer.goto("/")
    expect(officer.locator(".house-more summary .house-count")).to_be_visible()
    officer.goto("/voidings")
    seen(officer)
    follow(officer.get_by_role("link", name=f"Open C-{child}"), "Enter")
    seen(officer)
    follow(officer.get_by_role("button", name="Yes, void it"), "Enter")
    expect(officer.get_by_role("heading", name="The record is void")).to_be_visible()
    shows(officer, "photo", "not-known")
    seen(officer)


def test_a_hold_placed_at_the_desk_is_lifted_by_a_records_officer(
    signed_in: Callable[..., Page], seen, child: str
) -> None:
    desk, officer = signed_in(Role.FRONT_DESK), signed_in(Role.RECORDS_OFFICER)
    desk.goto(f"/patrons/{child}/hold")
    desk.fill("[name=reason]", "A court's order")
    submit(desk)
    expect(desk.get_by_role("status")).to_contain_text("The hold is placed")
    seen(desk)
    officer.goto(f"/patrons/{child}")
    follow(officer.get_by_role("link", name="Open the hold"), "Enter")
    seen(officer)
    follow(officer.get_by_role("link", name="Lift this hold"), "Enter")
    submit(officer)
    seen(officer)
    officer.fill("[name=reason]", "Released by the court")
    submit(officer)
    expect(officer.get_by_role("heading", name="This hold is over")).to_be_visible()
    desk.goto(f"/look-up?patron={child}")
    shows(desk, "photo", "yes")


def test_two_who_correct_one_record_lose_nothing(signed_in: Callable[..., Page], seen, child: str) -> None:
    mine, theirs = signed_in(Role.FRONT_DESK), signed_in(Role.ADMINISTRATOR)
    mine.goto(f"/patrons/{child}/correct")
    theirs.goto(f"/patrons/{child}/correct")
    theirs.fill("[name=born]", "2015-03-04")
    theirs.fill("[name=reason]", "Birth certificate")
    submit(theirs)
    mine.fill("[name=first_name]", "Nour")
    mine.fill("[name=reason]", "Misspelled")
    submit(mine)
    expect(mine.get_by_role("heading", name="What somebody else changed")).to_be_visible()
    expect(mine.locator("[name=born]")).to_have_value("2015-03-04")
    expect(mine.locator("[name=first_name]")).to_have_value("Nour")
    seen(mine)
    submit(mine)
    expect(mine.get_by_role("heading", name="Nour Keeper")).to_be_visible()


def test_the_records_are_verified_by_keyboard_and_a_copy_is_checked_by_hand(
    signed_in: Callable[..., Page], seen
) -> None:
    page = signed_in(Role.ADMINISTRATOR)
    page.goto("/ledger")
    page.locator("[name=checkpoint]").fill("the one of last week")
    page.locator("[name=checkpoint]").press("Enter")
    expect(page.get_by_text("Type the number of entries, and then").first).to_be_visible()
    expect(page.locator("[name=checkpoint]")).to_have_value("the one of last week")
    seen(page)
    page.locator("[name=checkpoint]").fill("")
    page.locator("[data-verify] button").press("Enter")
    # Other tests wrote rows of their own into this registry, past the ledger: either way, it says what it found.
    expect(page.locator("[data-verified=verified], [data-verified=broken]")).to_be_visible()
    seen(page)
    page.goto("/verify")
    page.locator("[name=copy]").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    follow(page.get_by_role("button", name="Check it"), "Enter")
    expect(page.locator("[data-matches=no]")).to_be_visible()
    seen(page)
