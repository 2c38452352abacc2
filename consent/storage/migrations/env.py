"""How is a migration run? By one at a time, in one transaction of our own; foreign keys checked, triggers made anew."""

from typing import Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, func, select

from consent.storage.columns import InstantType
from consent.storage.database import LEDGER_LOCK, WRITES, Model
from consent.storage.triggers import drop_triggers, make_triggers


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A table's rebuild drops and renames it, which foreign keys refuse; the setting is deaf inside BEGIN.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        try:
            _migrate(connection, sqlite=sqlite)
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")


def _render_item(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """A migration stays as it was written, so it names no type of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, InstantType) else False


def _migrate(connection: Connection, *, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=sqlite,
        # Alembic takes SQLite for a database whose DDL cannot be rolled back; with our own BEGIN it can.
        transactional_ddl=True,
        transaction_per_migration=False,
        compare_type=True,
        render_item=_render_item,
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(LEDGER_LOCK)))
        drop_triggers(connection)
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"{len(broken)} rows refer to nothing after the migration")
        make_triggers(connection)


run()
