"""Who is this patron, who may have signed for them, and does their word count today?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.entitlement import Entitlement
from consent.domain.exchange.lines import SELF
from consent.domain.facts import Facts
from consent.domain.refusals import PersonErased, UnknownGuardian, UnknownPatron
from consent.domain.shown import Face
from consent.domain.vocabulary import Use
from consent.services.checks import Ask, Asker, check_patrons
from consent.storage import erasures, families
from consent.storage.models import Guardian, Patron
from consent.storage.patron_facts import read_facts
from consent.storage.patrons import relationships_of


@dataclass(frozen=True, slots=True)
class Signer:
    """One who may speak for the patron: themself (no name), or a guardian. A former one's no does not count."""

    key: str
    guardian_id: int | None
    name: str | None
    relationship: str | None
    counts: bool


def patron_named(session: Session, external_id: str) -> Patron:
    """Raises UnknownPatron or PersonErased."""
    patron = families.find_patron(session, external_id)
    if patron is None:
        raise UnknownPatron("Nobody has this number.")
    refuse_if_erased(session, patron.id)
    return patron


def guardian_named(session: Session, external_id: str) -> Guardian:
    """Raises UnknownGuardian or PersonErased."""
    guardian = families.find_guardian(session, external_id)
    if guardian is None:
        raise UnknownGuardian("No guardian has this number.")
    if erasures.is_guardian_erased(session, guardian.id):
        raise PersonErased("What the registry held of this guardian was erased.")
    return guardian


def refuse_if_erased(session: Session, patron_id: int) -> None:
    """Raises PersonErased."""
    if erasures.erased_at(session, patron_id):
        raise PersonErased("What the registry held of this person was erased.")


def patron_facts(session: Session, patron: Patron, *, zone: tzinfo) -> Facts:
    """All that bears on any use."""
    return read_facts(session.connection(), [patron.id], [use.value for use in Use], zone=zone)[patron.id]


def answers_now(checks: Engine, patron: Patron, *, asker: Asker, zone: tzinfo, now: datetime) -> dict[Use, Face]:
    """Each use on the department's accounts, as the asker may see it; that it was asked for is recorded."""
    answered = check_patrons(checks, [patron.id], Ask(tuple(Use), now), asker=asker, zone=zone, now=now)
    return {Use(use): face for use, face in answered[patron.id].items()}


def possible_signers(session: Session, patron: Patron, *, zone: tzinfo, now: datetime) -> Sequence[Signer]:
    """The patron first, then whose word counts now, then the others."""
    entitled = Entitlement.at_instant(patron_facts(session, patron, zone=zone), now)
    relationships = relationships_of(session, patron.id)
    guardians = [
        _signer(guardian, relationships, counts=entitled.no_counts(guardian.id))
        for guardian in families.signers_of(session, patron.id)
    ]
    themself = Signer(SELF, None, None, None, counts=True)
    return [themself, *sorted(guardians, key=lambda signer: not signer.counts)]


def signer_named(session: Session, patron: Patron, key: str, *, zone: tzinfo, now: datetime) -> Signer:
    """Raises UnknownGuardian for somebody who has never been this patron's."""
    for signer in possible_signers(session, patron, zone=zone, now=now):
        if signer.key == key:
            return signer
    raise UnknownGuardian("This guardian has nothing to do with this person.")


def _signer(guardian: Guardian, relationships: Mapping[int, str], *, counts: bool) -> Signer:
    name = f"{guardian.first_name} {guardian.last_name}"
    return Signer(guardian.external_id, guardian.id, name, relationships.get(guardian.id), counts)
