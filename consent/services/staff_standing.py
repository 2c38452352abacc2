"""How is somebody let go at once, taken back, or given a new way in? Each ends whatever they have open."""

from uuid import uuid4

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.services.acting import Acting, begin_as, somebody_else
from consent.services.ledger import Event, record
from consent.services.staff_changes import keep_an_administrator
from consent.storage.models import Staff


def suspend_staff(session: Session, staff_id: int, *, acting: Acting) -> None:
    """They are out at their next request. Raises OwnAccount or LastAdministrator."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    staff = somebody_else(session, staff_id, acting)
    if staff.active:
        staff.active = False
        staff.fs_uniquifier = uuid4().hex
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
    forget_credentials(staff)
    staff.invited_at = acting.now
    _record(session, EventKind.STAFF_RESET if entered else EventKind.STAFF_INVITED, staff, acting)
    session.commit()
    return staff


def forget_credentials(staff: Staff) -> None:
    """Whatever they signed in with is worth nothing any more, and so is every session and one-time address."""
    staff.password = None
    staff.fs_uniquifier = uuid4().hex


def _record(session: Session, kind: EventKind, staff: Staff, acting: Acting) -> None:
    record(session, Event(kind, {"staff": staff.id}), by=acting.by, now=acting.now)
