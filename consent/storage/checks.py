"""Who asks about whom, and what was answered? The statements that go before and after a check's facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Dialect,
    Insert,
    Select,
    Text,
    bindparam,
    insert,
    literal_column,
    select,
    union_all,
)

from consent.storage.direct import Reads, fill, size_for, slots, sql_of, write_instant
from consent.storage.models import ApiToken, Card, Patron, PatronCheck, Platform, Program

TOKEN, PLATFORM, PROGRAM, PATRON, CARD = range(5)
COLUMNS = tuple(column.name for column in PatronCheck.__table__.columns if not column.primary_key)


@dataclass(frozen=True, slots=True)
class Recognized:
    """What is known of the things named: patrons by their external id and, through a live card, by its SHA-256."""

    token_id: int | None
    platform: bool
    program: bool
    patrons: Mapping[str, int]
    cards: Mapping[str, int]


def recognize(
    connection: Reads,
    token_sha256: str,
    external_ids: Sequence[str],
    card_sha256s: Sequence[str],
    *,
    platform: str | None,
    program: str | None,
    today: date,
) -> Recognized:
    """Find a token, and what its holder names. What was revoked or has run out is as good as unknown."""
    sizes = size_for(len(external_ids)), size_for(len(card_sha256s))
    named = {"token": token_sha256, "platform": platform, "program": program, "today": today.isoformat()}
    found: list[dict[str, int]] = [{}, {}, {}, {}, {}]
    for kind, name, key in connection.exec_driver_sql(
        sql_of(_recognizing, connection.dialect.name, *sizes),
        named | fill("patron", sizes[0], external_ids) | fill("card", sizes[1], card_sha256s),
    ).fetchall():
        found[kind][name] = key
    token_id = found[TOKEN].get(token_sha256)
    return Recognized(token_id, bool(found[PLATFORM]), bool(found[PROGRAM]), found[PATRON], found[CARD])


def recording(dialect: Dialect) -> str:
    """The statement that adds a row to the record of checks."""
    return sql_of(_recording, dialect.name)


def row_of(dialect: Dialect, *, asked_at: datetime, at: datetime, **values: object) -> dict[str, object]:
    """What the statement needs; whatever is not given is null."""
    empty: dict[str, object] = dict.fromkeys(COLUMNS)
    return empty | values | {"asked_at": write_instant(asked_at, dialect), "at": write_instant(at, dialect)}


def _recognizing(patrons: int, cards: int) -> CompoundSelect[Any]:
    arms = [
        _arm(TOKEN, ApiToken.token_sha256, ApiToken.id).where(
            ApiToken.token_sha256 == _named("token"), ApiToken.revoked_at.is_(None)
        ),
        _arm(PLATFORM, Platform.external_id, Platform.id).where(Platform.external_id == _named("platform")),
        _arm(PROGRAM, Program.external_id, Program.id).where(Program.external_id == _named("program")),
    ]
    if patrons:
        asked = slots("patron", patrons, Text())
        arms.append(_arm(PATRON, Patron.external_id, Patron.id).where(Patron.external_id.in_(asked)))
    if cards:
        codes = slots("card", cards, Text())
        arms.append(
            _arm(CARD, Card.code_sha256, Card.patron_id).where(
                Card.code_sha256.in_(codes),
                Card.revoked_at.is_(None),
                Card.expires_on >= bindparam("today", type_=Date()),
            )
        )
    return union_all(*arms)


def _arm(kind: int, name: Any, key: Any) -> Select[Any]:
    return select(literal_column(str(kind)), name, key)


def _named(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text())


def _recording() -> Insert:
    return insert(PatronCheck).inline().values({column: bindparam(column) for column in COLUMNS})
