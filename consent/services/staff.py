"""Who works with the registry, in which roles and leading which programs?"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import ConsentError, UnknownProgram
from consent.domain.registers import StaffKind
from consent.services import ledger
from consent.services.staff_sign_in import ensure_roles
from consent.storage.columns import NAME_LENGTH
from consent.storage.database import begin_writing
from consent.storage.models import Program, ProgramLead, Staff


class EmailWrong(ConsentError):
    """What was given is no e-mail address."""


class EmailTaken(ConsentError):
    """A member of staff has this e-mail address already."""


class StaffNameWrong(ConsentError):
    """A member of staff's name is empty or too long."""


class NotAProgramLead(ConsentError):
    """Only a program lead leads programs."""


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody who starts to work with the registry. Without a password, a one-time address lets them choose one."""

    email: str
    name: str
    roles: frozenset[Role]
    programs: tuple[str, ...] = ()
    password_hash: str | None = None
    last_day: date | None = None
    kind: StaffKind = StaffKind.EMPLOYEE


def add_staff(session: Session, new: NewStaff, *, by: str, now: datetime) -> Staff:
    """Make one staff account."""
    begin_writing(session)
    staff = record_staff(session, new, by=by, now=now)
    session.commit()
    return staff


def record_staff(session: Session, new: NewStaff, *, by: str, now: datetime) -> Staff:
    """Make one staff account as part of a larger change: the caller holds the writer's turn and commits."""
    email = _free_email(session, new.email)
    name = checked_name(new.name.strip() or email)
    if new.programs and Role.PROGRAM_LEAD not in new.roles:
        raise NotAProgramLead("Only a program lead leads programs. Add the role program-lead, or name no program.")
    programs = find_programs(session, list(dict.fromkeys(new.programs)))
    roles = ensure_roles(session)

    staff = Staff(
        email=email,
        name=name,
        kind=new.kind.value,
        password=new.password_hash,
        active=True,
        fs_uniquifier=uuid.uuid4().hex,
        added_at=now,
        invited_at=None if new.password_hash else now,
        last_day=new.last_day,
        roles=[roles[role] for role in sorted(new.roles)],
    )
    session.add(staff)
    session.flush()
    session.add_all(ProgramLead(program_id=program.id, staff_id=staff.id, since=now) for program in programs)
    ledger.record_all(session, _events(staff, new.roles, programs), by=by, now=now)
    return staff


def checked_name(given: str) -> str:
    """Raises StaffNameWrong."""
    name = given.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise StaffNameWrong(f"A name has 1 to {NAME_LENGTH} characters on one line.")
    return name


def list_staff(session: Session) -> Sequence[Staff]:
    return session.scalars(select(Staff).order_by(Staff.email)).all()


def _free_email(session: Session, given: str) -> str:
    try:
        email = validate_email(given.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as wrong:
        raise EmailWrong(f"{given!r} is not an e-mail address: {wrong}") from wrong
    if session.scalar(select(Staff.id).where(Staff.email == email)):
        raise EmailTaken(f"A member of staff already has the address {email}.")
    return email


def find_programs(session: Session, external_ids: Sequence[str]) -> list[Program]:
    """Raises UnknownProgram."""
    return [_find_program(session, external_id) for external_id in external_ids]


def _find_program(session: Session, external_id: str) -> Program:
    program = session.scalar(select(Program).where(Program.external_id == external_id))
    if program is None:
        raise UnknownProgram(f"No program has the id {external_id!r}.")
    return program


def _events(staff: Staff, roles: frozenset[Role], programs: Sequence[Program]) -> list[ledger.Event]:
    added = {"staff": staff.id, "email": staff.email, "name": staff.name, "roles": sorted(roles)}
    added |= {"kind": staff.kind} if staff.kind != StaffKind.EMPLOYEE else {}
    added |= {"last_day": staff.last_day.isoformat()} if staff.last_day else {}
    leads = [{"staff": staff.id, "program": program.external_id} for program in programs]
    return [
        ledger.Event(EventKind.STAFF_ADDED, added),
        *(ledger.Event(EventKind.PROGRAM_LEAD_ADDED, lead) for lead in leads),
    ]
