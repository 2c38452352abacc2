"""Does every migration end at the models' schema, with the records and their protection whole, even if it is killed?"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Engine, func, inspect, select, text, update
from sqlalchemy.event import listen
from sqlalchemy.exc import IntegrityError

from consent.domain.refusals import ConsentError
from consent.domain.verification import Verified
from consent.services.verification import verify
from consent.settings import Settings
from consent.storage.database import WRITES, Model, db
from consent.storage.models import Consent, LedgerEvent
from consent.storage.schema import MIGRATIONS, SchemaTooNew, empty_schema, upgrade_schema
from consent.storage.triggers import make_triggers, trigger_names, trigger_names_in_force
from tests.builders.camp import a_camp, keep
from tests.builders.rows import a_row
from tests.builders.sittings import Kiosk, a_sitting

TABLES = Model.metadata.sorted_tables
OLDEST_TREE = "0005"
"""Before it there was no tree; on the way back every event is sealed with a salt of its own anew."""
SIGNED = (
    "SELECT id, external_id, shown_sha256, signature, event_position FROM consent ORDER BY id",
    "SELECT consent_id, use, answer FROM consent_answer ORDER BY consent_id, use",
    "SELECT position, kind, leaf, actor, recorded_at FROM ledger_event ORDER BY position",
)
REBUILDS_CONSENTS = """
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("consent", recreate=recreate) as table:
        table.add_column(sa.Column("later", sa.Integer(), nullable=True))
    print("rebuilt", flush=True)
    time.sleep(float(os.environ.get("PAUSE_SECONDS", "0")))
"""
UPGRADING = """
import sys
from pathlib import Path
from consent.app import create_app
from consent.settings import Settings
from consent.storage.schema import upgrade_schema

app = create_app(Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2]))
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    upgrade_schema(Path(sys.argv[3]))
"""


@pytest.fixture
def engine(app: Flask) -> Any:
    """The registry's engine, under an app context, as whatever migrates has it."""
    with app.app_context():
        yield db.engine


@pytest.fixture
def a_later_version(tmp_path: Path) -> Callable[[str], Path]:
    """Makes the migrations of a version to come, whose last one does what is given."""

    def make(upgrade: str) -> Path:
        folder = shutil.copytree(MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "later.py").write_text(
            '"""Change something later."""\n\nimport os\nimport time\n\n'
            "import sqlalchemy as sa\nfrom alembic import op\n\n"
            f'revision = "later"\ndown_revision = "{head()}"\n\n\ndef upgrade() -> None:\n    {upgrade.strip()}\n'
        )
        return folder

    return make


def config(folder: Path = MIGRATIONS) -> Config:
    made = Config(str(folder / "alembic.ini"))
    made.set_main_option("script_location", str(folder))
    return made


def head() -> str:
    return str(ScriptDirectory.from_config(config()).get_current_head())


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def fill(engine: Engine) -> None:
    """One row at least in every table."""
    with engine.begin() as connection:
        for table in TABLES:
            a_row(connection, table)


def rows(engine: Engine) -> dict[str, list[Any]]:
    """All that the registry holds, as it is stored."""
    with engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in TABLES}


def signed_rows(engine: Engine) -> list[Any]:
    """Of what was signed and of its ledger, what every revision since the tree has."""
    with engine.connect() as connection:
        return [connection.execute(text(asked)).all() for asked in SIGNED]


def verified() -> Verified:
    made = verify(db.session())
    db.session.remove()
    assert made.all_matches
    return made


def shape(connection: Connection) -> dict[str, Any]:
    """Each table's columns, keys, checks, indexes and options, as the database tells them."""
    live = inspect(connection)
    asked = (
        live.get_columns,
        live.get_check_constraints,
        live.get_foreign_keys,
        lambda table: [index | {"dialect_options": _told(index)} for index in live.get_indexes(table)],
        live.get_unique_constraints,
        lambda table: [live.get_pk_constraint(table), live.get_table_options(table)],
    )
    names = sorted(set(live.get_table_names()) - {"alembic_version"})
    return {name: [sorted(map(repr, ask(name))) for ask in asked] for name in names}


