"""Do the department's registers keep who asked, who decided and when it ended? Does nothing count before its time?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.registers import EntryState
from consent.services.accounts import (
    WantedAccount,
    ask_for_account,
    close_account,
    decide_on_account,
    list_accounts,
    open_accounts,
)
from consent.services.acting import NoLongerAllowed, OwnAccount
from consent.services.platforms import add_platform, close_platform
from consent.services.registers import EntryDecided, EntryWrong, UnknownEntry
from consent.settings import Settings
from tests.builders.colleagues import NOW, TODAY, acting, colleague, happened
from tests.builders.pages import ON_ONE_DATABASE, errors_on, send
from tests.builders.staff import csrf_token, signed_in_as

WANTED = WantedAccount(
    platform="facebook",
    owner_id=None,
    handle="@cityparks",
    url="https://www.facebook.com/cityparks",
    audience="Families",
    purposes="News of the programs",
    retention="Two years",
)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada(app: Flask, session: Session, settings: Settings) -> int:
    """The administrator of a department with one platform."""
    add_platform(session, "Facebook", TODAY, zone=settings.zone, by="test", now=NOW)
    return colleague(app, "Ada Lovelace", Role.ADMINISTRATOR)


@pytest.fixture
def dora(app: Flask) -> int:
    return colleague(app, "Dora Director", Role.DIRECTOR)


@pytest.fixture
def paul(app: Flask) -> int:
    return colleague(app, "Paul Post", Role.POSTER)


def in_browser(app: Flask, name: str) -> FlaskClient:
    return signed_in_as(app, f"{name}@city.example")


def press(client: FlaskClient, address: str, **typed: str):
    return client.post(address, data={"csrf_token": csrf_token(client), **typed})


# Accounts


def account_states(session: Session, *, days: int = 0) -> list[EntryState]:
    session.rollback()
    return [account.state for account in list_accounts(session, now=NOW + timedelta(days=days))]


def test_nothing_is_posted_from_an_account_before_a_director_has_agreed(session: Session, ada: int, dora: int):
    key = ask_for_account(session, WANTED, acting=acting(ada))
    assert (account_states(session), open_accounts(session, now=NOW)) == ([EntryState.WAITING], [])
    decide_on_account(session, key, approved=True, acting=acting(dora))
    [opened] = open_accounts(session, now=NOW)
    assert (opened.handle, opened.owner, opened.asked_by) == ("@cityparks", None, "Ada Lovelace")
    close_account(session, key, acting=acting(ada))
    assert (account_states(session), open_accounts(session, now=NOW)) == ([EntryState.ENDED], [])
    kinds = (EventKind.ACCOUNT_REQUESTED, EventKind.ACCOUNT_APPROVED, EventKind.ACCOUNT_CLOSED)
    [asked, approved, closed] = happened(session, *kinds)
    assert (asked[1], asked[2]["url"], asked[2]["asked_by"]) == (f"staff:{ada}", WANTED.url, ada)
    assert approved[1:] == (f"staff:{dora}", {"entry": key})
    assert closed[1:] == (f"staff:{ada}", {"entry": key})


def test_what_is_decided_or_closed_stays_so(session: Session, ada: int, dora: int):
    refused = ask_for_account(session, WANTED, acting=acting(ada))
    decide_on_account(session, refused, approved=False, acting=acting(dora))
    again = ask_for_account(session, WANTED, acting=acting(ada))
    close_account(session, again, acting=acting(ada))
    assert account_states(session) == [EntryState.ENDED, EntryState.REFUSED]
    for key in (refused, again):
        with pytest.raises(EntryDecided):
            decide_on_account(session, key, approved=True, acting=acting(dora))
    with pytest.raises(EntryDecided):
        close_account(session, again, acting=acting(ada))
    with pytest.raises(UnknownEntry):
        close_account(session, 999, acting=acting(ada))


def test_a_director_decides_on_no_account_that_is_theirs_or_that_they_asked_for(
    app: Flask, session: Session, ada: int, dora: int
):
    both = colleague(app, "Bo Both", Role.ADMINISTRATOR, Role.DIRECTOR)
    own = ask_for_account(session, replace(WANTED, owner_id=dora), acting=acting(ada))
    asked = ask_for_account(session, replace(WANTED, handle="@pool"), acting=acting(both))
    for key, director in ((own, dora), (asked, both)):
        with pytest.raises(OwnAccount):
            decide_on_account(session, key, approved=True, acting=acting(director))
    with pytest.raises(NoLongerAllowed):
        decide_on_account(session, own, approved=True, acting=acting(ada))
    decide_on_account(session, own, approved=True, acting=acting(both))
    assert [account.owner for account in open_accounts(session, now=NOW)] == ["Dora Director"]


def test_a_platform_that_is_closed_closes_its_accounts(session: Session, ada: int, dora: int):
    decide_on_account(session, ask_for_account(session, WANTED, acting=acting(ada)), approved=True, acting=acting(dora))
    close_platform(session, "facebook", by="test", now=NOW + timedelta(days=1))
    assert account_states(session) == [EntryState.IN_FORCE]
    assert account_states(session, days=1) == [EntryState.ENDED]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"platform": "elsewhere"}, "platform"),
        ({"owner_id": 999}, "owner"),
        ({"url": "https://facebook.example/cityparks"}, "url"),
        ({"handle": "@CITYPARKS"}, "handle"),
    ],
)
def test_an_account_that_cannot_be_is_not_asked_for(session: Session, ada: int, change: dict, field: str):
    ask_for_account(session, WANTED, acting=acting(ada))
    with pytest.raises(EntryWrong) as wrong:
        ask_for_account(session, replace(replace(WANTED, handle="@pool"), **change), acting=acting(ada))
    assert wrong.value.field == field


@ON_ONE_DATABASE
def test_from_the_request_for_an_account_to_its_end_on_the_page(app: Flask, ada: int, dora: int, paul: int):
    assert min(ada, dora, paul)
    administrator, director, poster = (in_browser(app, name) for name in ("ada", "dora", "paul"))
    assert "No account is approved yet" in poster.get("/accounts").text
    typed = {
        "platform": "facebook", "owner": str(paul), "handle": "@paul", "url": "https://www.facebook.com/paul",
        "audience": "Friends", "purposes": "His own news", "retention": "A year",
    }  # fmt: skip
    page = send(administrator, "/accounts/add", **typed | {"url": "https://paul.example", "audience": ""}).text
    assert errors_on(page) == ["audience"]
    assert errors_on(send(administrator, "/accounts/add", **typed | {"url": "https://paul.example"}).text) == ["url"]
    assert errors_on(send(administrator, "/accounts/add", **typed | {"owner": "x"}).text) == ["owner"]
    assert send(administrator, "/accounts/add", **typed).location == "/accounts"
    assert 'class="house-count">1' in director.get("/").text
    assert "Approve<" not in poster.get("/accounts").text
    assert press(director, "/accounts/1/approve").location == "/accounts"
    assert press(director, "/accounts/1/refuse").status_code == 409
    assert 'data-entry="1" data-state="in-force"' in poster.get("/accounts").text
    assert press(administrator, "/accounts/1/close").location == "/accounts"
    assert 'data-entry="1" data-state="ended"' in poster.get("/accounts").text
    assert press(poster, "/accounts/1/close").status_code == 403
