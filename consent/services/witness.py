"""Is the signer who they say, and who are the people they typed? The desk confirms, corrects or rejects a signing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.lines import SELF
from consent.domain.exchange.values import show_instant
from consent.domain.refusals import ConsentError, UnknownProgram
from consent.domain.vocabulary import Assurance, Identification
from consent.services.copies import UnknownSigning
from consent.services.families import guardian_named, patron_named
from consent.services.witness_sealed import Sealed, read_sealed
from consent.services.witness_writing import (
    Desk,
    Shown,
    add_guardian,
    add_patron,
    bring_accounts_up_to_date,
    enroll,
    ensure_authority,
    forget_accounts,
    forget_authority,
)
from consent.storage import signings, witness
from consent.storage.database import begin_writing
from consent.storage.models import Guardian, Patron, PatronMatch, Program, SigningRejection, Witnessing


class SigningFinished(ConsentError):
    """Another desk was faster; nothing was changed a second time."""

    def __init__(self, sentence: str, *, by: str | None) -> None:
        super().__init__(sentence)
        self.by = by


class AlreadyWitnessed(SigningFinished):
    """The signing was confirmed already."""


class AlreadyRejected(SigningFinished):
    """The signing was rejected already."""


class NotWitnessed(ConsentError):
    """Only what was confirmed can be corrected; what waits is simply confirmed as it should be."""


class SamePatronTwice(ConsentError):
    """Two children of one signing are two people."""

    def __init__(self, number: int) -> None:
        super().__init__("Two children of one signing cannot be the same person.")
        self.number = number


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who a typed child is: somebody on file, or (None) somebody new; and a program to enroll them in."""

    patron: str | None
    program: str | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """Who everybody in a signing is; no guardian means a new one, where the signer is one at all."""

    children: tuple[Chosen, ...]
    guardian: str | None = None
    order_seen: bool = False
    last_day: date | None = None
    active_duty: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of the signing with what it was sealed with and whom it is linked to."""

    row: Row[*tuple[Any, ...]]
    sealed: Sealed
    match: PatronMatch | None


def confirm_signing(
    session: Session,
    reference: str,
    matching: Matching,
    identified_by: Identification,
    *,
    staff_id: int,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> None:
    """Match and witness every record of a signing, in one change. From now on its yeses count.

    Raises UnknownSigning, SigningFinished, SamePatronTwice, UnknownPatron, UnknownGuardian, UnknownProgram, or what
    `check_authority` does.
    """
    begin_writing(session)
    signing = _find(session, reference)
    records = _records(session, signing.id)
    _refuse_finished(session, signing.id, records)

    desk = Desk(session, staff_id, by, zone, now)
    _match(desk, records, matching, signed_at=signing.signed_at)
    for record in records:
        _witness(desk, record, identified_by, order_seen=matching.order_seen)
    session.commit()


def correct_signing(
    session: Session, reference: str, matching: Matching, *, staff_id: int, by: str, zone: tzinfo, now: datetime
) -> None:
    """Match a confirmed signing anew, where a match was wrong; each correction is a further row.

    Raises NotWitnessed, AlreadyRejected and whatever `confirm_signing` raises.
    """
    begin_writing(session)
    signing = _find(session, reference)
    records = _records(session, signing.id)
    if rejection := witness.rejection_of(session, signing.id):
        raise AlreadyRejected("This signing was rejected.", by=rejection.by)
    if not any(record.row.witnessed_at for record in records):
        raise NotWitnessed("This signing was not confirmed yet. Confirm it instead.")

    _match(Desk(session, staff_id, by, zone, now), records, matching, signed_at=signing.signed_at)
    session.commit()


def reject_signing(
    session: Session, reference: str, reason: str, *, staff_id: int, by: str, zone: tzinfo, now: datetime
) -> None:
    """Its yeses never count. A no that is linked to somebody stands until the record is voided.

    Raises UnknownSigning or SigningFinished.
    """
    begin_writing(session)
    signing = _find(session, reference)
    _refuse_finished(session, signing.id, _records(session, signing.id))
    session.add(SigningRejection(signing_id=signing.id, at=now, rejected_by=staff_id, reason=reason))
    told = {"type": "signing", "id": reference, "reason": reason}
    Desk(session, staff_id, by, zone, now).record(EventKind.SIGNING_REJECTED, told)
    session.commit()


def _find(session: Session, reference: str) -> Any:
    found = witness.find_signing(session, reference)
    if found is None:
        raise UnknownSigning("No signing has this reference number.")
    return found.Signing


def _records(session: Session, signing_id: int) -> list[_Record]:
    rows = witness.consents_in(session, [signing_id])
    matches = witness.latest_matches(session, [row.Consent.id for row in rows])
    return [_Record(row, read_sealed(row.canonical), matches.get(row.Consent.id)) for row in rows]


def _refuse_finished(session: Session, signing_id: int, records: Sequence[_Record]) -> None:
    if rejection := witness.rejection_of(session, signing_id):
        raise AlreadyRejected(f"Already rejected by {rejection.by}.", by=rejection.by)
    if done := next((record.row for record in records if record.row.witnessed_at), None):
        raise AlreadyWitnessed(f"Already witnessed by {done.witnessed_by}.", by=done.witnessed_by)


def _match(desk: Desk, records: Sequence[_Record], matching: Matching, *, signed_at: datetime) -> None:
    """Whoever is new comes on file; a match that was right already is left as it is."""
    signer = records[0].sealed.signer
    guardian = None if signer.relationship is None else _guardian(desk, records[0], matching)
    matched: set[int] = set()
    for number, (record, chosen) in enumerate(zip(records, matching.children, strict=True), start=1):
        patron = _patron(desk, record, chosen)
        if patron.id in matched:
            raise SamePatronTwice(number)
        matched.add(patron.id)
        if guardian:
            shown = Shown(matching.order_seen, matching.last_day, matching.active_duty)
            ensure_authority(desk, signer, guardian, patron, shown, signed_at=signed_at)
        _link(desk, record, patron, guardian, signed_at=signed_at)
        if chosen.program:
            enroll(desk, patron, _program(desk, chosen.program))


def _patron(desk: Desk, record: _Record, chosen: Chosen) -> Patron:
    typed = record.sealed.patron
    if chosen.patron is None:
        return add_patron(desk, typed, for_self=record.sealed.signer.relationship is None)
    patron = patron_named(desk.session, chosen.patron)
    if record.row.witnessed_at is None or record.match is None or record.match.patron_id != patron.id:
        bring_accounts_up_to_date(desk, patron, typed)
    return patron


def _guardian(desk: Desk, record: _Record, matching: Matching) -> Guardian:
    if matching.guardian is None:
        return add_guardian(desk, record.sealed.signer)
    return guardian_named(desk.session, matching.guardian)


def _program(desk: Desk, external_id: str) -> Program:
    found = signings.programs_named(desk.session, [external_id])
    if not found:
        raise UnknownProgram(f"No program has the id {external_id!r}.")
    return found[0]


def _link(desk: Desk, record: _Record, patron: Patron, guardian: Guardian | None, *, signed_at: datetime) -> None:
    was, guardian_id = record.match, guardian.id if guardian else None
    if was and (was.patron_id, was.guardian_id) == (patron.id, guardian_id):
        return
    desk.session.add(
        PatronMatch(
            consent_id=record.row.Consent.id,
            patron_id=patron.id,
            guardian_id=guardian_id,
            matched_at=desk.now,
            matched_by=desk.staff_id,
        )
    )
    signer = guardian.external_id if guardian else SELF
    told = {
        "consent": record.row.Consent.external_id,
        "patron": patron.external_id,
        "signer": signer,
        "how": "at-the-desk",
    }
    desk.record(EventKind.CONSENT_MATCHED, told)
    if was and record.row.witnessed_at is not None:
        forget_authority(desk, was, signed_at=signed_at)
        if was.patron_id != patron.id:
            forget_accounts(desk, was.patron_id, record.sealed.patron)


def _witness(desk: Desk, record: _Record, identified_by: Identification, *, order_seen: bool) -> None:
    consent = record.row.Consent
    desk.session.add(
        Witnessing(
            consent_id=consent.id,
            at=desk.now,
            witnessed_by=desk.staff_id,
            identified_by=identified_by.value,
            order_seen=order_seen,
        )
    )
    told = {
        "type": "consent",
        "id": consent.external_id,
        "witnessed_at": show_instant(desk.now),
        "assurance": Assurance.KIOSK_WITNESSED.value,
        "identified_by": identified_by.value,
        "order_seen": order_seen,
    }
    desk.record(EventKind.CONSENT_WITNESSED, told)