def _told(index: Mapping[str, Any]) -> dict[str, str]:
    """The condition of a partial index is an object, whose text counts."""
    return {option: str(value) for option, value in index.get("dialect_options", {}).items()}


def protected(engine: Engine) -> bool:
    """Whether each table that is there has its triggers."""
    with engine.connect() as connection:
        present = inspect(connection).get_table_names()
        healthy = trigger_names(postgresql=connection.dialect.name == "postgresql")
        expected = {name for name in healthy if name.rsplit("_no_", 1)[0] in present}
        return trigger_names_in_force(connection) == expected


def start_upgrading(settings: Settings, folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """A process of its own that has opened the registry, and waits to be told."""
    return subprocess.Popen(
        [sys.executable, "-c", UPGRADING, str(settings.instance), settings.database_url, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | environment,
    )  # fmt: skip


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_migrated_schema_is_that_of_the_models(engine: Engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Model.metadata) == []
        migrated = shape(connection)
        connection.rollback()
        # Rolled back in the end: the shape that the models alone would make, in the same place.
        connection.execution_options(**{WRITES: True})
        Model.metadata.drop_all(connection)
        Model.metadata.create_all(connection)
        assert migrated == shape(connection)
        connection.rollback()


def test_every_revision_protects_the_tables_that_it_has_on_the_way_down_and_up(engine: Engine):
    steps = len(list(ScriptDirectory.from_config(config()).walk_revisions()))
    for direction in (command.downgrade, command.upgrade):
        for _ in range(steps):
            direction(config(), "-1" if direction is command.downgrade else "+1")
            assert protected(engine)
    assert revision(engine) == head()
    with engine.connect() as connection:
        assert trigger_names_in_force(connection)


def test_nothing_is_left_behind_on_the_way_down_and_everything_is_back_on_the_way_up(engine: Engine):
    with engine.connect() as connection:
        before = shape(connection)
    fill(engine)
    assert all(rows(engine).values())

    command.downgrade(config(), "base")
    with engine.connect() as connection:
        left = inspect(connection)
        assert left.get_table_names() == ["alembic_version"]
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 0
        if connection.dialect.name == "postgresql":
            assert left.get_sequence_names() == []

    upgrade_schema()
    with engine.connect() as connection:
        assert shape(connection) == before
    assert not any(rows(engine).values())
    fill(engine)


def test_what_was_signed_and_the_ledger_stay_as_they_are_through_every_revision_since_the_tree(
    app: Flask, engine: Engine
):
    keep(app, a_camp())
    kiosk = Kiosk(app)
    kiosk.tap(kiosk.reviewed(a_sitting()))
    before, signed, ledger = rows(engine), signed_rows(engine), verified()
    while revision(engine) != OLDEST_TREE:
        command.downgrade(config(), "-1")
        assert signed_rows(engine) == signed
    while revision(engine) != head():
        command.upgrade(config(), "+1")
        assert signed_rows(engine) == signed
    assert rows(engine) == before
    assert verified() == ledger


def test_what_a_later_version_recorded_stays_on_record_on_the_way_down(engine: Engine):
    with engine.begin() as connection:
        a_row(connection, LedgerEvent, kind="moon-landed")
    before = rows(engine)["ledger_event"]
    command.downgrade(config(), "0001")
    with engine.connect() as connection:
        assert [*map(repr, connection.execute(select(Model.metadata.tables["ledger_event"])))] == before
        with pytest.raises(IntegrityError, match="kind_is_known"):
            a_row(connection, LedgerEvent, kind="mars-landed")
    upgrade_schema()
    assert rows(engine)["ledger_event"] == before


def test_a_table_that_is_rebuilt_keeps_its_rows_rules_and_triggers(
    engine: Engine, a_later_version: Callable[[str], Path]
):
    fill(engine)
    before = rows(engine)
    with engine.connect() as connection:
        rules = shape(connection)["consent"][1:]

    upgrade_schema(a_later_version(REBUILDS_CONSENTS))

    assert revision(engine) == "later"
    assert rows(engine) == before
    assert protected(engine)
    with engine.connect() as connection:
        assert shape(connection)["consent"][1:] == rules
        with pytest.raises(IntegrityError, match="consent is never edited"), connection.begin_nested():
            connection.execute(update(Consent).values(language="es"))
        with pytest.raises(IntegrityError, match=r"(?i)foreign key constraint"), connection.begin_nested():
            a_row(connection, Consent, form_version_id=-1)
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_a_migration_that_breaks_a_reference_is_undone_whole(engine: Engine, a_later_version: Callable[[str], Path]):
    before = rows(engine)
    breaks = """
    enrollment = sa.table("enrollment", sa.column("program_id"), sa.column("patron_id"))
    op.bulk_insert(enrollment, [{"program_id": -1, "patron_id": -1}])
"""
    with pytest.raises((IntegrityError, RuntimeError), match=r"(?i)foreign key constraint|refer to nothing"):
        upgrade_schema(a_later_version(REBUILDS_CONSENTS + breaks))
    assert revision(engine) == head()
    assert rows(engine) == before
    assert protected(engine)
    with engine.connect() as connection, pytest.raises(IntegrityError):
        a_row(connection, Consent, form_version_id=-1)


def test_a_registry_that_a_later_version_has_used_is_refused_with_what_to_do(
    engine: Engine, a_later_version: Callable[[str], Path]
):
    upgrade_schema(a_later_version("pass"))
    with pytest.raises(SchemaTooNew, match=f"at revision later.+ up to {head()}. Start the later version") as refused:
        upgrade_schema()
    assert isinstance(refused.value, ConsentError)
    assert revision(engine) == "later"


def test_an_up_to_date_registry_is_opened_without_waiting_for_whoever_writes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("consent.storage.writer_lock.PATIENCE_SECONDS", 0.01)
    if engine.dialect.name == "postgresql":
        listen(engine, "connect", lambda connection, _record: connection.execute("SET lock_timeout = '10ms'"))
        engine.dispose()
    with engine.connect().execution_options(**{WRITES: True}) as writer:
        a_row(writer, Consent)
        upgrade_schema()
        writer.rollback()


def test_an_emptied_registry_has_every_table_and_trigger_and_no_row(engine: Engine):
    fill(engine)
    empty_schema()
    assert revision(engine) == head()
    assert protected(engine)
    assert not any(rows(engine).values())
    with engine.begin() as connection:
        make_triggers(connection)
        assert connection.scalar(select(func.count()).select_from(Consent)) == 0


def test_two_that_start_at_once_migrate_a_new_registry_once(
    engine: Engine, settings: Settings, a_later_version: Callable[[str], Path]
):
    folder = a_later_version(REBUILDS_CONSENTS)
    command.downgrade(config(), "base")
    engine.dispose()
    if engine.dialect.name == "sqlite":
        for file in settings.instance.glob("registry.sqlite*"):
            file.unlink()

    both = [start_upgrading(settings, folder, {"PAUSE_SECONDS": "0.3"}) for _ in range(2)]
    assert [told(process) for process in both] == ["ready", "ready"]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=20) for process in both]

    assert [(process.returncode, errors) for process, (_, errors) in zip(both, answers, strict=True)] == [(0, "")] * 2
    assert sorted(printed.strip() for printed, _ in answers) == ["", "rebuilt"]
    assert revision(engine) == "later"
    assert protected(engine)


def test_a_migration_killed_in_the_middle_leaves_the_old_schema_and_is_done_again(
    engine: Engine, settings: Settings, a_later_version: Callable[[str], Path]
):
    folder = a_later_version(REBUILDS_CONSENTS)
    fill(engine)
    before = rows(engine)
    with engine.connect() as connection:
        old = shape(connection)

    process = start_upgrading(settings, folder, {"PAUSE_SECONDS": "60"})
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    assert [told(process), told(process)] == ["ready", "rebuilt"]
    process.kill()
    process.communicate()

    assert revision(engine) == head()
    assert rows(engine) == before
    assert protected(engine)
    with engine.connect() as connection:
        assert shape(connection) == old

    upgrade_schema(folder)
    assert revision(engine) == "later"
    assert rows(engine) == before
    assert protected(engine)
