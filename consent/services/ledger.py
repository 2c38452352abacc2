"""What happened? Writes each event with its salted leaf, in the transaction of the change itself."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.storage.models import LedgerEvent, LedgerSubject, SealedContent

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `content` is all that the leaf commits to.

    `about` is the patron whose record it changes, where the content does not say so.
    """

    kind: EventKind
    content: Mapping[str, Any]
    about: str | None = None

    @property
    def subject(self) -> str | None:
        """The patron's external id; of a signing that nobody has matched, none."""
        if self.about is not None:
            return self.about
        named = self.content.get("id") if self.content.get("type") == "patron" else self.content.get("patron")
        return named if isinstance(named, str) else None


def record(session: Session, event: Event, *, by: str, now: datetime) -> int:
    """Record one event and return its position. The caller holds the writer's turn and commits."""
    return record_all(session, [event], by=by, now=now)[0]


def record_all(session: Session, events: Sequence[Event], *, by: str, now: datetime) -> range:
    """Record events in order and return their positions, which follow the last one without a gap."""
    if not events:
        return range(0)
    last = session.scalar(select(func.max(LedgerEvent.position))) or 0
    positions = range(last + 1, last + 1 + len(events))
    sealed = [_seal(event) for event in events]
    session.execute(
        insert(LedgerEvent),
        [
            {"position": position, "kind": event.kind.value, "recorded_at": now, "actor": by, "leaf": leaf}
            for position, event, (_, _, leaf) in zip(positions, events, sealed, strict=True)
        ],
    )
    session.execute(
        insert(SealedContent),
        [
            {"position": position, "salt": salt, "canonical": canonical}
            for position, (salt, canonical, _) in zip(positions, sealed, strict=True)
        ],
    )
    subjects = [
        {"position": position, "patron": event.subject}
        for position, event in zip(positions, events, strict=True)
        if event.subject
    ]
    if subjects:
        session.execute(insert(LedgerSubject), subjects)
    return positions


def _seal(event: Event) -> tuple[bytes, str, str]:
    salt = secrets.token_bytes(SALT_BYTES)
    canonical = rfc8785.dumps(dict(event.content))
    return salt, canonical.decode("utf-8"), hashlib.sha256(salt + canonical).hexdigest()
