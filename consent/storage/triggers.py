"""Which rows does the database itself refuse to change?

SQLite drops a table's triggers when a migration rebuilds the table, so `make_triggers` runs after every upgrade.

There is one way past them: what an order of two people names in `erased_record` may be emptied, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text

from consent.domain.erasures import ERASED
from consent.storage.database import Model
from consent.storage.models import (
    AccountDecision,
    ApiToken,
    Card,
    Clearance,
    ClearanceCapture,
    ClearanceDecision,
    ClearancePerson,
    ClearanceRecheck,
    ClearanceVerdict,
    CommunicationNote,
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    ErasedRecord,
    Erasure,
    ErasureRefusal,
    ErasureRequest,
    FormVersion,
    FormWithdrawal,
    Guardian,
    Guardianship,
    Hold,
    Kiosk,
    LedgerCheckpoint,
    LedgerEvent,
    LedgerKey,
    LedgerNode,
    LedgerSubject,
    Look,
    OutgoingMail,
    PaperEntry,
    PaperScan,
    Patron,
    PatronCheck,
    PatronMatch,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    Post,
    PostingAuthorization,
    PostingRefusal,
    PostingRequest,
    PostingRule,
    PostPerson,
    Program,
    RecordingAuthorization,
    RegistryMark,
    Report,
    ReportAssignment,
    ReportProgress,
    RosterPrint,
    RuleDecision,
    SealedContent,
    SealedRows,
    ShownText,
    Signing,
    SigningCopy,
    SigningRejection,
    Spokesperson,
    Staff,
    StoredCopy,
    Takedown,
    TakedownAssignment,
    TakedownClosing,
    Training,
    VoidingRefusal,
    VoidingRequest,
    Withdrawal,
    WithdrawalUse,
    WithdrawalVoiding,
    Witnessing,
)

APPEND_ONLY: tuple[type[Model], ...] = (
    AccountDecision,
    Clearance,
    ClearanceCapture,
    ClearanceDecision,
    ClearancePerson,
    ClearanceRecheck,
    ClearanceVerdict,
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    ErasedRecord,
    Erasure,
    ErasureRefusal,
    ErasureRequest,
    FormVersion,
    FormWithdrawal,
    LedgerCheckpoint,
    LedgerEvent,
    LedgerKey,
    LedgerNode,
    LedgerSubject,
    Look,
    PaperEntry,
    PaperScan,
    PatronCheck,
    PatronMatch,
    PolicyAcknowledgement,
    PolicyVersion,
    Post,
    PostPerson,
    PostingRefusal,
    PostingRequest,
    Report,
    ReportAssignment,
    ReportProgress,
    RosterPrint,
    RuleDecision,
    SealedContent,
    SealedRows,
    ShownText,
    Signing,
    SigningCopy,
    SigningRejection,
    StoredCopy,
    Takedown,
    TakedownAssignment,
    TakedownClosing,
    VoidingRefusal,
    VoidingRequest,
    Withdrawal,
    WithdrawalUse,
    WithdrawalVoiding,
    Witnessing,
)
ENDED_ONCE: dict[type[Model], str] = {
    ApiToken: "revoked_at",
    Card: "revoked_at",
    CommunicationNote: "ended_at",
    PlatformAccount: "ended_at",
    PostingAuthorization: "revoked_at",
    PostingRule: "ended_at",
    RecordingAuthorization: "ended_at",
    Spokesperson: "ended_at",
    Training: "ended_at",
}
"""Rows that may gain their end once, in the column named, and that change in nothing else."""
ENDED_SOONER: dict[type[Model], str] = {
    Guardianship: "until",
    Hold: "until",
}
"""Rows whose end, in the column named, may be set or moved earlier, never later, and that change in nothing else."""
NEVER_DELETED: tuple[type[Model], ...] = (
    *ENDED_ONCE,
    *ENDED_SOONER,
    Guardian,
    Kiosk,
    OutgoingMail,
    Patron,
    Platform,
    Program,
    RegistryMark,
    Staff,
)
"""What the signed records, the checks and the ledger speak of stays; and a demo stays marked as one."""

EMPTIED: dict[type[Model], tuple[str, ...]] = {
    Consent: ("signature",),
    ConsentVoiding: ("reason",),
    Hold: ("reason",),
    PaperScan: ("content",),
    SealedContent: ("salt", "canonical"),
    SealedRows: ("salt", "canonical"),
    ShownText: ("text",),
    SigningRejection: ("reason",),
    StoredCopy: ("pdf",),
    VoidingRequest: ("reason",),
    WithdrawalVoiding: ("reason",),
}
"""What an order to erase empties of a row that it names: null, or a dash where something must stand."""

REFUSE = "refuse_change"
NAMED = "is_named_by_an_order"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One refusal; without an end, of every row."""

    table: str
    event: str
    why: str
    end: str | None = None
    sooner: bool = False
    emptied: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table}_no_{self.event.lower()}"


def make_triggers(connection: Connection) -> None:
    """Make every trigger anew on the tables that this revision of the schema has, in the caller's transaction."""
    drop_triggers(connection)
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text(_POSTGRESQL_FUNCTION))
        connection.execute(text(_NAMED_ON_POSTGRESQL))
    tables = inspect(connection)
    present = set(tables.get_table_names())
    for trigger in _triggers(postgresql=postgresql):
        if trigger.table in present:
            columns = [column["name"] for column in tables.get_columns(trigger.table)]
            erases = ErasedRecord.__tablename__ in present
            connection.execute(text(_statement(trigger, columns, erases=erases, postgresql=postgresql)))


def drop_triggers(connection: Connection) -> None:
    """For a migration: they name tables and columns, which could not be dropped or renamed under them."""
    on_table = " ON {}" if connection.dialect.name == "postgresql" else ""
    for name, table, _ in _present(connection):
        connection.execute(text(f"DROP TRIGGER {name}{on_table.format(table)}"))


def trigger_names(*, postgresql: bool) -> frozenset[str]:
    """The triggers that a healthy database has."""
    return frozenset(trigger.name for trigger in _triggers(postgresql=postgresql))


def trigger_names_in_force(connection: Connection) -> frozenset[str]:
    """The triggers that this database has, but for those that somebody switched off."""
    return frozenset(name for name, _, in_force in _present(connection) if in_force)


def _triggers(*, postgresql: bool) -> Iterator[Trigger]:
    removals = ("DELETE", "TRUNCATE") if postgresql else ("DELETE",)
    for model in APPEND_ONLY:
        table = model.__tablename__
        yield Trigger(table, "UPDATE", f"{table} is never edited", emptied=EMPTIED.get(model, ()))
    for model in (*APPEND_ONLY, *NEVER_DELETED):
        table = model.__tablename__
        for event in removals:
            yield Trigger(table, event, f"{table} is never deleted")
    for model, end in ENDED_ONCE.items():
        table = model.__tablename__
        yield Trigger(table, "UPDATE", f"{table} is ended once, never edited", end)
    for model, end in ENDED_SOONER.items():
        table = model.__tablename__
        why = f"{table} is ended or ended sooner, never edited"
        yield Trigger(table, "UPDATE", why, end, sooner=True, emptied=EMPTIED.get(model, ()))


def _statement(trigger: Trigger, columns: list[str], *, erases: bool, postgresql: bool) -> str:
    each = "STATEMENT" if trigger.event == "TRUNCATE" else "ROW"
    refused = []
    if trigger.end:
        refused.append(f"({' OR '.join([_ended_before(trigger), *_changed(columns, besides=(trigger.end,))])})")
    if trigger.emptied and erases:
        refused.append(f"NOT ({_emptied_by_order(trigger, columns, postgresql=postgresql)})")
    when = f"WHEN ({' AND '.join(refused)})" if refused else ""
    if postgresql:
        refuse = f"EXECUTE FUNCTION {REFUSE}('{trigger.why}')"
    else:
        refuse = f"BEGIN SELECT RAISE(ABORT, '{trigger.why}'); END"
    return f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH {each} {when} {refuse}"


def _ended_before(trigger: Trigger) -> str:
    """When the end on file refuses the new one."""
    old, new = f"OLD.{trigger.end}", f"NEW.{trigger.end}"
    refused = f" AND ({new} IS NULL OR {new} >= {old})" if trigger.sooner else ""
    return f"({old} IS NOT NULL{refused})"


def _changed(columns: list[str], *, besides: tuple[str, ...]) -> list[str]:
    return [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns if column not in besides]


def _emptied_by_order(trigger: Trigger, columns: list[str], *, postgresql: bool) -> str:
    """When a row becomes empty that an order names, and changes in nothing else."""
    table = Model.metadata.tables[trigger.table]
    [key] = table.primary_key.columns
    named = f"'{trigger.table}', CAST(OLD.{key.name} AS VARCHAR)"
    by_order = (
        f"{NAMED}({named})"
        if postgresql
        else f"EXISTS (SELECT 1 FROM erased_record WHERE (table_name, key) = ({named}))"  # noqa: S608  # our own names
    )
    empty = [
        f"NEW.{name} IS NULL" if table.c[name].nullable else f"NEW.{name} = '{ERASED}'" for name in trigger.emptied
    ]
    return " AND ".join(
        [*empty, *(f"NOT ({change})" for change in _changed(columns, besides=trigger.emptied)), by_order]
    )


def _present(connection: Connection) -> list[tuple[str, str, bool]]:
    """Each trigger's name and table, and whether it is in force."""
    postgresql = connection.dialect.name == "postgresql"
    rows = connection.execute(_PRESENT_ON_POSTGRESQL if postgresql else _PRESENT_ON_SQLITE)
    return [(name, table, bool(in_force)) for name, table, in_force in rows]


_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_NAMED_ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {NAMED}(named varchar, row_key varchar) RETURNS boolean LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN EXISTS (SELECT 1 FROM erased_record WHERE table_name = named AND key = row_key); END $$
"""  # noqa: S608  # our own names
_PRESENT_ON_POSTGRESQL = text(
    "SELECT tgname, tgrelid::regclass::text, tgenabled IN ('O', 'A') FROM pg_trigger "
    "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = :refuse AND pg_function_is_visible(tgfoid)"
).bindparams(refuse=REFUSE)
_PRESENT_ON_SQLITE = text("SELECT name, tbl_name, 1 FROM sqlite_master WHERE type = 'trigger'")
