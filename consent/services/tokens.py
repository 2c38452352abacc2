"""Which other systems may ask, and with which key? A key is shown once; only its SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.services import ledger
from consent.storage.columns import NAME_LENGTH
from consent.storage.database import begin_writing
from consent.storage.models import ApiToken

TOKEN_BYTES = 32


class TokenNameWrong(ConsentError):
    """A token's name is empty or too long."""


class TokenNameTaken(ConsentError):
    """A token has this name already, perhaps a revoked one."""


class UnknownToken(ConsentError):
    """No token in use has this name."""


def token_sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def add_token(session: Session, name: str, *, by: str, now: datetime) -> str:
    """Make a token for checks and return it, the only time it can be read."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise TokenNameWrong(f"A token's name has 1 to {NAME_LENGTH} characters on one line.")
    begin_writing(session)
    if session.scalar(select(ApiToken.id).where(ApiToken.name == name)):
        raise TokenNameTaken(f"A token is already called {name!r}. Choose another name.")

    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(ApiToken(name=name, token_sha256=token_sha256(token), added_at=now))
    ledger.record(session, ledger.Event(EventKind.TOKEN_ADDED, {"name": name}), by=by, now=now)
    session.commit()
    return token


def revoke_token(session: Session, name: str, *, by: str, now: datetime) -> None:
    """Let nobody ask with this token any more. Its name stays taken, so that the record of checks stays clear."""
    begin_writing(session)
    token = session.scalar(select(ApiToken).where(ApiToken.name == name.strip(), ApiToken.revoked_at.is_(None)))
    if token is None:
        raise UnknownToken(f"No token in use is called {name!r}. `consent token list` shows them.")

    token.revoked_at = max(now, token.added_at)
    ledger.record(session, ledger.Event(EventKind.TOKEN_REVOKED, {"name": token.name}), by=by, now=now)
    session.commit()


def list_tokens(session: Session) -> Sequence[ApiToken]:
    return session.scalars(select(ApiToken).order_by(ApiToken.name)).all()
