"""Which version of the policy is in force, and who has acknowledged it?"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from consent.storage.models import PolicyAcknowledgement, PolicyVersion, Staff


class VersionRow(NamedTuple):
    version: PolicyVersion
    giver: str


class ReaderRow(NamedTuple):
    """A member of staff, and the acknowledgement if there is one."""

    staff_id: int
    name: str
    key: int | None
    at: datetime | None


def versions(session: Session) -> Sequence[VersionRow]:
    """The one that takes force last, first."""
    query = (
        select(PolicyVersion, Staff.name)
        .join(Staff, Staff.id == PolicyVersion.added_by)
        .order_by(PolicyVersion.in_force_from.desc(), PolicyVersion.id.desc())
    )
    return [VersionRow(*row) for row in session.execute(query)]


def in_force(session: Session, today: date) -> PolicyVersion | None:
    return session.scalar(
        select(PolicyVersion)
        .where(PolicyVersion.in_force_from <= today)
        .order_by(PolicyVersion.in_force_from.desc(), PolicyVersion.id.desc())
        .limit(1)
    )


def last_day_taken(session: Session) -> date | None:
    """From which day the last version is or will be in force."""
    return session.scalar(select(func.max(PolicyVersion.in_force_from)))


def acknowledgement(session: Session, version_id: int, staff_id: int) -> PolicyAcknowledgement | None:
    own = PolicyAcknowledgement.policy_version_id == version_id, PolicyAcknowledgement.staff_id == staff_id
    return session.scalar(select(PolicyAcknowledgement).where(*own))


def readers(session: Session, version_id: int, today: date) -> Sequence[ReaderRow]:
    """Everybody who works here that day, who has not acknowledged it first."""
    own = and_(PolicyAcknowledgement.staff_id == Staff.id, PolicyAcknowledgement.policy_version_id == version_id)
    query = (
        select(Staff.id, Staff.name, PolicyAcknowledgement.id, PolicyAcknowledgement.acknowledged_at)
        .outerjoin(PolicyAcknowledgement, own)
        .where(Staff.active, Staff.last_day.is_(None) | (Staff.last_day >= today))
        .order_by(PolicyAcknowledgement.id.is_not(None), Staff.name, Staff.id)
    )
    return [ReaderRow(*row) for row in session.execute(query)]
