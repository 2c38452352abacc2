"""Which hold has this reference, and on whom is it?"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.storage.models import Hold, Patron


def find_hold(session: Session, external_id: str) -> Any:
    """(Hold, Patron)"""
    query = select(Hold, Patron).join(Patron, Patron.id == Hold.patron_id).where(Hold.external_id == external_id)
    return session.execute(query).one_or_none()
