"""Who works with the registry? Staff accounts, from the terminal."""

from datetime import UTC, datetime

import click
from flask import current_app

from consent.cli.group import BY_COMMAND_LINE, RegistryGroup
from consent.domain.permissions import Role
from consent.services.staff import NewStaff, add_staff, list_staff
from consent.services.staff_sign_in import first_sign_in_address
from consent.storage.database import db


@click.group(cls=RegistryGroup)
def staff() -> None:
    """Staff accounts."""


@staff.command()
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="Repeatable.",
)
@click.option("--name", default="", help="The person's name; the e-mail address unless given.")
@click.option("--program", "programs", multiple=True, metavar="ID", help="A program they lead. Repeatable.")
def add(email: str, roles: tuple[str, ...], name: str, programs: tuple[str, ...]) -> None:
    """Make an account for EMAIL. The last line is the address at which they sign in once and choose a password."""
    new = NewStaff(email, name, frozenset(Role(role) for role in roles), programs)
    made = add_staff(db.session(), new, by=BY_COMMAND_LINE, now=datetime.now(UTC))
    click.echo(f"Hand this address to {made.name}. It works once, within seven days.", err=True)
    click.echo(first_sign_in_address(made, base_url=current_app.config["CONSENT"].base_url))


@staff.command("list")
def list_() -> None:
    """List the staff and their roles."""
    for member in list_staff(db.session()):
        roles = ", ".join(sorted(role.name for role in member.roles))
        click.echo(f"{member.email}\t{member.name}\t{roles}" + ("" if member.active else "\tinactive"))
