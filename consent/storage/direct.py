"""How does a check ask the database without paying for what it does not use?

Its statements are SQLAlchemy's, written once and compiled once for each size of question; they run on the driver's own
cursor, each a transaction of its own, and give plain rows.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Protocol, Self, TypeVar, overload

from sqlalchemy import BindParameter, Dialect, Engine, Executable, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine

from consent.storage.database import writers_turn
from consent.storage.disk import distrust

Value = TypeVar("Value")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]
SIZES = (0, 1, 4, 8, 32, 64, 512)

# Names in place of numbers, so that a value used in several places is sent once.
DIALECTS: dict[str, Callable[[], Dialect]] = {
    "sqlite": lambda: sqlite.dialect(paramstyle="named"),
    "postgresql": psycopg.dialect,
}


class Reads(Protocol):
    """SQLAlchemy's connection, inside a larger transaction; or a direct one, with each statement its own."""

    @property
    def dialect(self) -> Dialect: ...

    def exec_driver_sql(self, statement: str, parameters: Any = None) -> Any: ...


class Direct:
    """The driver's connection, taken from the checks' pool while it is entered.

    Raises OperationalError for whatever the database does not do.
    """

    __slots__ = ("_engine", "_pooled", "dialect")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pooled: PoolProxiedConnection | None = None
        self.dialect = engine.dialect

    def __enter__(self) -> Self:
        try:
            self._pooled = self._engine.raw_connection()
        except self.dialect.loaded_dbapi.Error as broken:
            raise OperationalError("a check", None, broken) from broken
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        pooled = self._taken()
        if error is not None:
            # Nobody knows what it is in the middle of.
            pooled.invalidate()
        pooled.close()
        if isinstance(error, self.dialect.loaded_dbapi.Error):
            distrust(self._engine, error)
            raise OperationalError("a check", None, error) from error

    def exec_driver_sql(self, statement: str, parameters: Parameters | None = None) -> DBAPICursor:
        """One statement, or the same for each of a list of parameters."""
        cursor = self._taken().cursor()
        if isinstance(parameters, list):
            cursor.executemany(statement, parameters)
        else:
            cursor.execute(statement, parameters or {})
        return cursor

    def _taken(self) -> PoolProxiedConnection:
        assert self._pooled is not None, "a direct connection is entered first"
        return self._pooled


def insert_all(engine: Engine, connection: Direct, statement: str, rows: list[dict[str, Any]]) -> None:
    """All rows or none, on the disk's own time: the checks' engine does not wait for it."""
    if not rows:
        return
    with writers_turn(engine):
        if len(rows) == 1:
            connection.exec_driver_sql(statement, rows[0])
            return
        connection.exec_driver_sql("BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN")
        connection.exec_driver_sql(statement, rows)
        connection.exec_driver_sql("COMMIT")


@lru_cache(maxsize=128)
def sql_of(build: Callable[..., Executable], dialect_name: str, *sizes: int) -> str:
    """The statement's text for that many values in each of its lists."""
    return str(build(*sizes).compile(dialect=DIALECTS[dialect_name]()))  # type: ignore[attr-defined]  # every statement compiles


def size_for(count: int) -> int:
    """A few sizes serve for all, so that the database knows the statement already."""
    return next((size for size in SIZES if size >= count), count)


def slots(name: str, size: int, type_: TypeEngine[Value]) -> list[BindParameter[Value]]:
    """The places of a list in a statement."""
    return [bindparam(f"{name}{place}", type_=type_) for place in range(size)]


def fill(name: str, size: int, values: Sequence[Any]) -> dict[str, Any]:
    """The values for those places; the places left over repeat the first."""
    filled = {f"{name}{place}": value for place, value in enumerate(values)}
    return filled | {f"{name}{place}": values[0] for place in range(len(values), size)}


@overload
def read_instant(value: str | datetime) -> datetime: ...
@overload
def read_instant(value: str | datetime | None) -> datetime | None: ...
def read_instant(value: str | datetime | None) -> datetime | None:
    """SQLite keeps an instant as text, in UTC."""
    return datetime.fromisoformat(value + "+00:00") if isinstance(value, str) else value


def read_day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def write_instant(value: datetime, dialect: Dialect) -> str | datetime:
    """As `InstantType` keeps it."""
    if dialect.name == "postgresql":
        return value
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
