"""What was wrong about a person, and what is right? Corrected with a trail, never over somebody else's correction."""

from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.lines import GuardianLine, LineType, PatronLine
from consent.domain.refusals import ConsentError, InTheFuture, UnknownPatron
from consent.services.families import guardian_named, refuse_if_erased
from consent.services.ledger import Event, record
from consent.services.trails import Said, line_on_file, trail, unless_changed
from consent.storage.database import begin_writing
from consent.storage.models import Guardian, Patron, PatronHandle, Platform
from consent.storage.name_index import index_names


class EmancipationOrderNotSeen(ConsentError):
    """Nobody is emancipated but by an order that the desk has seen."""


def open_patron(session: Session, external_id: str) -> PatronLine:
    """The patron as they are on file. Raises UnknownPatron."""
    return _patron(session, external_id)[1]


def open_guardian(session: Session, external_id: str) -> GuardianLine:
    """Raises UnknownGuardian."""
    return _guardian(session, external_id)[1]


def correct_patron(
    session: Session,
    based_on: Said,
    after: PatronLine,
    *,
    reason: str,
    order_seen: bool,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> bool:
    """Whether anything changed. Raises UnknownPatron, InTheFuture, ChangedMeanwhile or EmancipationOrderNotSeen."""
    begin_writing(session)
    key, on_file = _patron(session, after.id)
    before = unless_changed(on_file, based_on)
    if after.born is not None and after.born > now.astimezone(zone).date():
        raise InTheFuture("Nobody is born in the future.")
    emancipated = after.emancipated_on is not None and after.emancipated_on != before.emancipated_on
    if emancipated and not order_seen:
        raise EmancipationOrderNotSeen("The front desk must have seen the order.")
    if before == after:
        session.rollback()
        return False
    _keep_patron(session, key, before, after)
    why = {"reason": reason, "order_seen": order_seen} if emancipated else {"reason": reason}
    record(session, Event(EventKind.PATRON_CHANGED, trail(before, after) | why), by=by, now=now)
    session.commit()
    return True


def correct_guardian(
    session: Session, based_on: Said, after: GuardianLine, *, reason: str, by: str, now: datetime
) -> bool:
    """Whether anything changed. Raises UnknownGuardian or ChangedMeanwhile."""
    begin_writing(session)
    key, on_file = _guardian(session, after.id)
    before = unless_changed(on_file, based_on)
    if before == after:
        session.rollback()
        return False
    guardian = session.get_one(Guardian, key)
    guardian.first_name, guardian.last_name = after.first_name, after.last_name
    guardian.email, guardian.phone = after.email, after.phone
    record(session, Event(EventKind.GUARDIAN_CHANGED, trail(before, after) | {"reason": reason}), by=by, now=now)
    session.commit()
    return True


def _patron(session: Session, external_id: str) -> tuple[int, PatronLine]:
    found = line_on_file(session, LineType.PATRON, external_id)
    if found is None:
        raise UnknownPatron("Nobody has this number.")
    refuse_if_erased(session, found[0])
    return found


def _guardian(session: Session, external_id: str) -> tuple[int, GuardianLine]:
    guardian_named(session, external_id)
    found = line_on_file(session, LineType.GUARDIAN, external_id)
    assert found is not None
    return found


def _keep_patron(session: Session, key: int, before: PatronLine, after: PatronLine) -> None:
    patron = session.get_one(Patron, key)
    patron.first_name, patron.last_name = after.first_name, after.last_name
    patron.born, patron.adult, patron.emancipated_on = after.born, after.adult, after.emancipated_on
    session.flush()
    if before.handles != after.handles:
        for handle in session.scalars(select(PatronHandle).where(PatronHandle.patron_id == key)):
            session.delete(handle)
        session.flush()
        named = select(Platform.external_id, Platform.id)
        platforms = {row.external_id: row.id for row in session.execute(named)}
        session.add_all(
            PatronHandle(patron_id=key, platform_id=platforms[platform], account=account)
            for platform, account in after.handles
        )
    if (before.first_name, before.last_name) != (after.first_name, after.last_name):
        index_names(session, [(key, after.first_name, after.last_name)])
