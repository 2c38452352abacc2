"""What has time made due? Each task may run any number of times; they take the writer's turn one after another."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from consent.services.drafts import sweep_drafts
from consent.services.throttle import sweep_tries
from consent.storage.database import begin_writing

Task = Callable[[Session, datetime], str | None]
LOOK_AT_EVERY_TABLE = 0x10002
ONLY_TELL = 0x00001


def tick(session: Session, *, now: datetime) -> list[str]:
    """Do what is due and return what was done, a sentence each; empty when nothing was due."""
    return [done for task in DUE if (done := task(session, now))]


def measure_tables(session: Session, _now: datetime) -> str | None:
    """SQLite plans its searches by how full each table was when last measured. PostgreSQL measures by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return None
    begin_writing(session)
    due = session.execute(text(f"PRAGMA optimize({LOOK_AT_EVERY_TABLE | ONLY_TELL})")).all()
    session.execute(text(f"PRAGMA optimize({LOOK_AT_EVERY_TABLE})"))
    session.commit()
    return f"Measured {len(due)} tables anew." if due else None


DUE: tuple[Task, ...] = (sweep_drafts, sweep_tries, measure_tables)
"""Every task, in the order in which they are done."""
