"""What does the database tell of itself: is it durable, of which schema, and does it still refuse?"""

from datetime import datetime

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, select, text

from consent.storage.models import LedgerEvent
from consent.storage.sqlite_versions import is_fixed
from consent.storage.triggers import trigger_names, trigger_names_in_force

POSTGRESQL_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")
SYNCED = frozenset({"wal", "delete", 2, 3})
"""The journals, FULL and EXTRA."""
NOT_DURABLE = frozenset({"off", "local"})


def not_durable(connection: Connection) -> str | None:
    """What of the database's settings could lose a record that was said to be kept."""
    if connection.dialect.name == "postgresql":
        told = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in POSTGRESQL_SETTINGS}
        wrong = [f"{name} = {value}" for name, value in told.items() if value in NOT_DURABLE]
    else:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous")
        }
        wrong = [f"{name} = {value}" for name, value in told.items() if value not in SYNCED]
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
        if not is_fixed(tuple(map(int, version.split(".")))):
            wrong.append(f"SQLite {version}")
    return ", ".join(wrong) or None


def schema_revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def missing_triggers(connection: Connection) -> list[str]:
    healthy = trigger_names(postgresql=connection.dialect.name == "postgresql")
    return sorted(healthy - trigger_names_in_force(connection))


def last_recorded_at(connection: Connection) -> datetime | None:
    return connection.scalar(select(func.max(LedgerEvent.recorded_at)))


def first_recorded_at(connection: Connection) -> datetime | None:
    return connection.scalar(select(func.min(LedgerEvent.recorded_at)))
