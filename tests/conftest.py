"""What does every test start from? An empty, migrated registry, once on SQLite and once on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from consent.app import create_app
from consent.settings import Settings
from consent.storage.database import db
from tests.builders.registries import compile_rules_once, compile_statements_once, dispose, hash_quickly

pytest_plugins = [
    "tests.plugins.databases", "tests.plugins.folders", "tests.plugins.measured_once", "tests.plugins.no_silent_skips",
]  # fmt: skip

compile_rules_once()
compile_statements_once()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Every test that rests on this runs once on each database."""
    return str(request.param)


@pytest.fixture
def settings(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    instance = tmp_path / "instance"
    instance.mkdir()
    if database == "postgresql":
        return Settings(instance=instance, database_url=request.getfixturevalue("empty_postgresql_database")())
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
    hash_quickly(app)
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
