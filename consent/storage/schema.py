"""Is the database's schema the one this program was written for, and how does it get there?"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from consent.domain.refusals import ConsentError
from consent.storage.database import WRITES, Model, db

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNew(ConsentError):
    """The database was made by a later version of this program, which this one would misread."""


def upgrade_schema(migrations: Path = MIGRATIONS) -> None:
    """Bring the schema up to date, under an app context; nothing is locked or made anew where it is so already."""
    script = ScriptDirectory.from_config(config := _config(migrations))
    known = {revision.revision for revision in script.walk_revisions()}
    present = _revisions_present()
    if unknown := present - known:
        raise SchemaTooNew(
            "A later version of this program has used this registry: its tables are at revision "
            f"{min(unknown)}, and this version knows them up to {script.get_current_head()}. Start the later version "
            "again, or put back the backup that was made before it was installed. Nothing was changed."
        )
    if present != set(script.get_heads()):
        command.upgrade(config, "head")


def newest_revision(migrations: Path = MIGRATIONS) -> str:
    """The revision of the tables for which this program was written."""
    return str(ScriptDirectory.from_config(_config(migrations)).get_current_head())


def empty_schema() -> None:
    """Take every table out and make an empty registry. For the demo's removal and for tests only."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        _drop_everything(connection)
    upgrade_schema()


def _config(migrations: Path) -> Config:
    config = Config(str(migrations / "alembic.ini"))
    # A percent sign would be taken for a reference to another option.
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    return config


def _revisions_present() -> set[str]:
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def _drop_everything(connection: Connection) -> None:
    Model.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
