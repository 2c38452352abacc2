"""Who keeps a checkpoint where nobody who can change the registry can change it? It is mailed to them each day."""

from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.mail import MailKind
from consent.services.checkpoints import NothingToSign, make_checkpoint
from consent.services.mail import queue_checkpoint
from consent.settings import Settings
from consent.storage.database import begin_writing
from consent.storage.mail import last_queued_at


def mail_when_due(session: Session, settings: Settings, *, by: str, now: datetime) -> str | None:
    """Once on each day of the registry's zone, whether or not anything happened: a mail that stays away says something.

    Of several machines, one does it.
    """
    if not settings.checkpoint_mail_to or _is_done(session, settings, now):
        session.rollback()
        return None
    try:
        note = make_checkpoint(session, settings, by=by, now=now)
    except NothingToSign:
        session.rollback()
        return None
    begin_writing(session)
    if _is_done(session, settings, now):
        session.rollback()
        return None
    queue_checkpoint(session, settings.checkpoint_mail_to, note, now=now)
    session.commit()
    return "Put the day's checkpoint into the mail."


def _is_done(session: Session, settings: Settings, now: datetime) -> bool:
    last = last_queued_at(session, MailKind.CHECKPOINT)
    return last is not None and last.astimezone(settings.zone).date() >= now.astimezone(settings.zone).date()
