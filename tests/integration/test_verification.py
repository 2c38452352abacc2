"""Is whatever somebody changes behind the registry's back found, and named?"""

import json
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Connection, delete, func, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from consent.cli.verification import checkpoint as checkpoint_command
from consent.cli.verification import verify as verify_command
from consent.domain.checkpoints import Checkpoint, Given, read_given
from consent.domain.permissions import Role
from consent.domain.verification import Finding
from consent.services.verification import verify, verify_connection
from consent.storage.checkpoints import head
from consent.storage.database import WRITES, Model, db
from consent.storage.models import FormVersion, LedgerEvent, SealedRows
from consent.storage.sealed_rows import CHECKED, SEALED
from tests.builders.staff import csrf_token, signed_in
from tests.builders.used_registry import a_used_registry

TABLES = Model.metadata.tables
IN_THE_TREE = {
    "ledger_event": "position kind recorded_at actor leaf",
    "ledger_node": "position level hash",
    "sealed_content": "position salt canonical",
    "sealed_rows": "position leaf salt canonical",
}
DERIVED = {
    "policy_acknowledgement": "pdf",
    "stored_copy": "pdf",
    "paper_scan": "content",
    "patron_word": "word patron_id",
    "word_trigram": "trigram word",
}
"""Made anew from the names when it is verified; a stored copy and a scan are held against their own SHA-256."""
OPERATIONAL = {
    "chore_done": "when housekeeping was last done; it is done anew when that is wrong",
    "group_check": "what somebody is about to ask; each answer is a sealed check",
    "group_check_person": "who is asked about; each answer about them is a sealed check",
    "kiosk.large_text": "how a device shows its pages; it decides nothing",
    "kiosk.last_seen_at": "when a device was last alive; changes each minute and decides nothing",
    "kiosk.silent": "whether a device makes a sound; it decides nothing",
    "kiosk.staff_pin_hash": "what opens a device's menu; the ledger says who set it",
    "kiosk_draft": "what a family types, deleted within ten minutes and never a record",
    "setup_code": "worth nothing once there is a newer one, or an administrator",
    "outgoing_mail": "what waits to be sent and how often it was tried; what it tells of is sealed elsewhere",
    "staff.kind": "how somebody works here; every rule treats all alike, and the ledger says who changed it",
    "staff.fs_uniquifier": "a new one ends somebody's sessions; it proves nothing",
    "staff.last_used_at": "when somebody last asked for a page; changes every few minutes and decides nothing",
    "staff.password": "a hash that the library renews at sign-in; who chose one is in the ledger",
    "staff_authenticator": "how somebody signs in, counted on at each use; the ledger says who added and removed one",
    "staff_recovery_code": "how somebody signs in once; the ledger says who made them",
    "staff_security_key": "how somebody signs in, counted on at each use; the ledger says who added and removed one",
    "staff_session": "who is signed in where; swept when it is over",
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


def findings(connection: Connection, given: Given | None = None) -> list[Finding]:
    """But for the triggers, which are gone here."""
    found = verify_connection(connection, given).findings
    return [finding for finding in found if not finding.record.startswith("trigger ")]


SOMETHING = {int: 1, str: "x", datetime: datetime(2026, 1, 1, tzinfo=UTC), date: date(2026, 1, 1)}
CHANGES: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (bool, lambda value: not value),
    (int, lambda value: value + 10_000),
    (datetime, lambda value: value + timedelta(microseconds=1)),
    (date, lambda value: value + timedelta(days=1)),
    (bytes, lambda value: bytes([value[0] ^ 1]) + value[1:]),
    ((dict, list), lambda _: {"kind": "typed", "name": "Somebody Else"}),
    (str, lambda value: ("y" if value[:1] != "y" else "z") + value[1:]),
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
    for tables in (
        SEALED | CHECKED,
        {"stored_copy": "pdf", "paper_scan": "content"},
        *({name: columns} for name, columns in IN_THE_TREE.items()),
    ):
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


def cut(connection: Connection, keep: int) -> None:
    """The end of the ledger, with all that its entries wrote: what is left is as it once was."""
    told = connection.execute(
        select(SealedRows.canonical).where(SealedRows.position > keep).order_by(SealedRows.position)
    )
    for (canonical,) in told.all():
        for batch in json.loads(canonical)["rows"]:
            table = TABLES[batch["table"]]
            keys = [row[: len(table.primary_key)] for row in batch.get("kept", batch.get("checks", []))]
            for key in keys:
                same = [column == value for column, value in zip(table.primary_key, key, strict=False)]
                connection.execute(delete(table).where(*same))
    for name in ("ledger_node", "sealed_rows", "sealed_content", "ledger_event"):
        connection.execute(delete(TABLES[name]).where(TABLES[name].c.position > keep))


def test_a_cut_tail_is_found_only_against_a_checkpoint_from_elsewhere(tampering: Connection):
    size, root = head(tampering)
    paper = read_given(Checkpoint("", size, root).short)
    before = verify_connection(tampering, paper)
    cut(tampering, size - 1)
    assert [finding for finding in before.findings if not finding.record.startswith("trigger")] == []
    assert findings(tampering) == []
    assert [str(finding) for finding in findings(tampering, paper)] == [
        f"{paper.named}: the ledger has only {size - 1}: its end was cut off, or an old copy was put back"
    ]


def test_another_history_of_the_same_length_is_found_against_a_checkpoint(tampering: Connection):
    size, root = head(tampering)
    other = Checkpoint("", size, bytes(32)).short
    assert [finding.what for finding in findings(tampering, read_given(other))] == [
        "these are not the entries that it was made of"
    ]
    assert findings(tampering, read_given(Checkpoint("", size, root).short)) == []


def lose_an_answer(connection: Connection) -> str:
    answers = TABLES["consent_answer"]
    one = connection.execute(select(answers).limit(1)).one()
    connection.execute(delete(answers).where(answers.c.consent_id == one.consent_id, answers.c.use == one.use))
    return f"consent_answer {one.consent_id}/{one.use}: is gone; it was sealed with entry"


def enroll_unseen(connection: Connection) -> str:
    connection.execute(insert(TABLES["enrollment"]).values(program_id=1, patron_id=99))
    return "enrollment 1/99: was never sealed; no entry of the ledger tells of it"


def swap_two_people(connection: Connection) -> str:
    key = TABLES["patron"].c.id
    for old, new in ((1, -1), (2, 1), (-1, 2)):
        connection.execute(update(TABLES["patron"]).where(key == old).values(id=new))
    return "patron 2 ("


def lose_an_entry(connection: Connection) -> str:
    for name in ("ledger_node", "sealed_rows", "sealed_content", "ledger_event"):
        connection.execute(delete(TABLES[name]).where(TABLES[name].c.position == 5))
    return "entry 5: is gone: the next one is entry 6"


def change_a_letter(connection: Connection) -> str:
    other = func.replace(FormVersion.body_en, "You", "Yow")
    connection.execute(update(FormVersion).where(FormVersion.id == 1).values(body_en=other))
    return "form_version 1 (media 1): its text is not the one of its SHA-256"


def forget_a_name(connection: Connection) -> str:
    words = TABLES["patron_word"]
    connection.execute(delete(words).where(words.c.word == "romero"))
    return "patron_word of patron"


def say_it_elsewhere(connection: Connection) -> str:
    """Both the row and what the ledger says of it must be changed, and the second is found at once."""
    sealed = select(SealedRows.position).where(SealedRows.canonical.contains('"table":"consent_answer"')).limit(1)
    changed = func.replace(SealedRows.canonical, '"yes"]', '"no"]')
    position = connection.scalar(sealed)
    connection.execute(update(SealedRows).where(SealedRows.position == position).values(canonical=changed))
    return "): the rows beside it are not what was sealed\nconsent_answer"


@pytest.mark.parametrize(
    "tamper",
    [lose_an_answer, enroll_unseen, swap_two_people, lose_an_entry, change_a_letter, forget_a_name, say_it_elsewhere],
)
def test_whatever_else_is_done_to_the_tables_is_named(tampering: Connection, tamper: Callable[[Connection], str]):
    named = tamper(tampering)
    assert named in said(tampering)


@pytest.mark.parametrize("database", ["sqlite"])
def test_without_the_comparison_a_changed_answer_would_not_be_found(
    tampering: Connection, monkeypatch: pytest.MonkeyPatch
):
    """The control: what finds it is what is said to find it."""
    tampering.execute(update(TABLES["patron"]).where(TABLES["patron"].c.id == 1).values(adult=True))
    assert "patron 1 (" in said(tampering)
    monkeypatch.setattr("consent.services.verification_rows.Comparison.differences", lambda _: iter(()))
    assert findings(tampering) == []


def said(connection: Connection) -> str:
    return "\n".join(map(str, findings(connection)))


@pytest.mark.usefixtures("used")
def test_the_command_ends_with_what_it_found(app: Flask):
    run = app.test_cli_runner()
    fine = run.invoke(verify_command, [])
    assert (fine.exit_code, fine.stdout) == (0, "")
    assert "rows verified: all match." in fine.stderr
    note = run.invoke(checkpoint_command, []).stdout
    assert run.invoke(verify_command, ["--checkpoint", "-"], input=note).exit_code == 0
    wrong = run.invoke(verify_command, ["--checkpoint", "99999 AAAA BBBB CCCC DDDD", "--json"])
    assert wrong.exit_code == 1
    assert json.loads(wrong.stdout)["findings"][0]["record"] == "checkpoint of 99,999 entries"
    assert run.invoke(verify_command, ["--checkpoint", "no such thing"]).exit_code == 1


@pytest.mark.usefixtures("used")
def test_a_new_key_is_recorded_and_what_the_old_one_signed_can_still_be_checked(app: Flask, session: Session):
    run = app.test_cli_runner()
    old = run.invoke(checkpoint_command, []).stdout
    new = run.invoke(checkpoint_command, ["--new-key"]).stdout
    assert old.splitlines()[0] == new.splitlines()[0] == "localhost:8000/ledger"
    assert old.splitlines()[-1] != new.splitlines()[-1]
    for note in (old, new):
        assert verify(session, read_given(note)).findings == ()
    forged = old.replace("localhost", "elsewhere")
    assert [finding.what for finding in verify(session, read_given(forged)).findings] == [
        "is signed by no key of this ledger"
    ]
    assert stat.S_IMODE((app.config["CONSENT"].instance / "ledger-key").stat().st_mode) == 0o600


@pytest.mark.usefixtures("used")
@pytest.mark.parametrize("database", ["sqlite"])
def test_the_page_says_what_was_found_and_names_the_record(app: Flask, session: Session):
    officer = signed_in(app, Role.RECORDS_OFFICER, email="olga@city.example")
    first = officer.get("/ledger").text
    assert "The records were never verified" in first
    size, root = head(session.connection())
    session.rollback()
    assert Checkpoint("", size, root).short in first

    sent = {"csrf_token": csrf_token(officer), "checkpoint": Checkpoint("", size, root).short}
    assert officer.post("/ledger", data=sent).status_code == 303
    page = officer.get("/ledger").text
    assert 'data-matches="yes"' in page
    assert f"held against a checkpoint of {size} entries" in page

    unread = officer.post("/ledger", data={"csrf_token": csrf_token(officer), "checkpoint": "the one of last week"})
    assert (unread.status_code, "Type the number of entries" in unread.text) == (200, True)
    assert "the one of last week" in unread.text

    officer.post("/ledger", data={"csrf_token": csrf_token(officer), "checkpoint": "99999 AAAA BBBB CCCC DDDD"})
    page = officer.get("/ledger").text
    assert 'data-matches="no"' in page
    assert "checkpoint of 99,999 entries" in page
    assert session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position.desc()).limit(1)).one() == (
        "records-verified"
    )
