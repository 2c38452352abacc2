"""Which clearances are there, who is in each, and what was decided?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import (
    AccountDecision,
    Clearance,
    ClearanceCapture,
    ClearanceDecision,
    ClearancePerson,
    ClearanceRecheck,
    ClearanceVerdict,
    GroupCheck,
    GroupCheckPerson,
    LedgerSubject,
    Patron,
    PatronHandle,
    Platform,
    PlatformAccount,
    Post,
    Program,
    RecordingAuthorization,
    Staff,
)

LISTED_MOST = 100


def find_clearance(session: Session, number: str) -> Row[*tuple[Any, ...]] | None:
    """(Clearance, its account, platform, program and who made it)."""
    return session.execute(_with_places().where(Clearance.number == number)).first()


def latest_clearances(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same with the latest decision, whether it must be asked about anew, and the post, the latest first."""
    decision = _latest_decision()
    query = (
        _with_places()
        .add_columns(decision, ClearanceRecheck, Post)
        .outerjoin(decision, decision.clearance_id == Clearance.id)
        .outerjoin(ClearanceRecheck, ClearanceRecheck.decision_id == decision.id)
        .outerjoin(Post, Post.clearance_id == Clearance.id)
        .where(_is_latest(decision))
        .order_by(Clearance.made_at.desc(), Clearance.id.desc())
        .limit(LISTED_MOST)
    )
    return session.execute(query).all()


def latest_decision(session: Session, clearance_id: int) -> Row[*tuple[Any, ...]] | None:
    """(ClearanceDecision, who decided, the recheck that it needs)."""
    query = (
        select(ClearanceDecision, Staff.name.label("by"), ClearanceRecheck)
        .join(Staff, Staff.id == ClearanceDecision.decided_by)
        .outerjoin(ClearanceRecheck, ClearanceRecheck.decision_id == ClearanceDecision.id)
        .where(ClearanceDecision.clearance_id == clearance_id)
        .order_by(ClearanceDecision.id.desc())
    )
    return session.execute(query.limit(1)).first()


def post_of(session: Session, clearance_id: int) -> Row[*tuple[Any, ...]] | None:
    """(Post, who told of it)."""
    query = select(Post, Staff.name.label("by")).join(Staff, Staff.id == Post.told_by)
    return session.execute(query.where(Post.clearance_id == clearance_id)).first()


def people_in(session: Session, clearance_id: int) -> dict[int, str]:
    """Each patron in it and their external id."""
    query = (
        select(Patron.id, Patron.external_id)
        .join(ClearancePerson, ClearancePerson.patron_id == Patron.id)
        .where(ClearancePerson.clearance_id == clearance_id)
    )
    return {row.id: row.external_id for row in session.execute(query)}


