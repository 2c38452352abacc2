"""What is counted on the dashboard: programs, who is in them, withdrawals and printed sheets? Each in one statement."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from consent.storage.models import (
    Enrollment,
    Patron,
    Program,
    ProgramLead,
    RosterPrint,
    Staff,
    Withdrawal,
    WithdrawalVoiding,
)

Rows = Sequence[Row[*tuple[Any, ...]]]


def programs_not_over(session: Session, *, led_by: int | None, today: date) -> Rows:
    """(id, external id, name, first day)"""
    query = select(Program.id, Program.external_id, Program.name, Program.starts)
    return session.execute(_not_over(query, led_by, today).order_by(Program.name, Program.id)).all()


def enrolled(session: Session, *, led_by: int | None, today: date) -> Rows:
    """(program, patron), for programs that are not over."""
    query = select(Enrollment.program_id, Enrollment.patron_id).join(Program, Program.id == Enrollment.program_id)
    return session.execute(_not_over(query, led_by, today)).all()


def people_in(session: Session, program_ids: Collection[int]) -> Rows:
    """(program, patron, external id, first name, last name)"""
    return session.execute(
        select(Enrollment.program_id, Patron.id, Patron.external_id, Patron.first_name, Patron.last_name)
        .join(Patron, Patron.id == Enrollment.patron_id)
        .where(Enrollment.program_id.in_(program_ids))
    ).all()


def people_named(session: Session, patron_ids: Collection[int]) -> Rows:
    """(id, external id, first name, last name, birth date)"""
    columns = Patron.id, Patron.external_id, Patron.first_name, Patron.last_name, Patron.born
    return session.execute(select(*columns).where(Patron.id.in_(patron_ids))).all()


def printed_for(session: Session, day: date, *, led_by: int | None) -> Rows:
    """(serial, program, content, printed at, printed by), the oldest first."""
    query = (
        select(
            RosterPrint.serial,
            RosterPrint.program_id,
            RosterPrint.content_sha256,
            RosterPrint.printed_at,
            Staff.name.label("printed_by"),
        )
        .join(Program, Program.id == RosterPrint.program_id)
        .outerjoin(Staff, Staff.id == RosterPrint.printed_by)
        .where(RosterPrint.valid_on == day)
    )
    return session.execute(_not_over(query, led_by, day).order_by(RosterPrint.printed_at, RosterPrint.id)).all()


def withdrawals_between(session: Session, since: datetime, before: datetime, *, led_by: int | None) -> Rows:
    """(external id, at, patron's external id, first name, last name) of those that nobody voided, the latest first.

    For a lead, of everybody who takes or took part in a program of theirs.
    """
    query = (
        select(
            Withdrawal.external_id,
            Withdrawal.at,
            Patron.external_id.label("patron"),
            Patron.first_name,
            Patron.last_name,
        )
        .join(Patron, Patron.id == Withdrawal.patron_id)
        .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == Withdrawal.id)
        .where(Withdrawal.at >= since, Withdrawal.at < before, WithdrawalVoiding.at.is_(None))
    )
    if led_by is not None:
        theirs = select(Enrollment.patron_id).where(Enrollment.program_id.in_(_led(led_by)))
        query = query.where(Withdrawal.patron_id.in_(theirs))
    return session.execute(query.order_by(Withdrawal.at.desc(), Withdrawal.id.desc())).all()


def _not_over(query: Select[*tuple[Any, ...]], led_by: int | None, today: date) -> Select[*tuple[Any, ...]]:
    query = query.where(Program.ends >= today)
    return query if led_by is None else query.where(_is_led(led_by))


def _is_led(led_by: int) -> ColumnElement[bool]:
    return Program.id.in_(_led(led_by))


def _led(led_by: int) -> Select[int]:
    return select(ProgramLead.program_id).where(ProgramLead.staff_id == led_by)
