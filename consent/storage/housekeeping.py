"""When was each piece of housekeeping last done?"""

from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.housekeeping import Chore
from consent.storage.models import ChoreDone


def note_done(session: Session, chore: Chore, *, now: datetime) -> None:
    """The caller holds the writer's turn and commits."""
    session.merge(ChoreDone(chore=chore.value, done_at=now))


def last_done_at(session: Session, chore: Chore) -> datetime | None:
    found = session.get(ChoreDone, chore.value)
    return found.done_at if found else None
