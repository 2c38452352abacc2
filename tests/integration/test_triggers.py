"""Does the database itself keep what was signed, checked and recorded, whoever writes to it?"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, Executable, Table, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from consent.storage.database import Model
from consent.storage.models import Consent, Guardianship
from consent.storage.triggers import (
    APPEND_ONLY,
    ENDED_ONCE,
    ENDED_SOONER,
    NEVER_DELETED,
    make_triggers,
    trigger_names,
    trigger_names_in_force,
)
from tests.builders.rows import NOW, a_row

OPERATIONAL = {
    "enrollment": "who leaves a program leaves its roster; no verdict asks who is enrolled",
    "chore_done": "the last time that housekeeping was done; no record rests on it",
    "group_check": "what somebody is about to ask; each answer to it is a check on record",
    "group_check_person": "who is asked about; each answer about them is a check on record",
    "kiosk_draft": "what a family typed goes for good when they sign, leave or start over",
    "patron_handle": "an account name is kept only for as long as a tag is permitted",
    "patron_word": "made anew from the names",
    "program_lead": "a program changes hands, and nobody answers for it twice",
    "setup_code": "a code is worth nothing once there is a newer one, or an administrator",
    "staff_authenticator": "a second factor that is removed signs nobody in",
    "staff_recovery_code": "new ones make the old ones worthless",
    "staff_role": "the six roles are those of the code",
    "staff_role_held": "a role is taken back",
    "try_count": "how often somebody tried is forgotten after a day, or when they got it right",
    "staff_security_key": "a second factor that is removed signs nobody in",
    "staff_session": "forgotten a month after it is over",
    "word_trigram": "made anew from the names",
}
"""Tables whose rows may be deleted, and why."""


def tables(models: Any) -> list[Any]:
    """Tables, to run a test on each; its name is the test's."""
    return [pytest.param(Model.metadata.tables[model.__tablename__], id=model.__tablename__) for model in models]


ENDS = [
    pytest.param(Model.metadata.tables[model.__tablename__], end, id=model.__tablename__)
    for model, end in (ENDED_ONCE | ENDED_SOONER).items()
]
ENDED_ONLY_ONCE = ENDS[: len(ENDED_ONCE)]
ENDED = {
    **{model.__tablename__: "is ended once, never edited" for model in ENDED_ONCE},
    **{model.__tablename__: "is ended or ended sooner, never edited" for model in ENDED_SOONER},
}


def refusal(connection: Connection, statement: Executable) -> str:
    """What the database says to a statement that it must refuse."""
    with pytest.raises(IntegrityError) as refused, connection.begin_nested():
        connection.execute(statement)
    return str(refused.value.orig)


def itself(table: Table, column: str) -> Executable:
    """The mildest of all changes."""
    return update(table).values({column: table.c[column]})


def other_than(value: Any, column: ColumnElement[Any]) -> Any:
    if value is None or value == "":
        return 1 if column.foreign_keys else "other"
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, str):
        return f"{value[:-1]}{'x' if value[-1] != 'x' else 'y'}"
    return value + 1


def test_every_table_says_how_its_rows_are_kept():
    corrected = {model.__tablename__ for model in NEVER_DELETED} - ENDED.keys()
    kept = [*(model.__tablename__ for model in APPEND_ONLY), *ENDED, *corrected, *OPERATIONAL]
    assert sorted(kept) == sorted(Model.metadata.tables)


@pytest.mark.parametrize("table", tables(APPEND_ONLY))
def test_a_record_is_never_edited(connection: Connection, table: Table):
    a_row(connection, table)
    for column in table.columns:
        assert refusal(connection, itself(table, column.name)).startswith(f"{table.name} is never edited")


@pytest.mark.parametrize("table", tables(APPEND_ONLY))
def test_a_record_is_never_written_over(connection: Connection, table: Table):
    row = dict(a_row(connection, table))
    if connection.dialect.name == "sqlite":
        said = refusal(connection, insert(table).prefix_with("OR REPLACE").values(row))
        assert said == f"{table.name} is never deleted"
    else:
        over = postgresql.insert(table).values(row)
        said = refusal(connection, over.on_conflict_do_update(index_elements=list(table.primary_key), set_=row))
        assert said.startswith(f"{table.name} is never edited")


@pytest.mark.parametrize("table", tables((*APPEND_ONLY, *NEVER_DELETED)))
def test_what_the_records_speak_of_is_never_deleted(connection: Connection, table: Table):
    a_row(connection, table)
    assert refusal(connection, delete(table)).startswith(f"{table.name} is never deleted")
    if connection.dialect.name == "postgresql":
        assert "is never deleted" in refusal(connection, text(f"TRUNCATE {table.name} CASCADE"))


