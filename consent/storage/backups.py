"""How is the whole database copied while it is in use, and put back into an empty place?

SQLite writes a compact copy of one state into a file (`VACUUM INTO`): what was deleted is not in it. PostgreSQL is
asked through its own `pg_dump` and `pg_restore`, whose programs must be on the machine.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pysqlite3
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.engine import URL, make_url

from consent.domain.backups import BackupNotMade, BackupUnusable, PlaceTaken
from consent.storage.models import LedgerEvent

FILES = {"sqlite": "registry.sqlite", "postgresql": "registry.pgdump"}


@dataclass(frozen=True, slots=True)
class State:
    """Where the registry stood at one instant: its schema, its events, and the leaf of the last of them."""

    revision: str
    events: int
    head: str


def take_snapshot(engine: Engine, into: Path) -> State:
    """Copy one consistent state of the database into a new file. Raises BackupNotMade."""
    if engine.dialect.name == "sqlite":
        return _copy_sqlite(engine, into)
    return _dump_postgresql(engine, into)


def check_sqlite(file: Path) -> State:
    """Read a copy through, page by page. Raises BackupUnusable for one that is broken."""
    try:
        with _only_reading(file) as connection:
            [[told]] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            if told != "ok":
                raise BackupUnusable(f"The database in it is damaged: {told}.")
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupUnusable("The database in it is damaged: a row points at one that is not there.")
            [revision] = connection.execute("SELECT version_num FROM alembic_version").fetchone() or [""]
            position, leaf = connection.execute(_LAST_EVENT).fetchone() or (0, "")
    except pysqlite3.dbapi2.DatabaseError as broken:
        raise BackupUnusable(f"The database in it cannot be read: {broken}.") from broken
    return State(revision, position, leaf)


def restore_postgresql(url: str, dump: Path, engine: Engine) -> None:
    """Fill an empty database, whole or not at all. Raises PlaceTaken or BackupUnusable."""
    if inspect(engine).get_table_names():
        raise PlaceTaken("The database to restore into has tables already. Make an empty one, and name that.")
    arguments = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    restored = _run("pg_restore", *arguments, f"--dbname={make_url(url).database}", str(dump), url=make_url(url))
    if restored.returncode:
        raise BackupUnusable(f"pg_restore could not put the database back: {_first_line(restored.stderr)}")


def state_of(connection: Connection) -> State:
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    last = connection.execute(
        select(LedgerEvent.position, LedgerEvent.leaf).order_by(LedgerEvent.position.desc()).limit(1)
    ).first()
    return State(revision, *(last or (0, "")))


_LAST_EVENT = "SELECT position, leaf FROM ledger_event ORDER BY position DESC LIMIT 1"


def _copy_sqlite(engine: Engine, into: Path) -> State:
    pooled = engine.raw_connection()
    try:
        pooled.cursor().execute("VACUUM INTO ?", (str(into),))
    except pysqlite3.dbapi2.Error as refused:
        raise BackupNotMade(f"The database could not be copied: {refused}.") from refused
    finally:
        pooled.close()
    into.chmod(0o600)
    try:
        return check_sqlite(into)
    except BackupUnusable as broken:
        raise BackupNotMade(str(broken)) from broken


def _dump_postgresql(engine: Engine, into: Path) -> State:
    """The dump and what is told of it come from the same snapshot."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        state = state_of(connection)
        arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={into}")
        dumped = _run("pg_dump", *arguments, url=engine.url)
    if dumped.returncode:
        raise BackupNotMade(f"pg_dump could not copy the database: {_first_line(dumped.stderr)}")
    into.chmod(0o600)
    return state


@contextmanager
def _only_reading(file: Path) -> Iterator[pysqlite3.dbapi2.Connection]:
    connection = pysqlite3.dbapi2.connect(f"{file.as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def _run(program: str, *arguments: str, url: URL) -> subprocess.CompletedProcess[str]:
    """The address goes by the environment: what is typed, everybody on the machine can read."""
    found = shutil.which(program)
    if found is None:
        raise BackupNotMade(f"{program} was not found. Install PostgreSQL's client programs on this machine.")
    return subprocess.run(  # noqa: S603  # a program of PostgreSQL's own, with arguments of ours
        [found, *arguments], env=os.environ | _where(url), capture_output=True, text=True, check=False
    )


def _where(url: URL) -> Mapping[str, str]:
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port and str(url.port),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: str(value) for name, value in told.items() if value}


def _first_line(printed: str) -> str:
    return next(iter(printed.strip().splitlines()), "it did not say why")
