"""How do facts get in and out at the terminal? As lines of JSON, all or nothing."""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app

from consent.cli.group import BY_COMMAND_LINE, RegistryCommand
from consent.domain.looks import LookKind
from consent.services.checkpoints import NothingToSign, make_checkpoint
from consent.services.exchange.exporting import export_lines
from consent.services.exchange.importing import import_file, rehearse_import
from consent.services.looks import Seen, record_looks
from consent.storage.database import CHECKS, db

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
TELL_EVERY = 10_000


@click.command("import", cls=RegistryCommand)
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_(file: BinaryIO, dry_run: bool) -> None:
    """Put the facts of FILE on record, one JSON object a line, all or nothing (- reads standard input)."""
    zone, now = current_app.config["CONSENT"].zone, datetime.now(UTC)
    if dry_run:
        done = rehearse_import(db.session(), file, zone=zone, now=now, progress=_tell)
    else:
        done = import_file(db.session(), file, zone=zone, now=now, progress=_tell)
    ending = " (rehearsed only: nothing was changed)" if dry_run else ""
    click.echo(f"{done.new:,} new, {done.updated:,} updated, {done.unchanged:,} unchanged{ending}")


@click.command("export", cls=RegistryCommand)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="-")
def export(file: Path) -> None:
    """Write everything that `import` reads to FILE, or to standard output.

    Beside FILE, FILE.checkpoint holds the ledger's signed length and root, for `consent verify --checkpoint`.
    """
    now = datetime.now(UTC)
    record_looks(db.engines[CHECKS], LookKind.EXPORT, [Seen()], by=BY_COMMAND_LINE, now=now)
    lines = export_lines(db.session())
    if str(file) == "-":
        _write(lines, sys.stdout.buffer)
    elif file.exists() and not file.is_file():
        with file.open("wb") as stream:
            _write(lines, stream)
    else:
        note = _checkpoint(now)
        _write_whole(lines, file)
        _write_whole([note], file.with_name(f"{file.name}.checkpoint"))


def _checkpoint(now: datetime) -> bytes:
    """Of a registry in which nothing has happened, none."""
    try:
        return make_checkpoint(db.session(), current_app.config["CONSENT"], by=BY_COMMAND_LINE, now=now).encode()
    except NothingToSign:
        return b""


def _write_whole(lines: Iterable[bytes], file: Path) -> None:
    """Under its name only once it is whole; nobody else on this machine may read it."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, NEW_FILE, 0o600), "wb") as stream:
            _write(lines, stream)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError as wrong:
        raise click.BadParameter(f"{file}: {wrong.strerror}", param_hint="FILE") from wrong
    finally:
        unfinished.unlink(missing_ok=True)


def _write(lines: Iterable[bytes], stream: BinaryIO) -> None:
    for number, line in enumerate(lines, start=1):
        stream.write(line)
        if number % TELL_EVERY == 0:
            _tell("written", number)
    stream.flush()


def _tell(doing: str, lines: int) -> None:
    click.echo(f"{lines:,} lines {doing}", err=True)
