"""Is whatever somebody changes behind the registry's back found, and named?"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Connection, inspect, select, text, update
from sqlalchemy.orm import Session

from consent.domain.verification import Finding
from consent.services.verification import verify, verify_connection
from consent.storage.database import WRITES, Model, db
from consent.storage.models import LedgerEvent
from consent.storage.sealed_rows import CHECKED, SEALED
from tests.builders.used_registry import a_used_registry

TABLES = Model.metadata.tables
IN_THE_TREE = {
    "ledger_event": "position kind recorded_at actor leaf",
    "ledger_node": "position level hash",
    "sealed_content": "position salt canonical",
    "sealed_rows": "position leaf salt canonical",
}
DERIVED = {
    "patron_word": "word patron_id",
    "word_trigram": "trigram word",
}
"""Made anew from the names when it is verified."""
OPERATIONAL = {
    "kiosk.last_seen_at": "when a device was last alive; changes each minute and decides nothing",
    "kiosk_draft": "what a family types, deleted within ten minutes and never a record",
    "setup_code": "worth nothing once there is a newer one, or an administrator",
    "staff.fs_uniquifier": "a new one ends somebody's sessions; it proves nothing",
    "staff.last_used_at": "when somebody last asked for a page; changes every few minutes and decides nothing",
    "staff.password": "a hash that the library renews at sign-in; who chose one is in the ledger",
    "try_count": "how often somebody guessed; swept within a day",
}


def listed(tables: dict[str, str]) -> set[str]:
    return {f"{table}.{column}" for table, columns in tables.items() for column in columns.split()}


def test_every_column_of_the_schema_is_sealed_derived_or_operational():
    columns = {str(column) for table in TABLES.values() for column in table.columns}
    operational = {column for column in columns if column in OPERATIONAL or column.split(".")[0] in OPERATIONAL}
    called = [listed(SEALED), listed(CHECKED), listed(IN_THE_TREE), listed(DERIVED), operational]
    assert set().union(*called) == columns
    assert sum(map(len, called)) == len(columns)
    assert OPERATIONAL.keys() <= columns | TABLES.keys()


@pytest.fixture
def used(app: Flask) -> Flask:
    a_used_registry(app)
    return app


@pytest.fixture
def tampering(used: Flask) -> Iterator[Connection]:
    """Somebody with the database in their hands: no trigger and no rule refuses them. Undone in the end."""
    with used.app_context():
        engine = db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        if connection.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
            connection.connection.driver_connection.execute("PRAGMA ignore_check_constraints = ON")
        disarm(connection)
        yield connection
        connection.rollback()
        connection.invalidate()


def disarm(connection: Connection) -> None:
    live = inspect(connection)
    if connection.dialect.name == "sqlite":
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for table in TABLES:
        for check in live.get_check_constraints(table):
            connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{check["name"]}"'))


def findings(connection: Connection) -> list[Finding]:
    """But for the triggers, which are gone here."""
    found = verify_connection(connection).findings
    return [finding for finding in found if not finding.record.startswith("trigger ")]


SOMETHING = {int: 1, str: "x", datetime: datetime(2026, 1, 1, tzinfo=UTC), date: date(2026, 1, 1)}
CHANGES: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (bool, lambda value: not value),
    (int, lambda value: value + 10_000),
    (datetime, lambda value: value + timedelta(microseconds=1)),
    (date, lambda value: value + timedelta(days=1)),
    (bytes, lambda value: bytes([value[0] ^ 1]) + value[1:]),
    ((dict, list), lambda _: {"kind": "typed", "name": "Somebody Else"}),
    (str, lambda value: ("y" if value[0] != "y" else "z") + value[1:]),
)


def another(column: Column[Any], value: Any) -> Any:
    """As little as can be changed."""
    if value is None:
        return SOMETHING[getattr(column.type, "impl_instance", column.type).python_type]
    return next(change(value) for kind, change in CHANGES if isinstance(value, kind))


@pytest.mark.usefixtures("used")
def test_nothing_is_wrong_with_a_registry_that_was_only_used(session: Session):
    verified = verify(session)
    assert verified.findings == ()
    assert verified.all_matches
    assert verified.entries == session.scalar(select(LedgerEvent.position).order_by(LedgerEvent.position.desc()))
    assert verified.rows > 100
    empty = [
        name for name in (*SEALED, *CHECKED, *IN_THE_TREE) if not session.execute(select(TABLES[name]).limit(1)).all()
    ]
    assert empty == []


def test_a_change_of_any_column_is_found_and_its_row_is_named(tampering: Connection):
    """One column of each table at a time; the tables in one go, but for the ledger's own, which tell of them."""
    missed = []
    for tables in (SEALED | CHECKED, *({name: columns} for name, columns in IN_THE_TREE.items())):
        columns = [[TABLES[name].c[column] for column in listed.split()] for name, listed in tables.items()]
        for place in range(max(map(len, columns))):
            missed += changed_and_not_named(tampering, [some[place] for some in columns if some[place:]])
    assert missed == []
    assert findings(tampering) == []


def changed_and_not_named(connection: Connection, columns: list[Column[Any]]) -> list[str]:
    with connection.begin_nested() as undone:
        rows = {str(column): flip(connection, column) for column in columns}
        named = {finding.record for finding in findings(connection)}
        undone.rollback()
    return [
        f"{name} of {row}"
        for name, row in rows.items()
        if not any(record == row or record.startswith(f"{row} ") for record in named)
    ]


def flip(connection: Connection, column: Column[Any]) -> str:
    """Change one column of the table's last row, and say how the row is known."""
    table, keys = column.table, list(column.table.primary_key)
    row = connection.execute(select(table).order_by(*(key.desc() for key in keys)).limit(1)).mappings().one()
    this_one = [key == row[key.name] for key in keys]
    connection.execute(update(table).where(*this_one).values({column.name: another(column, row[column.name])}))
    if table.name in IN_THE_TREE:
        return f"entry {row['position']}"
    return f"{table.name} {'/'.join(str(row[key.name]) for key in keys)}"
