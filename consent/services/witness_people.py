"""Who on file may be the people that somebody typed at a kiosk? The nearest first, each with what tells them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.signing import TypedPatron, TypedSigner, name_key
from consent.domain.witness import Compared, compare_days, compare_names
from consent.services.checks import Asker
from consent.services.lookup_people import search
from consent.services.matching import candidates
from consent.storage import families, lookup, witness
from consent.storage.matching import patrons_of
from consent.storage.models import Guardian, Patron

FOUND_MOST = 8


@dataclass(frozen=True, slots=True)
class PatronOffered:
    """Somebody on file beside a typed child. `asked_for` is whoever the desk looked for itself."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    born: date | None
    compared: Compared
    programs: tuple[str, ...]
    guardians: tuple[tuple[str, str], ...]
    has_card: bool
    linked: bool
    asked_for: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class GuardianOffered:
    """A guardian on file beside the typed signer, with those for whom they may sign."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    email: str | None
    compared: Compared
    same_email: bool
    signs_for: tuple[str, ...]
    linked: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def offer_patrons(
    session: Session,
    typed: TypedPatron,
    signer: TypedSigner,
    *,
    linked: int | None,
    looked_for: str,
    asker: Asker,
    zone: tzinfo,
    now: datetime,
) -> tuple[PatronOffered, ...]:
    """Whoever is linked already, whoever the desk looked for, then by nearness; twins stand side by side."""
    asked_for = _find(session, looked_for, asker=asker, today=now.astimezone(zone).date()) if looked_for else []
    near = [one.id for one in candidates(session, typed, signer, now=now)]
    ids = list(dict.fromkeys([*([linked] if linked else []), *asked_for, *near]))
    return tuple(_described(session, typed, ids, linked=linked, asked_for=asked_for, today=now.astimezone(zone).date()))


def offer_guardians(
    session: Session, typed: TypedSigner, patron_ids: Iterable[int], *, linked: int | None
) -> tuple[GuardianOffered, ...]:
    """The guardians of those offered who bear one of the typed names, and namesakes with their own children."""
    theirs = {row.Guardian for row in witness.guardianships(session, patron_ids=set(patron_ids))}
    namesakes = [
        guardian
        for guardian in witness.namesakes(session, typed.last_name, typed.email)
        if _is_namesake(typed, guardian)
    ]
    near = [guardian for guardian in theirs if _shares_a_name(typed, guardian) or guardian.id == linked]
    found = {guardian.id: guardian for guardian in (*near, *namesakes)}
    wards: dict[int, list[str]] = {}
    for row in witness.guardianships(session, guardian_ids=found.keys()):
        wards.setdefault(row.Guardian.id, []).append(f"{row.Patron.first_name} {row.Patron.last_name}")
    offered = [_offer_guardian(typed, guardian, wards.get(guardian.id, []), linked) for guardian in found.values()]
    beside = {guardian.id for guardian in theirs}
    offered.sort(
        key=lambda one: (not one.linked, one.compared.distance, one.id not in beside, not one.same_email, one.id)
    )
    return tuple(offered[:FOUND_MOST])


def sole_exact(offered: Sequence[PatronOffered]) -> PatronOffered | None:
    """Whoever agrees in everything, if nobody else does."""
    exact = [one for one in offered if one.compared.exact]
    return exact[0] if len(exact) == 1 else None


def _find(session: Session, text: str, *, asker: Asker, today: date) -> list[int]:
    """Whoever has it as their number, then whoever bears it as their name."""
    numbered = families.find_patron(session, text)
    found = search(session.connection(), text, asker=asker, today=today, at_most=FOUND_MOST)
    return [*([numbered.id] if numbered else []), *(person.id for person in found.people)]


def _compare(typed: TypedPatron, patron: Patron) -> Compared:
    return Compared(
        compare_names(typed.first_name, patron.first_name),
        compare_names(typed.last_name, patron.last_name),
        compare_days(typed.born, patron.born),
    )


def _described(
    session: Session,
    typed: TypedPatron,
    ids: Sequence[int],
    *,
    linked: int | None,
    asked_for: Sequence[int],
    today: date,
) -> Iterable[PatronOffered]:
    programs = lookup.programs_running(session.connection(), ids, today=today)
    cards = {row.id for row in lookup.describe(session.connection(), ids) if row.issued_at is not None}
    guardians: dict[int, dict[str, str]] = {}
    for row in witness.guardianships(session, patron_ids=ids):
        name = f"{row.Guardian.first_name} {row.Guardian.last_name}"
        guardians.setdefault(row.Patron.id, {})[name] = row.Guardianship.relationship
    for patron in sorted(patrons_of(session, ids), key=lambda patron: ids.index(patron.id)):
        yield PatronOffered(
            id=patron.id,
            external_id=patron.external_id,
            first_name=patron.first_name,
            last_name=patron.last_name,
            born=patron.born,
            compared=_compare(typed, patron),
            programs=tuple(programs.get(patron.id, ())),
            guardians=tuple(guardians.get(patron.id, {}).items()),
            has_card=patron.id in cards,
            linked=patron.id == linked,
            asked_for=patron.id in asked_for,
        )


def _offer_guardian(
    typed: TypedSigner, guardian: Guardian, wards: Iterable[str], linked: int | None
) -> GuardianOffered:
    return GuardianOffered(
        id=guardian.id,
        external_id=guardian.external_id,
        first_name=guardian.first_name,
        last_name=guardian.last_name,
        email=guardian.email,
        compared=Compared(
            compare_names(typed.first_name, guardian.first_name), compare_names(typed.last_name, guardian.last_name)
        ),
        same_email=_same_email(typed, guardian),
        signs_for=tuple(dict.fromkeys(wards)),
        linked=guardian.id == linked,
    )


def _is_namesake(typed: TypedSigner, guardian: Guardian) -> bool:
    same = name_key(typed.first_name, typed.last_name) == name_key(guardian.first_name, guardian.last_name)
    return same or _same_email(typed, guardian)


def _shares_a_name(typed: TypedSigner, guardian: Guardian) -> bool:
    first, last = name_key(typed.first_name, typed.last_name)
    return first == name_key(guardian.first_name, "")[0] or last == name_key("", guardian.last_name)[1]


def _same_email(typed: TypedSigner, guardian: Guardian) -> bool:
    return bool(typed.email) and (guardian.email or "").casefold() == typed.email.casefold()
