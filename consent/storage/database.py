"""How does the registry reach its database? Two engines on one file or server, and one writer at a time.

Signed records are written with a full sync. Checks have an engine of their own that answers without waiting for the
disk: a check that a power cut loses takes no permission with it.
"""

import os
import time
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pysqlite3
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, event, func, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from consent.storage.disk import Doubt
from consent.storage.sqlite_versions import durability
from consent.storage.writer_lock import WriterLock

CHECKS = "checks"
WRITES = "consent_writes"
LEDGER_LOCK = 650_311  # any number, the same on every web machine
BUSY_MILLISECONDS = 10_000
FRESH_SECONDS = 1.0


class Model(DeclarativeBase):
    """The typed parent of every table; constraint names are the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Model)
_writer_locks: WeakKeyDictionary[Engine, WriterLock] = WeakKeyDictionary()


def engine_options(url: str, *, checks: bool = False) -> dict[str, Any]:
    """What `create_engine` needs: the SQLite that pysqlite3 carries, since a system's own may lose commits.

    What goes wrong is told without the values of the statement, which are people's.
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if checks:
        # Its statements are each a transaction of their own: there is nothing to roll back when it is done.
        options["pool_reset_on_return"] = None
    if make_url(url).get_backend_name() == "sqlite":
        return {**options, "module": pysqlite3.dbapi2}
    return {**options, "pool_pre_ping": not checks}


def prepare_engines(engines: dict[str | None, Engine], instance: Path) -> None:
    """Set each engine's durability and, on SQLite, its transactions and the one writer lock."""
    lock = WriterLock(instance / "writer.lock")
    doubt = Doubt([engine for engine in engines.values() if engine.dialect.name == "sqlite"])
    for bind, engine in engines.items():
        if engine.dialect.name == "sqlite":
            _writer_locks[engine] = lock
            _prepare_sqlite(engine, lock, doubt, checks=bind == CHECKS)
        else:
            _prepare_postgresql(engine, checks=bind == CHECKS)


def writers_turn(engine: Engine) -> AbstractContextManager[None]:
    """Whatever changes outside a session waits for its turn too. PostgreSQL takes several at once."""
    return _writer_locks.get(engine) or nullcontext()


def begin_writing(session: Session) -> None:
    """Start a change as the registry's only writer; what was read before is read anew. Ends with the transaction."""
    session.rollback()
    connection = session.connection(execution_options={WRITES: True})
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LEDGER_LOCK)))


def rewrite(engine: Engine) -> bool:
    """Write the whole database anew, so that nothing erased is left between what is kept. False if somebody reads."""
    with writers_turn(engine), closing(engine.raw_connection()) as connection:
        driver: Any = connection.driver_connection
        if engine.dialect.name == "postgresql":
            driver.autocommit = True
            driver.execute("VACUUM")
            driver.autocommit = False
            return True
        driver.execute("VACUUM")
        [busy, _log, _checkpointed] = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


def _prepare_sqlite(engine: Engine, lock: WriterLock, doubt: Doubt, *, checks: bool) -> None:
    @event.listens_for(engine, "do_connect")
    def keep_private(_dialect: Any, _entry: Any, _arguments: Any, _options: Any) -> None:
        # The log beside it takes the file's own mode, so the file must be private before SQLite opens it.
        if engine.url.database:
            os.close(os.open(engine.url.database, os.O_RDWR | os.O_CREAT, 0o600))

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transactions begin too late and leave table changes outside.
        connection.isolation_level = None
        journal_mode, synchronous = durability(checks=checks)
        _use_journal(connection, journal_mode)
        doubt.settle(connection)
        for pragma in (
            f"busy_timeout = {BUSY_MILLISECONDS}",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            # Without it INSERT OR REPLACE deletes the old row past its triggers.
            "recursive_triggers = ON",
            # What is erased or deleted is overwritten, not only forgotten.
            "secure_delete = ON",
        ):
            connection.cursor().execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql("BEGIN")
            return
        lock.acquire()
        connection.info["writer_lock"] = lock
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def release(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        if held := entry.info.pop("writer_lock", None):
            held.release()


def _use_journal(connection: DBAPIConnection, mode: str) -> None:
    """Two that open a new file at once: SQLite refuses one of them at once, whatever its busy timeout."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.cursor().execute(f"PRAGMA journal_mode = {mode}")
        except pysqlite3.dbapi2.OperationalError as refused:
            if "locked" not in str(refused) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _prepare_postgresql(engine: Engine, *, checks: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        connection.cursor().execute(f"SET synchronous_commit = {'off' if checks else 'on'}")
        connection.cursor().execute("SET TimeZone = 'UTC'")
        # A check's statements are each a transaction of their own, as on SQLite.
        connection.autocommit = checks

    if checks:
        _greet_after_a_pause(engine)


def _greet_after_a_pause(engine: Engine) -> None:
    """Asked a thousand times a second, the server need not say each time that it is still there."""

    @event.listens_for(engine, "checkin")
    def lay_down(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["resting_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def greet(connection: DBAPIConnection, entry: ConnectionPoolEntry, _pooled: object) -> None:
        if time.monotonic() - entry.info.get("resting_since", 0) < FRESH_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone
