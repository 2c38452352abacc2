"""How does a new member of staff sign in for the first time? Once, with an address that an administrator hands over."""

from datetime import datetime
from uuid import uuid4

from flask import current_app
from flask_security.recoverable import generate_reset_password_token, reset_password_token_status
from flask_security.utils import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import ConsentError
from consent.services.ledger import Event, record
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


def end_sessions(session: Session, staff_id: int) -> None:
    """Sign this person out everywhere: what a browser carries was good for the account's old mark only."""
    begin_writing(session)
    session.get_one(Staff, staff_id).fs_uniquifier = uuid4().hex
    session.commit()


def choose_first_password(session: Session, token: str, password: str, *, now: datetime) -> Staff:
    """Set the password and close the address. Raises FirstSignInClosed."""
    hashed = hash_new_password(password)  # slow on purpose, so before the writer's turn
    begin_writing(session)
    staff = staff_signing_in_first(token)
    staff.password = hashed
    # A new mark for the account's sessions is also what makes the address good for once only.
    staff.fs_uniquifier = uuid4().hex
    chosen = Event(EventKind.STAFF_PASSWORD_CHOSEN, {"staff": staff.id})
    record(session, chosen, by=f"staff:{staff.id}", now=now)
    session.commit()
    return staff


def hash_new_password(password: str) -> str:
    """With Argon2id, in the one spelling in which sign-in compares it."""
    return hash_password(current_app.extensions["security"].password_util.normalize(password))
