"""Who is trained, may record or speaks for the city, and which program's staff were told how they reach each other?"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import CommunicationNote, Program, RecordingAuthorization, Spokesperson, Staff, Training

_person, _giver = aliased(Staff), aliased(Staff)


class TrainingRow(NamedTuple):
    training: Training
    person: str
    giver: str


class RecordingRow(NamedTuple):
    recording: RecordingAuthorization
    person: str
    giver: str
    program: Program


class SpokespersonRow(NamedTuple):
    spokesperson: Spokesperson
    person: str
    giver: str


class NoteRow(NamedTuple):
    note: CommunicationNote
    giver: str
    program: Program


def trainings(session: Session) -> Sequence[TrainingRow]:
    """Everybody's, the one that lasts longest first."""
    query = (
        select(Training, _person.name, _giver.name)
        .join(_person, _person.id == Training.staff_id)
        .join(_giver, _giver.id == Training.added_by)
        .order_by(Training.valid_until.desc(), _person.name, Training.id)
    )
    return [TrainingRow(*row) for row in session.execute(query)]


def recordings(session: Session) -> Sequence[RecordingRow]:
    """The latest to end first."""
    query = (
        select(RecordingAuthorization, _person.name, _giver.name, Program)
        .join(_person, _person.id == RecordingAuthorization.staff_id)
        .join(_giver, _giver.id == RecordingAuthorization.supervisor_id)
        .join(Program, Program.id == RecordingAuthorization.program_id)
        .order_by(RecordingAuthorization.ends_at.desc(), RecordingAuthorization.id.desc())
    )
    return [RecordingRow(*row) for row in session.execute(query)]


def spokespersons(session: Session) -> Sequence[SpokespersonRow]:
    """The latest to end first."""
    query = (
        select(Spokesperson, _person.name, _giver.name)
        .join(_person, _person.id == Spokesperson.staff_id)
        .join(_giver, _giver.id == Spokesperson.named_by)
        .order_by(Spokesperson.last_day.desc(), Spokesperson.id.desc())
    )
    return [SpokespersonRow(*row) for row in session.execute(query)]


def notes(session: Session) -> Sequence[NoteRow]:
    """The latest first."""
    query = (
        select(CommunicationNote, _giver.name, Program)
        .join(_giver, _giver.id == CommunicationNote.added_by)
        .join(Program, Program.id == CommunicationNote.program_id)
        .order_by(CommunicationNote.given_on.desc(), CommunicationNote.id.desc())
    )
    return [NoteRow(*row) for row in session.execute(query)]


def notes_in_force(session: Session, program_id: int) -> Sequence[CommunicationNote]:
    here = CommunicationNote.program_id == program_id, CommunicationNote.ended_at.is_(None)
    return session.scalars(select(CommunicationNote).where(*here)).all()


def programs_without_note(session: Session, *, today: date, start_by: date) -> Sequence[Program]:
    """Those that run, or start by then, and whose staff were told nothing yet; the first to start first."""
    told = exists().where(
        CommunicationNote.program_id == Program.id,
        CommunicationNote.ended_at.is_(None),
        CommunicationNote.given_on <= today,
    )
    soon = Program.starts <= start_by, Program.ends >= today
    return session.scalars(select(Program).where(*soon, ~told).order_by(Program.starts, Program.id)).all()
