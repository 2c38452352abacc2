"""May we, now? Answers from facts read now, and records each answer before it is given."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from sqlalchemy import Engine

from consent.domain.card_codes import code_sha256, is_code, tidy_code
from consent.domain.decision import Verdict, disclose
from consent.domain.facts import Facts, Question
from consent.domain.permissions import Permission
from consent.domain.refusals import UnknownPlatform, UnknownProgram
from consent.domain.shown import Face, face
from consent.domain.vocabulary import Channel, Reason
from consent.storage.checks import Recognized, recognize, recording, row_of
from consent.storage.direct import Direct, Reads, insert_all
from consent.storage.patron_facts import read_facts

Verdicts = Mapping[str, Verdict]


class Door(StrEnum):
    """Through which door was it asked?"""

    API = "api"
    CARD = "card"
    GROUP_CHECK = "group-check"
    CLEARANCE = "clearance"
    DASHBOARD = "dashboard"
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


@dataclass(frozen=True, slots=True)
class Named:
    """The patrons asked about as another system names them, and which of them and of the rest exist.

    `card_sha256s` are those of the names that look like a card's code.
    """

    names: tuple[str, ...]
    card_sha256s: Mapping[str, str]
    found: Recognized

    def patron_id(self, name: str) -> int | None:
        card = self.card_sha256s.get(name, "")
        return self.found.patrons.get(name) or self.found.cards.get(card)

    def asked_as(self, name: str) -> str:
        """A card's code is kept nowhere, only its SHA-256."""
        return name if name in self.found.patrons else self.card_sha256s.get(name, name)


def check_patrons(
    engine: Engine, patron_ids: Sequence[int], ask: Ask, *, asker: Asker, zone: tzinfo, now: datetime
) -> dict[int, dict[str, Face]]:
    """Each patron's face for each use asked. The checks' engine is passed; a check that cannot be recorded raises."""
    with Direct(engine) as connection:
        known = read_facts(connection, patron_ids, ask.uses, zone=zone)
        faces = {patron_id: _faces(facts, ask, asker) for patron_id, facts in known.items()}
        rows = [
            (patron_id, None, {use: shown.verdict for use, shown in by_use.items()})
            for patron_id, by_use in faces.items()
        ]
        insert_all(engine, connection, recording(engine.dialect), _rows(connection, rows, ask, asker=asker, now=now))
    return faces


def name_patrons(
    engine: Engine,
    token_sha256: str,
    names: Sequence[str],
    *,
    platform: str | None,
    program: str | None,
    zone: tzinfo,
    now: datetime,
) -> Named:
    """Find whom and what the holder of a token names, and whether the token is in force."""
    asked = tuple(dict.fromkeys(names))
    today = now.astimezone(zone).date()
    codes = {name: code_sha256(tidied) for name in asked if is_code(tidied := tidy_code(name))}
    with Direct(engine) as connection:
        found = recognize(
            connection, token_sha256, asked, tuple(codes.values()), platform=platform, program=program, today=today
        )
    return Named(asked, codes, found)


def check_names(engine: Engine, named: Named, ask: Ask, *, zone: tzinfo, now: datetime) -> dict[str, Verdicts]:
    """Each name's verdicts, as they may be told outside. Raises UnknownPlatform or UnknownProgram."""
    if ask.platform is not None and not named.found.platform:
        raise UnknownPlatform(f"No platform has the id {ask.platform!r}.")
    if ask.program is not None and not named.found.program:
        raise UnknownProgram(f"No program has the id {ask.program!r}.")

    patron_ids = {name: named.patron_id(name) for name in named.names}
    unknown = dict.fromkeys(ask.uses, Verdict(allowed=False, reason=Reason.UNKNOWN_PATRON))
    with Direct(engine) as connection:
        known = read_facts(connection, {key for key in patron_ids.values() if key is not None}, ask.uses, zone=zone)
        told = {
            key: {use: disclose(facts, ask.question(use)) for use in dict.fromkeys(ask.uses)}
            for key, facts in known.items()
        }
        verdicts: dict[str, Verdicts] = {name: told.get(key or 0, unknown) for name, key in patron_ids.items()}
        rows = [(patron_ids[name], named.asked_as(name), by_use) for name, by_use in verdicts.items()]
        asker = Asker(Door.API, token_id=named.found.token_id)
        insert_all(engine, connection, recording(engine.dialect), _rows(connection, rows, ask, asker=asker, now=now))
    return verdicts


def record_unknown(engine: Engine, asked_as: str, ask: Ask, *, asker: Asker, now: datetime) -> None:
    """A check of somebody whom the registry does not know, or not for this asker, leaves its trace too."""
    verdicts = dict.fromkeys(ask.uses, Verdict(allowed=False, reason=Reason.UNKNOWN_PATRON))
    with Direct(engine) as connection:
        rows = _rows(connection, [(None, asked_as, verdicts)], ask, asker=asker, now=now)
        insert_all(engine, connection, recording(engine.dialect), rows)


def record_verdicts(
    connection: Reads, verdicts: Mapping[int, Verdicts], ask: Ask, *, asker: Asker, now: datetime
) -> None:
    """One row for each patron, in the caller's transaction."""
    answered = [(patron_id, None, by_use) for patron_id, by_use in verdicts.items()]
    if rows := _rows(connection, answered, ask, asker=asker, now=now):
        connection.exec_driver_sql(recording(connection.dialect), rows)


def _rows(
    connection: Reads,
    answered: Iterable[tuple[int | None, str | None, Verdicts]],
    ask: Ask,
    *,
    asker: Asker,
    now: datetime,
) -> list[dict[str, object]]:
    """All that was asked together, with what each was answered."""
    asked = row_of(
        connection.dialect,
        asked_together=secrets.token_hex(8),
        asked_at=now,
        door=asker.door.value,
        staff_id=asker.staff_id,
        token_id=asker.token_id,
        channel=ask.channel,
        platform=ask.platform,
        program=ask.program,
        at=ask.at,
    )
    return [
        asked
        | {
            "patron_id": patron_id,
            "asked_as": asked_as,
            "answers": json.dumps({use: verdict.reason or "allow" for use, verdict in by_use.items()}),
        }
        for patron_id, asked_as, by_use in answered
    ]


def _faces(facts: Facts, ask: Ask, asker: Asker) -> dict[str, Face]:
    return {use: face(facts, ask.question(use), permissions=asker.permissions) for use in ask.uses}
