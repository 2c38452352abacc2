"""What has this family typed so far? Kept on the server only, for ten minutes from the last touch.

The browser holds a random token; only its SHA-256 is kept. What `content` holds is the kiosk's pages' own matter.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Language
from consent.storage.database import begin_writing
from consent.storage.models import KioskDraft

TOKEN_BYTES: Final = 32
LIVES: Final = timedelta(minutes=10)


class DraftGone(ConsentError):
    """The family was away for too long, or is done; nothing of what they typed is left."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`copy_token` is made from the browser's token, so that a repeated tap gets the same link and none is kept."""

    language: Language
    content: dict[str, Any]
    idempotency_key: str
    copy_token: str
    touched_at: datetime


def open_draft(session: Session, *, kiosk_id: int, language: Language, now: datetime) -> str:
    """Begin an empty draft and give the browser's token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begin_writing(session)
    session.add(
        KioskDraft(
            draft_sha256=_sha256(token),
            kiosk_id=kiosk_id,
            idempotency_key=secrets.token_urlsafe(TOKEN_BYTES),
            language=language.value,
            content={},
            started_at=now,
            touched_at=now,
        )
    )
    session.commit()
    return token


def read_draft(session: Session, token: str, *, kiosk_id: int, now: datetime) -> Draft | None:
    """The draft of this browser at this kiosk; None when there is none or it is too old, and then it is deleted."""
    row = session.scalar(select(KioskDraft).where(_is(token, kiosk_id)))
    if row is None:
        return None
    if _is_over(row, now):
        drop_draft(session, token, kiosk_id=kiosk_id)
        return None
    return Draft(Language(row.language), dict(row.content), row.idempotency_key, _copy_token(token), row.touched_at)


def save_draft(
    session: Session,
    token: str,
    content: dict[str, Any],
    *,
    kiosk_id: int,
    language: Language,
    now: datetime,
) -> None:
    """Keep what was typed; ten minutes begin anew. Raises DraftGone."""
    row = _hold(session, token, kiosk_id=kiosk_id, now=now)
    row.content, row.language, row.touched_at = content, language.value, max(now, row.started_at)
    session.commit()


def touch_draft(session: Session, token: str, *, kiosk_id: int, now: datetime) -> None:
    """Somebody needs more time: ten minutes begin anew. Raises DraftGone."""
    row = _hold(session, token, kiosk_id=kiosk_id, now=now)
    row.touched_at = max(now, row.started_at)
    session.commit()


def drop_draft(session: Session, token: str, *, kiosk_id: int) -> None:
    """They are done, gone or starting over: nothing stays. Dropping what is gone already is no mistake."""
    begin_writing(session)
    session.execute(delete(KioskDraft).where(_is(token, kiosk_id)))
    session.commit()


def sweep_drafts(session: Session, now: datetime) -> str | None:
    """Delete what families left behind, as the tick does each minute."""
    over = KioskDraft.touched_at <= now - LIVES
    if session.scalar(select(KioskDraft.id).where(over).limit(1)) is None:
        session.rollback()
        return None
    begin_writing(session)
    count = session.scalar(select(func.count()).select_from(KioskDraft).where(over)) or 0
    session.execute(delete(KioskDraft).where(over))
    session.commit()
    return f"Deleted drafts left behind at kiosks: {count}." if count else None


def _hold(session: Session, token: str, *, kiosk_id: int, now: datetime) -> KioskDraft:
    begin_writing(session)
    row = session.scalar(select(KioskDraft).where(_is(token, kiosk_id)))
    if row is None or _is_over(row, now):
        raise DraftGone("You were away for a while, so everything you typed was deleted. Please start again.")
    return row


def _is(token: str, kiosk_id: int) -> ColumnElement[bool]:
    return (KioskDraft.draft_sha256 == _sha256(token)) & (KioskDraft.kiosk_id == kiosk_id)


def _is_over(row: KioskDraft, now: datetime) -> bool:
    return now - row.touched_at >= LIVES


def _copy_token(token: str) -> str:
    """Another secret than the browser's own; it opens the copy, and that one opened the draft."""
    return _sha256(f"copy of {token}")


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
