"""Is whoever guesses slowed down, and whoever only mistyped let in again?"""

from datetime import UTC, datetime, timedelta

import pytest

from consent.domain.throttle import (
    HOUR,
    KEPT,
    LIMITS,
    MINUTE,
    Guesses,
    Rate,
    Scope,
    Tries,
    one_more,
    wait_before,
)

NOON = datetime(2026, 7, 1, 19, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PASSWORD = LIMITS[Scope.SIGN_IN]


def after(count: int, limit: Guesses | Rate, *, apart: timedelta = timedelta()) -> Tries | None:
    """The count after so many tries, made as soon as each is let."""
    tries, now = None, NOON
    for _ in range(count):
        now += wait_before(tries, limit, now) or apart
        tries = one_more(tries, limit, now)
    return tries


@pytest.mark.parametrize("scope", Scope)
def test_every_scope_has_a_limit_that_ends_and_is_forgotten_before_its_count_is(scope: Scope):
    limit = LIMITS[scope]
    worn_out = after(limit.free, limit)
    assert wait_before(after(limit.free - 1, limit), limit, NOON) is None
    wait = wait_before(worn_out, limit, NOON)
    assert timedelta() < wait <= 15 * MINUTE
    assert wait_before(worn_out, limit, NOON + wait) is None
    assert limit.begins_anew_at(worn_out) - NOON <= KEPT


def test_five_wrong_passwords_are_free_and_then_each_waits_twice_as_long_up_to_five_minutes():
    waits = []
    for count in range(4, 10):
        tries = after(count, PASSWORD)
        waits.append(wait_before(tries, PASSWORD, tries.last_at))
    assert waits == [None, MINUTE, 2 * MINUTE, 4 * MINUTE, 5 * MINUTE, 5 * MINUTE]
    assert wait_before(Tries(10**6, NOON, NOON), PASSWORD, NOON) == 5 * MINUTE


def test_after_a_quiet_hour_all_is_forgotten():
    tries = after(9, PASSWORD)
    assert one_more(tries, PASSWORD, tries.last_at + HOUR - SECOND).count == 10
    quiet = tries.last_at + HOUR
    assert wait_before(tries, PASSWORD, quiet) is None
    assert one_more(tries, PASSWORD, quiet) == Tries(1, quiet, quiet)


def test_guessing_as_fast_as_it_is_let_stays_below_three_hundred_tries_a_day():
    tries = after(300, PASSWORD)
    assert tries.last_at - NOON > timedelta(days=1)


def test_a_rate_begins_with_the_first_try_and_ends_with_its_stretch():
    limit = LIMITS[Scope.TOKEN_LOOK_UP]
    tries = after(30, limit, apart=SECOND)
    assert wait_before(tries, limit, tries.last_at) == MINUTE - 29 * SECOND
    assert one_more(tries, limit, tries.began_at + MINUTE).count == 1


def test_whoever_asks_steadily_below_the_rate_never_waits():
    limit = LIMITS[Scope.TOKEN_LOOK_UP]
    now, tries = NOON, None
    for _ in range(200):
        now += timedelta(seconds=2.1)
        assert wait_before(tries, limit, now) is None
        tries = one_more(tries, limit, now)


def test_a_clock_that_was_set_back_shuts_nobody_out():
    tries = after(9, PASSWORD)
    an_hour_ago = NOON - HOUR
    assert wait_before(tries, PASSWORD, an_hour_ago) is None
    assert one_more(tries, PASSWORD, an_hour_ago) == Tries(1, an_hour_ago, an_hour_ago)


def test_two_servers_whose_clocks_differ_by_seconds_count_together():
    tries = after(5, PASSWORD)
    assert wait_before(tries, PASSWORD, NOON - 2 * SECOND) == MINUTE + 2 * SECOND
    assert one_more(tries, PASSWORD, NOON - 2 * SECOND) == Tries(6, NOON, NOON)
