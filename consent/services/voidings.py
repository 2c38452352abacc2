"""Was this record entered by mistake? One person asks with a reason, another seconds or refuses; nobody does both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.values import show_instant
from consent.domain.refusals import ConsentError, UnknownRecord
from consent.domain.vocabulary import Use
from consent.services.ledger import Event, record
from consent.services.withdrawals import in_order
from consent.storage import voidings
from consent.storage.database import begin_writing
from consent.storage.models import ConsentVoiding, VoidingRefusal, VoidingRequest, WithdrawalVoiding
from consent.storage.patrons import answers_in
from consent.storage.withdrawals import find_withdrawal, uses_of


class RecordKind(StrEnum):
    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"


class VoidingState(StrEnum):
    OPEN = "open"
    VOIDED = "voided"
    REFUSED = "refused"


class VoidedAlready(ConsentError):
    """The record is void."""


class RequestedAlready(ConsentError):
    """Somebody has asked for it, and nobody has decided yet."""


class DecidedAlready(ConsentError):
    """Somebody has seconded or refused this request."""


class NeedsAnotherPerson(ConsentError):
    """Whoever asks for a voiding does not decide on it."""


@dataclass(frozen=True, slots=True)
class Record:
    """What may be voided: whose it is, who said it and when, and what it says. No name stands for the person themself.

    Answers by use; of a withdrawal every use it names is a no, and none named stands for every use.
    """

    kind: RecordKind
    external_id: str
    patron: str | None
    patron_name: str | None
    signer: str | None
    at: datetime
    answers: dict[str, str]
    voided_at: datetime | None
    key: int


@dataclass(frozen=True, slots=True)
class Requested:
    """One request, and what became of it."""

    key: int
    record: Record
    reason: str
    requested_by: str
    requester: int
    requested_at: datetime
    state: VoidingState
    decided_by: str | None
    decided_at: datetime | None


def open_for_voiding(session: Session, kind: RecordKind, external_id: str) -> Record:
    """Raises UnknownRecord."""
    found = _find(session, kind, external_id)
    if found is None:
        raise UnknownRecord("No record has this reference.")
    return found


def waiting_about(session: Session, about: Record) -> int | None:
    """The open request about this record, if there is one."""
    key = {f"{about.kind.value}_id": about.key}
    return next((row.VoidingRequest.id for row in voidings.requests_about(session, **key) if _is_open(row)), None)


def request_voiding(
    session: Session, kind: RecordKind, external_id: str, reason: str, *, staff_id: int, by: str, now: datetime
) -> int:
    """Its number. Raises UnknownRecord, VoidedAlready or RequestedAlready; sent twice by one person, it is one."""
    begin_writing(session)
    about = open_for_voiding(session, kind, external_id)
    if about.voided_at is not None:
        raise VoidedAlready("This record is void already.")
    if (waiting := waiting_about(session, about)) is not None:
        asked = open_request(session, waiting)
        if (asked.requester, asked.reason) != (staff_id, reason):
            raise RequestedAlready("Somebody has asked for this already. It waits for a second person.")
        session.rollback()
        return waiting
    wanted = VoidingRequest(reason=reason, requested_by=staff_id, requested_at=now)
    setattr(wanted, f"{kind.value}_id", about.key)
    session.add(wanted)
    session.flush()
    key = wanted.id
    content = {"request": key, "type": kind.value, "id": external_id, "reason": reason}
    record(session, Event(EventKind.VOIDING_REQUESTED, content, about.patron), by=by, now=now)
    session.commit()
    return key


def list_requests(session: Session) -> Sequence[Requested]:
    """Those that wait for a second person, the oldest first."""
    return [_requested(session, row) for row in voidings.open_requests(session)]


def how_many_wait(session: Session) -> int:
    return voidings.how_many_wait(session)


def open_request(session: Session, key: int) -> Requested:
    """Raises UnknownRecord."""
    row = voidings.find_request(session, key)
    if row is None:
        raise UnknownRecord("No request has this number.")
    return _requested(session, row)


def second_voiding(session: Session, key: int, *, staff_id: int, by: str, now: datetime) -> None:
    """The record is void from now on. Raises UnknownRecord, NeedsAnotherPerson or DecidedAlready."""
    begin_writing(session)
    asked = _decidable(session, key, staff_id)
    row = {"at": now, "reason": asked.reason, "voided_by": asked.requester, "seconded_by": staff_id}
    kind = asked.record.kind
    if kind is RecordKind.CONSENT:
        session.add(ConsentVoiding(consent_id=asked.record.key, **row))
    else:
        session.add(WithdrawalVoiding(withdrawal_id=asked.record.key, **row))
    event = EventKind.CONSENT_VOIDED if kind is RecordKind.CONSENT else EventKind.WITHDRAWAL_VOIDED
    content = {"type": kind.value, "id": asked.record.external_id, "voided_at": show_instant(now)}
    why = {"reason": asked.reason, "request": key, "requested_by": f"staff:{asked.requester}"}
    record(session, Event(event, content | why, asked.record.patron), by=by, now=now)
    session.commit()


def refuse_voiding(session: Session, key: int, *, staff_id: int, by: str, now: datetime) -> None:
    """The record stands. Raises UnknownRecord, NeedsAnotherPerson or DecidedAlready."""
    begin_writing(session)
    asked = _decidable(session, key, staff_id)
    session.add(VoidingRefusal(request_id=key, at=now, refused_by=staff_id))
    content = {"request": key, "type": asked.record.kind.value, "id": asked.record.external_id}
    record(session, Event(EventKind.VOIDING_REFUSED, content, asked.record.patron), by=by, now=now)
    session.commit()


def _decidable(session: Session, key: int, staff_id: int) -> Requested:
    asked = open_request(session, key)
    if asked.requester == staff_id:
        raise NeedsAnotherPerson("Somebody else must decide on your own request.")
    if asked.state is not VoidingState.OPEN:
        raise DecidedAlready("Somebody has decided on this request already.")
    return asked


def _requested(session: Session, row: Row[Any]) -> Requested:
    request = row.VoidingRequest
    kind = RecordKind.CONSENT if request.consent_id is not None else RecordKind.WITHDRAWAL
    about = open_for_voiding(session, kind, row.consent or row.withdrawal)
    voided_at = row.consent_voided_at or row.withdrawal_voided_at
    return Requested(
        key=request.id,
        record=about,
        reason=request.reason,
        requested_by=row.requested_by,
        requester=request.requested_by,
        requested_at=request.requested_at,
        state=_state(row),
        decided_by=row.decided_by,
        decided_at=row.refused_at or voided_at,
    )


def _is_open(row: Row[Any]) -> bool:
    return _state(row) is VoidingState.OPEN


def _state(row: Row[Any]) -> VoidingState:
    if row.refused_at is not None:
        return VoidingState.REFUSED
    voided = row.consent_voided_at is not None or row.withdrawal_voided_at is not None
    return VoidingState.VOIDED if voided else VoidingState.OPEN


def _find(session: Session, kind: RecordKind, external_id: str) -> Record | None:
    if kind is RecordKind.CONSENT:
        row = voidings.find_consent(session, external_id)
        return row and _record(kind, row, row.Consent, row.Consent.signed_at, answers_in(session, [row.Consent.id]))
    row = find_withdrawal(session, external_id)
    if row is None:
        return None
    taken_back = {use.value: "no" for use in in_order(uses_of(session, row.Withdrawal)) or Use}
    return _record(kind, row, row.Withdrawal, row.Withdrawal.at, {row.Withdrawal.id: taken_back})


def _record(kind: RecordKind, row: Row[Any], kept: Any, at: datetime, answers: dict[int, dict[str, str]]) -> Record:
    patron, guardian = row.Patron, row.Guardian
    return Record(
        kind=kind,
        external_id=kept.external_id,
        patron=patron.external_id if patron else None,
        patron_name=f"{patron.first_name} {patron.last_name}" if patron else None,
        signer=f"{guardian.first_name} {guardian.last_name}" if guardian else None,
        at=at,
        answers=answers.get(kept.id, {}),
        voided_at=row.voided_at,
        key=kept.id,
    )
