"""Is what was erased gone from the disk too? A database leaves what it frees where it stood, until written anew."""

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.housekeeping import Chore
from consent.storage.database import begin_writing, rewrite
from consent.storage.erasures import latest
from consent.storage.housekeeping import last_done_at, note_done


def wipe_when_due(session: Session, engine: Engine, *, now: datetime) -> str | None:
    """After each order, once; whoever reads meanwhile puts it off to the next minute."""
    ordered = latest(session)
    session.rollback()
    if ordered is None or is_wiped(session, ordered) or not rewrite(engine):
        return None
    begin_writing(session)
    note_done(session, Chore.ERASED_SPACE_WIPED, now=now)
    session.commit()
    return "Wrote the database anew, without what was erased."


def is_wiped(session: Session, ordered: datetime) -> bool:
    """Whether the database was written anew since this order. Ends the session's transaction."""
    done = last_done_at(session, Chore.ERASED_SPACE_WIPED)
    session.rollback()
    return done is not None and done >= ordered
