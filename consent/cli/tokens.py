"""Which other systems may ask for checks? Their tokens, from the terminal."""

from datetime import UTC, datetime

import click

from consent.cli.group import BY_COMMAND_LINE, RegistryGroup
from consent.services import tokens
from consent.storage.database import db


@click.group(cls=RegistryGroup)
def token() -> None:
    """Tokens with which other systems ask for checks."""


@token.command()
@click.argument("name")
def add(name: str) -> None:
    """Make a token called NAME and print it, once, alone on the last line."""
    made = tokens.add_token(db.session(), name, by=BY_COMMAND_LINE, now=datetime.now(UTC))
    click.echo("Keep this token safe: it is not shown again.", err=True)
    click.echo(made)


@token.command("list")
def list_() -> None:
    """List the tokens, without the keys themselves."""
    for known in tokens.list_tokens(db.session()):
        state = f"revoked {known.revoked_at:%Y-%m-%d}" if known.revoked_at else "in use"
        click.echo(f"{known.name}\tadded {known.added_at:%Y-%m-%d}\t{state}")


@token.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Let nobody ask with the token called NAME any more."""
    tokens.revoke_token(db.session(), name, by=BY_COMMAND_LINE, now=datetime.now(UTC))
    click.echo(f"Nobody can ask with {name!r} any more.")
