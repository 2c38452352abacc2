"""What must come down now that a permission has ended, and by when? (policy 6.5, II.e, III.g and III.k)"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, NamedTuple

from consent.domain.decision import decide
from consent.domain.facts import Facts, Question
from consent.domain.vocabulary import Channel, Reason, Use


class TakedownAction(StrEnum):
    """What somebody does about it on the platform."""

    TAKE_DOWN = "take-down"
    UNFOLLOW = "unfollow"
    UNFRIEND = "unfriend"
    UNTAG = "untag"


class TakedownOutcome(StrEnum):
    """How a task was closed. Only `gone` says that nothing of it stands any more."""

    CANNOT = "cannot"
    GONE = "gone"
    KEPT = "kept"


ACTION_FOR: Final[dict[Use, TakedownAction]] = {
    Use.FOLLOW: TakedownAction.UNFOLLOW,
    Use.FRIEND: TakedownAction.UNFRIEND,
    Use.TAG: TakedownAction.UNTAG,
}
"""Whatever else was posted is taken down as a whole."""


class Standing(NamedTuple):
    """Somebody in something that stands on a platform, and what it does with them."""

    uses: frozenset[Use]
    platform: str
    channel: Channel
    program: str | None


class Owed(NamedTuple):
    """One task: what must be done, for which uses, and why."""

    action: TakedownAction
    uses: tuple[Use, ...]
    reason: Reason


def owed(facts: Facts, standing: Standing, *, at: datetime) -> tuple[Owed, ...]:
    """What is no longer allowed. What comes down as a whole needs no tag removed from it first."""
    denied = _denied(facts, standing, at)
    down = denied.keys() - ACTION_FOR.keys()
    if down:
        down |= denied.keys() & {Use.TAG}
    whole = {use: reason for use, reason in denied.items() if use in down}
    alone = [_task(ACTION_FOR[use], {use: reason}) for use, reason in denied.items() if use not in down]
    return (*([_task(TakedownAction.TAKE_DOWN, whole)] if whole else []), *alone)


def _denied(facts: Facts, standing: Standing, at: datetime) -> dict[Use, Reason]:
    """In the order of the uses. That a platform was closed since ends nobody's permission."""
    platform = facts.platforms.get(standing.platform)
    if platform is not None:
        facts = replace(facts, platforms={**facts.platforms, standing.platform: platform._replace(approved_until=None)})
    answers = {
        use: decide(facts, Question(use, at, standing.platform, standing.channel.value, standing.program)).reason
        for use in Use
        if use in standing.uses
    }
    return {use: reason for use, reason in answers.items() if reason is not None}


def _task(action: TakedownAction, denied: Mapping[Use, Reason]) -> Owed:
    return Owed(action, tuple(denied), next(iter(denied.values())))


def due_on(opened_at: datetime, days: int, zone: tzinfo) -> date:
    return opened_at.astimezone(zone).date() + timedelta(days=days)


def days_late(due: date, now: datetime, zone: tzinfo) -> int:
    """Below nothing while there is time left."""
    return (now.astimezone(zone).date() - due).days


def still_owed(owing: Iterable[Owed], opened: Mapping[TakedownAction, TakedownOutcome | None]) -> tuple[Owed, ...]:
    """Without what is open, done or cannot be done; what was kept, since it was allowed again, may be owed again.

    `opened` gives the latest task of each kind about the same person in the same post, None while it is open.
    """
    kept = {action for action, outcome in opened.items() if outcome is TakedownOutcome.KEPT}
    settled = opened.keys() - kept
    if TakedownAction.TAKE_DOWN in settled:
        settled |= {TakedownAction.UNTAG}
    return tuple(task for task in owing if task.action not in settled)
