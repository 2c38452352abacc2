"""How does somebody verify the records at the terminal?"""

import json

import click

from consent.cli.group import RegistryCommand
from consent.services import verification
from consent.storage.database import db


@click.command(cls=RegistryCommand)
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Recompute every seal and the ledger from what is stored. Ends with 1 if any record does not match."""
    verified = verification.verify(db.session())
    root = verified.root.hex() if verified.root else None
    if as_json:
        findings = [finding._asdict() for finding in verified.findings]
        told = {"entries": verified.entries, "rows": verified.rows, "root": root, "findings": findings}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for finding in verified.findings:
            click.echo(str(finding))
        matches = "all match" if verified.all_matches else f"{len(verified.findings):,} do not match"
        click.echo(f"{verified.entries:,} entries and {verified.rows:,} rows verified: {matches}.", err=True)
    if not verified.all_matches:
        ctx.exit(1)
