"""Which people may be meant by a typed name, and what tells them apart?"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from rapidfuzz import fuzz
from sqlalchemy import Connection

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


def may_be_a_name(connection: Connection, number: str, patron_id: int, *, asker: Asker) -> bool:
    """Whether a patron's number could be meant as somebody else's name."""
    near = meant(connection, number, led_by=leads_only(asker), similar=False)
    return any(how is not Nearness.SIMILAR for other, how in near.items() if other != patron_id)


def search(connection: Connection, typed: str, *, asker: Asker, today: date, at_most: int = SHOWN_MOST) -> Found:
    """Everybody who may be meant by a typed name; a program lead finds their own people only."""
    led_by = leads_only(asker)
    near = meant(connection, typed, led_by=led_by)
    meant_by = _Typed(fold(typed))
    rows = [_Folded(row, fold(row.first_name), fold(row.last_name)) for row in lookup.describe(connection, near)]
    ranked = sorted(rows, key=lambda row: (near[row.told.id], *meant_by.rank(row)))
    shown = ranked[:at_most]
    programs = lookup.programs_running(connection, [row.told.id for row in shown], led_by=led_by, today=today)
    alike = _Alike(rows)
    return Found(
        tuple(
            _person(
                row.told,
                programs,
                today=today,
                similar=near[row.told.id] is Nearness.SIMILAR,
                same_name=alike.by_name(row),
                same_birth_date=alike.by_birth(row),
            )
            for row in shown
        ),
        more=len(ranked) > at_most,
    )


def person_of(connection: Connection, patron_id: int, *, led_by: int | None = None, today: date) -> Person:
    """With the programs that they take part in; a program lead is told of their own only."""
    [person] = people_of(connection, [patron_id], led_by=led_by, today=today)
    return person


def people_of(
    connection: Connection, patron_ids: Collection[int], *, led_by: int | None = None, today: date
) -> list[Person]:
    """The same for several, in whatever order."""
    programs = lookup.programs_running(connection, patron_ids, led_by=led_by, today=today)
    return [_person(row, programs, today=today) for row in lookup.describe(connection, patron_ids)]


def _person(row: lookup.Described, programs: Mapping[int, Sequence[str]], *, today: date, **marks: bool) -> Person:
    return Person(
        id=row.id,
        external_id=row.external_id,
        first_name=row.first_name,
        last_name=row.last_name,
        age=None if row.born is None else age_in_years(row.born, today),
        adult=row.adult and row.born is None,
        programs=tuple(programs.get(row.id, ())),
        card_issued_at=row.issued_at,
        **marks,
    )


class _Folded(NamedTuple):
    """Somebody who may be meant, with their names as they are compared."""

    told: lookup.Described
    first: str
    last: str


class _Typed:
    """What was typed, as it is compared."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._words = folded.split()

    def rank(self, row: _Folded) -> tuple[Any, ...]:
        """The lower the likelier among those who are equally near."""
        name = f"{row.first} {row.last}"
        words = name.split()
        missed = sum([word not in words for word in self._words])
        likeness = fuzz.token_sort_ratio(self._folded, name)
        return missed, -likeness, row.told.last_name, row.told.first_name, row.told.external_id


class _Alike:
    """Whom a hurried reader could take for one another, among all who may be meant."""

    def __init__(self, rows: Iterable[_Folded]) -> None:
        self._names = Counter((row.first, row.last) for row in rows)
        self._families = Counter((row.told.born, row.last) for row in rows)

    def by_name(self, row: _Folded) -> bool:
        return self._names[row.first, row.last] > 1

    def by_birth(self, row: _Folded) -> bool:
        return row.told.born is not None and self._families[row.told.born, row.last] > 1
