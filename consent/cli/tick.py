"""How does a timer tell the registry that time has passed?"""

from datetime import UTC, datetime

import click

from consent.cli.group import RegistryCommand
from consent.documents.copies import draw_copy
from consent.documents.letters import compose_mail
from consent.services import tick as passing_time
from consent.storage.database import db

PAPERS = passing_time.Papers(draw_copy, compose_mail)


@click.command(cls=RegistryCommand)
def tick() -> None:
    """Do what time makes due. Run it as often as you like; `consent serve` does so each minute on SQLite."""
    done = passing_time.tick(db.session(), PAPERS, now=datetime.now(UTC))
    if verified := passing_time.verify_records(db.session(), datetime.now(UTC)):
        done.append(verified)
    click.echo("\n".join(done) or "Nothing is due.")
