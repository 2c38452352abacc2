"""Where is a member of staff signed in? One row for each browser, so that ending it acts at the next request."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import CursorResult, Engine, bindparam, delete, select, update
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.sign_in import LONGEST, SEEN_AT_MOST_EVERY, Proof, is_over
from consent.domain.staff import is_over as has_left
from consent.services import ledger
from consent.storage.columns import NAME_LENGTH
from consent.storage.database import WRITES, begin_writing
from consent.storage.models import Staff, StaffSession

TOKEN_BYTES: Final = 32
KEPT: Final = timedelta(days=30)
_OF_TOKEN: Final = select(StaffSession).where(
    StaffSession.token_sha256 == bindparam("token"), StaffSession.ended_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A session as it was when the request began: plain values, which no transaction's end takes away."""

    id: int
    staff_id: int
    proof: Proof
    last_seen_at: datetime
    proven_at: datetime


def start_session(session: Session, staff_id: int, proof: Proof, *, browser: str, now: datetime) -> str:
    """Sign somebody in in one more browser, and give the token that it carries."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begin_writing(session)
    session.add(
        StaffSession(
            token_sha256=_sha256(token),
            staff_id=staff_id,
            proof=proof.value,
            browser=browser[:NAME_LENGTH],
            started_at=now,
            last_seen_at=now,
            proven_at=now,
        )
    )
    session.commit()
    return token


def find_session(session: Session, token: str, *, now: datetime, today: date) -> tuple[Staff, Seat] | None:
    """Who carries this token, by one statement; None where it is ended, over, or its owner's account is closed."""
    found = session.scalar(_OF_TOKEN, {"token": _sha256(token)})
    if found is None or not is_in_force(found.staff, today) or is_over(found.started_at, found.last_seen_at, now):
        return None
    return found.staff, Seat(found.id, found.staff_id, Proof(found.proof), found.last_seen_at, found.proven_at)


def is_in_force(staff: Staff, today: date) -> bool:
    """Whether this is somebody's account who still works here."""
    return staff.active and not has_left(staff.last_day, today)


def note_seen(engine: Engine, seat: Seat, *, now: datetime) -> None:
    """Note that somebody is there, at most once a minute. The checks' engine is passed, which waits for no disk."""
    if now - seat.last_seen_at < SEEN_AT_MOST_EVERY:
        return
    with engine.connect() as connection, connection.execution_options(**{WRITES: True}).begin():
        still_there = StaffSession.id == seat.id, StaffSession.ended_at.is_(None)
        connection.execute(update(StaffSession).where(*still_there).values(last_seen_at=now))


def prove_again(session: Session, session_id: int, *, now: datetime) -> str:
    """They proved anew who they are: the session goes on under a new token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begin_writing(session)
    found = session.get_one(StaffSession, session_id)
    found.token_sha256, found.proven_at = _sha256(token), max(now, found.started_at)
    session.commit()
    return token


def list_sessions(session: Session, staff_id: int, *, now: datetime) -> Sequence[StaffSession]:
    """Those that are not over, the one used last first."""
    standing = select(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    found = session.scalars(standing.order_by(StaffSession.last_seen_at.desc(), StaffSession.id.desc()))
    return [one for one in found if not is_over(one.started_at, one.last_seen_at, now)]


def end_session(session: Session, session_id: int, *, now: datetime) -> None:
    """Sign out in this one browser."""
    begin_writing(session)
    _end(session, StaffSession.id == session_id, now=now)
    session.commit()


def end_one_of(session: Session, staff_id: int, session_id: int, *, by: str, now: datetime) -> None:
    """End one of a person's own sessions, wherever it is; another person's is left alone."""
    begin_writing(session)
    ended = _end(session, StaffSession.id == session_id, StaffSession.staff_id == staff_id, now=now)
    _record(session, staff_id, ended, by=by, now=now)
    session.commit()


def end_others(session: Session, staff_id: int, kept: int, *, by: str, now: datetime) -> int:
    """Sign out everywhere but here, and say in how many places that was."""
    begin_writing(session)
    ended = record_sessions_ended(session, staff_id, besides=kept, by=by, now=now)
    session.commit()
    return ended


def record_sessions_ended(
    session: Session, staff_id: int, *, by: str, now: datetime, besides: int | None = None
) -> int:
    """Sign out as part of a larger change: the caller holds the writer's turn and commits."""
    others = [StaffSession.staff_id == staff_id]
    if besides is not None:
        others.append(StaffSession.id != besides)
    ended = _end(session, *others, now=now)
    _record(session, staff_id, ended, by=by, now=now)
    return ended


def sweep_sessions(session: Session, now: datetime) -> str | None:
    """Forget the sessions that were over long ago."""
    old = StaffSession.started_at < now - LONGEST - KEPT
    if session.scalar(select(StaffSession.id).where(old).limit(1)) is None:
        return None
    begin_writing(session)
    swept: CursorResult[object] = session.execute(delete(StaffSession).where(old))  # type: ignore[assignment]  # a delete gives a cursor's
    session.commit()
    return f"Forgot {swept.rowcount} sign-ins that were over long ago."


def _end(session: Session, *which: object, now: datetime) -> int:
    standing = select(StaffSession).where(*which, StaffSession.ended_at.is_(None))  # type: ignore[arg-type]  # conditions
    found = session.scalars(standing).all()
    for one in found:
        one.ended_at = max(now, one.started_at)
    return len(found)


def _record(session: Session, staff_id: int, ended: int, *, by: str, now: datetime) -> None:
    if ended:
        told = {"staff": staff_id, "sessions": ended}
        ledger.record(session, ledger.Event(EventKind.STAFF_SESSIONS_ENDED, told), by=by, now=now)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
