"""How is a card or a roster made at the terminal? Issued and recorded just as the page does it."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app

from consent.cli.group import BY_COMMAND_LINE, RegistryCommand
from consent.documents.cards import draw_card
from consent.documents.rosters import draw_roster
from consent.domain.cards import Letterhead
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Language
from consent.services.cards import issue_cards
from consent.services.checks import Asker, Door
from consent.services.department import department_name
from consent.services.rosters import print_roster, sheet
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.registry import is_demo

EVERYTHING = frozenset(Permission)
OUTPUT = click.option(
    "-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF file to write."
)


class NotWritable(ConsentError):
    """The file could not be written."""


@click.command(cls=RegistryCommand)
@click.argument("patron")
@OUTPUT
def card(patron: str, output: Path) -> None:
    """Issue a card to PATRON, which ends the old one, and write it to a file."""
    settings = _settings()
    _prove_writable(output)
    [issued] = issue_cards(
        db.session(),
        [patron],
        letterhead=_letterhead(settings),
        asker=Asker(Door.CARD, EVERYTHING),
        by=BY_COMMAND_LINE,
        zone=settings.zone,
        now=datetime.now(UTC),
    )
    output.write_bytes(draw_card(issued))
    click.echo(f"The card is in {output}. An older card of this person no longer works.", err=True)


@click.command(cls=RegistryCommand)
@click.argument("program")
@OUTPUT
@click.option(
    "--sort", type=click.Choice([sort.value for sort in SortBy]), default=SortBy.LAST.value, show_default=True
)
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default=Language.ENGLISH.value,
    show_default=True,
)
def roster(program: str, output: Path, sort: str, language: str) -> None:
    """Print PROGRAM's roster for today to a file."""
    settings = _settings()
    _prove_writable(output)
    printed = print_roster(
        db.session(),
        program,
        sort=SortBy(sort),
        asker=Asker(Door.ROSTER, EVERYTHING),
        by=BY_COMMAND_LINE,
        zone=settings.zone,
        now=datetime.now(UTC),
    )
    head = _letterhead(settings)
    paper = sheet(printed, letterhead=head, printed_by=BY_COMMAND_LINE, language=language, zone=settings.zone)
    output.write_bytes(draw_roster(paper, language))
    click.echo(f"Roster {printed.serial} is in {output}, true for {printed.roster.valid_on}.", err=True)


def _settings() -> Settings:
    found: Settings = current_app.config["CONSENT"]
    return found


def _letterhead(settings: Settings) -> Letterhead:
    return Letterhead(department_name(db.session(), settings.department), settings.base_url, demo=is_demo(db.session()))


def _prove_writable(output: Path) -> None:
    """Before anything is issued: a card that was never written would still have ended the old one."""
    try:
        was_there = output.exists()
        output.open("ab").close()
        if not was_there:
            output.unlink()
    except OSError as refused:
        raise NotWritable(f"{output} cannot be written: {refused.strerror}.") from refused
