"""Who looked at, checked, printed or changed what, and when? For whoever answers for the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from consent.domain.refusals import UnknownRecord
from consent.services.families import patron_named
from consent.storage.looks_timeline import (
    API,
    Filter,
    Place,
    Source,
    common_of,
    people_together,
    rows_at,
    sizes,
)
from consent.storage.models import ApiToken, Kiosk, Patron, Staff

__all__ = ["API", "Filter", "Place", "Source"]

ON_A_PAGE = 50
IN_A_FILE_AT_ONCE = 1_000
TOGETHER_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done: by whom, what, and to whose record. `others` were seen or changed together with it."""

    place: Place
    actor: str
    kind: str
    patron: str | None
    name: str | None
    about: str | None
    others: int

    @property
    def source(self) -> Source:
        return self.place.source


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of the record, the newest first, and where the pages before and after it begin."""

    entries: tuple[Entry, ...]
    newer: Place | None
    older: Place | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who did something, as the record names them."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Actors:
    staff: tuple[Actor, ...]
    tokens: tuple[Actor, ...]
    kiosks: tuple[Actor, ...]


def about_patron(session: Session, asked: Filter) -> Filter:
    """The same with the person found. Raises UnknownPatron."""
    return replace(asked, patron_id=patron_named(session, asked.patron).id) if asked.patron else asked


def read_timeline(
    session: Session, asked: Filter, *, place: Place | None = None, newer: bool = False, at_most: int = ON_A_PAGE
) -> Timeline:
    """The page that begins after a place; a page of newer ones that is not full is the newest page."""
    rows = rows_at(session.connection(), asked, place=place, newer=newer, at_most=at_most + 1)
    if newer and len(rows) <= at_most:
        return read_timeline(session, asked, at_most=at_most)
    more = len(rows) > at_most
    shown = (rows[1:] if newer else rows[:at_most]) if more else rows
    entries = tuple(_entries(session, shown, together=not asked.patron))
    after, before = (entries[0].place, entries[-1].place) if entries else (None, None)
    return Timeline(entries, newer=after if place else None, older=before if more or newer else None)


def read_all(session: Session, asked: Filter) -> Iterator[Entry]:
    """Every row that is asked for, the newest first, each person by themself. What comes later is not in it."""
    place: Place | None = None
    while True:
        rows = rows_at(session.connection(), asked, place=place, newer=False, at_most=IN_A_FILE_AT_ONCE, together=False)
        entries = _entries(session, rows, together=False)
        yield from entries
        if len(entries) < IN_A_FILE_AT_ONCE:
            return
        place = entries[-1].place


def seen_together(session: Session, source: Source, key: int) -> Sequence[tuple[str, str]]:
    """(external id, name) of everybody in one row of the record. Raises UnknownRecord."""
    people = people_together(session.connection(), source, key, at_most=TOGETHER_MOST)
    if not people:
        raise UnknownRecord("Nothing in the record of looking has this number.")
    return [(row.external_id, f"{row.first_name} {row.last_name}") for row in people]


def list_actors(session: Session) -> Actors:
    """Everybody who may have done something, by name; those who have left too."""

    def named(kind: str, model: type[Staff | ApiToken | Kiosk]) -> tuple[Actor, ...]:
        rows = session.execute(select(model.id, model.name).order_by(model.name))
        return tuple(Actor(f"{kind}:{row.id}", row.name) for row in rows)

    return Actors(named("staff", Staff), named("token", ApiToken), named("kiosk", Kiosk))


def read_place(written: str) -> Place | None:
    """A place as an address has it; None for what is none."""
    at, _, rest = written.partition("~")
    source, _, key = rest.partition("~")
    try:
        return Place(datetime.fromisoformat(at).astimezone(UTC), Source(int(source)), int(key))
    except (ValueError, OverflowError):
        return None


def write_place(place: Place) -> str:
    return f"{place.at.astimezone(UTC).isoformat()}~{place.source.value}~{place.key}"


def _entries(session: Session, rows: Sequence[Row[Any]], *, together: bool) -> list[Entry]:
    names = _names(session, {row.patron for row in rows if row.patron})
    counted: dict[tuple[Any, ...], int] = {}
    if together:
        for source in Source:
            counted |= sizes(session.connection(), source, rows)
    return [
        Entry(
            Place(row.at, Source(row.source), row.key),
            row.actor,
            row.kind,
            row.patron,
            names.get(row.patron),
            row.about,
            others=counted.get(common_of(row), 1) - 1,
        )
        for row in rows
    ]


def _names(session: Session, patrons: set[str]) -> dict[str, str]:
    rows = session.execute(
        select(Patron.external_id, Patron.first_name, Patron.last_name).where(Patron.external_id.in_(patrons))
    )
    return {row.external_id: f"{row.first_name} {row.last_name}" for row in rows}
