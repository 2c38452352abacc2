"""Is this member of staff in today: active, invited and not yet in, ended or suspended?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

INVITATION_LIVES: Final = timedelta(days=7)


class StaffState(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"
    INVITED = "invited"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Standing:
    """`invited_at` is when their one-time address was made; `has_entered` whether they have chosen a password since."""

    active: bool
    has_entered: bool
    invited_at: datetime | None = None
    last_day: date | None = None


def staff_state(standing: Standing, *, now: datetime, today: date) -> StaffState:
    """Who was let go is suspended, whatever else is true of them."""
    if not standing.active:
        return StaffState.SUSPENDED
    if is_over(standing.last_day, today):
        return StaffState.ENDED
    if standing.has_entered:
        return StaffState.ACTIVE
    lapsed = standing.invited_at is None or now >= standing.invited_at + INVITATION_LIVES
    return StaffState.LAPSED if lapsed else StaffState.INVITED


def is_over(last_day: date | None, today: date) -> bool:
    """From the midnight that ends their last day, somebody is out."""
    return last_day is not None and today > last_day
