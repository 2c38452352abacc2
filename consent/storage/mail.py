"""Which mail is due, and how did a signing's mail fare?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consent.storage.models import OutgoingMail


def due(session: Session, now: datetime, *, at_most: int) -> Sequence[int]:
    """The longest waiting first."""
    return session.scalars(
        select(OutgoingMail.id)
        .where(OutgoingMail.next_try_at <= now)
        .order_by(OutgoingMail.next_try_at, OutgoingMail.id)
        .limit(at_most)
    ).all()


def mail_of(session: Session, signing_id: int) -> OutgoingMail | None:
    return session.scalar(
        select(OutgoingMail).where(OutgoingMail.signing_id == signing_id).order_by(OutgoingMail.id.desc()).limit(1)
    )


def last_queued_at(session: Session, kind: str) -> datetime | None:
    return session.scalar(select(func.max(OutgoingMail.queued_at)).where(OutgoingMail.kind == kind))


def waiting_since(session: Session) -> datetime | None:
    """When the oldest was queued that is neither sent nor given up."""
    return session.scalar(select(func.min(OutgoingMail.queued_at)).where(OutgoingMail.next_try_at.is_not(None)))