@pytest.mark.parametrize("table", tables(model for model in NEVER_DELETED if model.__tablename__ not in ENDED))
def test_whatever_is_not_signed_may_be_corrected(connection: Connection, table: Table):
    a_row(connection, table)
    for column in table.columns:
        connection.execute(itself(table, column.name))


@pytest.mark.parametrize(("table", "end"), ENDS)
def test_an_end_is_never_taken_back_or_moved_later(connection: Connection, table: Table, end: str):
    a_row(connection, table)
    connection.execute(update(table).values({end: NOW}))
    for other in (None, NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=1)):
        said = refusal(connection, update(table).values({end: other}))
        assert said.startswith(f"{table.name} {ENDED[table.name]}")


@pytest.mark.parametrize(("table", "end"), ENDED_ONLY_ONCE)
def test_what_is_revoked_was_not_revoked_sooner(connection: Connection, table: Table, end: str):
    a_row(connection, table)
    connection.execute(update(table).values({end: NOW}))
    said = refusal(connection, update(table).values({end: NOW - timedelta(days=1)}))
    assert said.startswith(f"{table.name} is ended once, never edited")


@pytest.mark.parametrize("table", tables(ENDED_SOONER))
def test_a_guardianship_or_a_hold_ends_sooner_as_often_as_it_must_and_never_later_again(
    connection: Connection, table: Table
):
    a_row(connection, table)
    for sooner in (NOW, NOW - timedelta(microseconds=1), NOW - timedelta(days=1)):
        connection.execute(update(table).values(until=sooner))
    assert connection.scalar(select(table.c.until)) == NOW - timedelta(days=1)
    for other in (None, NOW - timedelta(microseconds=1), NOW):
        assert refusal(connection, update(table).values(until=other)).startswith(f"{table.name} {ENDED[table.name]}")


@pytest.mark.parametrize("table", tables(ENDED_SOONER))
def test_nothing_else_changes_as_an_end_moves_sooner(connection: Connection, table: Table):
    row = a_row(connection, table)
    connection.execute(update(table).values(until=NOW))
    for column in (column for column in table.columns if column.name != "until"):
        change = {column.name: other_than(row[column.name], column), "until": NOW - timedelta(days=1)}
        said = refusal(connection, update(table).values(change))
        assert said.startswith(f"{table.name} {ENDED[table.name]}"), column


@pytest.mark.parametrize(("table", "end"), ENDS)
def test_what_can_be_ended_is_changed_in_nothing_else_not_even_as_it_ends(
    connection: Connection, table: Table, end: str
):
    row = a_row(connection, table)
    for column in (column for column in table.columns if column.name != end):
        change = {column.name: other_than(row[column.name], column), end: NOW}
        said = refusal(connection, update(table).values(change))
        assert said.startswith(f"{table.name} {ENDED[table.name]}"), column


@pytest.mark.parametrize("name", sorted(OPERATIONAL))
def test_whatever_is_only_for_the_day_may_be_deleted(connection: Connection, name: str):
    table = Model.metadata.tables[name]
    a_row(connection, table)
    connection.execute(delete(table))


def test_the_database_has_every_trigger_and_no_other(connection: Connection):
    postgresql = connection.dialect.name == "postgresql"
    assert trigger_names_in_force(connection) == trigger_names(postgresql=postgresql)


def test_a_trigger_that_somebody_took_away_is_noticed_and_made_again(connection: Connection):
    postgresql = connection.dialect.name == "postgresql"
    connection.execute(text("DROP TRIGGER consent_no_update" + (" ON consent" if postgresql else "")))
    missing = {"consent_no_update"}
    if postgresql:
        connection.execute(text("ALTER TABLE guardianship DISABLE TRIGGER guardianship_no_update"))
        missing.add("guardianship_no_update")
    assert trigger_names(postgresql=postgresql) - trigger_names_in_force(connection) == missing

    make_triggers(connection)
    assert trigger_names_in_force(connection) == trigger_names(postgresql=postgresql)
    a_row(connection, Consent)
    assert refusal(connection, itself(Model.metadata.tables["consent"], "language")).startswith(
        "consent is never edited"
    )
    a_row(connection, Guardianship)
    assert refusal(connection, update(Guardianship).values(beyond_majority=True)).startswith(
        "guardianship is ended or ended sooner"
    )
