"""Which programs may somebody open, who leads them, and who is enrolled?"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.storage.models import Enrollment, Patron, Program, ProgramLead, Staff, StaffRole


def programs_with_counts(session: Session, *, led_by: int | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """(Program, people enrolled), the latest to end first; only those that this person leads, if one is given."""
    enrolled = (
        select(func.count())
        .select_from(Enrollment)
        .where(Enrollment.program_id == Program.id)
        .correlate(Program)
        .scalar_subquery()
    )
    query = select(Program, enrolled).order_by(Program.ends.desc(), Program.name, Program.id)
    return session.execute(_led(query, led_by)).all()


def find_program(session: Session, external_id: str, *, led_by: int | None) -> Program | None:
    return session.scalar(_led(select(Program).where(Program.external_id == external_id), led_by))


def people_of(session: Session, program_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(id, external id, first name, last name, birth date) of everybody enrolled."""
    return session.execute(
        select(Patron.id, Patron.external_id, Patron.first_name, Patron.last_name, Patron.born)
        .join(Enrollment, Enrollment.patron_id == Patron.id)
        .where(Enrollment.program_id == program_id)
    ).all()


def programs_of(session: Session, patron_id: int) -> Sequence[Program]:
    """The programs a patron is enrolled in, the latest to end first."""
    return session.scalars(
        select(Program)
        .join(Enrollment, Enrollment.program_id == Program.id)
        .where(Enrollment.patron_id == patron_id)
        .order_by(Program.ends.desc(), Program.id)
    ).all()


def leads_of(session: Session, program_id: int) -> frozenset[int]:
    """The staff who lead it."""
    return frozenset(session.scalars(select(ProgramLead.staff_id).where(ProgramLead.program_id == program_id)))


def remove_leads(session: Session, program_id: int, staff_ids: Collection[int]) -> None:
    gone = ProgramLead.program_id == program_id, ProgramLead.staff_id.in_(staff_ids)
    for lead in session.scalars(select(ProgramLead).where(*gone)):
        session.delete(lead)


def staff_in_role(session: Session, role: Role) -> Sequence[Staff]:
    """Those who still work here, by name."""
    query = select(Staff).join(Staff.roles).where(StaffRole.name == role.value, Staff.active)
    return session.scalars(query.order_by(Staff.name, Staff.id)).all()


def _led(query: Select[Any], staff_id: int | None) -> Select[Any]:
    if staff_id is None:
        return query
    return query.where(
        Program.id.in_(select(ProgramLead.program_id).where(ProgramLead.staff_id == staff_id).scalar_subquery())
    )
