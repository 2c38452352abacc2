"""Does the registry know a SQLite that may lose a commit, and use it more carefully?"""

import pysqlite3
import pytest
from flask import Flask
from sqlalchemy import Engine

from consent.storage.database import CHECKS, db
from consent.storage.doctor import not_durable
from consent.storage.sqlite_versions import is_fixed
from tests.builders.registries import dispose

EXTRA = 3


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.52.0", False),
        ("3.53.4", True),
        ("4.0.0", True),
    ],
)
def test_a_sqlite_that_may_lose_commits_is_known_by_its_version(version: str, fixed: bool):
    assert is_fixed(tuple(map(int, version.split(".")))) is fixed


@pytest.mark.parametrize("bind", [None, CHECKS])
def test_on_a_sqlite_that_may_lose_commits_no_log_is_written_ahead_and_everything_waits_for_the_disk(
    app: Flask, bind: str | None, monkeypatch: pytest.MonkeyPatch
):
    dispose(app)
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", (3, 40, 1))
    with app.app_context():
        engine: Engine = db.engines[bind]
        with engine.connect() as connection:
            told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
            assert told == ["delete", EXTRA]
            assert not_durable(connection) is None
