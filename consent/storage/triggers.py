"""Which rows does the database itself refuse to change?

SQLite drops a table's triggers when a migration rebuilds the table, so `make_triggers` runs after every upgrade.
"""

from sqlalchemy import Connection, Table, text

from consent.storage.database import Model
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    FormVersion,
    FormWithdrawal,
    Guardianship,
    Hold,
    LedgerEvent,
    PatronCheck,
    PatronMatch,
    Platform,
    RosterPrint,
    SealedContent,
    ShownText,
    Signing,
    Withdrawal,
    WithdrawalUse,
    WithdrawalVoiding,
    Witnessing,
)

APPEND_ONLY: tuple[type[Model], ...] = (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    FormVersion,
    FormWithdrawal,
    LedgerEvent,
    PatronCheck,
    PatronMatch,
    RosterPrint,
    SealedContent,
    ShownText,
    Signing,
    Withdrawal,
    WithdrawalUse,
    WithdrawalVoiding,
    Witnessing,
)
ENDED_ONCE: dict[type[Model], tuple[str, ...]] = {
    Guardianship: ("patron_id", "guardian_id", "relationship", "since", "beyond_majority"),
    Hold: ("external_id", "patron_id", "since", "reason"),
}
"""Rows that may gain their `until` once; the columns listed never change."""
NEVER_DELETED: tuple[type[Model], ...] = (Guardianship, Hold, Platform)

REFUSE = "refuse_change"


def make_triggers(connection: Connection) -> None:
    """Make every trigger anew, in the caller's transaction."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text(_POSTGRESQL_FUNCTION))
    for name, statement in _triggers(postgresql=postgresql).items():
        table = statement[1]
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgresql else "")))
        connection.execute(text(statement[0]))


def trigger_names(*, postgresql: bool) -> frozenset[str]:
    """The triggers that a healthy database has."""
    return frozenset(_triggers(postgresql=postgresql))


_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _triggers(*, postgresql: bool) -> dict[str, tuple[str, str]]:
    """Each trigger's statement and table, by name."""
    made: dict[str, tuple[str, str]] = {}

    def refuse(table: Table, event: str, why: str, when: str = "") -> None:
        name = f"{table.name}_no_{event.lower()}"
        condition = f"WHEN ({when})" if when else ""
        if not postgresql:
            body = f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        else:
            body = f"EXECUTE FUNCTION {REFUSE}('{why}')"
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        made[name] = (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table.name} FOR EACH {each} {condition} {body}",
            table.name,
        )

    for model in APPEND_ONLY:
        table = model.__table__
        assert isinstance(table, Table)
        refuse(table, "UPDATE", f"{table.name} is never edited")
        refuse(table, "DELETE", f"{table.name} is never deleted")
        if postgresql:
            refuse(table, "TRUNCATE", f"{table.name} is never deleted")
    for model in NEVER_DELETED:
        table = model.__table__
        assert isinstance(table, Table)
        refuse(table, "DELETE", f"{table.name} is ended, never deleted")
        if postgresql:
            refuse(table, "TRUNCATE", f"{table.name} is ended, never deleted")
    for model, kept in ENDED_ONCE.items():
        table = model.__table__
        assert isinstance(table, Table)
        changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in kept)
        refuse(table, "UPDATE", f"{table.name} is ended once, never edited", f"OLD.until IS NOT NULL OR {changed}")
    return made
