"""How does somebody verify the records at the terminal?"""

import json
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import click
from flask import current_app

from consent.cli.group import BY_COMMAND_LINE, RegistryCommand
from consent.domain.checkpoints import read_given
from consent.services import checkpoints, verification
from consent.services.copies_stored import check_copy
from consent.storage.database import db


@click.command(cls=RegistryCommand)
@click.option("--checkpoint", help="An older checkpoint: a file, - for standard input, or the line from a paper.")
@click.option(
    "--copy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Check a signer's copy, and only that."
)
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.pass_context
def verify(ctx: click.Context, checkpoint: str | None, copy: Path | None, as_json: bool) -> None:
    """Recompute every seal and the ledger from what is stored. Ends with 1 if any record does not match."""
    if copy:
        _say_copy(ctx, check_copy(db.session(), copy.read_bytes()))
        return
    given = read_given(text_of(checkpoint)) if checkpoint else None
    verified = verification.verify(db.session(), given)
    root = verified.root.hex() if verified.root else None
    if as_json:
        findings = [finding._asdict() for finding in verified.findings]
        erased = [order._asdict() for order in verified.erased]
        told = {
            "entries": verified.entries,
            "rows": verified.rows,
            "root": root,
            "findings": findings,
            "erased": erased,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for finding in verified.findings:
            click.echo(str(finding))
        for order in verified.erased:
            click.echo(str(order), err=True)
        matches = "all match" if verified.all_matches else f"{len(verified.findings):,} do not match"
        click.echo(f"{verified.entries:,} entries and {verified.rows:,} rows verified: {matches}.", err=True)
    if not verified.all_matches:
        ctx.exit(1)


@click.command(cls=RegistryCommand)
@click.option("--new-key", is_flag=True, help="Sign with a new key from now on.")
def checkpoint(new_key: bool) -> None:
    """Sign the ledger as it stands, and print the note. Keep it where nobody can change it with the registry."""
    settings, now = current_app.config["CONSENT"], datetime.now(UTC)
    if new_key:
        checkpoints.rotate_key(db.session(), settings, by=BY_COMMAND_LINE, now=now)
    click.echo(checkpoints.make_checkpoint(db.session(), settings, by=BY_COMMAND_LINE, now=now), nl=False)


def _say_copy(ctx: click.Context, problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem)
    if problems:
        ctx.exit(1)
    click.echo("The copy is as it was given out, and what it proves is in the ledger.", err=True)


def text_of(given: str) -> str:
    """A checkpoint may be a file, a saved mail too, standard input, or typed."""
    if given == "-":
        return sys.stdin.read()
    file = Path(given)
    if not file.is_file():
        return given
    mail = message_from_bytes(file.read_bytes(), policy=default)
    text = mail.get_body(("plain",)) if "MIME-Version" in mail else None
    return str(text.get_content()) if text else file.read_text("utf-8", "replace")
