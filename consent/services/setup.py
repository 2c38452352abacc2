"""How does a new registry get its first administrator? With a one-time code that its console shows.

Of the code only SHA-256 is kept, and each start makes a new one, for as long as nobody administers the registry.
"""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consent.domain.card_codes import code_sha256, in_groups, new_code, tidy_code
from consent.domain.permissions import Role
from consent.domain.refusals import ConsentError
from consent.domain.throttle import Scope
from consent.services.staff import NewStaff, record_staff
from consent.services.throttle import TooManyTries, count_try, forget
from consent.storage.database import begin_writing
from consent.storage.models import SetupCode, Staff
from consent.storage.staff import has_administrator

BY_SETUP = "setup"


class SetupClosed(ConsentError):
    """Somebody administers the registry, so nobody sets it up any more."""


class SetupCodeWrong(ConsentError):
    """It is not the code that the console shows."""


def new_setup_code(session: Session, *, now: datetime) -> str | None:
    """A code to show on the console, the only time it can be read; None where nobody needs one."""
    begin_writing(session)
    if has_administrator(session):
        session.rollback()
        return None
    code = new_code()
    session.execute(delete(SetupCode))
    session.add(SetupCode(code_sha256=code_sha256(code), made_at=now))
    session.commit()
    return in_groups(code)


def setup_is_open(session: Session) -> bool:
    return not has_administrator(session)


def set_up(session: Session, code: str, first: NewStaff, *, source: str, now: datetime) -> Staff:
    """Make the first administrator, who signs in from here. `source` is where the code is tried from.

    Raises TooManyTries, SetupCodeWrong or SetupClosed, and what adding somebody raises.
    """
    if wait := count_try(session, Scope.SETUP_CODE, source, now=now):
        raise TooManyTries(wait)
    begin_writing(session)
    if has_administrator(session):
        raise SetupClosed("Somebody administers this registry already.")
    if not _is_right(session, code):
        raise SetupCodeWrong("This is not the code that the console shows.")
    administrator = NewStaff(
        first.email, first.name, frozenset({Role.ADMINISTRATOR}), password_hash=first.password_hash
    )
    staff = record_staff(session, administrator, by=BY_SETUP, now=now)
    session.execute(delete(SetupCode))
    session.commit()
    forget(session, Scope.SETUP_CODE, source)
    return staff


def _is_right(session: Session, code: str) -> bool:
    """What was typed may be anything at all."""
    tidied = tidy_code(code)
    return tidied.isascii() and session.get(SetupCode, code_sha256(tidied)) is not None
