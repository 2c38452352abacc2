"""What is stored, exactly as it is stored? Read raw, so that a value that nobody could have written is read too."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text, tuple_, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from consent.storage.sealed_rows import SealedTable, Values

PAGE = 1_000


class StoredEvent(NamedTuple):
    """One event with all that was sealed of it; what is missing is none."""

    position: int
    kind: str
    recorded_at: Any
    actor: str
    leaf: str
    salt: bytes | None
    content: str | None
    rows_leaf: str | None
    rows_salt: bytes | None
    rows: str | None


@contextmanager
def snapshot(session: Session) -> Iterator[Connection]:
    """The registry at one instant, whoever goes on writing."""
    session.rollback()
    postgresql = session.get_bind().dialect.name == "postgresql"
    connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"} if postgresql else {})
    driver: Any = connection.connection.driver_connection
    if not postgresql:
        driver.text_factory = lambda stored: stored.decode("utf-8", "replace")
    try:
        yield connection
    finally:
        if not postgresql:
            driver.text_factory = str
        session.rollback()


def events(connection: Connection) -> Iterator[tuple[list[StoredEvent], dict[tuple[int, int], bytes]]]:
    """A page at a time, in order, with the nodes that end in it."""
    last = 0
    while rows := connection.execute(_EVENTS, {"last": last, "page": PAGE}).all():
        first, last = rows[0][0], rows[-1][0]
        nodes = connection.execute(_NODES, {"first": first, "last": last})
        yield [StoredEvent(*row) for row in rows], {(position, level): bytes(hash_) for position, level, hash_ in nodes}


def rows_of(connection: Connection, sealed: SealedTable) -> Iterator[Values]:
    """Every row of a table, told as the ledger tells it."""
    found = connection.execute(_raw(sealed), execution_options={"stream_results": True})
    while page := found.fetchmany(PAGE):
        yield from (_told(sealed, row) for row in page)


def rows_with_keys(connection: Connection, sealed: SealedTable, keys: Collection[Values]) -> list[Values]:
    """Those of these rows that there are."""
    among, remaining = tuple_(*sealed.table.primary_key), iter(keys)
    found: list[Values] = []
    while some := list(islice(remaining, PAGE)):
        found += (_told(sealed, row) for row in connection.execute(_raw(sealed).where(among.in_(some))))
    return found


def some_rows(connection: Connection, sealed: SealedTable, *, after: int, up_to: int, most: int) -> list[Values]:
    """Of a table that is only added to, in order."""
    key = sealed.table.c.id
    rows = connection.execute(_raw(sealed).where(key > after, key <= up_to).order_by(key).limit(most))
    return [_told(sealed, row) for row in rows]


def settled_up_to(session: Session, sealed: SealedTable) -> int:
    """The last row of a table that everybody adds to, such that no lower one can still appear."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        # Numbers are given before their rows are committed: whoever has one and no row yet is waited for.
        session.execute(text(f'LOCK TABLE "{sealed.name}" IN SHARE MODE'))
    last = session.scalar(select(func.max(sealed.table.c.id))) or 0
    session.rollback()
    return int(last)


def _raw(sealed: SealedTable) -> Any:
    return select(*(type_coerce(sealed.table.c[column], NullType()) for column in sealed.columns))


def _told(sealed: SealedTable, row: Any) -> Values:
    return tuple(tell(value) for tell, value in zip(sealed.tell, row, strict=True))


_EVENTS = text(
    "SELECT e.position, e.kind, e.recorded_at, e.actor, e.leaf, c.salt, c.canonical, r.leaf, r.salt, r.canonical "
    "FROM ledger_event e LEFT JOIN sealed_content c ON c.position = e.position "
    "LEFT JOIN sealed_rows r ON r.position = e.position WHERE e.position > :last ORDER BY e.position LIMIT :page"
)
_NODES = text("SELECT position, level, hash FROM ledger_node WHERE position BETWEEN :first AND :last")
