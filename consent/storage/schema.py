"""Is the database's schema the one this program was written for, and how does it get there?"""

from pathlib import Path

import flask_migrate
from sqlalchemy import Connection, text

from consent.storage.database import Model, db

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade_schema() -> None:
    """Bring the schema up to date, under an app context."""
    flask_migrate.upgrade(directory=str(MIGRATIONS))


def empty_schema() -> None:
    """Take every table out and make an empty registry. For the demo's removal and for tests only."""
    with db.engine.begin() as connection:
        _drop_everything(connection)
    upgrade_schema()


def _drop_everything(connection: Connection) -> None:
    Model.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
