"""Who becomes a guardian of whom, and whose guardianship ends? With what the desk has seen, and by whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from consent.domain.authority import Authority, EndsBeforeItStarts, check_authority, check_overlap
from consent.domain.events import EventKind
from consent.domain.exchange.lines import GuardianLine, GuardianshipLine
from consent.domain.exchange.values import show_instant
from consent.domain.exchange.writing import as_said
from consent.domain.majority import midnight
from consent.domain.refusals import EndedAlready, UnknownRecord
from consent.services.families import guardian_named, patron_named
from consent.services.ledger import Event, record
from consent.services.trails import end_moved
from consent.storage import families
from consent.storage.database import begin_writing
from consent.storage.models import Guardian, Guardianship, Patron


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """Somebody who is no guardian in the registry yet."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class GuardianshipKept:
    """One guardianship on file."""

    key: int
    patron: str
    patron_name: str
    guardian: str
    guardian_name: str
    relationship: str
    since: datetime
    until: datetime | None


def add_guardianship(
    session: Session,
    patron: str,
    guardian: str | NewGuardian,
    authority: Authority,
    *,
    staff_id: int,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> int:
    """Its number. `guardian` is the number of somebody known, or somebody new. Sent twice, it is added once.

    Raises UnknownPatron, UnknownGuardian, Overlaps, or what `check_authority` does.
    """
    begin_writing(session)
    check_authority(authority)
    child = patron_named(session, patron)
    adult = _add_guardian(session, guardian, by=by, now=now) if isinstance(guardian, NewGuardian) else None
    adult = adult or guardian_named(session, str(guardian))
    made = _guardianship(child, adult, authority, staff_id=staff_id, zone=zone)
    pair = families.guardianships_of_pair(session, adult.id, child.id)
    if same := next((one for one in pair if _says(one) == _says(made)), None):
        key = same.id
        session.rollback()
        return key
    check_overlap(made.since, made.until, [(one.since, one.until) for one in pair])
    session.add(made)
    session.flush()
    key = made.id
    line = GuardianshipLine(
        adult.external_id, child.external_id, made.relationship, made.since, made.until, made.beyond_majority
    )
    seen = {"order_seen": made.order_seen, "active_duty": authority.active_duty}
    record(session, Event(EventKind.GUARDIANSHIP_ADDED, {**as_said(line), **seen}), by=by, now=now)
    session.commit()
    return key


def open_guardianship(session: Session, key: int) -> GuardianshipKept:
    """Raises UnknownRecord."""
    found = families.find_guardianship(session, key)
    if found is None:
        raise UnknownRecord("No guardianship has this number.")
    guardianship, guardian, patron = found
    return GuardianshipKept(
        key=key,
        patron=patron.external_id,
        patron_name=f"{patron.first_name} {patron.last_name}",
        guardian=guardian.external_id,
        guardian_name=f"{guardian.first_name} {guardian.last_name}",
        relationship=guardianship.relationship,
        since=guardianship.since,
        until=guardianship.until,
    )


def end_guardianship(
    session: Session, key: int, *, until: datetime | None, reason: str, order_seen: bool, by: str, now: datetime
) -> None:
    """From now on, or from another instant; why, and whether an order was seen, stays in the ledger.

    One that has its end may end sooner. Raises UnknownRecord, EndedAlready (by then it has) or EndsBeforeItStarts.
    """
    begin_writing(session)
    kept = open_guardianship(session, key)
    end = until or now
    if kept.until is not None and end >= kept.until:
        raise EndedAlready("This guardianship has its end by then already.")
    if end <= kept.since:
        raise EndsBeforeItStarts("A guardianship ends after it begins.")
    session.get_one(Guardianship, key).until = end
    named = {"type": "guardianship", "guardian": kept.guardian, "patron": kept.patron}
    times = {"since": show_instant(kept.since), **end_moved(kept.until, end)}
    why = {"reason": reason, "order_seen": order_seen}
    record(session, Event(EventKind.GUARDIANSHIP_ENDED, named | times | why), by=by, now=now)
    session.commit()


def _add_guardian(session: Session, new: NewGuardian, *, by: str, now: datetime) -> Guardian:
    """The same form sent again means the same person."""
    external_id = f"G-{new.reference}"
    if known := families.find_guardian(session, external_id):
        return known
    guardian = Guardian(
        external_id=external_id,
        first_name=new.first_name,
        last_name=new.last_name,
        email=new.email,
        phone=new.phone,
        added_at=now,
    )
    session.add(guardian)
    session.flush()
    line = GuardianLine(external_id, new.first_name, new.last_name, new.email, new.phone)
    record(session, Event(EventKind.GUARDIAN_ADDED, as_said(line)), by=by, now=now)
    return guardian


def _guardianship(child: Patron, adult: Guardian, authority: Authority, *, staff_id: int, zone: tzinfo) -> Guardianship:
    """Both days are included, so it ends at the midnight after the last."""
    last = authority.last_day
    return Guardianship(
        patron_id=child.id,
        guardian_id=adult.id,
        relationship=authority.relationship.value,
        since=midnight(authority.first_day, zone),
        until=None if last is None else midnight(last + timedelta(days=1), zone),
        beyond_majority=authority.beyond_majority,
        order_seen=authority.order_seen,
        added_by=staff_id,
    )


def _says(one: Guardianship) -> tuple[object, ...]:
    return one.relationship, one.since, one.until, one.beyond_majority, one.order_seen
