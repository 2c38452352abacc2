"""Who changes something about the staff, and may they still? Asked again within the change itself.

Two who take each other's role away at the same moment both opened the page as administrators; only the first still is
one when their change begins.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from consent.domain.permissions import Permission
from consent.domain.refusals import ConsentError
from consent.domain.staff import is_over
from consent.storage.database import begin_writing
from consent.storage.models import Staff


class NoLongerAllowed(ConsentError):
    """Whoever asks was allowed to when they opened the page, and is not any more."""


class OwnAccount(ConsentError):
    """Nobody gives themself anything, takes it from themself, or decides on what is theirs."""


class UnknownStaff(ConsentError):
    """No member of staff has this number."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A member of staff who changes something now; `today` is the registry's own."""

    staff_id: int
    now: datetime
    today: date

    @property
    def by(self) -> str:
        return f"staff:{self.staff_id}"


def begin_as(session: Session, acting: Acting, permission: Permission) -> None:
    """Take the writer's turn. Raises NoLongerAllowed."""
    begin_writing(session)
    staff = session.get(Staff, acting.staff_id)
    allowed = staff and staff.active and not is_over(staff.last_day, acting.today) and staff.may(permission)
    if not allowed:
        raise NoLongerAllowed("Your own account was changed meanwhile, and does not allow this any more.")


def somebody_else(session: Session, staff_id: int, acting: Acting) -> Staff:
    """Raises UnknownStaff or OwnAccount."""
    staff = find_staff(session, staff_id)
    if staff.id == acting.staff_id:
        raise OwnAccount("Nobody changes this about themself. Ask another administrator.")
    return staff


def find_staff(session: Session, staff_id: int) -> Staff:
    """Raises UnknownStaff."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise UnknownStaff("No member of staff has this number.")
    return staff
