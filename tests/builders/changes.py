"""What does somebody do who changes the registry again and again? For tests of several who do so at once."""

from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.services.ledger import Event, record
from consent.storage.database import begin_writing

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
WRITES_EACH = 25


def write(engine: Engine, who: str) -> None:
    """Record one event after the other, each a change of its own."""
    for number in range(WRITES_EACH):
        with Session(engine) as session:
            begin_writing(session)
            record(session, Event(EventKind.PATRON_ADDED, {"id": f"{who}-{number}"}), by=who, now=NOW)
            session.commit()
