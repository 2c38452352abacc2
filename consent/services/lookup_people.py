"""Which people may be meant by a typed name, and what tells them apart?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Connection, Row

from consent.domain.majority import age_in_years
from consent.domain.names import fold
from consent.services.checks import Asker
from consent.services.lookup_names import Nearness, meant
from consent.services.programs import leads_only
from consent.storage import lookup

SHOWN_MOST = 25


@dataclass(frozen=True, slots=True)
class Person:
    """What tells one person from another: never a birth date."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    age: int | None
    adult: bool
    programs: tuple[str, ...]
    card_issued_at: datetime | None
    similar: bool = False
    same_name: bool = False
    same_birth_date: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Found:
    """The likeliest people, the nearest first; `more` when there are others."""

    people: tuple[Person, ...]
    more: bool = False


def search(connection: Connection, typed: str, *, asker: Asker, today: date, at_most: int = SHOWN_MOST) -> Found:
    """Everybody who may be meant by a typed name; a program lead finds their own people only."""
    led_by = leads_only(asker)
    near = meant(connection, typed, led_by=led_by)
    rows = lookup.describe(connection, near)
    ranked = sorted(rows, key=lambda row: _rank(row, typed, near[row.id]))
    shown = ranked[:at_most]
    programs = lookup.programs_running(connection, [row.id for row in shown], led_by=led_by, today=today)
    people = [replace(_person(row, programs, today=today), similar=near[row.id] is Nearness.SIMILAR) for row in shown]
    return Found(tuple(_tell_apart(people, rows)), more=len(ranked) > at_most)


def person_of(connection: Connection, patron_id: int, *, led_by: int | None = None, today: date) -> Person:
    """With the programs that they take part in; a program lead is told of their own only."""
    [row] = lookup.describe(connection, [patron_id])
    return _person(row, lookup.programs_running(connection, [patron_id], led_by=led_by, today=today), today=today)


def _person(row: Row[Any], programs: Mapping[int, Sequence[str]], *, today: date) -> Person:
    return Person(
        id=row.id,
        external_id=row.external_id,
        first_name=row.first_name,
        last_name=row.last_name,
        age=None if row.born is None else age_in_years(row.born, today),
        adult=row.adult and row.born is None,
        programs=tuple(programs.get(row.id, ())),
        card_issued_at=row.issued_at,
    )


def _rank(row: Row[Any], typed: str, near: Nearness) -> tuple[Any, ...]:
    name = fold(f"{row.first_name} {row.last_name}")
    words = set(name.split())
    missed = sum(word not in words for word in fold(typed).split())
    return near, missed, -fuzz.token_sort_ratio(fold(typed), name), row.last_name, row.first_name, row.external_id


def _tell_apart(people: Sequence[Person], rows: Sequence[Row[Any]]) -> Iterable[Person]:
    """Mark those whom a hurried reader could take for one another."""
    names = Counter((fold(row.first_name), fold(row.last_name)) for row in rows)
    families = Counter((row.born, fold(row.last_name)) for row in rows)
    born = {row.id: row.born for row in rows}
    for person in people:
        first, last = fold(person.first_name), fold(person.last_name)
        known = born[person.id] is not None
        yield replace(
            person,
            same_name=names[first, last] > 1,
            same_birth_date=known and families[born[person.id], last] > 1,
        )
