"""How does a new member of staff sign in for the first time? Once, with an address that an administrator hands over."""

from datetime import date, datetime
from uuid import uuid4

from flask_security.recoverable import generate_reset_password_token, reset_password_token_status
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import ConsentError
from consent.services.ledger import Event, record
from consent.services.passwords import (
    check_password,
    hash_new_password,
    is_password_of,
    shortest_for,
    words_about,
)
from consent.services.staff_sessions import is_in_force, record_sessions_ended
from consent.storage.database import begin_writing
from consent.storage.models.staff import Staff, StaffRole


class FirstSignInClosed(ConsentError):
    """The one-time address was used already, is older than seven days, or was never made."""


def ensure_roles(session: Session) -> dict[Role, StaffRole]:
    """The row of each of the six roles, made where it is missing. The caller holds the writer's turn and commits."""
    known = {Role(role.name): role for role in session.scalars(select(StaffRole))}
    missing = {role: StaffRole(name=role.value) for role in Role if role not in known}
    session.add_all(missing.values())
    session.flush()
    return known | missing


def first_sign_in_address(staff: Staff, *, base_url: str) -> str:
    """The address that signs this person in once, within seven days, and asks for a password."""
    token = generate_reset_password_token(staff)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    return f"{base_url.rstrip('/')}/first-sign-in/{token}"


def staff_signing_in_first(token: str) -> Staff:
    """Whose address this is. Raises FirstSignInClosed."""
    expired, invalid, staff = reset_password_token_status(token)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    if expired or invalid or not isinstance(staff, Staff) or not staff.active:
        raise FirstSignInClosed
    return staff


def end_sessions(session: Session, staff_id: int, *, by: str, now: datetime) -> None:
    """Sign this person out everywhere, half-finished sign-ins and one-time addresses included."""
    begin_writing(session)
    record_signed_out(session, session.get_one(Staff, staff_id), by=by, now=now)
    session.commit()


def record_signed_out(session: Session, staff: Staff, *, by: str, now: datetime) -> None:
    """The same as part of a larger change, such as of roles: the caller holds the writer's turn and commits."""
    staff.fs_uniquifier = uuid4().hex
    record_sessions_ended(session, staff.id, by=by, now=now)


def choose_first_password(session: Session, token: str, password: str, *, rule: str, now: datetime) -> Staff:
    """Set the password and close the address. Raises FirstSignInClosed, PasswordTooShort or PasswordTooCommon."""
    staff = staff_signing_in_first(token)
    check_password(password, at_least=shortest_for(session, staff, rule=rule), about=words_about(staff))
    hashed = hash_new_password(password)  # slow on purpose, so before the writer's turn
    begin_writing(session)
    staff = staff_signing_in_first(token)
    staff.password = hashed
    by = f"staff:{staff.id}"
    # A new mark for the account's sessions is also what makes the address good for once only.
    record_signed_out(session, staff, by=by, now=now)
    record(session, Event(EventKind.STAFF_PASSWORD_CHOSEN, {"staff": staff.id}), by=by, now=now)
    session.commit()
    return staff


def staff_with_password(session: Session, email: str, password: str, *, today: date) -> Staff | None:
    """Whose email address and password these are. An unknown account costs the same hashing as a known one."""
    staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
    if staff is None or staff.password is None:
        hash_new_password(password)
        return None
    return staff if is_password_of(staff, password) and is_in_force(staff, today) else None


def staff_with_email(session: Session, email: str, *, today: date) -> Staff | None:
    """Whose email address somebody else has verified, while their account is open."""
    staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
    return staff if staff and is_in_force(staff, today) else None


def staff_marked(session: Session, mark: str, *, today: date) -> Staff | None:
    """Whose account has this mark, while it is open."""
    staff = session.scalar(select(Staff).where(Staff.fs_uniquifier == mark))
    return staff if staff and is_in_force(staff, today) else None
