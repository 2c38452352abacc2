"""What became of a post that had to come down: is it gone, can it not be, or may it stay after all?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.values import show_instant
from consent.domain.permissions import Permission, Role, permissions_of
from consent.domain.refusals import ConsentError, InTheFuture, UnknownRecord
from consent.domain.staff import StaffState
from consent.domain.takedowns import TakedownAction, TakedownOutcome
from consent.services.acting import UnknownStaff
from consent.services.ledger import Event, record, record_all
from consent.services.staff_list import list_colleagues
from consent.services.takedowns import as_tasks
from consent.storage import takedowns as stored
from consent.storage.database import begin_writing
from consent.storage.models import TakedownAssignment, TakedownClosing

GONE_WITH_IT = frozenset({TakedownAction.TAKE_DOWN, TakedownAction.UNTAG})
"""Where the whole post is gone, these need nothing more, for whomever they were opened."""


class ClosedAlready(ConsentError):
    """Somebody has closed this task."""


class NotAllowedAgain(ConsentError):
    """It may stay only where it is allowed again."""


class GoneBeforePosted(ConsentError):
    """Nothing is gone before it was posted."""


class StaffNotAsked(ConsentError):
    """Whatever the department posted, staff may have posted once more (policy 6.5, III.g)."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What somebody says became of it: gone since then, or why not."""

    outcome: TakedownOutcome
    gone_at: datetime | None = None
    reposts_asked: bool = False
    note: str = ""


def assign_task(
    session: Session, key: int, staff_id: int, *, assigned_by: int, by: str, today: date, now: datetime
) -> None:
    """From now on it is theirs. Raises UnknownRecord, UnknownStaff or ClosedAlready."""
    begin_writing(session)
    row = _find_open(session, key)
    if staff_id not in who_may_own(session, now=now, today=today):
        raise UnknownStaff("Nobody who corrects posts has this number.")
    if staff_id == row.owner_id:
        session.rollback()
        return
    session.add(TakedownAssignment(takedown_id=key, staff_id=staff_id, assigned_by=assigned_by, assigned_at=now))
    content = {"takedown": key, "to": f"staff:{staff_id}"}
    record(session, Event(EventKind.TAKEDOWN_ASSIGNED, content, row.Patron.external_id), by=by, now=now)
    session.commit()


def close_task(
    session: Session, key: int, closing: Closing, *, staff_id: int, by: str, zone: tzinfo, now: datetime
) -> int:
    """How many were closed: with a whole post that is gone, every task that it leaves nothing to do for.

    Raises UnknownRecord, ClosedAlready, InTheFuture, GoneBeforePosted, StaffNotAsked or NotAllowedAgain.
    """
    begin_writing(session)
    row = _find_open(session, key)
    _refuse_what_cannot_be(session, row, closing, zone, now)
    keys = {key: row.Patron.external_id}
    if row.Takedown.action == TakedownAction.TAKE_DOWN.value and closing.outcome is TakedownOutcome.GONE:
        keys |= stored.open_in_post(session, row.Post.id, GONE_WITH_IT)
    session.add_all(
        TakedownClosing(
            takedown_id=one,
            outcome=closing.outcome.value,
            gone_at=closing.gone_at,
            reposts_asked=closing.reposts_asked,
            note=closing.note,
            closed_by=staff_id,
            closed_at=now,
        )
        for one in keys
    )
    record_all(session, [_event(one, patron, closing) for one, patron in keys.items()], by=by, now=now)
    session.commit()
    return len(keys)


def who_may_own(session: Session, *, now: datetime, today: date) -> dict[int, str]:
    """Everybody at work who corrects posts, by name."""
    return {
        colleague.id: colleague.name
        for colleague in list_colleagues(session, now=now, today=today)
        if colleague.state is StaffState.ACTIVE and _corrects(colleague.roles)
    }


def _corrects(roles: Iterable[Role]) -> bool:
    return Permission.CORRECT_POSTS in permissions_of(roles)


def _refuse_what_cannot_be(
    session: Session, row: Row[*tuple[Any, ...]], closing: Closing, zone: tzinfo, now: datetime
) -> None:
    if closing.gone_at is not None and closing.gone_at > now:
        raise InTheFuture("What is gone is gone by now.")
    if closing.gone_at is not None and closing.gone_at < row.Post.posted_at:
        raise GoneBeforePosted("It was posted later than that.")
    [task] = as_tasks(session, [row], frozenset(), zone, now)
    if closing.outcome is TakedownOutcome.GONE and task.reposts_follow and not closing.reposts_asked:
        raise StaffNotAsked("Ask staff to remove what they reposted.")
    if closing.outcome is TakedownOutcome.KEPT and not task.allowed_again:
        raise NotAllowedAgain("It is still not allowed.")


def _find(session: Session, key: int) -> Row[*tuple[Any, ...]]:
    row = stored.find_takedown(session, key)
    if row is None:
        raise UnknownRecord("No takedown has this number.")
    return row


def _find_open(session: Session, key: int) -> Row[*tuple[Any, ...]]:
    row = _find(session, key)
    if row.TakedownClosing is not None:
        raise ClosedAlready("Somebody has closed this already.")
    return row


def _event(key: int, patron: str, closing: Closing) -> Event:
    told: Mapping[str, object] = {
        "takedown": key,
        "outcome": closing.outcome.value,
        "gone_at": closing.gone_at and show_instant(closing.gone_at),
        "reposts_asked": closing.reposts_asked,
        "note": closing.note,
    }
    return Event(EventKind.TAKEDOWN_CLOSED, told, patron)
