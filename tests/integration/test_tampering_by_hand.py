"""Is it found when somebody takes the registry's own files in hand, with tools that know nothing of it?

Each is told as it would happen: the file is copied, put back or edited by `sqlite3`, and `consent verify` is asked.
"""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from consent.app import main
from consent.storage.database import db
from tests.builders.desk import SOON, FrontDesk
from tests.builders.sittings import CHILD
from tests.builders.used_registry import a_used_registry


@pytest.fixture
def database() -> str:
    """A file, which somebody can take in hand."""
    return "sqlite"


@pytest.fixture(autouse=True)
def desk(app: Flask) -> FrontDesk:
    return a_used_registry(app)


def file_of(app: Flask) -> Path:
    with app.app_context():
        return Path(str(db.engine.url.database))


def put_away(app: Flask) -> None:
    """The registry is stopped: nothing of its database is open or beside its file any more."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    with closing(sqlite3.connect(file_of(app))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def by_hand(app: Flask, *statements: str) -> None:
    """What the `sqlite3` shell would do; the triggers that stand in the way are dropped first, as anybody could."""
    put_away(app)
    with closing(sqlite3.connect(file_of(app), isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement


def verify(app: Flask, *arguments: str) -> tuple[int, list[str]]:
    """But for the triggers that are gone, which are named too."""
    ended = app.test_cli_runner().invoke(main, ["verify", *arguments])
    return ended.exit_code, [line for line in ended.stdout.splitlines() if not line.startswith("trigger ")]


def checkpoint(app: Flask) -> str:
    return app.test_cli_runner().invoke(main, ["checkpoint"]).stdout


def one_more_family(desk: FrontDesk) -> None:
    desk.signed(replace(CHILD, first_name="Uma"), now=SOON + timedelta(days=1))


def test_yesterdays_file_put_back_is_found_by_todays_checkpoint_alone(app: Flask, desk: FrontDesk, tmp_path: Path):
    yesterdays = checkpoint(app)
    put_away(app)
    shutil.copy(file_of(app), tmp_path / "yesterday.sqlite")
    one_more_family(desk)
    (tmp_path / "today.txt").write_text(checkpoint(app), "utf-8")
    (tmp_path / "yesterday.txt").write_text(yesterdays, "utf-8")
    assert verify(app, "--checkpoint", str(tmp_path / "today.txt")) == (0, [])

    put_away(app)
    shutil.copy(tmp_path / "yesterday.sqlite", file_of(app))
    # In itself it is whole, and so it is against what was known when it was made: README says so.
    assert verify(app) == (0, [])
    assert verify(app, "--checkpoint", str(tmp_path / "yesterday.txt")) == (0, [])
    code, said = verify(app, "--checkpoint", str(tmp_path / "today.txt"))
    assert (code, len(said)) == (1, 1)
    assert said[0].endswith("its end was cut off, or an old copy was put back")
    size = (tmp_path / "today.txt").read_text("utf-8").split("\n")[1]
    code, said = verify(app, "--checkpoint", f"{size} 3F2A 9C01 D4E5 77B0 1122")
    assert (code, "an old copy was put back" in said[0]) == (1, True)


def test_yesterdays_file_put_back_and_gone_on_with_is_another_history(app: Flask, desk: FrontDesk, tmp_path: Path):
    """Whoever also lets the registry grow past the length that was printed is found by the root."""
    put_away(app)
    shutil.copy(file_of(app), tmp_path / "yesterday.sqlite")
    one_more_family(desk)
    note = checkpoint(app)
    put_away(app)
    shutil.copy(tmp_path / "yesterday.sqlite", file_of(app))
    for _ in range(3):
        one_more_family(desk)
    assert verify(app) == (0, [])
    (tmp_path / "today.txt").write_text(note, "utf-8")
    code, [said] = verify(app, "--checkpoint", str(tmp_path / "today.txt"))
    assert (code, said.endswith("these are not the entries that it was made of")) == (1, True)


EDITS = {
    "a yes made a no": ("UPDATE consent_answer SET answer = 'no' WHERE use = 'photo'", "consent_answer "),
    "one letter of a form": (
        "UPDATE form_version SET body_en = replace(body_en, 'You', 'Yow') WHERE id = 1",
        "form_version 1 (",
    ),
    "one byte of a signer's copy": (
        "UPDATE stored_copy SET pdf = CAST(substr(pdf, 1, length(pdf) - 1) || 'x' AS BLOB) WHERE signing_id = 1",
        "stored_copy 1",
    ),
    "a stroke of each signature": ("UPDATE consent SET signature = replace(signature, '20', '21')", "consent "),
    "when somebody witnessed": ("UPDATE witnessing SET at = '2026-01-01 00:00:00'", "witnessing "),
    "a hold made to go": ("DELETE FROM hold WHERE id = 1", "hold 1"),
    "an event of somebody else": (
        "UPDATE ledger_event SET actor = 'staff:9' WHERE position = 3",
        "entry 3 (",
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_whatever_is_edited_in_the_file_is_named(app: Flask, what: str):
    statement, named = EDITS[what]
    by_hand(app, statement)
    code, said = verify(app)
    assert code == 1
    assert any(line.startswith(named) for line in said), said


def test_a_tail_that_is_cut_off_the_ledger_alone_leaves_rows_that_nobody_sealed(app: Flask):
    cut = "DELETE FROM {} WHERE position > (SELECT max(position) - 20 FROM ledger_event)"
    tables = ("ledger_node", "sealed_rows", "sealed_content", "ledger_subject", "ledger_event")
    by_hand(app, *(cut.format(table) for table in tables))
    code, said = verify(app)
    assert code == 1
    assert any(line.endswith("no entry of the ledger tells of it") for line in said), said


def test_the_control_untouched_by_hand_it_matches(app: Flask):
    put_away(app)
    assert verify(app) == (0, [])
