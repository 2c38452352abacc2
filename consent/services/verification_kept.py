"""When were the records verified last, and what was found? Each verification of the desk is itself in the ledger."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.checkpoints import Given
from consent.domain.events import EventKind
from consent.domain.housekeeping import Chore
from consent.domain.verification import ErasedByOrder
from consent.services.ledger import Event, record
from consent.services.verification import verify_in_steps
from consent.settings import Settings
from consent.storage.database import begin_writing
from consent.storage.doctor import first_recorded_at
from consent.storage.housekeeping import last_done_at, note_done
from consent.storage.models import LedgerEvent, SealedContent

MOST_NAMED: Final = 50
AGAIN_AFTER: Final = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastVerified:
    """What the latest verification said; of the records that did not match, the first fifty."""

    at: datetime
    entries: int
    rows: int
    mismatches: int
    named: tuple[str, ...]
    against: int | None
    erased: tuple[ErasedByOrder, ...]


def verify_and_record(session: Session, given: Given | None, *, by: str, now: datetime) -> None:
    """Held against a checkpoint from paper, if one is given."""
    for _ in verify_and_record_in_steps(session, given, by=by, now=now):
        """Nobody is told how far it is."""


def verify_and_record_in_steps(session: Session, given: Given | None, *, by: str, now: datetime) -> Iterator[int]:
    """How many entries were read so far; what was found is recorded once all is read."""
    verified = yield from verify_in_steps(session, given)
    told = {
        "entries": verified.entries,
        "rows": verified.rows,
        "root": verified.root.hex() if verified.root else None,
        "against": given.size if given else None,
        "mismatches": len(verified.findings),
        "erased": verified.erased,
        "named": list(dict.fromkeys(finding.record for finding in verified.findings))[:MOST_NAMED],
    }
    begin_writing(session)
    record(session, Event(EventKind.RECORDS_VERIFIED, told), by=by, now=now)
    note_done(session, Chore.VERIFIED, now=now)
    session.commit()


def verify_when_due(session: Session, settings: Settings, *, by: str, now: datetime) -> str | None:
    """Once a day, from the hour on that is set for it. Of several machines, one does it."""
    if not _is_due(session, settings, now):
        session.rollback()
        return None
    begin_writing(session)
    if not _is_due(session, settings, now):
        session.rollback()
        return None
    note_done(session, Chore.VERIFICATION_BEGUN, now=now)
    session.commit()
    verify_and_record(session, None, by=by, now=now)
    last = last_verified(session)
    session.rollback()
    if last is None or not last.mismatches:
        return f"Verified all records: {last.entries:,} entries." if last else None
    log.warning("Records do not match what was sealed: %s. Run consent verify", last.mismatches)
    return f"Records do not match what was sealed: {last.mismatches:,}. Run consent verify."


def _is_due(session: Session, settings: Settings, now: datetime) -> bool:
    """What began and came to nothing, since the machine was stopped, is begun again an hour later."""
    due_at = _last_due_at(settings, now)
    begun, verified = (last_done_at(session, chore) for chore in (Chore.VERIFICATION_BEGUN, Chore.VERIFIED))
    first = first_recorded_at(session.connection())
    if first is None or first > due_at or (verified and verified >= due_at):
        return False
    return begun is None or begun < due_at or now - begun >= AGAIN_AFTER


def _last_due_at(settings: Settings, now: datetime) -> datetime:
    today = now.astimezone(settings.zone).date()
    at = time(settings.verify_hour, tzinfo=settings.zone)
    due = datetime.combine(today, at)
    return due if due <= now else datetime.combine(today - timedelta(days=1), at)


def last_verified(session: Session) -> LastVerified | None:
    done_at = last_done_at(session, Chore.VERIFIED)
    if done_at is None:
        return None
    newest = (
        select(LedgerEvent.recorded_at, SealedContent.canonical)
        .join(SealedContent, SealedContent.position == LedgerEvent.position)
        .where(LedgerEvent.recorded_at == done_at, LedgerEvent.kind == EventKind.RECORDS_VERIFIED)
        .order_by(LedgerEvent.position.desc())
        .limit(1)
    )
    found = session.execute(newest).one_or_none()
    if found is None:
        return None
    told = json.loads(found.canonical)
    return LastVerified(
        at=found.recorded_at,
        entries=told["entries"],
        rows=told["rows"],
        mismatches=told["mismatches"],
        named=tuple(told["named"]),
        against=told["against"],
        erased=tuple(ErasedByOrder(*erased) for erased in told.get("erased", ())),
    )
