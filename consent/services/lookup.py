"""Whom did somebody mean, and may we show them, now? Finds people by name, id or card, and picks nobody by itself."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Connection, Engine, Row

from consent.domain.card_codes import code_sha256
from consent.domain.majority import age_in_years
from consent.domain.names import fold
from consent.domain.refusals import ConsentError, UnknownPatron
from consent.domain.shown import Face
from consent.domain.vocabulary import Use
from consent.services.checks import Ask, Asker, check_patrons
from consent.services.lookup_names import Nearness, meant
from consent.services.programs import leads_only
from consent.storage import lookup

SHOWN_MOST = 25


class CardNotRecognized(ConsentError):
    """No card has this code."""


class CardReplaced(ConsentError):
    """A newer card was printed; this one says nothing any more."""


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


@dataclass(frozen=True, slots=True)
class RecordNamed:
    """A signed record that an answer rests on."""

    external_id: str
    form: str
    version: int
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class LookedUp:
    """One person, and the face of each use for the asker."""

    person: Person
    faces: dict[Use, Face]
    records: tuple[RecordNamed, ...]
    at: datetime


def search(connection: Connection, typed: str, *, asker: Asker, today: date, at_most: int = SHOWN_MOST) -> Found:
    """Everybody who may be meant by a typed name; a program lead finds their own people only."""
    near = meant(connection, typed, led_by=leads_only(asker))
    rows = lookup.describe(connection, near)
    ranked = sorted(rows, key=lambda row: _rank(row, typed, near[row.id]))
    programs = lookup.programs_running(connection, [row.id for row in ranked[:at_most]], today=today)
    people = [
        replace(_person(row, programs, today=today), similar=near[row.id] is Nearness.SIMILAR)
        for row in ranked[:at_most]
    ]
    return Found(tuple(_tell_apart(people, rows)), more=len(ranked) > at_most)


def find_patron(connection: Connection, external_id: str, *, asker: Asker) -> int:
    """Raises UnknownPatron, for somebody outside a program lead's programs too."""
    patron_id = lookup.by_external_id(connection, external_id)
    if patron_id is None or not _is_open(connection, patron_id, asker):
        raise UnknownPatron("Nobody with this number is open to you.")
    return patron_id


def find_card(connection: Connection, code: str, *, asker: Asker) -> int:
    """The patron a card points at. Raises CardNotRecognized, CardReplaced or UnknownPatron."""
    card = lookup.by_card(connection, code_sha256(code))
    if card is None:
        raise CardNotRecognized("No card has this code.")
    if not _is_open(connection, card.patron_id, asker):
        raise UnknownPatron("Nobody with this card is open to you.")
    if card.revoked:
        raise CardReplaced("This card was replaced by a newer one.")
    return card.patron_id


def look_up(
    connection: Connection, checks: Engine, patron_id: int, ask: Ask, *, asker: Asker, zone: tzinfo, now: datetime
) -> LookedUp:
    """The answer for one person, recorded before it is given. `connection` is for all that bears on no verdict."""
    today = now.astimezone(zone).date()
    faces = check_patrons(checks, [patron_id], ask, asker=asker, zone=zone, now=now)
    if patron_id not in faces:
        raise UnknownPatron("Nobody has this number.")
    [row] = lookup.describe(connection, [patron_id])
    programs = lookup.programs_running(connection, [patron_id], today=today)
    by_use = {Use(use): face for use, face in faces[patron_id].items()}
    records = _records(connection, by_use.values())
    return LookedUp(_person(row, programs, today=today), by_use, records, now)


def _is_open(connection: Connection, patron_id: int, asker: Asker) -> bool:
    led_by = leads_only(asker)
    return led_by is None or lookup.is_led(connection, patron_id, led_by)


def _records(connection: Connection, faces: Iterable[Face]) -> tuple[RecordNamed, ...]:
    basis: set[str] = set()
    for face in faces:
        basis.update(face.verdict.basis, *(there.basis for there in face.by_platform.values()))
    rows = lookup.records_named(connection, basis)
    return tuple(RecordNamed(row.external_id, row.form, row.version, row.signed_at) for row in rows)


def _person(row: Row[Any], programs: dict[int, list[str]], *, today: date) -> Person:
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


def _tell_apart(people: Collection[Person], rows: Iterable[Row[Any]]) -> Iterable[Person]:
    """Mark those whom a hurried reader could take for one another."""
    rows = list(rows)
    names = Counter((fold(row.first_name), fold(row.last_name)) for row in rows)
    families = Counter((row.born, fold(row.last_name)) for row in rows if row.born)
    born = {row.id: row.born for row in rows}
    for person in people:
        name = fold(person.first_name), fold(person.last_name)
        twins = families[born[person.id], name[1]] > 1
        yield replace(person, same_name=names[name] > 1, same_birth_date=twins)
