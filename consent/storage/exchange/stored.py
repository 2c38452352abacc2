"""What does the registry already hold of what a file names, and what would an export write?"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, func, select, text, tuple_

from consent.domain.exchange.lines import Line, LineType, Named
from consent.storage.exchange import people, signed
from consent.storage.exchange import tables as t
from consent.storage.exchange.people import Found, Narrow

AT_A_TIME = 1_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Store:
    """Where one type of line is kept; `named_by` finds a row from its line, by the ids that the line begins with."""

    table: Table
    read: Callable[[Connection, Narrow], Found]
    named_by: tuple[Column[Any], ...]
    ordered_by: tuple[Column[Any], ...]


def _kept(table: Table, read: Callable[[Connection, Narrow], Found], *named_by: Column[Any]) -> Store:
    return Store(table, read, named_by or (table.c.external_id,), tuple(table.primary_key.columns))


STORES: dict[LineType, Store] = {
    LineType.PLATFORM: _kept(t.PLATFORM, people.platforms),
    LineType.PROGRAM: _kept(t.PROGRAM, people.programs),
    LineType.FORM: _kept(t.FORM_VERSION, people.forms, t.FORM_VERSION.c.form, t.FORM_VERSION.c.version),
    LineType.PATRON: _kept(t.PATRON, people.patrons),
    LineType.GUARDIAN: _kept(t.GUARDIAN, people.guardians),
    LineType.GUARDIANSHIP: _kept(t.GUARDIANSHIP, people.guardianships, t.PATRON.c.external_id),
    LineType.ENROLLMENT: _kept(t.ENROLLMENT, people.enrollments, t.PATRON.c.external_id),
    LineType.CONSENT: _kept(t.CONSENT, signed.consents),
    LineType.WITHDRAWAL: _kept(t.WITHDRAWAL, signed.withdrawals),
    LineType.HOLD: _kept(t.HOLD, people.holds),
}


def find_keys(connection: Connection, kind: LineType, names: Collection[Named]) -> dict[Named, int]:
    """The keys of the rows that have these names."""
    store = STORES[kind]
    found: dict[Named, int] = {}
    for some in in_batches(names):
        rows = connection.execute(select(store.table.c.id, *store.named_by).where(_among(store.named_by, some)))
        found.update({(tuple(named) if len(named) > 1 else named[0]): key for key, *named in rows})
    return found


def find_lines(connection: Connection, kind: LineType, names: Collection[Named]) -> dict[Named, tuple[Any, Line]]:
    """The lines so named, with their keys; for guardianships and enrollments, all those of the patrons so named."""
    store = STORES[kind]
    found: dict[Named, tuple[Any, Line]] = {}
    for some in in_batches(names):
        for key, line in store.read(connection, _those_among(store.named_by, some)):
            found[line.named] = key, line
    return found


def every_line(connection: Connection) -> Iterator[Line]:
    """Everything, in the order in which an import wants it, a page at a time."""
    for store in STORES.values():
        columns, last = tuple_(*store.ordered_by), None
        while True:
            page = store.read(connection, _page(store, columns, last))
            if not page:
                break
            yield from (line for _, line in page)
            last = page[-1][0]


def _page(store: Store, columns: Any, last: Any) -> Narrow:
    def narrow(query: Any) -> Any:
        if last is not None:
            key = last if isinstance(last, tuple) else (last,)
            query = query.where(columns > tuple_(*key))
        return query.order_by(*store.ordered_by).limit(AT_A_TIME)

    return narrow


def shown_already(connection: Connection, hashes: Collection[str]) -> set[str]:
    """Which of these texts are kept."""
    return {
        sha256
        for some in in_batches(hashes)
        for sha256 in connection.scalars(select(t.SHOWN_TEXT.c.sha256).where(t.SHOWN_TEXT.c.sha256.in_(some)))
    }


def highest_key(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.max(table.c.id))) or 0


def move_key_sequence(connection: Connection, table: Table, last: int) -> None:
    """PostgreSQL counts keys apart from the rows; SQLite looks at the rows."""
    if connection.dialect.name == "postgresql" and last:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


def count_anew(connection: Connection) -> None:
    """PostgreSQL plans for the table sizes it last saw: for empty ones until its own clock comes round."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))


def _those_among(columns: tuple[Column[Any], ...], names: list[Named]) -> Narrow:
    return lambda query: query.where(_among(columns, names))


def _among(columns: tuple[Column[Any], ...], names: list[Named]) -> Any:
    return columns[0].in_(names) if len(columns) == 1 else tuple_(*columns).in_(names)


def in_batches(items: Collection[Item]) -> Iterator[list[Item]]:
    remaining = iter(items)
    while some := list(islice(remaining, AT_A_TIME)):
        yield some
