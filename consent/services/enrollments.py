"""Who takes part in which program? People are enrolled and leave; each leaves an event."""

from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.lines import EnrollmentLine
from consent.domain.exchange.writing import as_said
from consent.services.checks import Asker
from consent.services.families import patron_named
from consent.services.ledger import Event, record
from consent.services.programs import open_program
from consent.storage.database import begin_writing
from consent.storage.models import Enrollment


def enroll(session: Session, patron: str, program: str, *, asker: Asker, by: str, now: datetime) -> None:
    """Whoever is enrolled already stays so. Raises UnknownPatron or UnknownProgram."""
    begin_writing(session)
    key = _key(session, patron, program, asker=asker)
    if session.get(Enrollment, key) is None:
        session.add(Enrollment(program_id=key[0], patron_id=key[1]))
        _record(session, EventKind.ENROLLMENT_ADDED, patron, program, by=by, now=now)
    session.commit()


def end_enrollment(session: Session, patron: str, program: str, *, asker: Asker, by: str, now: datetime) -> None:
    """Whoever is not enrolled stays so. Raises UnknownPatron or UnknownProgram."""
    begin_writing(session)
    enrolled = session.get(Enrollment, _key(session, patron, program, asker=asker))
    if enrolled is not None:
        session.delete(enrolled)
        _record(session, EventKind.ENROLLMENT_ENDED, patron, program, by=by, now=now)
    session.commit()


def _key(session: Session, patron: str, program: str, *, asker: Asker) -> tuple[int, int]:
    return open_program(session, program, asker=asker).id, patron_named(session, patron).id


def _record(session: Session, kind: EventKind, patron: str, program: str, *, by: str, now: datetime) -> None:
    record(session, Event(kind, as_said(EnrollmentLine(patron, program))), by=by, now=now)
