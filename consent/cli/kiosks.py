"""Which devices may collect signatures, and under which decision of the city? From the terminal."""

from datetime import UTC, datetime

import click
from flask import current_app

from consent.cli.group import BY_COMMAND_LINE, RegistryGroup
from consent.services import kiosks
from consent.services.kiosks import enrollment_address
from consent.storage.database import db


@click.group(cls=RegistryGroup)
def kiosk() -> None:
    """Kiosks: devices that collect signatures."""


@kiosk.command()
@click.argument("name")
def add(name: str) -> None:
    """Add a kiosk called NAME. The last line is the address that makes the device that opens it the kiosk."""
    _hand_out(kiosks.add_kiosk(db.session(), name, by=BY_COMMAND_LINE, now=datetime.now(UTC)))


@kiosk.command()
@click.argument("name")
def renew(name: str) -> None:
    """Give the kiosk called NAME another device. The last line is the address to open on it."""
    _hand_out(kiosks.renew_enrollment(db.session(), name, by=BY_COMMAND_LINE, now=datetime.now(UTC)))


@kiosk.command("list")
def list_() -> None:
    """List the kiosks, and when each was last seen."""
    for known in kiosks.list_kiosks(db.session()):
        device = "enrolled" if known.device_sha256 else "waits for its device"
        last_seen = f"last seen {known.last_seen_at:%Y-%m-%d %H:%M} UTC" if known.last_seen_at else "never seen"
        click.echo(f"{known.name}\t{device}\t{last_seen}" + ("\tout of order" if known.out_of_order else ""))


@kiosk.command("esign-policy")
@click.argument("reference", required=False)
def esign_policy(reference: str | None) -> None:
    """Say under which decision of the city signatures on a screen are taken, or set it to REFERENCE.

    Kiosks take no signature until it is set.
    """
    if reference is not None:
        kiosks.set_esign_policy(db.session(), reference, by=BY_COMMAND_LINE, now=datetime.now(UTC))
    click.echo(kiosks.esign_policy(db.session()) or "Not set: kiosks take no signature.")


def _hand_out(token: str) -> None:
    click.echo("Open this address on the kiosk itself. It works once, within seven days.", err=True)
    click.echo(enrollment_address(token, base_url=current_app.config["CONSENT"].base_url))
