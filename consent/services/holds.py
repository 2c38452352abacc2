"""Whom may nobody show, whatever was signed? A hold stops everything at once; why, few ever read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.authority import EndsBeforeItStarts
from consent.domain.events import EventKind
from consent.domain.exchange.lines import HoldLine, LineType
from consent.domain.exchange.writing import as_said
from consent.domain.refusals import EndedAlready, InTheFuture, SentBefore, UnknownRecord
from consent.services.families import patron_named, refuse_if_erased
from consent.services.ledger import Event, record
from consent.services.trails import end_moved
from consent.storage.database import begin_writing
from consent.storage.holds import find_hold
from consent.storage.models import Hold, Patron


@dataclass(frozen=True, slots=True)
class NewHold:
    """What the desk was told. Without a start it begins now; without an end it lasts until somebody lifts it."""

    patron: str
    reason: str
    reference: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HoldKept:
    """One hold on file, for those who may see it."""

    external_id: str
    patron: str
    patron_name: str
    since: datetime
    until: datetime | None
    reason: str


def place_hold(session: Session, new: NewHold, *, by: str, now: datetime) -> str:
    """Its external id. Sent twice, it is placed once. Raises UnknownPatron, EndsBeforeItStarts or SentBefore."""
    begin_writing(session)
    patron = patron_named(session, new.patron)
    since, external_id = new.since or now, f"H-{new.reference}"
    if new.until is not None and new.until <= max(since, now):
        raise EndsBeforeItStarts("A hold ends after it begins, and not in the past.")
    if known := find_hold(session, external_id):
        if (known.Patron.id, known.Hold.reason, known.Hold.until) != (patron.id, new.reason, new.until):
            raise SentBefore("This form was saved already, with other answers.")
        session.rollback()
        return external_id
    hold = Hold(external_id=external_id, patron_id=patron.id, since=since, until=new.until, reason=new.reason)
    session.add(hold)
    line = HoldLine(external_id, patron.external_id, since, new.until, new.reason)
    record(session, Event(EventKind.HOLD_PLACED, as_said(line)), by=by, now=now)
    session.commit()
    return external_id


def open_hold(session: Session, external_id: str) -> HoldKept:
    """Raises UnknownRecord."""
    hold, patron = _find(session, external_id)
    name = f"{patron.first_name} {patron.last_name}"
    return HoldKept(external_id, patron.external_id, name, hold.since, hold.until, hold.reason)


def lift_hold(session: Session, external_id: str, *, until: datetime | None, why: str, by: str, now: datetime) -> None:
    """From now on, or from a later instant, sooner than its end if it has one; why it ended stays in the ledger.

    Raises UnknownRecord, PersonErased, EndedAlready (by then it has), InTheFuture (it has not begun) or
    EndsBeforeItStarts (it would end in the past).
    """
    begin_writing(session)
    hold, patron = _find(session, external_id)
    refuse_if_erased(session, patron.id)
    end = until or now
    if hold.until is not None and end >= hold.until:
        raise EndedAlready("This hold has its end by then already.")
    if end <= hold.since:
        raise InTheFuture("This hold has not begun at that time.")
    if end < now:
        raise EndsBeforeItStarts("A hold cannot be lifted for the past.")
    lifted = {"type": LineType.HOLD.value, "id": external_id, **end_moved(hold.until, end), "why": why}
    hold.until = end
    record(session, Event(EventKind.HOLD_ENDED, lifted, patron.external_id), by=by, now=now)
    session.commit()


def _find(session: Session, external_id: str) -> tuple[Hold, Patron]:
    found = find_hold(session, external_id)
    if found is None:
        raise UnknownRecord("No hold has this reference.")
    return found.Hold, found.Patron
