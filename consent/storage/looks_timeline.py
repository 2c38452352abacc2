"""What was looked at, checked and changed, in the order of time? Three records, read as one, a page at a time.

What happened together (a roster's people, an import's lines) is one row, its last; for one person it is theirs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from consent.storage.models import LedgerEvent, LedgerSubject, Look, Patron, PatronCheck
from consent.storage.models.checks import BY_STAFF

API = "api"
TERMINAL = "command-line"


class Source(IntEnum):
    """Which record a row is of. Of what happened at one instant, the higher comes first."""

    CHECK = 1
    LOOK = 2
    CHANGE = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the whole record a row stands."""

    at: datetime
    source: Source
    key: int


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; nothing stands for everything. `patron` and `patron_id` name the same person."""

    patron: str = ""
    patron_id: int | None = None
    actor: str = ""
    source: Source | None = None
    kind: str = ""
    since: datetime | None = None
    before: datetime | None = None


Arm = Callable[[Filter], Select[Any] | None]


def rows_at(
    connection: Connection, asked: Filter, *, place: Place | None, newer: bool, at_most: int, together: bool = True
) -> Sequence[Row[Any]]:
    """(source, key, at, actor, kind, patron, about, together), the newest first, or away from a place towards newer."""
    arms = [
        _slice(arm, Source(source), place, newer=newer, at_most=at_most)
        for source, build in _ARMS.items()
        if asked.source in {None, source} and (arm := build(asked, together)) is not None
    ]
    if not arms:
        return []
    every = union_all(*(select(arm.subquery()) for arm in arms)).subquery()
    order = [every.c.at, every.c.source, every.c.key]
    ordered = select(every).order_by(*(order if newer else [column.desc() for column in order])).limit(at_most)
    rows = connection.execute(ordered).all()
    return rows[::-1] if newer else rows


def sizes(connection: Connection, source: Source, rows: Sequence[Row[Any]]) -> dict[tuple[Any, ...], int]:
    """How many people were seen or changed together with each of these rows, by what they have in common.

    Where no row names anybody, it is how many things were.
    """
    at, common = _TOGETHER[source]
    instants = {row.at for row in rows if row.source == source}
    if not instants:
        return {}
    people = func.count(Look.patron_id) if source is Source.LOOK else func.count()
    counted = select(at, *common, people, func.count()).where(at.in_(instants)).group_by(at, *common)
    return {tuple(row[:-2]): row[-2] or row[-1] for row in connection.execute(counted)}


def people_together(connection: Connection, source: Source, key: int, *, at_most: int) -> Sequence[Row[Any]]:
    """(external_id, first_name, last_name) of everybody seen or changed together with that row, by name."""
    at, common = _TOGETHER[source]
    first = connection.execute(select(at, *common).where(_KEYS[source] == key)).one_or_none()
    if first is None:
        return []
    same = and_(*(column == value for column, value in zip((at, *common), first, strict=True)))
    names: tuple[Any, ...] = (Patron.external_id, Patron.first_name, Patron.last_name)
    people = select(*names).where(same, *_PEOPLE[source]).distinct().order_by(*reversed(names))
    return connection.execute(people.limit(at_most)).all()


def common_of(row: Row[Any]) -> tuple[Any, ...]:
    """What a row has in common with those beside it; the key of `sizes`."""
    return (row.at, row.actor, row.kind) if row.source == Source.CHANGE else (row.at, row.together)


def _checks(asked: Filter, together: bool) -> Select[Any] | None:
    actor = case(
        (PatronCheck.staff_id.is_not(None), literal("staff:") + cast(PatronCheck.staff_id, String)),
        (PatronCheck.token_id.is_not(None), literal("token:") + cast(PatronCheck.token_id, String)),
        else_=TERMINAL,
    )
    about = func.coalesce(PatronCheck.asked_as, PatronCheck.program)
    named = (PatronCheck.id, PatronCheck.asked_at, actor, PatronCheck.door, Patron.external_id, about)
    query = _columns(Source.CHECK, *named, PatronCheck.asked_together)
    query = query.select_from(PatronCheck).outerjoin(Patron, Patron.id == PatronCheck.patron_id)
    if asked.actor:
        by = _checked_by(asked.actor)
        if by is None:
            return None
        query = query.where(by)
    if asked.kind:
        query = query.where(PatronCheck.door == asked.kind)
        if asked.kind != API:
            query = query.where(literal_column(BY_STAFF))  # in the index's own words, or it is not used
    if asked.patron:
        return _during(query.where(PatronCheck.patron_id == asked.patron_id), PatronCheck.asked_at, asked)
    if together:
        later = aliased(PatronCheck)
        query = query.where(
            ~exists().where(
                later.asked_at == PatronCheck.asked_at,
                later.asked_together == PatronCheck.asked_together,
                later.id > PatronCheck.id,
            )
        )
    return _during(query, PatronCheck.asked_at, asked)


def _checked_by(actor: str) -> ColumnElement[bool] | None:
    who, _, number = actor.partition(":")
    if number.isdecimal() and who == "staff":
        return PatronCheck.staff_id == int(number)
    if number.isdecimal() and who == "token":
        return PatronCheck.token_id == int(number)
    return and_(PatronCheck.staff_id.is_(None), PatronCheck.token_id.is_(None)) if actor == TERMINAL else None


def _looks(asked: Filter, together: bool) -> Select[Any]:
    named = (Look.id, Look.looked_at, Look.actor, Look.kind, Patron.external_id, Look.about)
    query = _columns(Source.LOOK, *named, Look.shown_together)
    query = query.select_from(Look).outerjoin(Patron, Patron.id == Look.patron_id)
    query = _named(query, Look.actor, Look.kind, asked)
    if asked.patron:
        query = query.where(Look.patron_id == asked.patron_id)
    elif together:
        later = aliased(Look)
        query = query.where(
            ~exists().where(
                later.looked_at == Look.looked_at, later.shown_together == Look.shown_together, later.id > Look.id
            )
        )
    return _during(query, Look.looked_at, asked)


def _changes(asked: Filter, together: bool) -> Select[Any]:
    named = (LedgerEvent.position, LedgerEvent.recorded_at, LedgerEvent.actor, LedgerEvent.kind, LedgerSubject.patron)
    query = _columns(Source.CHANGE, *named, cast(null(), String), cast(null(), String)).select_from(LedgerEvent)
    same = LedgerSubject.position == LedgerEvent.position
    query = _named(query, LedgerEvent.actor, LedgerEvent.kind, asked)
    if asked.patron:
        query = query.join(LedgerSubject, same).where(LedgerSubject.patron == asked.patron)
        return _during(query, LedgerEvent.recorded_at, asked)
    query = query.outerjoin(LedgerSubject, same)
    if together:
        later = aliased(LedgerEvent)
        query = query.where(
            ~exists().where(
                later.recorded_at == LedgerEvent.recorded_at,
                later.actor == LedgerEvent.actor,
                later.kind == LedgerEvent.kind,
                later.position > LedgerEvent.position,
            )
        )
    return _during(query, LedgerEvent.recorded_at, asked)


def _columns(source: Source, *columns: Any) -> Select[Any]:
    names = ("key", "at", "actor", "kind", "patron", "about", "together")
    listed = (column.label(name) for name, column in zip(names, columns, strict=True))
    return select(literal_column(str(source.value)).label("source"), *listed)


def _named(query: Select[Any], actor: Any, kind: Any, asked: Filter) -> Select[Any]:
    if asked.actor:
        query = query.where(actor == asked.actor)
    return query.where(kind == asked.kind) if asked.kind else query


def _during(query: Select[Any], at: Any, asked: Filter) -> Select[Any]:
    if asked.since:
        query = query.where(at >= asked.since)
    return query.where(at < asked.before) if asked.before else query


def _slice(arm: Select[Any], source: Source, place: Place | None, *, newer: bool, at_most: int) -> Select[Any]:
    """No more of one record than the page could show."""
    at, key = _TOGETHER[source][0], _KEYS[source]
    if place is not None:
        arm = arm.where(_newer_than(at, key, source, place) if newer else _older_than(at, key, source, place))
    return arm.order_by(*((at, key) if newer else (at.desc(), key.desc()))).limit(at_most)


def _older_than(at: Any, key: Any, source: Source, place: Place) -> ColumnElement[bool]:
    if source == place.source:
        return and_(at <= place.at, or_(at < place.at, key < place.key))
    return at <= place.at if source < place.source else at < place.at


def _newer_than(at: Any, key: Any, source: Source, place: Place) -> ColumnElement[bool]:
    if source == place.source:
        return and_(at >= place.at, or_(at > place.at, key > place.key))
    return at >= place.at if source > place.source else at > place.at


_ARMS = {Source.CHECK: _checks, Source.LOOK: _looks, Source.CHANGE: _changes}
_KEYS: dict[Source, Any] = {
    Source.CHECK: PatronCheck.id,
    Source.LOOK: Look.id,
    Source.CHANGE: LedgerEvent.position,
}
_TOGETHER: dict[Source, tuple[Any, tuple[Any, ...]]] = {
    Source.CHECK: (PatronCheck.asked_at, (PatronCheck.asked_together,)),
    Source.LOOK: (Look.looked_at, (Look.shown_together,)),
    Source.CHANGE: (LedgerEvent.recorded_at, (LedgerEvent.actor, LedgerEvent.kind)),
}
"""When a row happened, and what those that happened together have in common besides."""
_PEOPLE: dict[Source, tuple[ColumnElement[bool], ...]] = {
    Source.CHECK: (PatronCheck.patron_id == Patron.id,),
    Source.LOOK: (Look.patron_id == Patron.id,),
    Source.CHANGE: (LedgerSubject.position == LedgerEvent.position, LedgerSubject.patron == Patron.external_id),
}
"""Which person a row is about."""
