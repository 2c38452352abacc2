"""Does nobody post for the department before a director has agreed, who is neither the person nor whoever asked?"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consent.domain.authorizations import AccessLevel, AuthorizationState
from consent.domain.events import EventKind
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import UnknownPlatform
from consent.services.acting import NoLongerAllowed, OwnAccount
from consent.services.authorizations import (
    AccountWrong,
    AuthorizationDecided,
    AuthorizationOver,
    UnknownAuthorization,
    Wanted,
    approve_posting,
    list_authorizations,
    may_post_on,
    refuse_posting,
    request_posting,
    revoke_posting,
)
from consent.services.platforms import add_platform, close_platform
from consent.settings import Settings
from tests.builders.colleagues import NOW, TODAY, acting, colleague, happened
from tests.builders.pages import ON_ONE_DATABASE, errors_on
from tests.builders.staff import csrf_token, signed_in

WANTED = Wanted("facebook", "@cityparks", AccessLevel.POST, TODAY)
BOTH = (Role.ADMINISTRATOR, Role.DIRECTOR)
DIRECTOR, MANAGER = Permission.APPROVE_POSTING, Permission.MANAGE_STAFF
FORM = {
    "posting-platform": "facebook", "posting-account": "@cityparks", "posting-access": "post",
    "posting-last_day": "2026-12-31",
}  # fmt: skip


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


def asked(session: Session, whom: int, by: int) -> int:
    """The number of what this administrator has just asked for."""
    request_posting(session, whom, WANTED, acting=acting(by))
    return list_authorizations(session, today=TODAY)[0].key


def state(session: Session, key: int, *, days: int = 0) -> AuthorizationState:
    session.rollback()
    today = TODAY + timedelta(days=days)
    [found] = [one for one in list_authorizations(session, today=today) if one.key == key]
    return found.state


def may_post(session: Session, *, days: int = 0) -> list[tuple[int, str]]:
    session.rollback()
    return may_post_on(session, now=NOW + timedelta(days=days), today=TODAY + timedelta(days=days))


def test_what_a_director_approved_lets_them_post_until_its_last_day(session: Session, ada: int, dora: int, paul: int):
    key = asked(session, paul, ada)
    assert (state(session, key), may_post(session)) == (AuthorizationState.WAITING, [])
    approve_posting(session, key, acting=acting(dora))
    assert (state(session, key), may_post(session)) == (AuthorizationState.IN_FORCE, [(paul, "Facebook")])
    assert (state(session, key, days=1), may_post(session, days=1)) == (AuthorizationState.ENDED, [])
    kinds = (EventKind.POSTING_REQUESTED, EventKind.POSTING_APPROVED)
    assert happened(session, *kinds) == [
        (
            "posting-requested",
            f"staff:{ada}",
            {
                "request": key, "staff": paul, "platform": "facebook", "account": "@cityparks", "access": "post",
                "last_day": "2026-07-01",
            },
        ),
        ("posting-approved", f"staff:{dora}", {"request": key, "staff": paul}),
    ]  # fmt: skip


def test_what_was_refused_lets_nobody_post(session: Session, ada: int, dora: int, paul: int):
    key = asked(session, paul, ada)
    refuse_posting(session, key, acting=acting(dora))
    assert (state(session, key), may_post(session)) == (AuthorizationState.REFUSED, [])
    for decide in (approve_posting, refuse_posting):
        with pytest.raises(AuthorizationDecided):
            decide(session, key, acting=acting(dora))
    with pytest.raises(AuthorizationDecided):
        revoke_posting(session, key, permission=DIRECTOR, acting=acting(dora))


@pytest.mark.parametrize("permission", [DIRECTOR, MANAGER])
def test_either_revokes_at_once_and_for_good(session: Session, ada: int, dora: int, paul: int, permission: Permission):
    key = asked(session, paul, ada)
    approve_posting(session, key, acting=acting(dora))
    by = acting(dora if permission is DIRECTOR else ada)
    assert revoke_posting(session, key, permission=permission, acting=by) == paul
    assert (state(session, key), may_post(session)) == (AuthorizationState.REVOKED, [])
    with pytest.raises(AuthorizationDecided):
        revoke_posting(session, key, permission=permission, acting=by)
    with pytest.raises(AuthorizationDecided):
        approve_posting(session, key, acting=acting(dora))


def test_a_platform_that_is_closed_takes_every_authorization_with_it(session: Session, ada: int, dora: int, paul: int):
    approve_posting(session, asked(session, paul, ada), acting=acting(dora))
    close_platform(session, "facebook", by="test", now=NOW)
    assert may_post(session) == []


def test_nobody_asks_for_themself_and_nobody_decides_on_their_own(app: Flask, session: Session, ada: int, paul: int):
    """However many roles somebody holds."""
    both, other = colleague(app, "Bo Both", *BOTH), colleague(app, "Oz Other", *BOTH)
    with pytest.raises(OwnAccount):
        request_posting(session, both, WANTED, acting=acting(both))
    session.rollback()
    own, theirs = asked(session, paul, both), asked(session, both, ada)
    for key in (own, theirs):
        for decide in (approve_posting, refuse_posting):
            with pytest.raises(OwnAccount):
                decide(session, key, acting=acting(both))
            session.rollback()
    approve_posting(session, theirs, acting=acting(other))
    with pytest.raises(OwnAccount):
        revoke_posting(session, theirs, permission=DIRECTOR, acting=acting(both))
    assert may_post(session) == [(both, "Facebook")]


def test_who_is_no_director_decides_on_nothing(session: Session, ada: int, paul: int):
    key = asked(session, paul, ada)
    for decide in (approve_posting, refuse_posting):
        with pytest.raises(NoLongerAllowed):
            decide(session, key, acting=acting(ada))
    with pytest.raises(NoLongerAllowed):
        request_posting(session, ada, WANTED, acting=acting(paul))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"platform": "elsewhere"}, UnknownPlatform),
        ({"account": " "}, AccountWrong),
        ({"account": "a\u202eb"}, AccountWrong),
        ({"last_day": TODAY - timedelta(days=1)}, AuthorizationOver),
    ],
)
def test_what_cannot_be_is_not_asked_for(session: Session, ada: int, paul: int, change: dict, refusal: type):
    wanted = Wanted(**({name: getattr(WANTED, name) for name in WANTED.__slots__} | change))
    with pytest.raises(refusal):
        request_posting(session, paul, wanted, acting=acting(ada))
    assert list_authorizations(session, today=TODAY) == []


def test_what_is_over_is_not_approved_any_more(session: Session, ada: int, dora: int, paul: int):
    key = asked(session, paul, ada)
    tomorrow = acting(dora, now=NOW + timedelta(days=1), today=TODAY + timedelta(days=1))
    with pytest.raises(AuthorizationOver):
        approve_posting(session, key, acting=tomorrow)


def test_nothing_unknown_is_decided_on(session: Session, dora: int):
    with pytest.raises(UnknownAuthorization):
        approve_posting(session, 999, acting=acting(dora))


@ON_ONE_DATABASE
def test_from_the_request_on_a_colleagues_page_to_the_directors_decision(
    app: Flask, session: Session, ada: int, paul: int
):
    assert ada
    administrator = signed_in(app, Role.ADMINISTRATOR, email="admin@city.example")
    director = signed_in(app, Role.DIRECTOR, email="director@city.example")
    press(administrator, f"/staff/{paul}/authorizations", **FORM)
    assert "Waits for a director" in administrator.get(f"/staff/{paul}").text
    assert 'class="house-count">1' in director.get("/").text
    [waiting] = list_authorizations(session, today=TODAY)
    assert "Paul Post" in director.get("/authorizations").text
    assert press(director, f"/authorizations/{waiting.key}/approve").location == "/authorizations"
    assert "May post on: Facebook" in administrator.get("/staff").text
    assert press(administrator, f"/staff/authorizations/{waiting.key}/revoke").location == f"/staff/{paul}"
    assert "May post on: Facebook" not in administrator.get("/staff").text
    page = director.get("/authorizations").text
    assert "Nobody may post for the department at present" in page
    assert "Revoked" in page
    assert press(director, f"/authorizations/{waiting.key}/revoke").status_code == 409


@ON_ONE_DATABASE
def test_a_director_refuses_revokes_and_leaves_their_own_to_another(app: Flask, session: Session, ada: int, paul: int):
    assert ada
    both = signed_in(app, *BOTH, email="both@city.example")
    other = signed_in(app, Role.DIRECTOR, email="other@city.example")
    for _ in range(2):
        press(both, f"/staff/{paul}/authorizations", **FORM)
    second, first = (one.key for one in list_authorizations(session, today=TODAY))
    assert "Another director decides" in both.get("/authorizations").text
    assert press(both, f"/authorizations/{first}/approve").status_code == 409
    assert press(other, f"/authorizations/{first}/refuse").status_code == 303
    assert press(other, f"/authorizations/{second}/approve").status_code == 303
    assert press(other, f"/authorizations/{second}/revoke").status_code == 303
    assert may_post(session) == []


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"posting-platform": ""}, "posting-platform"),
        ({"posting-platform": "elsewhere"}, "posting-platform"),
        ({"posting-account": ""}, "posting-account"),
        ({"posting-account": "a\u202eb"}, "posting-account"),
        ({"posting-access": "own"}, "posting-access"),
        ({"posting-last_day": ""}, "posting-last_day"),
        ({"posting-last_day": "2026-06-30"}, "posting-last_day"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    app: Flask, ada: int, paul: int, typed: dict[str, str], field: str
):
    assert ada
    administrator = signed_in(app, Role.ADMINISTRATOR, email="admin@city.example")
    page = press(administrator, f"/staff/{paul}/authorizations", **(FORM | typed)).text
    assert errors_on(page) == [field]
    assert 'value="Paul Post"' in page
    assert (FORM | typed)["posting-account"] in page


def press(client: FlaskClient, address: str, **typed: str):
    return client.post(address, data={"csrf_token": csrf_token(client), **typed})
