"""How do a colleague's name, roles, programs and last day change? From old to new in the ledger, and never one's own.

Of the administrators one always remains who is neither suspended nor about to leave.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission, Role
from consent.domain.refusals import ConsentError
from consent.domain.registers import StaffKind
from consent.services.acting import Acting, OwnAccount, begin_as, find_staff, somebody_else
from consent.services.ledger import Event, record, record_all
from consent.services.staff import NotAProgramLead, checked_name, find_programs
from consent.services.staff_sign_in import ensure_roles, record_signed_out
from consent.services.trails import ChangedMeanwhile, Said, differing
from consent.storage import staff as stored
from consent.storage.models import ProgramLead, Staff

Roles = frozenset[Role]


class LastAdministrator(ConsentError):
    """Without this one, nobody would be left who can manage the registry."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is kept about a member of staff beside how they sign in; programs by their id."""

    name: str
    roles: Roles
    programs: frozenset[str] = frozenset()
    last_day: date | None = None
    kind: StaffKind = StaffKind.EMPLOYEE

    @property
    def said(self) -> dict[str, object]:
        return {
            "name": self.name,
            "kind": self.kind.value,
            "roles": sorted(self.roles),
            "programs": sorted(self.programs),
            "last_day": self.last_day.isoformat() if self.last_day else None,
        }


@dataclass(frozen=True, slots=True)
class RoleChange:
    """The roles that somebody had when the page was opened, and those they shall have."""

    was: Roles
    becomes: Roles


def open_details(session: Session, staff_id: int) -> Details:
    """Raises UnknownStaff."""
    return details_of(session, find_staff(session, staff_id))


def details_of(session: Session, staff: Staff) -> Details:
    return Details(
        staff.name,
        frozenset(Role(role.name) for role in staff.roles),
        frozenset(program.external_id for program in stored.programs_led_by(session, staff.id)),
        staff.last_day,
        StaffKind(staff.kind),
    )


def change_staff(session: Session, staff_id: int, based_on: Said, becomes: Details, *, acting: Acting) -> None:
    """Of one's own, only the name. Raises ChangedMeanwhile, OwnAccount, NotAProgramLead or LastAdministrator."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    staff = find_staff(session, staff_id)
    before = details_of(session, staff)
    if differing(before.said, based_on):
        raise ChangedMeanwhile(before.said)
    if staff_id == acting.staff_id and replace(becomes, name=before.name) != before:
        raise OwnAccount("Nobody changes this about themself. Ask another administrator.")
    if becomes.programs and Role.PROGRAM_LEAD not in becomes.roles:
        raise NotAProgramLead("Only a program lead leads programs. Add the role program-lead, or choose no program.")
    _apply(session, staff, before, becomes, acting=acting)
    keep_an_administrator(session)
    session.commit()


def change_roles(session: Session, changes: Mapping[int, RoleChange], *, acting: Acting) -> None:
    """All of them or none. Raises ChangedMeanwhile, OwnAccount or LastAdministrator."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    for staff_id, change in changes.items():
        staff = somebody_else(session, staff_id, acting)
        before = details_of(session, staff)
        if before.roles != change.was:
            raise ChangedMeanwhile(before.said)
        leads = before.programs if Role.PROGRAM_LEAD in change.becomes else frozenset()
        _apply(session, staff, before, replace(before, roles=change.becomes, programs=leads), acting=acting)
    keep_an_administrator(session)
    session.commit()


def keep_an_administrator(session: Session) -> None:
    """As part of a larger change. Raises LastAdministrator."""
    session.flush()
    if not stored.has_lasting_administrator(session):
        raise LastAdministrator("This is the last administrator. Make somebody else one first.")


def _apply(session: Session, staff: Staff, before: Details, becomes: Details, *, acting: Acting) -> None:
    becomes = replace(becomes, name=checked_name(becomes.name))
    roles = ensure_roles(session)
    staff.name, staff.kind, staff.last_day = becomes.name, becomes.kind.value, becomes.last_day
    staff.roles = [roles[role] for role in sorted(becomes.roles)]
    was, now = before.said, becomes.said
    if becomes.roles != before.roles and staff.id != acting.staff_id:
        # Whoever may do something else than before signs in anew, with what that takes.
        record_signed_out(session, staff, by=acting.by, now=acting.now)
    # Who leads a program is told by events of their own, as on the program's page.
    if changed := [key for key in differing(was, now) if key != "programs"]:
        told = {
            "staff": staff.id,
            "before": {key: was[key] for key in changed},
            "after": {key: now[key] for key in changed},
        }
        record(session, Event(EventKind.STAFF_CHANGED, told), by=acting.by, now=acting.now)
    _lead(
        session,
        staff,
        added=becomes.programs - before.programs,
        removed=before.programs - becomes.programs,
        acting=acting,
    )


def _lead(session: Session, staff: Staff, *, added: Collection[str], removed: Collection[str], acting: Acting) -> None:
    session.add_all(
        ProgramLead(program_id=program.id, staff_id=staff.id, since=acting.now)
        for program in find_programs(session, sorted(added))
    )
    stored.end_leads(session, staff.id, [program.id for program in find_programs(session, sorted(removed))])
    kinds = [(EventKind.PROGRAM_LEAD_ADDED, program) for program in sorted(added)]
    kinds += [(EventKind.PROGRAM_LEAD_REMOVED, program) for program in sorted(removed)]
    events = [Event(kind, {"staff": staff.id, "program": program}) for kind, program in kinds]
    record_all(session, events, by=acting.by, now=acting.now)
