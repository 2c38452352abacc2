"""How would another system tell the registry these facts, and ask it that? The domain's values as lines and questions.

Many patrons share one registry, so the ids of each one's records and guardians begin with the patron's own.
"""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from consent.domain.decision import Verdict
from consent.domain.facts import SELF, Consent, Facts, Platform, Question, Signer
from consent.services.exchange.importing import import_file
from consent.services.tokens import add_token
from consent.settings import Settings
from consent.storage.database import db

Line = dict[str, Any]
DAY_OF_IMPORT = datetime(2050, 1, 1, tzinfo=UTC)


def tell(app: Flask, platforms: Mapping[str, Platform], programs: set[str], on_file: Mapping[str, Facts]) -> str:
    """Put all of it on file, and give a token to ask with."""
    lines = [*_shared(platforms, programs)]
    for patron, facts in on_file.items():
        lines += _lines(patron, facts)
    put_on_file(app, *lines)
    with app.app_context():
        return add_token(db.session(), "a test", by="a test", now=DAY_OF_IMPORT)


def put_on_file(app: Flask, *lines: Line) -> None:
    settings: Settings = app.config["CONSENT"]
    written = "\n".join(json.dumps(line) for line in lines).encode()
    with app.app_context():
        import_file(db.session(), io.BytesIO(written), zone=settings.zone, now=DAY_OF_IMPORT)


def asked(question: Question, *patrons: str) -> dict[str, Any]:
    return {
        "patrons": list(patrons),
        "uses": [question.use],
        "platform": question.platform,
        "channel": question.channel,
        "program": question.program,
        "at": question.at.isoformat(),
    }


def answered(patron: str, verdict: Verdict) -> dict[str, Any]:
    """The same verdict as the API words it, with its instants in UTC."""
    return {
        "verdict": "allow" if verdict.allowed else "deny",
        "reason": verdict.reason and verdict.reason.value,
        "needs": verdict.needs and verdict.needs.value,
        "basis": [f"{patron}/{record}" for record in verdict.basis],
        "valid_until": verdict.valid_until and verdict.valid_until.astimezone(UTC).isoformat(),
    }


def in_utc(answer: Mapping[str, Any]) -> dict[str, Any]:
    until = answer["valid_until"]
    return {**answer, "valid_until": until and datetime.fromisoformat(until).astimezone(UTC).isoformat()}


def _shared(platforms: Mapping[str, Platform], programs: set[str]) -> Iterator[Line]:
    for key, platform in platforms.items():
        since, until = _instant(platform.approved_from), _instant(platform.approved_until)
        yield {"type": "platform", "id": key, "name": key, "approved_from": since, "approved_until": until}
    for key in sorted(programs):
        yield {"type": "program", "id": key, "name": key, "starts": "2026-01-01", "ends": "2026-12-31"}


def _lines(patron: str, facts: Facts) -> Iterator[Line]:
    said = facts.patron
    yield {
        "type": "patron", "id": patron, "first_name": "Ada", "last_name": "Nuñez", "adult": said.adult,
        "born": said.born and said.born.isoformat(),
        "emancipated_on": said.emancipated_on and said.emancipated_on.isoformat(),
    }  # fmt: skip
    things = (*facts.consents, *facts.withdrawals)
    signers = {thing.signer for thing in things} | {entitled.guardian for entitled in facts.guardianships}
    for signer in sorted(str(signer) for signer in signers - {SELF}):
        yield {"type": "guardian", "id": f"{patron}/{signer}", "first_name": signer, "last_name": "Nuñez"}
    for entitled in facts.guardianships:
        yield {
            "type": "guardianship", "guardian": f"{patron}/{entitled.guardian}", "patron": patron,
            "relationship": "parent", "since": _instant(entitled.since), "until": _instant(entitled.until),
            "beyond_majority": entitled.beyond_majority,
        }  # fmt: skip
    for consent in facts.consents:
        yield from _consent(patron, consent)
    for number, withdrawal in enumerate(facts.withdrawals):
        yield {
            "type": "withdrawal", "id": f"{patron}/W{number}", "patron": patron,
            "signer": _signer(patron, withdrawal.signer), "at": _instant(withdrawal.at),
            "uses": _listed(withdrawal.uses), "voided_at": _instant(withdrawal.voided_at),
        }  # fmt: skip
    for number, hold in enumerate(facts.holds):
        yield {
            "type": "hold", "id": f"{patron}/H{number}", "patron": patron, "since": _instant(hold.since),
            "until": _instant(hold.until), "reason": "A court's order",
        }  # fmt: skip


def _consent(patron: str, consent: Consent) -> Iterator[Line]:
    form = f"{patron}/F{consent.id}"
    yield {
        "type": "form", "id": form, "version": 1, "uses": sorted(consent.answers), "title": {"en": "T", "es": "T"},
        "body": {"en": "B", "es": "B"}, "published_at": "2000-01-01T00:00:00Z",
        "withdrawn_at": _instant(consent.form_withdrawn_at),
    }  # fmt: skip
    yield {
        "type": "consent", "id": f"{patron}/{consent.id}", "patron": patron,
        "signer": _signer(patron, consent.signer), "signed_at": _instant(consent.signed_at),
        "witnessed_at": _instant(consent.witnessed_at), "answers": consent.answers,
        "channels": sorted(consent.channels), "platforms": _listed(consent.platforms),
        "programs": _listed(consent.programs), "expires_at": _instant(consent.expires_at),
        "form": form, "version": 1, "language": "en", "voided_at": _instant(consent.voided_at),
    }  # fmt: skip


def _signer(patron: str, signer: Signer) -> str:
    return "self" if signer is SELF else f"{patron}/{signer}"


def _listed(words: frozenset[Any] | None) -> str | list[str]:
    return "all" if words is None else sorted(words)


def _instant(instant: datetime | None) -> str | None:
    return instant and instant.isoformat()