def captures_in(session: Session, clearance_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """(ClearanceCapture, who made it), always in the same order."""
    query = select(ClearanceCapture, Staff.name.label("by")).join(Staff, Staff.id == ClearanceCapture.staff_id)
    return session.execute(
        query.where(ClearanceCapture.clearance_id == clearance_id).order_by(ClearanceCapture.media)
    ).all()


def verdicts_of(session: Session, decision_id: int) -> Sequence[ClearanceVerdict]:
    rows = select(ClearanceVerdict).where(ClearanceVerdict.decision_id == decision_id)
    return session.scalars(rows.order_by(ClearanceVerdict.id)).all()


def still_cleared(session: Session, *, with_people_told_of_after: int | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """(Clearance, its latest decision) of what is cleared, not posted and not to be asked about anew.

    Of all, or of those with somebody whom the ledger's events after that one are about.
    """
    decision = _latest_decision()
    query = (
        select(Clearance, decision)
        .join(decision, decision.clearance_id == Clearance.id)
        .outerjoin(ClearanceRecheck, ClearanceRecheck.decision_id == decision.id)
        .outerjoin(Post, Post.clearance_id == Clearance.id)
        .where(_is_latest(decision), decision.allowed, ClearanceRecheck.decision_id.is_(None), Post.id.is_(None))
        .order_by(Clearance.id)
    )
    if with_people_told_of_after is not None:
        with_them = (
            select(ClearancePerson.clearance_id)
            .join(Patron, Patron.id == ClearancePerson.patron_id)
            .join(LedgerSubject, LedgerSubject.patron == Patron.external_id)
            .where(LedgerSubject.position > with_people_told_of_after)
        )
        query = query.where(Clearance.id.in_(with_them))
    return session.execute(query).all()


@dataclass(frozen=True, slots=True)
class GroupGiven:
    """What a group check says of the picture. Whoever it could not find is not known."""

    number: int
    uses: tuple[str, ...]
    program: str | None
    planned_at: datetime | None
    headcount: int | None
    unidentified: int
    patrons: tuple[str, ...]


def group_given(session: Session, number: int, *, staff_id: int) -> GroupGiven | None:
    """Whoever's it is alone."""
    group = session.scalar(select(GroupCheck).where(GroupCheck.id == number, GroupCheck.staff_id == staff_id))
    if group is None:
        return None
    query = (
        select(Patron.external_id)
        .select_from(GroupCheckPerson)
        .outerjoin(Patron, Patron.id == GroupCheckPerson.patron_id)
        .where(GroupCheckPerson.group_check_id == number, GroupCheckPerson.removed_at.is_(None))
        .order_by(GroupCheckPerson.added_at, GroupCheckPerson.id)
    )
    people: Sequence[str | None] = session.scalars(query).all()
    found = tuple(person for person in people if person is not None)
    program = session.scalar(select(Program.external_id).where(Program.id == group.program_id))
    return GroupGiven(
        number,
        tuple(group.uses.split()),
        program,
        group.planned_at,
        group.headcount,
        group.unidentified + len(people) - len(found),
        found,
    )


def accounts_open(session: Session, *, now: datetime, staff_id: int) -> Sequence[tuple[int, str, str]]:
    """(account, platform, handle) of the department's and one's own that are approved now, by name."""
    query = (
        select(PlatformAccount.id, Platform.name, PlatformAccount.handle)
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .join(AccountDecision, AccountDecision.account_id == PlatformAccount.id)
        .where(
            AccountDecision.approved,
            PlatformAccount.ended_at.is_(None) | (PlatformAccount.ended_at > now),
            Platform.approved_until.is_(None) | (Platform.approved_until > now),
            PlatformAccount.owner_id.is_(None) | (PlatformAccount.owner_id == staff_id),
        )
    )
    rows = session.execute(query.order_by(Platform.name, PlatformAccount.handle))
    return [(key, platform, handle) for key, platform, handle in rows]


def recorders(session: Session) -> Sequence[tuple[int, str]]:
    """(member of staff, name) of whoever was ever authorized to record."""
    authorized = select(RecordingAuthorization.staff_id)
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(authorized)).order_by(Staff.name))
    return [(key, name) for key, name in rows]


def devices(session: Session) -> Sequence[str]:
    """Those that anybody was ever authorized to record with."""
    return session.scalars(
        select(RecordingAuthorization.device).distinct().order_by(RecordingAuthorization.device)
    ).all()


def accounts_of(session: Session, patron_ids: Collection[int], platform: str) -> dict[int, str]:
    """What these patrons are called on that platform."""
    query = (
        select(PatronHandle.patron_id, PatronHandle.account)
        .join(Platform, Platform.id == PatronHandle.platform_id)
        .where(Platform.external_id == platform, PatronHandle.patron_id.in_(patron_ids))
    )
    return {row.patron_id: row.account for row in session.execute(query)} if patron_ids else {}


def patrons_by_number(session: Session, external_ids: Collection[str]) -> dict[str, int]:
    query = select(Patron.external_id, Patron.id).where(Patron.external_id.in_(external_ids))
    return {row.external_id: row.id for row in session.execute(query)} if external_ids else {}


def _with_places() -> Any:
    return (
        select(
            Clearance,
            PlatformAccount,
            Platform,
            Program.external_id.label("program"),
            Program.name.label("program_name"),
            Staff.name.label("made_by"),
        )
        .join(PlatformAccount, PlatformAccount.id == Clearance.account_id)
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .join(Staff, Staff.id == Clearance.made_by)
        .outerjoin(Program, Program.id == Clearance.program_id)
    )


def _latest_decision() -> Any:
    return aliased(ClearanceDecision, name="decided")


def _is_latest(decision: Any) -> Any:
    later = aliased(ClearanceDecision)
    newest = select(func.max(later.id)).where(later.clearance_id == Clearance.id).correlate(Clearance).scalar_subquery()
    return decision.id.is_(None) | (decision.id == newest)
