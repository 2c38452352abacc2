"""May this guardianship be put on file? What the front desk must have seen, and how long it may last at most.

A power of attorney lasts at most six months, or twelve for somebody on active duty (A.R.S. 14-5104). An import is not
asked: what another system holds is stored, and the rule judges it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime
from typing import Final

from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Relationship

MONTHS_OF_ATTORNEY: Final = 6
MONTHS_ON_ACTIVE_DUTY: Final = 12
MONTHS_A_YEAR: Final = 12


class OrderNotSeen(ConsentError):
    """Nobody but a parent is a guardian without papers, and nobody past 18 without a court's order."""


class EndNeeded(ConsentError):
    """A power of attorney always ends."""


class LastsTooLong(ConsentError):
    """The power of attorney would outlast what the law allows."""

    def __init__(self, latest: date) -> None:
        super().__init__(f"This power of attorney can last until {latest.isoformat()} at the longest.")
        self.latest = latest


class EndsBeforeItStarts(ConsentError):
    """What ends must have begun."""


class Overlaps(ConsentError):
    """The same two people have a guardianship already at that time."""

    def __init__(self, since: datetime, until: datetime | None) -> None:
        super().__init__("These two people already have a guardianship at that time.")
        self.since, self.until = since, until


@dataclass(frozen=True, slots=True)
class Authority:
    """What the desk was told and shown. Both days are included."""

    relationship: Relationship
    first_day: date
    last_day: date | None = None
    active_duty: bool = False
    order_seen: bool = False
    beyond_majority: bool = False


def check_authority(authority: Authority) -> None:
    """Raises OrderNotSeen, EndsBeforeItStarts, EndNeeded or LastsTooLong."""
    if (authority.relationship is not Relationship.PARENT or authority.beyond_majority) and not authority.order_seen:
        raise OrderNotSeen("The front desk must have seen the order or the power of attorney.")
    if authority.last_day is not None and authority.last_day < authority.first_day:
        raise EndsBeforeItStarts("The last day is before the first.")
    if authority.relationship is not Relationship.POWER_OF_ATTORNEY:
        return
    if authority.last_day is None:
        raise EndNeeded("A power of attorney has a last day.")
    latest = latest_day(authority)
    if authority.last_day > latest:
        raise LastsTooLong(latest)


def latest_day(authority: Authority) -> date:
    """The last day a power of attorney may have: the day before the same day of the month, so many months on."""
    months = MONTHS_ON_ACTIVE_DUTY if authority.active_duty else MONTHS_OF_ATTORNEY
    return date.fromordinal(_months_later(authority.first_day, months).toordinal() - 1)


def check_overlap(since: datetime, until: datetime | None, others: Iterable[tuple[datetime, datetime | None]]) -> None:
    """Half-open: where one ends the next may start. Raises Overlaps."""
    for other_since, other_until in others:
        if (other_until is None or since < other_until) and (until is None or other_since < until):
            raise Overlaps(other_since, other_until)


def _months_later(day: date, months: int) -> date:
    """The first of the next month stands in for a day that the month does not have."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if year > MAXYEAR:
        return date.max
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return _months_later(day.replace(day=1), months + 1)
