"""What must come down, whose task is it, by when, and what became of it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.permissions import Permission
from consent.domain.refusals import UnknownRecord
from consent.domain.shown import reason_for
from consent.domain.takedowns import Standing, TakedownAction, TakedownOutcome, days_late, owed
from consent.domain.vocabulary import Channel, Reason, Use
from consent.storage import takedowns as stored
from consent.storage.models import TakedownClosing
from consent.storage.patron_facts import read_facts


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of it, with who said so and when."""

    outcome: TakedownOutcome
    gone_at: datetime | None
    reposts_asked: bool
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, as somebody may read it. `allowed_again` says that nothing would be owed any more."""

    key: int
    action: TakedownAction
    uses: tuple[Use, ...]
    reason: Reason
    patron: str
    name: str
    what: str
    clearance: str
    url: str
    account: str
    platform_name: str
    by_department: bool
    posted_at: datetime
    opened_at: datetime
    due_on: date
    days_late: int
    owner_id: int
    owner: str
    allowed_again: bool
    closed: Closed | None

    @property
    def overdue(self) -> bool:
        return self.closed is None and self.days_late > 0

    @property
    def reposts_follow(self) -> bool:
        """Whether staff may have posted it once more from their own accounts."""
        return self.action is TakedownAction.TAKE_DOWN and self.by_department


def list_open(session: Session, *, permissions: frozenset[Permission], zone: tzinfo, now: datetime) -> list[Task]:
    """What is most overdue first."""
    return as_tasks(session, stored.open_takedowns(session), permissions, zone, now)


def list_closed(session: Session, *, permissions: frozenset[Permission], zone: tzinfo, now: datetime) -> list[Task]:
    """The latest first."""
    return as_tasks(session, stored.closed_takedowns(session), permissions, zone, now)


def tasks_about(
    session: Session,
    *,
    patron: str | None = None,
    clearance: str | None = None,
    permissions: frozenset[Permission],
    zone: tzinfo,
    now: datetime,
) -> list[Task]:
    """Of one person, or of the post of one clearance."""
    rows = stored.takedowns_about(session, patron=patron, clearance=clearance)
    return as_tasks(session, rows, permissions, zone, now)


def open_task(session: Session, key: int, *, permissions: frozenset[Permission], zone: tzinfo, now: datetime) -> Task:
    """Raises UnknownRecord."""
    row = stored.find_takedown(session, key)
    if row is None:
        raise UnknownRecord("No takedown has this number.")
    return as_tasks(session, [row], permissions, zone, now)[0]


def next_after(session: Session, key: int) -> int:
    """Whichever stands below it in the list, else whichever stands on top."""
    keys = list(stored.open_keys(session))
    below = keys[keys.index(key) + 1 :] if key in keys else []
    return (below or keys or [key])[0]


def how_many_open(session: Session) -> int:
    return stored.how_many_open(session)


def how_many_overdue(session: Session, *, zone: tzinfo, now: datetime) -> int:
    return stored.how_many_open(session, due_before=now.astimezone(zone).date())


def as_tasks(
    session: Session,
    rows: Sequence[Row[*tuple[Any, ...]]],
    permissions: frozenset[Permission],
    zone: tzinfo,
    now: datetime,
) -> list[Task]:
    """Whether each would be owed still, in one statement for all of them."""
    uses = {use for row in rows for use in row.Takedown.uses.split()}
    people = {row.Patron.id for row in rows if row.TakedownClosing is None}
    facts = read_facts(session.connection(), people, uses, zone=zone)
    return [
        _task(row, permissions, zone, now, allowed_again=_allowed_again(row, facts.get(row.Patron.id), now))
        for row in rows
    ]


def _allowed_again(row: Row[*tuple[Any, ...]], facts: Any, now: datetime) -> bool:
    if facts is None:
        return False
    standing = Standing(_uses(row), row.Platform.external_id, _channel(row), row.program)
    return not owed(facts, standing, at=now)


def _uses(row: Row[*tuple[Any, ...]]) -> frozenset[Use]:
    return frozenset(Use(word) for word in row.Takedown.uses.split())


def _channel(row: Row[*tuple[Any, ...]]) -> Channel:
    return Channel.DEPARTMENT if row.PlatformAccount.owner_id is None else Channel.PERSONAL


def _task(
    row: Row[*tuple[Any, ...]], permissions: frozenset[Permission], zone: tzinfo, now: datetime, *, allowed_again: bool
) -> Task:
    takedown, patron, uses = row.Takedown, row.Patron, _uses(row)
    return Task(
        key=takedown.id,
        action=TakedownAction(takedown.action),
        uses=tuple(use for use in Use if use in uses),
        reason=_shown(Reason(takedown.reason), permissions),
        patron=patron.external_id,
        name=f"{patron.first_name} {patron.last_name}",
        what=row.Clearance.what,
        clearance=row.Clearance.number,
        url=row.Post.url,
        account=row.PlatformAccount.handle,
        platform_name=row.Platform.name,
        by_department=_channel(row) is Channel.DEPARTMENT,
        posted_at=row.Post.posted_at,
        opened_at=takedown.opened_at,
        due_on=takedown.due_on,
        days_late=days_late(takedown.due_on, now, zone),
        owner_id=row.owner_id,
        owner=row.owner,
        allowed_again=allowed_again,
        closed=_closed(row.TakedownClosing, row.closed_by),
    )


def _shown(reason: Reason, permissions: frozenset[Permission]) -> Reason:
    """A hold is told to nobody without the right to it, not even to those who read other reasons."""
    if reason is Reason.HOLD and Permission.SEE_HOLDS not in permissions:
        return Reason.REFUSED
    return reason_for(reason, permissions)


def _closed(closing: TakedownClosing | None, by: str) -> Closed | None:
    if closing is None:
        return None
    outcome = TakedownOutcome(closing.outcome)
    return Closed(outcome, closing.gone_at, closing.reposts_asked, closing.note, by, closing.closed_at)
