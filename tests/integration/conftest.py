"""What do tests share that change nothing for good? One migrated registry, on each database; one to walk through."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine

from consent.app import create_app
from consent.settings import Settings
from consent.storage.database import db
from tests.builders.registries import dispose
from tests.builders.walk import Walk, a_walk


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def untouched_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    instance = tmp_path_factory.mktemp("instance")
    settings = Settings(instance=instance)
    if request.param == "postgresql":
        settings = Settings(instance=instance, database_url=request.getfixturevalue("new_postgresql_database")())
    else:
        shutil.copy(request.getfixturevalue("migrated_sqlite"), instance / "registry.sqlite")
    app = create_app(settings)
    with app.app_context():
        engine = db.engine
    yield engine
    dispose(app)


@pytest.fixture(scope="module")
def walk(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Walk]:
    """A registry with something at every address. Where rows matter, tests ask on both databases elsewhere."""
    instance = tmp_path_factory.mktemp("instance")
    shutil.copy(migrated_sqlite, instance / "registry.sqlite")
    app = create_app(Settings(instance=instance))
    app.jinja_env.bytecode_cache = compiled_templates
    app.testing = True
    yield a_walk(app)
    dispose(app)


@pytest.fixture
def connection(untouched_engine: Engine) -> Iterator[Connection]:
    """For tests that never commit, by the hundred: what they write is rolled back."""
    with untouched_engine.connect() as connection:
        yield connection
