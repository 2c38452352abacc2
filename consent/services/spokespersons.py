"""Who speaks for the city? Whom a director names, from one day to another. (policy 6.5, III.c)"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.registers import Days, EntryState, days_state
from consent.services.acting import Acting, begin_as
from consent.services.registers import check_days, end_entry, find_entry, for_a_colleague, record_entry
from consent.storage import registers as stored
from consent.storage.models import Spokesperson


@dataclass(frozen=True, slots=True)
class Named:
    """One spokesperson, for a page."""

    key: int
    person: str
    starts: date
    last_day: date
    named_by: str
    state: EntryState


def list_spokespersons(session: Session, *, today: date) -> list[Named]:
    """The latest to end first."""
    return [
        Named(
            one.id,
            person,
            one.starts,
            one.last_day,
            giver,
            days_state(Days(one.starts, one.last_day, one.ended_at), today=today),
        )
        for one, person, giver in stored.spokespersons(session)
    ]


def name_spokesperson(session: Session, staff_id: int, starts: date, last_day: date, *, acting: Acting) -> int:
    """Gives the entry's number. Raises EntryWrong."""
    begin_as(session, acting, Permission.NAME_SPOKESPERSONS)
    for_a_colleague(session, staff_id, acting)
    check_days(starts, last_day, today=acting.today)
    row = Spokesperson(
        staff_id=staff_id, starts=starts, last_day=last_day, named_by=acting.staff_id, named_at=acting.now
    )
    key = record_entry(session, row, EventKind.SPOKESPERSON_NAMED, by=acting.by, now=acting.now)
    session.commit()
    return key


def end_spokesperson(session: Session, key: int, *, acting: Acting) -> None:
    """At once. Raises UnknownEntry or EntryDecided."""
    begin_as(session, acting, Permission.NAME_SPOKESPERSONS)
    end_entry(session, find_entry(session, Spokesperson, key), EventKind.SPOKESPERSON_ENDED, acting=acting)
