"""How is the registry backed up and brought back at the terminal?"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from consent.cli.group import RefusingCommand, RegistryCommand
from consent.cli.verification import text_of
from consent.domain.backups import Manifest, PlaceTaken
from consent.domain.checkpoints import Given, read_given
from consent.services.backups import KEY_FILE, Made, back_up, note_backup
from consent.services.backups_archive import read_key
from consent.services.backups_restored import (
    Unpacked,
    check_database,
    fill_postgresql,
    refuse_unless_verified,
    unpacked,
)
from consent.settings import Settings, load_settings
from consent.storage.database import db
from consent.storage.schema import upgrade_schema


@click.command(cls=RegistryCommand)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write an encrypted backup of everything to FILE while the registry runs, and read it back."""
    settings: Settings = current_app.config["CONSENT"]
    made = back_up(db.session(), db.engine, settings, file.absolute(), now=datetime.now(UTC))
    _tell_of_key(made)
    read_back = "opened and read through again" if made.opened else "not opened again: its key is elsewhere"
    click.echo(f"{file}: {made.manifest.events:,} events, {read_back}.")


@click.command(cls=RefusingCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into", required=True, type=click.Path(path_type=Path), help="The new instance folder; it must be empty."
)
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file with the key that opens it; {KEY_FILE} of this instance unless given.",
)
@click.option("--checkpoint", help="An older checkpoint to hold it against: a file, or the line from a paper.")
@click.option("--database-url", help="For a backup of PostgreSQL: the empty database that it goes into.")
@click.pass_obj
def restore(
    info: ScriptInfo, *, file: Path, into: Path, key: Path | None, checkpoint: str | None, database_url: str | None
) -> None:
    """Make a new registry from the backup FILE. It is there only once every record in it was verified."""
    running = load_settings()
    given = read_given(text_of(checkpoint)) if checkpoint else None
    opening = read_key(key or running.instance / KEY_FILE)
    with unpacked(file, opening, into.absolute()) as restored:
        check_database(restored)
        _open(info, restored, _settings_of(running, restored, database_url), given)
    _note(info, running)
    click.echo(_told(restored.manifest, into))


def _tell_of_key(made: Made) -> None:
    if made.new_key:
        click.echo(
            f"A key for backups was made: {made.new_key}. Without it no backup opens. Keep a copy of it elsewhere; "
            f"then set CONSENT_BACKUP_RECIPIENT={made.recipient} and take the file off this machine.",
            err=True,
        )


def _settings_of(running: Settings, restored: Unpacked, database_url: str | None) -> Settings:
    if restored.manifest.database == "sqlite":
        return replace(running, instance=restored.instance, database_url="")
    if not database_url:
        raise PlaceTaken("This is a backup of PostgreSQL. Name the empty database that it goes into: --database-url.")
    return replace(running, instance=restored.instance, database_url=database_url)


def _open(info: ScriptInfo, restored: Unpacked, settings: Settings, given: Given | None) -> None:
    """As `serve` will: with the program's own schema, which an older backup is brought up to. Then verify it all."""
    app: Flask = info.create_app(settings)  # type: ignore[misc]  # ours takes the settings to run with
    with app.app_context():
        try:
            if restored.manifest.database == "postgresql":
                fill_postgresql(restored, settings.database, db.engine)
            upgrade_schema()
            refuse_unless_verified(db.session(), given)
        finally:
            for engine in db.engines.values():
                engine.dispose()


def _note(info: ScriptInfo, running: Settings) -> None:
    """Where the registry that was backed up still runs here, it learns that a backup of its kind was brought back."""
    database = make_url(running.database)
    if database.get_backend_name() == "sqlite" and not Path(database.database or "").is_file():
        return
    with suppress(SQLAlchemyError), info.load_app().app_context():
        note_backup(db.session(), opened=True, now=datetime.now(UTC))


def _told(manifest: Manifest, into: Path) -> str:
    made = manifest.made_at.astimezone(UTC)
    return (
        f"{into}: the registry of {made:%Y-%m-%d %H:%M} UTC, {manifest.events:,} events, verified and ready to serve."
    )
