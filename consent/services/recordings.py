"""Who may use a camera or a recorder, where and when? Whom a supervisor lets, never themself. (policy 6.5, IV.a.iii)"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.registers import EntryState
from consent.domain.vocabulary import Media
from consent.services.acting import Acting, begin_as
from consent.services.checks import Asker
from consent.services.programs import open_program
from consent.services.registers import (
    EntryWrong,
    Fault,
    end_entry,
    find_entry,
    for_a_colleague,
    program_to_choose,
    record_entry,
)
from consent.storage import registers as stored
from consent.storage.models import Program, RecordingAuthorization


@dataclass(frozen=True, slots=True)
class WantedRecording:
    """Who may record with which device in which program, what, and from when to when."""

    staff_id: int
    device: str
    program: str
    media: frozenset[Media]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Recording:
    """One authorization, for a page."""

    key: int
    person: str
    supervisor: str
    device: str
    program: str
    program_name: str
    media: frozenset[Media]
    starts_at: datetime
    ends_at: datetime
    state: EntryState


def list_recordings(session: Session, *, now: datetime) -> list[Recording]:
    """The latest to end first."""
    return [_recording(row, now) for row in stored.recordings(session)]


def authorize_recording(session: Session, wanted: WantedRecording, *, asker: Asker, acting: Acting) -> int:
    """A lead within their own programs only. Gives its number. Raises EntryWrong."""
    begin_as(session, acting, Permission.AUTHORIZE_RECORDING)
    for_a_colleague(session, wanted.staff_id, acting)
    program = program_to_choose(session, wanted.program, asker=asker)
    if not wanted.media:
        raise EntryWrong("media", Fault.NOT_TO_CHOOSE)
    if wanted.ends_at <= wanted.starts_at:
        raise EntryWrong("ends_at", Fault.ENDS_BEFORE_IT_STARTS)
    if wanted.ends_at <= acting.now:
        raise EntryWrong("ends_at", Fault.OVER)
    row = RecordingAuthorization(
        supervisor_id=acting.staff_id,
        staff_id=wanted.staff_id,
        device=wanted.device,
        program_id=program.id,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        still=Media.STILL in wanted.media,
        moving=Media.MOVING in wanted.media,
        voice=Media.VOICE in wanted.media,
        added_at=acting.now,
    )
    key = record_entry(session, row, EventKind.RECORDING_AUTHORIZED, by=acting.by, now=acting.now)
    session.commit()
    return key


def end_recording(session: Session, key: int, *, asker: Asker, acting: Acting) -> None:
    """At once. Raises UnknownEntry, UnknownProgram or EntryDecided."""
    begin_as(session, acting, Permission.AUTHORIZE_RECORDING)
    row = find_entry(session, RecordingAuthorization, key)
    open_program(session, session.get_one(Program, row.program_id).external_id, asker=asker)
    end_entry(session, row, EventKind.RECORDING_ENDED, acting=acting)


def media_of(row: RecordingAuthorization) -> frozenset[Media]:
    allowed = {Media.STILL: row.still, Media.MOVING: row.moving, Media.VOICE: row.voice}
    return frozenset(media for media, may in allowed.items() if may)


def _recording(row: stored.RecordingRow, now: datetime) -> Recording:
    one = row.recording
    return Recording(
        one.id,
        row.person,
        row.giver,
        one.device,
        row.program.external_id,
        row.program.name,
        media_of(one),
        one.starts_at,
        one.ends_at,
        _state(one, now),
    )


def _state(row: RecordingAuthorization, now: datetime) -> EntryState:
    if row.ended_at:
        return EntryState.ENDED
    if row.ends_at <= now:
        return EntryState.LAPSED
    return EntryState.AHEAD if now < row.starts_at else EntryState.IN_FORCE
