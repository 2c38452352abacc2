"""Who leads what, who may post where, and is there an administrator at all?"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.storage.models import Program, ProgramLead, Staff, StaffRole


def colleagues(session: Session, today: date) -> list[tuple[int, str]]:
    """(member of staff, name) of those who work here that day, by name."""
    here = Staff.active, Staff.last_day.is_(None) | (Staff.last_day >= today)
    query = select(Staff.id, Staff.name).where(*here).order_by(Staff.name, Staff.id)
    return [(staff_id, name) for staff_id, name in session.execute(query)]


def leads(session: Session) -> list[tuple[int, str]]:
    """(member of staff, the name of a program that they lead), by name."""
    query = select(ProgramLead.staff_id, Program.name).join(Program, Program.id == ProgramLead.program_id)
    return [(staff_id, name) for staff_id, name in session.execute(query.order_by(Program.name, Program.id))]


def programs_led_by(session: Session, staff_id: int) -> Sequence[Program]:
    query = select(Program).join(ProgramLead, ProgramLead.program_id == Program.id)
    return session.scalars(query.where(ProgramLead.staff_id == staff_id)).all()


def programs_to_lead(session: Session, staff_id: int | None, today: date) -> Sequence[Program]:
    """Those that are not over, and those that this person leads already; by name."""
    led = select(ProgramLead.program_id).where(ProgramLead.staff_id == staff_id).scalar_subquery()
    query = select(Program).where((Program.ends >= today) | Program.id.in_(led))
    return session.scalars(query.order_by(Program.name, Program.id)).all()


def end_leads(session: Session, staff_id: int, program_ids: Collection[int]) -> None:
    gone = ProgramLead.staff_id == staff_id, ProgramLead.program_id.in_(program_ids)
    for lead in session.scalars(select(ProgramLead).where(*gone)):
        session.delete(lead)


def has_administrator(session: Session) -> bool:
    """Whether anybody may manage the registry, be they in already or only invited."""
    return session.scalar(_ADMINISTRATORS) is not None


def has_lasting_administrator(session: Session) -> bool:
    """Whether one of them stays for good."""
    return session.scalar(_ADMINISTRATORS.where(Staff.last_day.is_(None))) is not None


_ADMINISTRATORS = (
    select(Staff.id).join(Staff.roles).where(StaffRole.name == Role.ADMINISTRATOR.value, Staff.active).limit(1)
)
