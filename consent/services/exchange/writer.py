"""How do rows and events by the thousand reach the database? In batches, with keys chosen beforehand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.services.exchange.parsing import TELL_EVERY, Progress
from consent.services.exchange.rows import Row
from consent.services.ledger import Event, record_all
from consent.storage.exchange.stored import count_anew, highest_key, move_key_sequence
from consent.storage.sealed_rows import note_gone, note_kept

MANY = 1_000
"""Lines after which the database's idea of its own size is out of date."""
Content = dict[str, Any]


@dataclass(slots=True)
class Writer:
    """Writes for somebody who has the turn. `finish` tells the database which keys are taken and how much it holds."""

    session: Session
    by: str
    now: datetime
    progress: Progress
    done: int = 0
    _taken: dict[str, tuple[Table, int]] = field(default_factory=dict)

    def take_keys(self, table: Table, count: int) -> range:
        _, last = self._taken.get(table.name) or (table, highest_key(self.session.connection(), table))
        self._taken[table.name] = table, last + count
        return range(last + 1, last + 1 + count)

    def record(self, kind: EventKind, contents: Iterable[Content]) -> Sequence[int]:
        return record_all(self.session, [Event(kind, content) for content in contents], by=self.by, now=self.now)

    def insert(self, table: Table, rows: Iterable[Row]) -> None:
        if listed := list(rows):
            self.session.connection().execute(insert(table), listed)
            note_kept(self.session, table.name, listed)

    def update(self, table: Table, rows: Iterable[Row]) -> None:
        """At least one row; each names its `id` and the same columns."""
        changes = list(rows)
        listed = [{f"new_{column}": value for column, value in row.items()} for row in changes]
        changed: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in listed[0] if name != "new_id"}
        statement = update(table).where(table.c.id == bindparam("new_id")).values(changed)
        self.session.connection().execute(statement, listed)
        note_kept(self.session, table.name, changes)

    def delete(self, table: Table, among: ColumnElement[bool]) -> None:
        """Only what is no record: records are ended, never deleted."""
        keys = self.session.connection().execute(select(*table.primary_key).where(among)).all()
        self.session.connection().execute(delete(table).where(among))
        note_gone(self.session, table.name, keys)

    def tell(self, lines: int) -> None:
        before, self.done = self.done, self.done + lines
        if before // TELL_EVERY < self.done // TELL_EVERY:
            self.progress("written", self.done)

    def finish(self) -> None:
        for table, last in self._taken.values():
            move_key_sequence(self.session.connection(), table, last)
        if self.done >= MANY:
            count_anew(self.session.connection())
