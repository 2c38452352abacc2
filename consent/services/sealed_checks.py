"""What was looked up since? Checks and looks enter the ledger in batches, each at most a minute after it was made."""

import json
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.services.ledger import Event, record
from consent.storage.database import begin_writing
from consent.storage.models import LedgerEvent, SealedContent
from consent.storage.sealed_rows import CHECKED, checked_tables, note_checks
from consent.storage.verification import settled_up_to, some_rows

BY_TICK: Final = "tick"
AT_A_TIME: Final = 5_000


def seal_checks(session: Session, now: datetime) -> str | None:
    """Batch by batch, each a change of its own, up to those made when this began."""
    last = {table.name: settled_up_to(session, table) for table in checked_tables()}
    count = 0
    while sealed := _seal_some(session, last, now):
        count += sealed
    return f"Sealed {count:,} checks and looks." if count else None


def _seal_some(session: Session, last: dict[str, int], now: datetime) -> int:
    begin_writing(session)
    sealed, content, count = _sealed_up_to(session), {}, 0
    for table in checked_tables():
        after, up_to = sealed[table.name], last[table.name]
        rows = some_rows(session.connection(), table, after=after, up_to=up_to, most=AT_A_TIME)
        content[table.name] = {"after": after, "count": len(rows), "last": rows[-1][0] if rows else after}
        if rows:
            note_checks(session, table.name, rows)
            count += len(rows)
    if count:
        record(session, Event(EventKind.CHECKS_RECORDED, content), by=BY_TICK, now=now)
    session.commit()
    return count


def _sealed_up_to(session: Session) -> dict[str, int]:
    """The last row of each table that a batch told of."""
    batches = select(func.max(LedgerEvent.position)).where(LedgerEvent.kind == EventKind.CHECKS_RECORDED)
    newest = session.scalar(select(SealedContent.canonical).where(SealedContent.position == batches.scalar_subquery()))
    told = json.loads(newest) if newest else {}
    return {name: told.get(name, {}).get("last", 0) for name in CHECKED}
