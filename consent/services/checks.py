"""May we, now? Answers from facts read now, and records each answer before it is given."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, insert

from consent.domain.decision import Verdict
from consent.domain.facts import Facts, Question
from consent.domain.permissions import Permission
from consent.domain.shown import Face, face
from consent.domain.vocabulary import Channel
from consent.storage.database import WRITES
from consent.storage.models import PatronCheck
from consent.storage.patron_facts import read_facts


class Door(StrEnum):
    """Through which door was it asked?"""

    API = "api"
    CARD = "card"
    LOOK_UP = "look-up"
    PATRON_PAGE = "patron-page"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody is about to do; no platform means every one approved, no program means not tied to one."""

    uses: tuple[str, ...]
    at: datetime
    platform: str | None = None
    channel: str = Channel.DEPARTMENT.value
    program: str | None = None

    def question(self, use: str) -> Question:
        return Question(use, self.at, self.platform, self.channel, self.program)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, through which door, and what they may see."""

    door: Door
    permissions: frozenset[Permission] = frozenset()
    staff_id: int | None = None
    token_id: int | None = None


def check_patrons(
    engine: Engine, patron_ids: Sequence[int], ask: Ask, *, asker: Asker, zone: tzinfo, now: datetime
) -> dict[int, dict[str, Face]]:
    """Each patron's face for each use asked. The checks' engine is passed; a check that cannot be recorded raises."""
    with engine.connect() as connection:
        known = read_facts(connection, patron_ids, ask.uses, zone=zone)
    faces = {patron_id: _faces(facts, ask, asker) for patron_id, facts in known.items()}
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        verdicts = {
            patron_id: {use: shown.verdict for use, shown in by_use.items()} for patron_id, by_use in faces.items()
        }
        record_verdicts(connection, verdicts, ask, asker=asker, now=now)
    return faces


def record_verdicts(
    connection: Connection,
    verdicts: Mapping[int, Mapping[str, Verdict]],
    ask: Ask,
    *,
    asker: Asker,
    now: datetime,
) -> None:
    """One row for each patron, in the caller's transaction."""
    together = secrets.token_hex(8)
    rows: list[dict[str, Any]] = [
        {
            "asked_together": together,
            "asked_at": now,
            "door": asker.door.value,
            "staff_id": asker.staff_id,
            "token_id": asker.token_id,
            "patron_id": patron_id,
            "channel": ask.channel,
            "platform": ask.platform,
            "program": ask.program,
            "at": ask.at,
            "answers": json.dumps({use: verdict.reason or "allow" for use, verdict in by_use.items()}),
        }
        for patron_id, by_use in verdicts.items()
    ]
    if rows:
        connection.execute(insert(PatronCheck), rows)


def _faces(facts: Facts, ask: Ask, asker: Asker) -> dict[str, Face]:
    return {use: face(facts, ask.question(use), permissions=asker.permissions) for use in ask.uses}
