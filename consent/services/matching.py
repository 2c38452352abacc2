"""Whom does a typed name mean? One person beyond doubt is linked at once, so that a no counts at once.

Whoever else may be meant is for the desk to see. Twins and namesakes are never told apart here: of two who fit,
neither is linked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.signing import TypedPatron, TypedSigner, name_key
from consent.domain.vocabulary import Relationship
from consent.services.ledger import Event, record_all
from consent.services.lookup_names import meant
from consent.storage.matching import bearers, born_on_any, guardians_now, patrons_of
from consent.storage.models import Consent, Guardian, Patron, PatronMatch

SELF: Final = "self"
CANDIDATES_MOST: Final = 8
LOOKED_AT_MOST: Final = 300
NEAR_NAMES: Final = 70
SAME_SOUND: Final = 90
NEAR_DAYS: Final = timedelta(days=3)
ONE_SLIP: Final = 1


class Why(StrEnum):
    """What speaks for somebody, or against them."""

    SAME_NAME = "same-name"
    NEAR_NAME = "near-name"
    OTHER_FIRST_NAME = "other-first-name"
    OTHER_LAST_NAME = "other-last-name"
    SAME_BIRTH_DATE = "same-birth-date"
    NEAR_BIRTH_DATE = "near-birth-date"
    OTHER_BIRTH_DATE = "other-birth-date"
    BIRTH_DATE_UNKNOWN = "birth-date-unknown"
    SAME_GUARDIAN = "same-guardian"


@dataclass(frozen=True, slots=True)
class GuardianOnFile:
    """Somebody who may sign for the candidate now; `same_name` as whoever typed."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    relationship: Relationship
    same_name: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on file who may be meant. `exact` means the same names and the same birth date."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    born: date | None
    exact: bool
    why: tuple[Why, ...]
    guardians: tuple[GuardianOnFile, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One patron and one guardian, or (None) the patron themself."""

    patron: Patron
    guardian: Guardian | None


def link_exact(
    session: Session, records: Iterable[tuple[Consent, TypedPatron]], signer: TypedSigner, *, by: str, now: datetime
) -> int:
    """Link each record that means one person beyond doubt, and say how many. The caller holds the turn and commits."""
    events = []
    for consent, patron in records:
        link = exact_link(session, patron, signer, now=now)
        if link is None:
            continue
        guardian_id = link.guardian.id if link.guardian else None
        session.add(
            PatronMatch(consent_id=consent.id, patron_id=link.patron.id, guardian_id=guardian_id, matched_at=now)
        )
        told = {
            "consent": consent.external_id,
            "patron": link.patron.external_id,
            "signer": link.guardian.external_id if link.guardian else SELF,
            "how": "exact",
        }
        events.append(Event(EventKind.CONSENT_MATCHED, told))
    record_all(session, events, by=by, now=now)
    return len(events)


def exact_link(session: Session, patron: TypedPatron, signer: TypedSigner, *, now: datetime) -> Link | None:
    """The one patron, and the one guardian of theirs, who are meant beyond doubt."""
    if patron.born is None:
        return None
    same = [known for known in bearers(session, patron.first_name, patron.last_name) if _is_exact(patron, known)]
    if len(same) != 1:
        return None
    if signer.relationship is None:
        return Link(same[0], None)
    guardians = [
        guardian
        for _, guardian in guardians_now(session, [same[0].id], now)
        if name_key(guardian.first_name, guardian.last_name) == name_key(signer.first_name, signer.last_name)
    ]
    return Link(same[0], guardians[0]) if len(guardians) == 1 else None


def candidates(session: Session, patron: TypedPatron, signer: TypedSigner, *, now: datetime) -> list[Candidate]:
    """Who may be meant, the likeliest first; at most eight. None is chosen by itself."""
    known = _who_may_be_meant(session, patron)
    near = [one for one in known if _is_near(patron, one)][:LOOKED_AT_MOST]
    guardians = _guardians(session, near, signer, now=now)
    found = [_candidate(patron, one, guardians.get(one.id, ())) for one in near]
    ranked = sorted(found, key=lambda one: _rank(patron, one))
    return ranked[:CANDIDATES_MOST]


def _who_may_be_meant(session: Session, patron: TypedPatron) -> list[Patron]:
    """Those of similar names first, then those of a similar birth date."""
    typed = f"{patron.first_name} {patron.last_name}"
    ids = {one.id for one in bearers(session, patron.first_name, patron.last_name)}
    ids.update(list(meant(session.connection(), typed, led_by=None))[:LOOKED_AT_MOST])
    ids.update(list(meant(session.connection(), patron.last_name, led_by=None))[:LOOKED_AT_MOST])
    found = {one.id: one for one in patrons_of(session, ids)}
    if patron.born:
        found |= {one.id: one for one in born_on_any(session, _birth_dates_meant(patron.born))}
    return list(found.values())


def _birth_dates_meant(born: date) -> set[date]:
    """That day, and the one of day and month exchanged."""
    try:
        return {born, born.replace(month=born.day, day=born.month)}
    except ValueError:
        return {born}


def _guardians(
    session: Session, patrons: Sequence[Patron], signer: TypedSigner, *, now: datetime
) -> dict[int, tuple[GuardianOnFile, ...]]:
    found: dict[int, tuple[GuardianOnFile, ...]] = {}
    typed = name_key(signer.first_name, signer.last_name)
    for guardianship, guardian in guardians_now(session, [one.id for one in patrons], now):
        on_file = GuardianOnFile(
            guardian.id,
            guardian.external_id,
            guardian.first_name,
            guardian.last_name,
            Relationship(guardianship.relationship),
            name_key(guardian.first_name, guardian.last_name) == typed,
        )
        found[guardianship.patron_id] = (*found.get(guardianship.patron_id, ()), on_file)
    return found


def _candidate(typed: TypedPatron, known: Patron, guardians: tuple[GuardianOnFile, ...]) -> Candidate:
    why = [*_names_agree(typed, known), _birth_dates_agree(typed, known)]
    if any(guardian.same_name for guardian in guardians):
        why.append(Why.SAME_GUARDIAN)
    return Candidate(
        known.id,
        known.external_id,
        known.first_name,
        known.last_name,
        known.born,
        _is_exact(typed, known),
        tuple(why),
        guardians,
    )


def _names_agree(typed: TypedPatron, known: Patron) -> list[Why]:
    first, last = name_key(typed.first_name, typed.last_name)
    known_first, known_last = name_key(known.first_name, known.last_name)
    if (first, last) == (known_first, known_last):
        return [Why.SAME_NAME]
    differ = []
    if not _sounds_like(first, known_first):
        differ.append(Why.OTHER_FIRST_NAME)
    if not _sounds_like(last, known_last):
        differ.append(Why.OTHER_LAST_NAME)
    return differ or [Why.NEAR_NAME]


def _birth_dates_agree(typed: TypedPatron, known: Patron) -> Why:
    if typed.born is None or known.born is None:
        return Why.BIRTH_DATE_UNKNOWN
    if typed.born == known.born:
        return Why.SAME_BIRTH_DATE
    near = (
        abs(typed.born - known.born) <= NEAR_DAYS
        or known.born in _birth_dates_meant(typed.born)
        or OSA.distance(typed.born.isoformat(), known.born.isoformat()) <= ONE_SLIP
    )
    return Why.NEAR_BIRTH_DATE if near else Why.OTHER_BIRTH_DATE


def _sounds_like(typed: str, known: str) -> bool:
    return token_sort_ratio(typed, known) >= SAME_SOUND or OSA.distance(typed, known) <= ONE_SLIP


def _is_exact(typed: TypedPatron, known: Patron) -> bool:
    same_name = name_key(typed.first_name, typed.last_name) == name_key(known.first_name, known.last_name)
    return same_name and typed.born is not None and typed.born == known.born


def _is_near(typed: TypedPatron, known: Patron) -> bool:
    """Worth showing: much the same name, or the same last name or the same first name with a like birth date."""
    if _likeness(typed, known.first_name, known.last_name) >= SAME_SOUND:
        return True
    first, last = name_key(typed.first_name, typed.last_name)
    known_first, known_last = name_key(known.first_name, known.last_name)
    one_name = _sounds_like(first, known_first) or _sounds_like(last, known_last)
    like_day = _birth_dates_agree(typed, known) in {Why.SAME_BIRTH_DATE, Why.NEAR_BIRTH_DATE}
    return like_day and (one_name or _likeness(typed, known.first_name, known.last_name) >= NEAR_NAMES)


def _likeness(typed: TypedPatron, first_name: str, last_name: str) -> float:
    """How much the names are alike in whatever order, of a hundred."""
    here, there = name_key(typed.first_name, typed.last_name), name_key(first_name, last_name)
    return token_sort_ratio(" ".join(here), " ".join(there))


DAYS_RANKED: Final = (Why.SAME_BIRTH_DATE, Why.NEAR_BIRTH_DATE, Why.BIRTH_DATE_UNKNOWN, Why.OTHER_BIRTH_DATE)


def _rank(typed: TypedPatron, found: Candidate) -> tuple[bool, bool, int, float, int]:
    likeness = _likeness(typed, found.first_name, found.last_name)
    day = next(place for place, why in enumerate(DAYS_RANKED) if why in found.why)
    return not found.exact, Why.SAME_GUARDIAN not in found.why, day, -likeness, found.id
