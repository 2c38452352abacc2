"""Is exactly that taken down which is no longer allowed, in the way that fits what was done with somebody?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from consent.domain.facts import Facts, Hold, Withdrawal
from consent.domain.takedowns import (
    Owed,
    Standing,
    TakedownAction,
    TakedownOutcome,
    days_late,
    due_on,
    owed,
    still_owed,
)
from consent.domain.vocabulary import Channel, Reason, Use
from tests.builders.facts import BOTH_CHANNELS, NOW, a_yes, facts

SIGNED = a_yes(channels=BOTH_CHANNELS)
PHOENIX = timezone(timedelta(hours=-7))


def standing(*uses: Use, platform: str = "instagram", channel: Channel = Channel.DEPARTMENT) -> Standing:
    return Standing(frozenset(uses), platform, channel, None)


def withdrawn(*uses: Use) -> Facts:
    """Of these uses, or of all."""
    taken_back = Withdrawal(SIGNED.signer, NOW - timedelta(hours=1), frozenset(uses) or None)
    return facts(SIGNED, taken_back)


@pytest.mark.parametrize(
    ("use", "action"),
    [
        (Use.PHOTO, TakedownAction.TAKE_DOWN),
        (Use.VIDEO, TakedownAction.TAKE_DOWN),
        (Use.NAME, TakedownAction.TAKE_DOWN),
        (Use.MESSAGE, TakedownAction.TAKE_DOWN),
        (Use.REPOST, TakedownAction.TAKE_DOWN),
        (Use.TAG, TakedownAction.UNTAG),
        (Use.FRIEND, TakedownAction.UNFRIEND),
        (Use.FOLLOW, TakedownAction.UNFOLLOW),
    ],
)
def test_each_use_is_undone_in_its_own_way(use: Use, action: TakedownAction):
    assert owed(facts(SIGNED), standing(use), at=NOW) == ()
    assert owed(withdrawn(), standing(use), at=NOW) == (Owed(action, (use,), Reason.WITHDRAWN),)


def test_what_comes_down_as_a_whole_needs_no_tag_removed_first_and_a_friend_is_another_matter():
    everything = standing(*Use)
    assert [(task.action, task.uses) for task in owed(withdrawn(), everything, at=NOW)] == [
        (TakedownAction.TAKE_DOWN, (Use.RECORD, Use.PHOTO, Use.VIDEO, Use.NAME, Use.TAG, Use.MESSAGE, Use.REPOST)),
        (TakedownAction.UNFRIEND, (Use.FRIEND,)),
        (TakedownAction.UNFOLLOW, (Use.FOLLOW,)),
    ]
    assert [task.action for task in owed(withdrawn(Use.TAG), everything, at=NOW)] == [TakedownAction.UNTAG]


def test_that_a_platform_was_closed_ends_nobodys_permission_and_hides_no_withdrawal():
    closed = {key: one._replace(approved_until=NOW - timedelta(days=1)) for key, one in facts().platforms.items()}
    assert owed(replace(facts(SIGNED), platforms=closed), standing(Use.PHOTO), at=NOW) == ()
    [task] = owed(replace(withdrawn(), platforms=closed), standing(Use.PHOTO), at=NOW)
    assert task.reason is Reason.WITHDRAWN
    [task] = owed(facts(SIGNED), standing(Use.PHOTO, platform="nowhere"), at=NOW)
    assert task.reason is Reason.PLATFORM_NOT_APPROVED


def test_another_account_of_the_same_platform_is_asked_about_for_itself():
    department_only = facts(a_yes())
    assert owed(department_only, standing(Use.PHOTO), at=NOW) == ()
    [task] = owed(department_only, standing(Use.PHOTO, channel=Channel.PERSONAL), at=NOW)
    assert task.reason is Reason.OUT_OF_SCOPE


def test_a_hold_takes_everything_down():
    [task] = owed(facts(SIGNED, Hold(NOW - timedelta(hours=1))), standing(Use.PHOTO), at=NOW)
    assert task == Owed(TakedownAction.TAKE_DOWN, (Use.PHOTO,), Reason.HOLD)


@pytest.mark.parametrize(
    ("outcome", "again"),
    [(None, False), (TakedownOutcome.GONE, False), (TakedownOutcome.CANNOT, False), (TakedownOutcome.KEPT, True)],
)
def test_only_what_was_kept_with_a_permission_is_owed_once_more(outcome: TakedownOutcome | None, again: bool):
    down = Owed(TakedownAction.TAKE_DOWN, (Use.PHOTO,), Reason.WITHDRAWN)
    untag = Owed(TakedownAction.UNTAG, (Use.TAG,), Reason.WITHDRAWN)
    expected = (down, untag) if again else ()
    assert still_owed((down, untag), {TakedownAction.TAKE_DOWN: outcome}) == expected
    assert still_owed((down, untag), {}) == (down, untag)


def test_days_are_those_of_the_registrys_own_clock():
    late_in_the_evening = datetime(2026, 7, 2, 6, 59, tzinfo=UTC)
    assert due_on(late_in_the_evening, 2, PHOENIX) == date(2026, 7, 3)
    assert days_late(date(2026, 7, 1), late_in_the_evening, PHOENIX) == 0
    assert days_late(date(2026, 7, 1), late_in_the_evening + timedelta(minutes=1), PHOENIX) == 1
