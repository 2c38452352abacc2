"""Is each engine as durable and as strict as it promises, on every connection that it opens?"""

from typing import Any

import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import Engine, text

from consent.storage.database import BUSY_MILLISECONDS, CHECKS, db

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
NORMAL, FULL = 1, 2
EXPECTED = {"journal_mode": "wal", "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": BUSY_MILLISECONDS}
FIRST_WITHOUT_LOST_COMMITS = (3, 51, 3)


def engine_of(app: Flask, bind: str | None) -> Engine:
    with app.app_context():
        return db.engines[bind]


def on_two_connections(engine: Engine, ask: str, names: list[str]) -> list[dict[str, Any]]:
    """What two connections that are open at once say, each also after an undone change."""
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            connection.execute(text("SELECT 1"))
            connection.rollback()
        return [
            {name: connection.exec_driver_sql(f"{ask} {name}").scalar() for name in names}
            for connection in (first, second)
        ]


@ON_SQLITE
@pytest.mark.parametrize(("bind", "synchronous"), [(None, FULL), (CHECKS, NORMAL)])
def test_sqlite_waits_for_the_disk_but_for_checks_and_knows_its_references(
    app: Flask, bind: str | None, synchronous: int
):
    expected = EXPECTED | {"synchronous": synchronous}
    assert on_two_connections(engine_of(app, bind), "PRAGMA", list(expected)) == [expected, expected]


@ON_SQLITE
@pytest.mark.parametrize("bind", [None, CHECKS])
def test_the_sqlite_in_use_is_the_one_that_loses_no_commit(app: Flask, bind: str | None):
    engine = engine_of(app, bind)
    assert engine.dialect.dbapi is pysqlite3.dbapi2
    with engine.connect() as connection:
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
    assert tuple(map(int, version.split("."))) >= FIRST_WITHOUT_LOST_COMMITS


@ON_POSTGRESQL
@pytest.mark.parametrize(("bind", "synchronous", "servers_own"), [(None, "on", "off"), (CHECKS, "off", "on")])
def test_postgresql_waits_for_the_disk_but_for_checks_and_thinks_in_utc_whatever_the_server_is_set_to(
    app: Flask, bind: str | None, synchronous: str, servers_own: str
):
    engine = engine_of(app, bind)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in (f"synchronous_commit = {servers_own}", "TimeZone = 'America/Phoenix'"):
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET {setting}"))
    engine.dispose()
    expected = {"synchronous_commit": synchronous, "TimeZone": "UTC"}
    assert on_two_connections(engine, "SHOW", list(expected)) == [expected, expected]
