"""Who wants somebody's personal data erased, and why? One person asks, another decides; nobody does both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.erasures import Standing, standing
from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.refusals import ConsentError, UnknownRecord
from consent.services.acting import Acting, OwnAccount, begin_as
from consent.services.families import patron_facts, patron_named
from consent.services.ledger import Event, record
from consent.services.voidings import DecidedAlready, RequestedAlready
from consent.storage import erasures as stored
from consent.storage.erasures_belongings import waits_for_the_desk
from consent.storage.models import ErasureRefusal, ErasureRequest, Patron


class ErasureState(StrEnum):
    OPEN = "open"
    ERASED = "erased"
    REFUSED = "refused"


class ErasureForbidden(ConsentError):
    """A hold stands, or something waits for the desk: nothing is erased in spite of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """For how long the department keeps what was signed, by its own calendar."""

    retention_years: int
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose data is to be erased, why, and which law or schedule allows it."""

    patron: str
    reason: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and what became of it. `records` is how many rows were emptied."""

    key: int
    patron: str
    name: str
    reason: str
    legal_basis: str
    requester: int
    requested_by: str
    requested_at: datetime
    state: ErasureState
    decided_by: str | None
    decided_at: datetime | None
    despite: str | None
    records: int


def standing_of(session: Session, patron: Patron, rule: Rule, *, now: datetime) -> Standing:
    facts = patron_facts(session, patron, zone=rule.zone)
    waits = waits_for_the_desk(session, patron.id)
    return standing(facts, waits=waits, retention_years=rule.retention_years, now=now)


def waiting_about(session: Session, patron: str) -> int | None:
    """The open request about this patron, if there is one. Raises UnknownPatron or PersonErased."""
    return stored.open_request_about(session, patron_named(session, patron).id)


def request_erasure(session: Session, wanted: Wanted, rule: Rule, *, acting: Acting) -> int:
    """Its number; sent twice by one person, it is one.

    Raises UnknownPatron, PersonErased, ErasureForbidden or RequestedAlready.
    """
    begin_as(session, acting, Permission.REQUEST_ERASURES)
    patron = patron_named(session, wanted.patron)
    if (waiting := stored.open_request_about(session, patron.id)) is not None:
        asked = open_erasure(session, waiting)
        if (asked.requester, asked.reason, asked.legal_basis) != (acting.staff_id, wanted.reason, wanted.legal_basis):
            raise RequestedAlready("Somebody has asked for this already. It waits for a second person.")
        session.rollback()
        return waiting
    refuse_if_forbidden(standing_of(session, patron, rule, now=acting.now))
    request = ErasureRequest(
        patron_id=patron.id,
        reason=wanted.reason,
        legal_basis=wanted.legal_basis,
        requested_by=acting.staff_id,
        requested_at=acting.now,
    )
    session.add(request)
    session.flush()
    key = request.id
    told = {"order": key, "patron": wanted.patron, "reason": wanted.reason, "legal_basis": wanted.legal_basis}
    record(session, Event(EventKind.ERASURE_REQUESTED, told), by=acting.by, now=acting.now)
    session.commit()
    return key


def refuse_erasure(session: Session, key: int, *, acting: Acting) -> None:
    """The data stays. Raises UnknownRecord, OwnAccount or DecidedAlready."""
    begin_as(session, acting, Permission.APPROVE_ERASURES)
    asked = decidable(session, key, acting)
    session.add(ErasureRefusal(request_id=key, at=acting.now, refused_by=acting.staff_id))
    told = {"order": key, "patron": asked.patron}
    record(session, Event(EventKind.ERASURE_REFUSED, told), by=acting.by, now=acting.now)
    session.commit()


def decidable(session: Session, key: int, acting: Acting) -> Asked:
    """The request, for somebody who decides on it. Raises UnknownRecord, OwnAccount or DecidedAlready."""
    asked = open_erasure(session, key)
    if asked.requester == acting.staff_id:
        raise OwnAccount("Somebody else must decide on your own request.")
    if asked.state is not ErasureState.OPEN:
        raise DecidedAlready("Somebody has decided on this request already.")
    return asked


def refuse_if_forbidden(against: Standing) -> None:
    if against.forbidden:
        raise ErasureForbidden("A hold stands, or a signing waits for the desk. Nothing is erased in spite of it.")


def list_erasures(session: Session) -> Sequence[Asked]:
    """Those that wait for a second person first, then the latest decided."""
    return [_asked(session, row) for row in stored.requests(session)]


def how_many_wait(session: Session) -> int:
    return stored.how_many_wait(session)


def open_erasure(session: Session, key: int) -> Asked:
    """Raises UnknownRecord."""
    row = stored.find_request(session, key)
    if row is None:
        raise UnknownRecord("No request has this number.")
    return _asked(session, row)


def _asked(session: Session, row: Row[*tuple[Any, ...]]) -> Asked:
    request, patron, requested_by, order, approved_by, refused_at, refused_by = row
    state = ErasureState.ERASED if order else ErasureState.REFUSED if refused_at else ErasureState.OPEN
    return Asked(
        key=request.id,
        patron=patron.external_id,
        name=f"{patron.first_name} {patron.last_name}",
        reason=request.reason,
        legal_basis=request.legal_basis,
        requester=request.requested_by,
        requested_by=requested_by,
        requested_at=request.requested_at,
        state=state,
        decided_by=approved_by or refused_by,
        decided_at=order.at if order else refused_at,
        despite=order.despite if order else None,
        records=stored.records_erased(session, request.id) if order else 0,
    )
