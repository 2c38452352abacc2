"""How does somebody try the registry out? With a made-up department that comes and goes as a whole."""

import sys
from datetime import UTC, datetime
from typing import Final

import click
from flask import current_app

from consent.cli.group import RegistryCommand
from consent.documents.acknowledgements import draw_acknowledgement
from consent.services.demo.registry import add_demo, is_empty, remove_demo
from consent.services.demo.sign_ins import SignIn, kept_sign_ins
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.registry import is_demo
from consent.wording import ROLES

TRY_FIRST: Final = """\
Try first, as front desk:
  1. Look up "Lucia Sandoverde" (yes), "Milo Quillmere" (no) and "Palobrea" (twins with two answers).
  2. Print the roster of DEMO Saguaro Day Camp:  {base}/programs/DEMO-CAMP/roster
  3. Print Lucía's card, and scan it:            {base}/patrons/DEMO-P001
  4. Add a kiosk, and sign for two children at its address, in another window:  {base}/kiosks
     Then witness them:                          {base}/desk/signings"""


@click.command(cls=RegistryCommand)
@click.option("--remove", is_flag=True, help="Take the demo out: what remains is an empty registry.")
@click.option("--only-if-empty", is_flag=True, help="Leave a registry alone that holds anything.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
def demo(remove: bool, only_if_empty: bool, yes: bool) -> None:
    """Put a made-up department in, to try the registry out, and print how to sign in. An empty registry only."""
    settings: Settings = current_app.config["CONSENT"]
    if remove and only_if_empty:
        raise click.UsageError("--remove and --only-if-empty exclude each other.")
    if remove:
        _remove(settings, ask=not yes and sys.stdin.isatty())
    elif is_demo(db.session()):
        _show_again(settings)
    elif not only_if_empty or is_empty(db.session()):
        sign_ins = add_demo(
            db.session(),
            instance=settings.instance,
            zone=settings.zone,
            draw=draw_acknowledgement,
            now=datetime.now(UTC),
        )
        click.echo("The demo department is in. Everything in it is made up and marked DEMO.\n")
        _show(sign_ins, settings)


def _remove(settings: Settings, *, ask: bool) -> None:
    if ask:
        click.confirm("Take out the demo, with everything that was done in it?", abort=True)
    remove_demo(db.session(), instance=settings.instance)
    click.echo("The demo is out. The registry is empty.")


def _show_again(settings: Settings) -> None:
    click.echo("The demo department is in already.\n")
    if sign_ins := kept_sign_ins(settings.instance):
        _show(sign_ins, settings)
    else:
        click.echo("Its sign-ins are lost. `consent demo --remove` takes it out, so that you can put it in again.")


def _show(sign_ins: list[SignIn], settings: Settings) -> None:
    base = settings.base_url.rstrip("/")
    roles = max(len(ROLES[sign_in.role]) for sign_in in sign_ins)
    emails = max(len(sign_in.email) for sign_in in sign_ins)
    click.echo(f"Sign in at {base}/sign-in\n")
    click.echo(f"  {'Role':{roles}}  {'E-mail':{emails}}  Password")
    for sign_in in sign_ins:
        click.echo(f"  {ROLES[sign_in.role]:{roles}}  {sign_in.email:{emails}}  {sign_in.password}")
    click.echo("\n" + TRY_FIRST.format(base=base) + "\n")
