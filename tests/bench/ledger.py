"""Does an entry of the ledger cost more, the longer the ledger is? And how long does verifying it take?"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy.orm import Session

from consent.app import create_app
from consent.domain.events import EventKind
from consent.services.ledger import Event, record, record_all
from consent.services.verification import verify
from consent.settings import Settings
from consent.storage.database import begin_writing, db
from consent.storage.schema import upgrade_schema
from tests.bench.results import Result, at_most

NOW: Final = datetime(2026, 9, 15, 19, tzinfo=UTC)
CHANGE: Final = Event(EventKind.PATRON_CHANGED, {"type": "patron", "id": "P1", "before": {}, "after": {}})
AT_A_TIME: Final = 2_000
APPENDS: Final = 400
VERIFIED: Final = 100_000
VERIFIED_WITHIN: Final = 60.0


def append_to_ledger(folder: Path, largest: int) -> Iterator[Result]:
    """From a thousand entries on, ten times as many at each step; processor time, since a disk's own varies more."""
    app = create_app(Settings(instance=folder))
    with app.app_context():
        upgrade_schema()
        session, size, first = db.session(), 1_000, 0.0
        while size <= largest:
            _grow(session, size)
            taken = median(_append(session) for _ in range(APPENDS)) * 1_000
            first = first or taken
            told = f"ledger, one more entry after {size:,}"
            yield at_most("d", told, taken, "ms", first * log2(size) / log2(1_000) * 1.1)
            if size == min(VERIFIED, largest):
                started = time.perf_counter()
                verified = verify(session)
                told = f"verifying {verified.entries:,} entries"
                yield at_most("", told, time.perf_counter() - started, "s", VERIFIED_WITHIN)
            size *= 10


def _grow(session: Session, size: int) -> None:
    begin_writing(session)
    last = record(session, CHANGE, by="bench", now=NOW)
    session.commit()
    while last < size:
        begin_writing(session)
        last = record_all(session, [CHANGE] * min(AT_A_TIME, size - last), by="bench", now=NOW)[-1]
        session.commit()


def _append(session: Session) -> float:
    started = time.process_time()
    begin_writing(session)
    record(session, CHANGE, by="bench", now=NOW)
    session.commit()
    return time.process_time() - started
