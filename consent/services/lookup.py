"""May we show this person, now? From a card's code or a number to one person, and from them to a recorded answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, Engine

from consent.domain.card_codes import code_sha256
from consent.domain.refusals import ConsentError, UnknownPatron
from consent.domain.shown import Face
from consent.domain.vocabulary import Use
from consent.services.checks import Ask, Asker, check_patrons
from consent.services.lookup_people import Found, Person, person_of
from consent.services.programs import leads_only
from consent.storage import lookup

CONTACTING = (Use.TAG, Use.FRIEND, Use.FOLLOW)
"""For these one must know the account; for any other use nobody needs it."""


class CardNotRecognized(ConsentError):
    """No card has this code."""


class CardExpired(ConsentError):
    """The card's last day is over."""


class CardReplaced(ConsentError):
    """A newer card was printed; this one says nothing any more."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose from, each as (id, name)."""

    platforms: tuple[tuple[str, str], ...]
    programs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordNamed:
    """A signed record that an answer rests on."""

    external_id: str
    form: str
    version: int
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class LookedUp:
    """One person, and the face of each use for the asker; the first is what was asked."""

    person: Person
    use: Use
    faces: Mapping[Use, Face]
    records: tuple[RecordNamed, ...]
    accounts: Mapping[str, str]
    at: datetime


def offer(connection: Connection, *, asker: Asker, asked: Mapping[str, str], today: date, now: datetime) -> Offered:
    """The platforms approved and the programs not over, with what an old address asks about."""
    platforms = tuple(
        (row.external_id, row.name)
        for row in lookup.platforms(connection)
        if row.external_id == asked.get("platform")
        or (row.approved_from <= now and (row.approved_until is None or now < row.approved_until))
    )
    rows = lookup.programs_open(connection, asked=asked.get("program", ""), led_by=leads_only(asker), today=today)
    return Offered(platforms, tuple((row.external_id, row.name) for row in rows))


def find_patron(connection: Connection, external_id: str, *, asker: Asker) -> int:
    """Raises UnknownPatron, for somebody outside a program lead's programs too."""
    patron_id = lookup.by_external_id(connection, external_id)
    if patron_id is None or not _is_open(connection, patron_id, asker):
        raise UnknownPatron("Nobody with this number is open to you.")
    return patron_id


def find_card(connection: Connection, code: str, *, asker: Asker, today: date) -> int:
    """The patron a card points at. Raises CardNotRecognized, CardReplaced, CardExpired or UnknownPatron."""
    card = lookup.by_card(connection, code_sha256(code))
    if card is None:
        raise CardNotRecognized("No card has this code.")
    if not _is_open(connection, card.patron_id, asker):
        raise UnknownPatron("Nobody with this card is open to you.")
    if card.revoked:
        raise CardReplaced("This card was replaced by a newer one.")
    if card.expires_on < today:
        raise CardExpired("This card's last day is over.")
    return card.patron_id


def add_by_number(connection: Connection, found: Found, patron_id: int, *, asker: Asker, today: date) -> Found:
    """Put whoever has what was typed as their number before those who have it in their name."""
    others = tuple(person for person in found.people if person.id != patron_id)
    person = person_of(connection, patron_id, led_by=leads_only(asker), today=today)
    return Found((person, *others), more=found.more)


def look_up(
    connection: Connection, checks: Engine, patron_id: int, ask: Ask, *, asker: Asker, zone: tzinfo, now: datetime
) -> LookedUp:
    """The answer for one person, recorded before it is given. `connection` is for what bears on no verdict."""
    answered = check_patrons(checks, [patron_id], ask, asker=asker, zone=zone, now=now)
    faces = {Use(use): face for use, face in answered[patron_id].items()}
    asked = Use(ask.uses[0])
    return LookedUp(
        person=person_of(connection, patron_id, led_by=leads_only(asker), today=now.astimezone(zone).date()),
        use=asked,
        faces=faces,
        records=_records(connection, faces.values()),
        accounts=accounts_needed(connection, patron_id, {asked: faces[asked]}, platform=ask.platform),
        at=now,
    )


def accounts_needed(
    connection: Connection, patron_id: int, faces: Mapping[Use, Face], *, platform: str | None
) -> dict[str, str]:
    """The patron's account on each platform where they may be tagged, befriended or followed; on no other."""
    allowed: set[str] = set()
    for use in CONTACTING:
        if face := faces.get(use):
            allowed |= {key for key, there in face.by_platform.items() if there.allowed}
            if platform and face.verdict.allowed:
                allowed.add(platform)
    return lookup.accounts(connection, patron_id, allowed)


def _is_open(connection: Connection, patron_id: int, asker: Asker) -> bool:
    led_by = leads_only(asker)
    return led_by is None or lookup.is_led(connection, patron_id, led_by)


def _records(connection: Connection, faces: Iterable[Face]) -> tuple[RecordNamed, ...]:
    basis: set[str] = set()
    for face in faces:
        basis.update(face.verdict.basis, *(there.basis for there in face.by_platform.values()))
    rows = lookup.records_named(connection, basis)
    return tuple(RecordNamed(row.external_id, row.form, row.version, row.signed_at) for row in rows)
