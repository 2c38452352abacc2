"""Who works with the registry: in which roles, leading what, posting where, until when, and last seen when?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.domain.staff import StaffState, Standing, staff_state
from consent.services.acting import find_staff
from consent.services.authorizations import may_post_on
from consent.services.staff import list_staff
from consent.storage import staff as stored
from consent.storage.models import Staff


@dataclass(frozen=True, slots=True)
class StaffListed:
    """One line of the screen. Programs and platforms by the names that people know them by."""

    id: int
    name: str
    email: str
    roles: frozenset[Role]
    programs: tuple[str, ...]
    platforms: tuple[str, ...]
    last_day: date | None
    last_used_at: datetime | None
    state: StaffState


def list_colleagues(session: Session, *, name: str = "", now: datetime, today: date) -> list[StaffListed]:
    """Everybody, or those whose name or address has this in it, by name."""
    wanted = name.casefold()
    found = [staff for staff in list_staff(session) if wanted in staff.name.casefold() or wanted in staff.email]
    return _listed(session, sorted(found, key=lambda staff: (staff.name.casefold(), staff.id)), now, today)


def open_colleague(session: Session, staff_id: int, *, now: datetime, today: date) -> StaffListed:
    """Raises UnknownStaff."""
    return _listed(session, [find_staff(session, staff_id)], now, today)[0]


def _listed(session: Session, people: Iterable[Staff], now: datetime, today: date) -> list[StaffListed]:
    leads = _by_staff(stored.leads(session))
    platforms = _by_staff(may_post_on(session, now=now, today=today))
    return [
        StaffListed(
            staff.id,
            staff.name,
            staff.email,
            frozenset(Role(role.name) for role in staff.roles),
            leads[staff.id],
            platforms[staff.id],
            staff.last_day,
            staff.last_used_at,
            _state(staff, now=now, today=today),
        )
        for staff in people
    ]


def _state(staff: Staff, *, now: datetime, today: date) -> StaffState:
    standing = Standing(staff.active, staff.password is not None, staff.invited_at, staff.last_day)
    return staff_state(standing, now=now, today=today)


def _by_staff(pairs: Iterable[tuple[int, str]]) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for staff_id, name in pairs:
        found[staff_id] += (name,)
    return found
