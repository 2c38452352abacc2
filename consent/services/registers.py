"""How does an entry come into a register of the department, and how does it end? Told in the ledger, never deleted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.ledger import told_instant
from consent.domain.refusals import ConsentError, UnknownProgram
from consent.services.acting import Acting
from consent.services.checks import Asker
from consent.services.ledger import Event, record
from consent.services.programs import open_program
from consent.storage.database import Model
from consent.storage.models import Program
from consent.storage.staff import colleagues

Entry = TypeVar("Entry", bound=Model)
NOT_TOLD = {"ended_at", "id", "pdf"}


class Fault(StrEnum):
    """Why an entry cannot be as it was typed."""

    AHEAD = "ahead"
    ENDS_BEFORE_IT_STARTS = "ends-before-it-starts"
    NOT_AFTER_THE_LAST = "not-after-the-last"
    NOT_ONE_AREA = "not-one-area"
    NOT_ON_ITS_PLATFORM = "not-on-its-platform"
    NOT_TO_CHOOSE = "not-to-choose"
    ONLY_TOLD = "only-told"
    OVER = "over"
    OWN = "own"
    THERE_ALREADY = "there-already"


class EntryWrong(ConsentError):
    """What was typed in one field cannot be."""

    def __init__(self, field: str, fault: Fault) -> None:
        super().__init__(f"{field}: {fault.value.replace('-', ' ')}")
        self.field, self.fault = field, fault


class UnknownEntry(ConsentError):
    """The register has no entry of this number."""


class EntryDecided(ConsentError):
    """Somebody has decided on it already, or ended it."""


def record_entry(session: Session, row: Any, kind: EventKind, *, by: str, now: datetime) -> int:
    """As part of a larger change: the caller holds the writer's turn and commits. Gives the entry's number."""
    session.add(row)
    session.flush()
    record(session, Event(kind, {"entry": row.id, **told(row)}), by=by, now=now)
    return int(row.id)


def find_entry(session: Session, model: type[Entry], key: int) -> Entry:
    """Raises UnknownEntry."""
    row = session.get(model, key)
    if row is None:
        raise UnknownEntry("The register has no entry of this number.")
    return row


def end_entry(session: Session, row: Any, kind: EventKind, *, acting: Acting) -> None:
    """From now on it counts no more. The caller holds the writer's turn. Raises EntryDecided."""
    if row.ended_at:
        raise EntryDecided("It is ended already.")
    row.ended_at = acting.now
    record(session, Event(kind, {"entry": row.id}), by=acting.by, now=acting.now)
    session.commit()


def for_a_colleague(session: Session, staff_id: int, acting: Acting) -> None:
    """Nobody enters anything in their own favor. Raises EntryWrong."""
    if staff_id == acting.staff_id:
        raise EntryWrong("person", Fault.OWN)
    if staff_id not in dict(colleagues(session, acting.today)):
        raise EntryWrong("person", Fault.NOT_TO_CHOOSE)


def program_to_choose(session: Session, external_id: str, *, asker: Asker) -> Program:
    """One that is open to them. Raises EntryWrong."""
    try:
        return open_program(session, external_id, asker=asker)
    except UnknownProgram as unknown:
        raise EntryWrong("program", Fault.NOT_TO_CHOOSE) from unknown


def check_days(starts: date, last_day: date | None, *, today: date) -> None:
    """Raises EntryWrong."""
    if last_day is not None and last_day < starts:
        raise EntryWrong("last_day", Fault.ENDS_BEFORE_IT_STARTS)
    if last_day is not None and last_day < today:
        raise EntryWrong("last_day", Fault.OVER)


def told(row: Model) -> dict[str, Any]:
    """What an entry says, as the ledger keeps it; what nobody filled in is left out."""
    names = (str(column.key) for column in inspect(row).mapper.columns)
    values = {name: getattr(row, name) for name in names if name not in NOT_TOLD}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return told_instant(value)
    return value.isoformat() if isinstance(value, date) else value
