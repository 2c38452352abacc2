"""How does the evidence leave the registry, as one file that is whole or not there?"""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app

from consent.cli.group import BY_COMMAND_LINE, RegistryCommand
from consent.services.evidence import export_evidence
from consent.storage.database import db


@click.command(cls=RegistryCommand)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def evidence(file: Path) -> None:
    """Write everything that was sealed to FILE, a ZIP that anybody can check: its verify.py needs only Python."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            settings, now = current_app.config["CONSENT"], datetime.now(UTC)
            note = export_evidence(db.session(), stream, settings, by=BY_COMMAND_LINE, now=now)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(note, nl=False)
