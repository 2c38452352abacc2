"""Who is trained, and until when? Entered by an administrator, never about themself. (policy 6.5, II.e)"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.registers import Days, EntryState, days_state, lapses_soon
from consent.services.acting import Acting, begin_as
from consent.services.registers import EntryWrong, Fault, end_entry, find_entry, for_a_colleague, record_entry
from consent.storage import registers as stored
from consent.storage.models import Training

LASTS: Final = timedelta(days=365)
"""So long a training counts where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Trained:
    """One training, for a page. `is_last` is the one of theirs that counts longest."""

    key: int
    staff_id: int
    person: str
    course: str
    taken_on: date
    valid_until: date
    entered_by: str
    state: EntryState
    is_last: bool


def list_trainings(session: Session, *, today: date) -> list[Trained]:
    """The one that counts longest first; those that lapse within sixty days say so."""
    found, seen = [], set()
    for training, person, giver in stored.trainings(session):
        state = days_state(Days(training.taken_on, training.valid_until, training.ended_at), today=today)
        is_last = training.ended_at is None and training.staff_id not in seen
        if is_last:
            seen.add(training.staff_id)
            if state is EntryState.IN_FORCE and lapses_soon(training.valid_until, today=today):
                state = EntryState.LAPSES_SOON
        found.append(
            Trained(
                training.id,
                training.staff_id,
                person,
                training.course,
                training.taken_on,
                training.valid_until,
                giver,
                state,
                is_last,
            )
        )
    return found


def whose_training_lapses(session: Session, *, today: date) -> list[Trained]:
    """Of everybody the last that they have, where it is over or soon will be; the first to lapse first."""
    lapsing = {EntryState.LAPSED, EntryState.LAPSES_SOON}
    return [one for one in reversed(list_trainings(session, today=today)) if one.is_last and one.state in lapsing]


def add_training(
    session: Session, staff_id: int, course: str, taken_on: date, valid_until: date | None, *, acting: Acting
) -> int:
    """Gives its number. Raises EntryWrong."""
    begin_as(session, acting, Permission.KEEP_TRAINING)
    for_a_colleague(session, staff_id, acting)
    if taken_on > acting.today:
        raise EntryWrong("taken_on", Fault.AHEAD)
    until = valid_until or taken_on + LASTS
    if until < taken_on:
        raise EntryWrong("valid_until", Fault.ENDS_BEFORE_IT_STARTS)
    row = Training(
        staff_id=staff_id,
        course=course,
        taken_on=taken_on,
        valid_until=until,
        added_by=acting.staff_id,
        added_at=acting.now,
    )
    key = record_entry(session, row, EventKind.TRAINING_ADDED, by=acting.by, now=acting.now)
    session.commit()
    return key


def take_training_back(session: Session, key: int, *, acting: Acting) -> None:
    """It was entered by mistake. Raises UnknownEntry or EntryDecided."""
    begin_as(session, acting, Permission.KEEP_TRAINING)
    end_entry(session, find_entry(session, Training, key), EventKind.TRAINING_ENDED, acting=acting)
