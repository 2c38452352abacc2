"""When were the records verified last, and what was found? Each verification of the desk is itself in the ledger."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.checkpoints import Given
from consent.domain.events import EventKind
from consent.services.ledger import Event, record
from consent.services.verification import verify
from consent.storage.database import begin_writing
from consent.storage.models import LedgerEvent, SealedContent

MOST_NAMED: Final = 50


@dataclass(frozen=True, slots=True)
class LastVerified:
    """What the latest verification said; of the records that did not match, the first fifty."""

    at: datetime
    entries: int
    rows: int
    mismatches: int
    named: tuple[str, ...]
    against: int | None


def verify_and_record(session: Session, given: Given | None, *, by: str, now: datetime) -> None:
    """Held against a checkpoint from paper, if one is given."""
    verified = verify(session, given)
    told = {
        "entries": verified.entries,
        "rows": verified.rows,
        "root": verified.root.hex() if verified.root else None,
        "against": given.size if given else None,
        "mismatches": len(verified.findings),
        "named": list(dict.fromkeys(finding.record for finding in verified.findings))[:MOST_NAMED],
    }
    begin_writing(session)
    record(session, Event(EventKind.RECORDS_VERIFIED, told), by=by, now=now)
    session.commit()


def last_verified(session: Session) -> LastVerified | None:
    newest = (
        select(LedgerEvent.recorded_at, SealedContent.canonical)
        .join(SealedContent, SealedContent.position == LedgerEvent.position)
        .where(LedgerEvent.kind == EventKind.RECORDS_VERIFIED)
        .order_by(LedgerEvent.position.desc())
        .limit(1)
    )
    found = session.execute(newest).one_or_none()
    if found is None:
        return None
    told = json.loads(found.canonical)
    return LastVerified(
        found.recorded_at, told["entries"], told["rows"], told["mismatches"], tuple(told["named"]), told["against"]
    )
