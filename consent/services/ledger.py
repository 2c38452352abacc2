"""What happened? Writes each event with its salted leaf, in the transaction of the change itself.

When the change is committed, the rows that it wrote are sealed beside its last event, and its events enter the Merkle
tree. `consent.domain.ledger` says what exactly is sealed.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

import rfc8785
from sqlalchemy import event, insert
from sqlalchemy.orm import Session, SessionTransaction

from consent.domain.events import EventKind
from consent.domain.ledger import ROWS_SCHEMA, Entry, canonical, salted, tell_instant
from consent.domain.merkle import Edge
from consent.storage.database import Model
from consent.storage.ledger_tree import edge_at, size_of
from consent.storage.models import LedgerEvent, LedgerNode, LedgerSubject, SealedContent, SealedRows
from consent.storage.sealed_rows import Notes, forget_notes, note_kept, rows_noted, take_notes

SALT_BYTES: Final = 32
MOST_AT_ONCE: Final = 2_000
GROWING: Final = "ledger growing"
EVENTS, CONTENTS, SUBJECTS, ROWS, NODES = (
    Model.metadata.tables[model.__tablename__]
    for model in (LedgerEvent, SealedContent, LedgerSubject, SealedRows, LedgerNode)
)
INSERT: Final = {table: insert(table) for table in (EVENTS, CONTENTS, SUBJECTS, ROWS, NODES)}
Item = TypeVar("Item")


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


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that one transaction has recorded: all events after `after`.

    `about_somebody` says that some of them are about a patron; `unnamed` are the kinds of those that are about none.
    `by` and `now` are those of the last event.
    """

    after: int
    about_somebody: bool
    unnamed: frozenset[EventKind]
    by: str
    now: datetime

    @property
    def about_anybody(self) -> bool:
        """Whether it may end permissions of people whom it does not name."""
        return bool(self.unnamed & ENDS_OF_ANYBODY)


Follower = Callable[[Session, Change], None]
ENDS_OF_ANYBODY: Final = frozenset({EventKind.FORM_WITHDRAWN, EventKind.CONSENT_VOIDED})
"""A form's withdrawal, and what a file says of a record by its number alone."""
FOLLOWERS: Final[list[Follower]] = []
"""What must be done within a change, whichever change it is, just before it is closed."""


@dataclass(slots=True)
class _Growth:
    """The events of one change, and of those the entries that the tree does not know yet."""

    edge: Edge
    last: int
    change: Change
    entries: list[Entry] = field(default_factory=list)


def follows_every_change(follower: Follower) -> Follower:
    FOLLOWERS.append(follower)
    return follower


def record(session: Session, event: Event, *, by: str, now: datetime) -> int:
    """Record one event and return its position. The caller holds the writer's turn and commits."""
    return record_all(session, [event], by=by, now=now)[0]


def record_all(session: Session, events: Sequence[Event], *, by: str, now: datetime) -> range:
    """Record events in order and return their positions, which follow the last one without a gap."""
    if not events:
        return range(0)
    growth = _growth(session, by=by, now=now)
    if len(growth.entries) + rows_noted(session) > MOST_AT_ONCE:
        _close(session, growth)
    positions = range(growth.last + 1, growth.last + 1 + len(events))
    growth.last = positions[-1]
    sealed = [_seal(rfc8785.dumps(dict(event.content))) for event in events]
    session.connection().execute(
        INSERT[EVENTS],
        [
            {"position": position, "kind": event.kind.value, "recorded_at": now, "actor": by, "leaf": leaf}
            for position, event, (_, _, leaf) in zip(positions, events, sealed, strict=True)
        ],
    )
    session.connection().execute(
        INSERT[CONTENTS],
        [
            {"position": position, "salt": salt, "canonical": content}
            for position, (salt, content, _) in zip(positions, sealed, strict=True)
        ],
    )
    subjects = [
        {"position": position, "patron": event.subject}
        for position, event in zip(positions, events, strict=True)
        if event.subject
    ]
    if subjects:
        session.connection().execute(INSERT[SUBJECTS], subjects)
        note_kept(session, SUBJECTS.name, subjects)
    growth.change = Change(
        growth.change.after,
        growth.change.about_somebody or bool(subjects),
        growth.change.unnamed | {event.kind for event in events if not event.subject},
        by,
        now,
    )
    told = tell_instant(now)
    growth.entries += [
        Entry(position, event.kind.value, told, by, leaf, None)
        for position, event, (_, _, leaf) in zip(positions, events, sealed, strict=True)
    ]
    return positions


@event.listens_for(Session, "before_commit")
def close_change(session: Session) -> None:
    """Seal what the change wrote, and let the tree grow by its events."""
    growth: _Growth | None = session.info.get(GROWING)
    if growth and not session.in_nested_transaction():
        session.flush()
        change = growth.change
        for follower in FOLLOWERS:
            follower(session, change)
        session.flush()
        _close(session, growth)


@event.listens_for(Session, "after_transaction_end")
def forget_change(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(GROWING, None)
        forget_notes(session)


def _growth(session: Session, *, by: str, now: datetime) -> _Growth:
    growth: _Growth | None = session.info.get(GROWING)
    if growth is None:
        connection = session.connection()
        size = size_of(connection)
        change = Change(size, about_somebody=False, unnamed=frozenset(), by=by, now=now)
        growth = session.info[GROWING] = _Growth(edge_at(connection, size), size, change)
    return growth


def _close(session: Session, growth: _Growth) -> None:
    """The rows are told with the last of the events; there is always one."""
    if notes := take_notes(session):
        last = growth.entries[-1]
        salt, content, leaf = _seal(tell_rows(notes))
        session.connection().execute(
            INSERT[ROWS], {"position": last.position, "leaf": leaf, "salt": salt, "canonical": content}
        )
        growth.entries[-1] = last._replace(rows=leaf)
    nodes = [
        {"position": entry.position, "level": node.level, "hash": hash_}
        for entry in growth.entries
        for node, hash_ in growth.edge.append(entry.hash)
    ]
    growth.entries.clear()
    for some in _batches(nodes):
        session.connection().execute(INSERT[NODES], some)


def tell_rows(notes: Notes) -> bytes:
    told: list[dict[str, object]] = [
        {"table": batch.table, "gone": batch.gone}
        if batch.gone
        else {"table": batch.table, "columns": batch.columns, "kept": batch.kept}
        for batch in notes.batches()
    ]
    told += [{"table": table, "checks": checks} for table, checks in notes.checks.items()]
    return canonical({"schema": ROWS_SCHEMA, "rows": told})


def _seal(content: bytes) -> tuple[bytes, str, str]:
    salt = secrets.token_bytes(SALT_BYTES)
    return salt, content.decode("utf-8"), salted(salt, content)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    remaining = iter(items)
    while some := list(islice(remaining, MOST_AT_ONCE)):
        yield some
