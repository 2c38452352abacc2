"""Does the staff of a program know how to reach each other, before it starts? (policy 6.5, IV.a.iii)"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.registers import EntryState
from consent.services.acting import Acting, begin_as
from consent.services.checks import Asker
from consent.services.programs import open_program
from consent.services.registers import EntryWrong, Fault, end_entry, find_entry, program_to_choose, record_entry
from consent.storage import registers as stored
from consent.storage.models import CommunicationNote, Program

BEFORE_IT_STARTS: Final = timedelta(days=14)
"""From so long before its first day on, a program without a note is shown."""


@dataclass(frozen=True, slots=True)
class WantedNote:
    """What the staff of a program are told, in both languages."""

    program: str
    text_en: str
    text_es: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Note:
    """One note, for a page."""

    key: int
    program: str
    program_name: str
    text_en: str
    text_es: str
    given_on: date
    written_by: str
    state: EntryState


def list_notes(session: Session) -> list[Note]:
    """The latest first."""
    return [
        Note(
            note.id,
            program.external_id,
            program.name,
            note.text_en,
            note.text_es,
            note.given_on,
            giver,
            EntryState.ENDED if note.ended_at else EntryState.IN_FORCE,
        )
        for note, giver, program in stored.notes(session)
    ]


def without_note(session: Session, *, today: date) -> list[tuple[str, date]]:
    """(name, first day) of the programs that run or are about to start, and whose staff were told nothing."""
    found = stored.programs_without_note(session, today=today, start_by=today + BEFORE_IT_STARTS)
    return [(program.name, program.starts) for program in found]


def give_note(session: Session, wanted: WantedNote, *, asker: Asker, acting: Acting) -> int:
    """It takes the place of the one before. Gives its number. Raises EntryWrong."""
    begin_as(session, acting, Permission.WRITE_NOTES)
    program = program_to_choose(session, wanted.program, asker=asker)
    if wanted.given_on > acting.today:
        raise EntryWrong("given_on", Fault.AHEAD)
    for before in stored.notes_in_force(session, program.id):
        before.ended_at = acting.now
    row = CommunicationNote(
        program_id=program.id,
        text_en=wanted.text_en,
        text_es=wanted.text_es,
        given_on=wanted.given_on,
        added_by=acting.staff_id,
        added_at=acting.now,
    )
    key = record_entry(session, row, EventKind.NOTE_GIVEN, by=acting.by, now=acting.now)
    session.commit()
    return key


def end_note(session: Session, key: int, *, asker: Asker, acting: Acting) -> None:
    """Raises UnknownEntry, UnknownProgram or EntryDecided."""
    begin_as(session, acting, Permission.WRITE_NOTES)
    row = find_entry(session, CommunicationNote, key)
    open_program(session, session.get_one(Program, row.program_id).external_id, asker=asker)
    end_entry(session, row, EventKind.NOTE_ENDED, acting=acting)
