"""Is this a password that nobody guesses? Length and commonness only: no rule about which characters it has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import uuid4

from flask import current_app
from flask_security.utils import hash_password, verify_password
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.domain.sign_in import shortest_password
from consent.services.ledger import Event, record
from consent.services.second_factors import has_factor, must_have_factor
from consent.services.staff_sessions import record_sessions_ended
from consent.storage.database import begin_writing
from consent.storage.models import Staff

LOOKED_AT: Final = 72
GUESSED_SOONER: Final = 10**6


class PasswordTooShort(ConsentError):
    """`at_least` is how many characters it needs."""

    def __init__(self, at_least: int) -> None:
        super().__init__(f"Use {at_least} characters or more")
        self.at_least = at_least


class PasswordTooCommon(ConsentError):
    """It is one of the passwords that are tried first, or made of them."""


def shortest_for(session: Session, staff: Staff, *, rule: str) -> int:
    """Whoever signs in with a second factor may have a shorter password; whoever must have one soon has it too."""
    return shortest_password(with_factor=has_factor(session, staff.id) or must_have_factor(session, staff, rule=rule))


def check_password(password: str, *, at_least: int, about: Sequence[str]) -> None:
    """Raises PasswordTooShort or PasswordTooCommon. `about` are words that anybody would try for this person."""
    if len(password) < at_least:
        raise PasswordTooShort(at_least)
    # The lists of common passwords come with the library; nothing is asked of anybody outside.
    if zxcvbn(password[:LOOKED_AT], user_inputs=list(about))["guesses"] < GUESSED_SOONER:
        raise PasswordTooCommon


def is_password_of(staff: Staff, typed: str) -> bool:
    """Whether this is their password, in whatever spelling of its accents."""
    if staff.password is None:
        return False
    return bool(verify_password(_normalized(typed), staff.password))


def change_password(session: Session, staff: Staff, password: str, *, kept: int, rule: str, now: datetime) -> None:
    """Set a new password and sign out everywhere but here. Raises PasswordTooShort or PasswordTooCommon."""
    staff_id = staff.id
    check_password(password, at_least=shortest_for(session, staff, rule=rule), about=words_about(staff))
    hashed = hash_new_password(password)  # slow on purpose, so before the writer's turn
    begin_writing(session)
    changed = session.get_one(Staff, staff_id)
    changed.password = hashed
    # One-time addresses and half-finished sign-ins were good for the old mark only.
    changed.fs_uniquifier = uuid4().hex
    by = f"staff:{staff_id}"
    record(session, Event(EventKind.STAFF_PASSWORD_CHOSEN, {"staff": staff_id}), by=by, now=now)
    record_sessions_ended(session, staff_id, besides=kept, by=by, now=now)
    session.commit()


def words_about(staff: Staff) -> list[str]:
    """What a stranger would try for this person."""
    return [staff.email, *staff.email.replace("@", ".").split("."), *staff.name.split()]


def hash_new_password(password: str) -> str:
    """With Argon2id, in the one spelling in which sign-in compares it."""
    return hash_password(_normalized(password))


def _normalized(password: str) -> str:
    return str(current_app.extensions["security"].password_util.normalize(password))
