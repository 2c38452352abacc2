"""How is somebody let go at once, taken back, or given a new way in? Each ends whatever they have open."""

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.services.acting import Acting, begin_as, somebody_else
from consent.services.ledger import Event, record
from consent.services.second_factors import record_factors_reset
from consent.services.staff_changes import keep_an_administrator
from consent.services.staff_sign_in import record_signed_out
from consent.storage.models import Staff


def suspend_staff(session: Session, staff_id: int, *, acting: Acting) -> None:
    """They are out at their next request. Raises OwnAccount or LastAdministrator."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    staff = somebody_else(session, staff_id, acting)
    if staff.active:
        staff.active = False
        record_signed_out(session, staff, by=acting.by, now=acting.now)
        keep_an_administrator(session)
        _record(session, EventKind.STAFF_SUSPENDED, staff, acting)
    session.commit()


def restore_staff(session: Session, staff_id: int, *, acting: Acting) -> None:
    """They sign in as before, with the roles they had. Raises OwnAccount."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    staff = somebody_else(session, staff_id, acting)
    if not staff.active:
        staff.active = True
        _record(session, EventKind.STAFF_RESTORED, staff, acting)
    session.commit()


def reset_staff(session: Session, staff_id: int, *, acting: Acting) -> Staff:
    """Let them start anew with a one-time address, the only thing that lets them in from now on. Raises OwnAccount."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    staff = somebody_else(session, staff_id, acting)
    entered = staff.password is not None
    _forget_credentials(session, staff, acting)
    staff.invited_at = acting.now
    _record(session, EventKind.STAFF_RESET if entered else EventKind.STAFF_INVITED, staff, acting)
    session.commit()
    return staff


def _forget_credentials(session: Session, staff: Staff, acting: Acting) -> None:
    """Whatever they signed in with is worth nothing any more, and so is every session and one-time address."""
    staff.password = None
    record_factors_reset(session, staff.id, by=acting.by, now=acting.now)
    record_signed_out(session, staff, by=acting.by, now=acting.now)


def _record(session: Session, kind: EventKind, staff: Staff, acting: Acting) -> None:
    record(session, Event(kind, {"staff": staff.id}), by=acting.by, now=acting.now)
