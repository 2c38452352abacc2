"""Is the signer who they say, and who are the people they typed? The desk confirms, corrects or rejects a signing."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.values import show_instant
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Assurance, Identification
from consent.services.copies import UnknownSigning
from consent.services.witness_matching import Matching, Record, match_people
from consent.services.witness_sealed import read_sealed
from consent.services.witness_writing import Desk
from consent.storage import paper_entries, witness
from consent.storage.database import begin_writing
from consent.storage.models import SigningRejection, Witnessing


class SigningFinished(ConsentError):
    """Another desk was faster; nothing was changed a second time."""

    def __init__(self, sentence: str, *, by: str | None) -> None:
        super().__init__(sentence)
        self.by = by


class AlreadyWitnessed(SigningFinished):
    """The signing was confirmed already."""


class AlreadyRejected(SigningFinished):
    """The signing was rejected already."""


class NeedsSecondPerson(ConsentError):
    """Whoever entered a paper form does not confirm it."""


class NotWitnessed(ConsentError):
    """Only what was confirmed can be corrected; what waits is simply confirmed as it should be."""


def confirm_signing(
    session: Session,
    reference: str,
    matching: Matching,
    identified_by: Identification | None,
    *,
    staff_id: int,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> None:
    """Match and witness every record of a signing, in one change. From now on its yeses count.

    `identified_by` is None for a paper: it is compared with its scan, by somebody else than whoever entered it.
    Raises UnknownSigning, SigningFinished, NeedsSecondPerson, SamePatronTwice, UnknownPatron, UnknownGuardian,
    UnknownProgram, or what `check_authority` does.
    """
    begin_writing(session)
    signing = _find(session, reference)
    records = _records(session, signing.id)
    _refuse_finished(session, signing.id, records)
    _refuse_who_entered(session, signing.id, staff_id)

    desk = Desk(session, staff_id, by, zone, now)
    match_people(desk, records, matching, signed_at=signing.signed_at)
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

    match_people(Desk(session, staff_id, by, zone, now), records, matching, signed_at=signing.signed_at)
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


def _records(session: Session, signing_id: int) -> list[Record]:
    rows = witness.consents_in(session, [signing_id])
    matches = witness.latest_matches(session, [row.Consent.id for row in rows])
    return [Record(row, read_sealed(row.canonical), matches.get(row.Consent.id)) for row in rows]


def _refuse_finished(session: Session, signing_id: int, records: Sequence[Record]) -> None:
    if rejection := witness.rejection_of(session, signing_id):
        raise AlreadyRejected(f"Already rejected by {rejection.by}.", by=rejection.by)
    if done := next((record.row for record in records if record.row.witnessed_at), None):
        raise AlreadyWitnessed(f"Already witnessed by {done.witnessed_by}.", by=done.witnessed_by)


def _refuse_who_entered(session: Session, signing_id: int, staff_id: int) -> None:
    entered = paper_entries.entry_of(session, signing_id)
    if entered and entered.PaperEntry.entered_by == staff_id:
        raise NeedsSecondPerson("You entered this form. Somebody else compares it with the paper.")


def _witness(desk: Desk, record: Record, identified_by: Identification | None, *, order_seen: bool) -> None:
    consent = record.row.Consent
    on_paper = consent.assurance == Assurance.PAPER
    how = identified_by.value if identified_by else None
    desk.session.add(
        Witnessing(
            consent_id=consent.id,
            at=desk.now,
            witnessed_by=desk.staff_id,
            identified_by=how,
            order_seen=order_seen,
        )
    )
    told = {
        "type": "consent",
        "id": consent.external_id,
        "witnessed_at": show_instant(desk.now),
        "assurance": (Assurance.PAPER if on_paper else Assurance.KIOSK_WITNESSED).value,
        "identified_by": how,
        "order_seen": order_seen,
    }
    desk.record(EventKind.CONSENT_WITNESSED, told)
