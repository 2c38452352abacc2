"""What do the department's registers say of their entries: asked for, approved, in force, lapsing or over?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

LAPSES_SOON: Final = timedelta(days=60)


class StaffKind(StrEnum):
    """How somebody works for the department; the policy and the post gate treat all alike."""

    CONTRACTOR = "contractor"
    EMPLOYEE = "employee"
    INTERN = "intern"
    VOLUNTEER = "volunteer"


class EntryState(StrEnum):
    """How an entry of a register stands on one day."""

    AHEAD = "ahead"
    ENDED = "ended"
    IN_FORCE = "in-force"
    LAPSED = "lapsed"
    LAPSES_SOON = "lapses-soon"
    REFUSED = "refused"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a request: no decision yet, or a director's yes or no."""

    approved: bool | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """From its first day to its last, both included; without a last day it stays until somebody ends it."""

    starts: date
    last_day: date | None = None
    ended_at: datetime | None = None


def asked_state(asked: Asked) -> EntryState:
    """Nothing counts before a director has approved it, or after it is ended."""
    if asked.ended_at:
        return EntryState.ENDED
    if asked.approved is None:
        return EntryState.WAITING
    return EntryState.IN_FORCE if asked.approved else EntryState.REFUSED


def days_state(days: Days, *, today: date) -> EntryState:
    """Whoever ended it has the last word; then its days."""
    if days.ended_at:
        return EntryState.ENDED
    if days.last_day is not None and today > days.last_day:
        return EntryState.LAPSED
    return EntryState.AHEAD if today < days.starts else EntryState.IN_FORCE


def lapses_soon(last_day: date, *, today: date) -> bool:
    return today <= last_day <= today + LAPSES_SOON
