"""May this be tried once more, now? Counts in the database, so that a restart or a second worker forgets nothing.

Whoever checks a secret asks before looking at it, and forgets the count when the secret was right:

    if wait := throttle.count_try(session, Scope.KIOSK_PIN, str(kiosk_id), now=now):
        raise TooManyTries(wait)
    if not pin_is_right: …
    throttle.forget(session, Scope.KIOSK_PIN, str(kiosk_id))

The try is counted before it is made: twenty at once are let through as often as twenty in a row.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, CursorResult, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consent.domain.refusals import ConsentError
from consent.domain.throttle import KEPT, LIMITS, Scope, Tries, one_more, wait_before
from consent.storage.database import WRITES, begin_writing
from consent.storage.models import TryCount


class TooManyTries(ConsentError):
    """It was tried too often of late; `wait` is how long until the next try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many tries. Wait a moment, then try again.")
        self.wait = wait


def count_try(session: Session, scope: Scope, key: str, *, now: datetime) -> timedelta | None:
    """Count one try that is about to be made. None lets it be made; else it is not counted, and this is the wait.

    It is counted in a transaction of its own: what the caller's session has read or changed stays as it is. Ask before
    `begin_writing`, whose turn nobody else can have.
    """
    limit = LIMITS[scope]
    with _own_connection(session) as connection:
        # Whoever has to wait anyway waits for nobody's turn, and writes nothing.
        if wait := wait_before(_read(connection, scope, key), limit, now):
            return wait
    while True:
        with _own_connection(session) as writing, writing.execution_options(**{WRITES: True}).begin():
            tries = _read(writing, scope, key, to_change=True)
            if wait := wait_before(tries, limit, now):
                return wait
            if _write(writing, scope, key, tries, one_more(tries, limit, now)):
                return None


def forget(session: Session, scope: Scope, key: str) -> None:
    """The secret was right: the tries under this key are forgotten, in a transaction of its own."""
    with _own_connection(session) as connection:
        if _read(connection, scope, key) is None:
            return
    with _own_connection(session) as writing, writing.execution_options(**{WRITES: True}).begin():
        writing.execute(delete(TryCount).where(*_named(scope, key)))


def sweep_tries(session: Session, now: datetime) -> str | None:
    """Forget the counts that no limit looks back to."""
    old = TryCount.last_at < now - KEPT
    if session.scalar(select(TryCount.scope).where(old).limit(1)) is None:
        return None
    begin_writing(session)
    swept: CursorResult[object] = session.execute(delete(TryCount).where(old))  # type: ignore[assignment]  # a delete gives a cursor's
    session.commit()
    return f"Forgot counts of old tries: {swept.rowcount}."


@contextmanager
def _own_connection(session: Session) -> Iterator[Connection]:
    if session.in_transaction() and session.connection().get_execution_options().get(WRITES):
        raise RuntimeError("Count a try before the change begins: its turn to write is waited for")
    bind = session.get_bind()
    with bind.engine.connect() as connection:
        yield connection


def _read(connection: Connection, scope: Scope, key: str, *, to_change: bool = False) -> Tries | None:
    asked = select(TryCount.tries, TryCount.began_at, TryCount.last_at).where(*_named(scope, key))
    row = connection.execute(asked.with_for_update() if to_change else asked).one_or_none()
    return Tries(*row) if row else None


def _write(connection: Connection, scope: Scope, key: str, before: Tries | None, after: Tries) -> bool:
    """Whether it was written: two that are the first under a key both find nothing to lock."""
    values = {"tries": after.count, "began_at": after.began_at, "last_at": after.last_at}
    if before:
        connection.execute(update(TryCount).where(*_named(scope, key)).values(values))
        return True
    first = {"scope": scope.value, "key_sha256": _sha256(key)}
    try:
        with connection.begin_nested():
            connection.execute(insert(TryCount).values(first | values))
    except IntegrityError:
        return False
    return True


def _named(scope: Scope, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return TryCount.scope == scope.value, TryCount.key_sha256 == _sha256(key)


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
