"""Which programs does the department run, who leads them, and which of them may this person open?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from consent.domain.authority import EndsBeforeItStarts
from consent.domain.events import EventKind
from consent.domain.exchange.lines import LineType, ProgramLine
from consent.domain.exchange.writing import as_said
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import SentBefore, UnknownProgram
from consent.services.checks import Asker
from consent.services.ledger import Event, record, record_all
from consent.services.trails import Said, line_on_file, trail, unless_changed
from consent.storage import programs
from consent.storage.database import begin_writing
from consent.storage.models import Program, ProgramLead, Staff


@dataclass(frozen=True, slots=True)
class ProgramListed:
    """One program and how many people are enrolled in it."""

    external_id: str
    name: str
    starts: date
    ends: date
    enrolled: int


def list_programs(session: Session, *, asker: Asker) -> Sequence[ProgramListed]:
    """The programs that the asker may open; a lead's own only."""
    return [
        ProgramListed(program.external_id, program.name, program.starts, program.ends, enrolled)
        for program, enrolled in programs.programs_with_counts(session, led_by=leads_only(asker))
    ]


def open_program(session: Session, external_id: str, *, asker: Asker) -> Program:
    """The program, if the asker may open it. Raises UnknownProgram, for another lead's program too."""
    program = programs.find_program(session, external_id, led_by=leads_only(asker))
    if program is None:
        raise UnknownProgram("No program with this id is open to you.")
    return program


def leads_only(asker: Asker) -> int | None:
    """The member of staff whose own programs alone are open, or None where all are."""
    return None if Permission.OPEN_EVERY_PROGRAM in asker.permissions else asker.staff_id or NOBODY


NOBODY = 0
"""No member of staff has this id, so nothing is open to them."""


def possible_leads(session: Session) -> Sequence[Staff]:
    """Staff with the role of a program lead, by name."""
    return programs.staff_in_role(session, Role.PROGRAM_LEAD)


def program_line(session: Session, external_id: str) -> tuple[ProgramLine, frozenset[int]]:
    """The program as it is on file, and its leads. Raises UnknownProgram."""
    key, line = _on_file(session, external_id)
    return line, programs.leads_of(session, key)


def add_program(session: Session, program: ProgramLine, leads: frozenset[int], *, by: str, now: datetime) -> None:
    """Sent twice, it is added once. Raises EndsBeforeItStarts or SentBefore."""
    begin_writing(session)
    _check_days(program)
    if known := line_on_file(session, LineType.PROGRAM, program.id):
        if known != (known[0], program):
            raise SentBefore("This form was saved already, with other answers.")
        session.rollback()
        return
    row = Program(external_id=program.id, name=program.name, starts=program.starts, ends=program.ends)
    session.add(row)
    session.flush()
    record(session, Event(EventKind.PROGRAM_ADDED, as_said(program)), by=by, now=now)
    _lead(session, row.id, program.id, leads, by=by, now=now)
    session.commit()


def change_program(
    session: Session, based_on: Said, program: ProgramLine, leads: frozenset[int], *, by: str, now: datetime
) -> None:
    """Raises UnknownProgram, EndsBeforeItStarts or ChangedMeanwhile."""
    begin_writing(session)
    _check_days(program)
    key, on_file = _on_file(session, program.id)
    before = unless_changed(on_file, based_on)
    if before != program:
        row = session.get_one(Program, key)
        row.name, row.starts, row.ends = program.name, program.starts, program.ends
        record(session, Event(EventKind.PROGRAM_CHANGED, trail(before, program)), by=by, now=now)
    _lead(session, key, program.id, leads, by=by, now=now)
    session.commit()


def _on_file(session: Session, external_id: str) -> tuple[int, ProgramLine]:
    found = line_on_file(session, LineType.PROGRAM, external_id)
    if found is None:
        raise UnknownProgram("No program has this id.")
    return found


def _check_days(program: ProgramLine) -> None:
    if program.ends < program.starts:
        raise EndsBeforeItStarts("The last day is before the first.")


def _lead(session: Session, key: int, external_id: str, leads: frozenset[int], *, by: str, now: datetime) -> None:
    """From now on these lead it, and nobody else."""
    before = programs.leads_of(session, key)
    added, removed = sorted(leads - before), sorted(before - leads)
    session.add_all(ProgramLead(program_id=key, staff_id=staff_id, since=now) for staff_id in added)
    programs.remove_leads(session, key, removed)
    kinds = [(EventKind.PROGRAM_LEAD_ADDED, staff) for staff in added]
    kinds += [(EventKind.PROGRAM_LEAD_REMOVED, staff) for staff in removed]
    events = [Event(kind, {"staff": staff_id, "program": external_id}) for kind, staff_id in kinds]
    record_all(session, events, by=by, now=now)
