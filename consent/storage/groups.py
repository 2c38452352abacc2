"""Whom does a member of staff have in a picture, and whom do the things that they scanned mean?"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from consent.domain.groups import InVain
from consent.storage.models import (
    Card,
    Enrollment,
    GroupCheck,
    GroupCheckPerson,
    Patron,
    Platform,
    Program,
    ProgramLead,
)


def find_group(session: Session, number: int, *, staff_id: int) -> GroupCheck | None:
    """The group check, if it is this person's and still open."""
    return session.scalar(_open(select(GroupCheck), staff_id).where(GroupCheck.id == number))


def places_of(session: Session, group: GroupCheck) -> Row[*tuple[Any, ...]]:
    """(platform, program) by their external ids, where the group check names them."""
    return session.execute(
        select(Platform.external_id.label("platform"), Program.external_id.label("program"))
        .select_from(GroupCheck)
        .outerjoin(Platform, Platform.id == GroupCheck.platform_id)
        .outerjoin(Program, Program.id == GroupCheck.program_id)
        .where(GroupCheck.id == group.id)
    ).one()


def open_groups(session: Session, *, staff_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(GroupCheck, name of its platform, how many are in it) of everything open, the latest first."""
    people = (
        select(func.count())
        .where(GroupCheckPerson.group_check_id == GroupCheck.id, GroupCheckPerson.removed_at.is_(None))
        .correlate(GroupCheck)
        .scalar_subquery()
    )
    query = select(GroupCheck, Platform.name, people).outerjoin(Platform, Platform.id == GroupCheck.platform_id)
    return session.execute(_open(query, staff_id).order_by(GroupCheck.changed_at.desc(), GroupCheck.id.desc())).all()


def everybody_in(session: Session, number: int) -> Sequence[GroupCheckPerson]:
    """Whoever was ever added, those removed too, in the order in which they came."""
    rows = select(GroupCheckPerson).where(GroupCheckPerson.group_check_id == number)
    return session.scalars(rows.order_by(GroupCheckPerson.added_at, GroupCheckPerson.id)).all()


def by_number(session: Session, external_ids: Collection[str]) -> dict[str, int]:
    """The patrons who have these as their numbers."""
    query = select(Patron.external_id, Patron.id).where(Patron.external_id.in_(external_ids))
    return {row.external_id: row.id for row in session.execute(query)} if external_ids else {}


def by_card(session: Session, code_sha256s: Collection[str], *, today: date) -> dict[str, tuple[int, str] | InVain]:
    """The (id, external id) of the patron that each card points at, or why it points at nobody any more."""
    query = (
        select(Card.code_sha256, Card.revoked_at, Card.expires_on, Patron.id, Patron.external_id)
        .join(Patron, Patron.id == Card.patron_id)
        .where(Card.code_sha256.in_(code_sha256s))
    )
    found: dict[str, tuple[int, str] | InVain] = {}
    for code_sha256, revoked_at, expires_on, key, external_id in session.execute(query) if code_sha256s else ():
        expired = InVain.CARD_EXPIRED if expires_on < today else (key, external_id)
        found[code_sha256] = expired if revoked_at is None else InVain.CARD_REPLACED
    return found


def led_by(session: Session, patron_ids: Collection[int], staff_id: int) -> frozenset[int]:
    """Those of these patrons who take part in a program that this person leads."""
    query = (
        select(Enrollment.patron_id)
        .join(ProgramLead, ProgramLead.program_id == Enrollment.program_id)
        .where(ProgramLead.staff_id == staff_id, Enrollment.patron_id.in_(patron_ids))
    )
    return frozenset(session.scalars(query)) if patron_ids else frozenset()


def _open(query: Select[Any], staff_id: int) -> Select[Any]:
    return query.where(GroupCheck.staff_id == staff_id, GroupCheck.closed_at.is_(None))
