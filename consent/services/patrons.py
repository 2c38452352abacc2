"""What does the registry hold about one patron? The answers of now, and everything that they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from consent.domain.permissions import Permission
from consent.domain.shown import Face
from consent.domain.vocabulary import Use
from consent.services.checks import Ask, Asker, check_patrons
from consent.services.lookup import accounts_needed, find_patron
from consent.services.lookup_people import Person, person_of
from consent.storage import erasures, lookup, patrons
from consent.storage.models import Card, Guardian, Guardianship, Hold, Program


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: a guardian with what makes them one, or (no name) the patron themself."""

    name: str | None
    relationship: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentKept:
    """One signed record as the page tells it. Empty limits stand for every platform or program."""

    external_id: str
    signed_at: datetime
    signer: Signer
    answers: Mapping[str, str]
    channels: tuple[str, ...]
    platforms: tuple[str, ...]
    programs: tuple[str, ...]
    form: str
    language: str
    assurance: str
    expires_at: datetime | None
    witnessed_at: datetime | None
    form_withdrawn_at: datetime | None
    voided_at: datetime | None
    voided_why: str | None
    moved: bool


@dataclass(frozen=True, slots=True)
class WithdrawalKept:
    external_id: str
    at: datetime
    signer: Signer
    uses: tuple[str, ...]
    voided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PatronRecord:
    """One patron's whole record. Holds are there for those who may see them, and for nobody else."""

    person: Person
    born: date | None
    emancipated_on: date | None
    faces: Mapping[Use, Face]
    platforms: Mapping[str, str]
    accounts: Mapping[str, str]
    consents: tuple[ConsentKept, ...]
    withdrawals: tuple[WithdrawalKept, ...]
    holds: tuple[Hold, ...]
    guardians: tuple[tuple[Guardianship, Guardian], ...]
    programs: tuple[Program, ...]
    cards: tuple[Card, ...]
    at: datetime
    erased_at: datetime | None


def open_record(
    session: Session, checks: Engine, external_id: str, channel: str, *, asker: Asker, zone: tzinfo, now: datetime
) -> PatronRecord:
    """The record, its opening recorded as a check. Raises UnknownPatron."""
    connection = session.connection()
    patron_id = find_patron(connection, external_id, asker=asker)
    ask = Ask(tuple(Use), now, channel=channel)
    answered = check_patrons(checks, [patron_id], ask, asker=asker, zone=zone, now=now)
    faces = {Use(use): face for use, face in answered[patron_id].items()}
    patron = patrons.patron_by_id(session, patron_id)
    may_see_holds = Permission.SEE_HOLDS in asker.permissions
    return PatronRecord(
        person=person_of(connection, patron_id, today=now.astimezone(zone).date()),
        born=patron.born,
        emancipated_on=patron.emancipated_on,
        faces=faces,
        platforms={row.external_id: row.name for row in lookup.platforms(connection)},
        accounts=accounts_needed(connection, patron_id, faces, platform=None),
        consents=_consents(session, patron_id),
        withdrawals=_withdrawals(session, patron_id),
        holds=tuple(patrons.holds_of(session, patron_id)) if may_see_holds else (),
        guardians=tuple((row.Guardianship, row.Guardian) for row in patrons.guardians_of(session, patron_id)),
        programs=tuple(patrons.programs_of(session, patron_id)),
        cards=tuple(patrons.cards_of(session, patron_id)),
        at=now,
        erased_at=erasures.erased_at(session, patron_id),
    )


def _consents(session: Session, patron_id: int) -> tuple[ConsentKept, ...]:
    rows = patrons.consents_of(session, patron_id)
    ids = [row.Consent.id for row in rows]
    answers, relationships = patrons.answers_in(session, ids), patrons.relationships_of(session, patron_id)
    platforms, programs = patrons.platforms_in(session, ids), patrons.programs_in(session, ids)
    return tuple(
        ConsentKept(
            external_id=row.Consent.external_id,
            signed_at=row.Consent.signed_at,
            signer=_signer(row, row.guardian_id, relationships),
            answers=answers[row.Consent.id],
            channels=tuple(row.Consent.channels.split()),
            platforms=() if row.Consent.every_platform else tuple(platforms[row.Consent.id]),
            programs=() if row.Consent.every_program else tuple(programs[row.Consent.id]),
            form=f"{row.form} {row.version}",
            language=row.Consent.language,
            assurance=row.Consent.assurance,
            expires_at=row.Consent.expires_at,
            witnessed_at=row.witnessed_at,
            form_withdrawn_at=row.form_withdrawn_at,
            voided_at=row.voided_at,
            voided_why=row.voided_why,
            moved=row.patron_id != patron_id,
        )
        for row in rows
    )


def _withdrawals(session: Session, patron_id: int) -> tuple[WithdrawalKept, ...]:
    rows = patrons.withdrawals_of(session, patron_id)
    uses = patrons.uses_withdrawn(session, [row.Withdrawal.id for row in rows])
    relationships = patrons.relationships_of(session, patron_id)
    return tuple(
        WithdrawalKept(
            external_id=row.Withdrawal.external_id,
            at=row.Withdrawal.at,
            signer=_signer(row, row.Withdrawal.guardian_id, relationships),
            uses=() if row.Withdrawal.every_use else tuple(uses[row.Withdrawal.id]),
            voided_at=row.voided_at,
        )
        for row in rows
    )


def _signer(row: Row[Any], guardian_id: int | None, relationships: Mapping[int, str]) -> Signer:
    if guardian_id is None:
        return Signer(None)
    return Signer(f"{row.first_name} {row.last_name}", relationships.get(guardian_id))
