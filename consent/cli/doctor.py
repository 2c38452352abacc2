"""Is this installation fit to keep records? At the terminal, and for a machine that watches."""

import json
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import ScriptInfo

from consent.cli.group import RefusingCommand
from consent.domain.doctor import Finding
from consent.services.doctor import examine
from consent.storage.database import db
from consent.wording_doctor import CHECKS, REMEDIES


@click.command(cls=RefusingCommand)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def doctor(info: ScriptInfo, as_json: bool) -> None:
    """Check the installation: exit with 0, or with 1 and a line for each finding and its remedy."""
    with info.load_app().app_context():
        now = datetime.now(UTC)
        findings = examine(db.session(), current_app.config["CONSENT"], debug=current_app.debug, now=now)
    if as_json:
        click.echo(json.dumps({"findings": [_as_json(finding) for finding in findings]}, indent=1))
    else:
        click.echo("\n".join(map(in_words, findings)) or f"All is well: {len(CHECKS)} checks, nothing found.")
    if findings:
        raise SystemExit(1)


def in_words(finding: Finding) -> str:
    """One line: what should be so, what was seen, and what to do."""
    return f"{finding.check}: not so: {CHECKS[finding.check]} ({finding.detail}). {REMEDIES[finding.check]}"


def _as_json(finding: Finding) -> dict[str, str]:
    told = {"check": finding.check.value, "seen": finding.detail}
    return told | {"expected": CHECKS[finding.check], "remedy": REMEDIES[finding.check]}
