"""When was this account last used? No change that the ledger tells of: it says only that somebody was there."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from consent.storage.database import begin_writing
from consent.storage.models import Staff


def note_use(session: Session, staff_id: int, *, now: datetime) -> None:
    begin_writing(session)
    session.execute(update(Staff).where(Staff.id == staff_id).values(last_used_at=now))
    session.commit()
