"""What stands on a platform with whom in it, and which tasks are there about it?"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from consent.domain.takedowns import Standing, TakedownAction, TakedownOutcome
from consent.domain.vocabulary import Answer, Channel, Use
from consent.storage.models import (
    Clearance,
    ClearanceVerdict,
    Consent,
    ConsentAnswer,
    LedgerSubject,
    Patron,
    PatronMatch,
    Platform,
    PlatformAccount,
    Post,
    PostPerson,
    Program,
    Staff,
    Takedown,
    TakedownAssignment,
    TakedownClosing,
)

OPEN_MOST, CLOSED_MOST = 200, 50


class Stands(NamedTuple):
    """One person in one post, and one use, or several with a space between them."""

    post_id: int
    patron_id: int
    patron: str
    uses: str
    platform: str
    owner_id: int | None
    program: str | None


def standing_of(rows: Sequence[Stands]) -> Standing:
    """All uses of one person in one post, as the rule asks about them."""
    first = rows[0]
    uses = frozenset(Use(word) for row in rows for word in row.uses.split())
    channel = Channel.DEPARTMENT if first.owner_id is None else Channel.PERSONAL
    return Standing(uses, first.platform, channel, first.program)


def standing_about(session: Session, *, after: int) -> list[Stands]:
    """What stands with whoever the ledger's events after that one are about."""
    about = select(LedgerSubject.patron).where(LedgerSubject.position > after)
    return _stands(session, Patron.external_id.in_(about))


def standing_in(session: Session, post_ids: Collection[int]) -> list[Stands]:
    return _stands(session, Post.id.in_(post_ids))


def standing_with(session: Session, patron_ids: Collection[int]) -> list[Stands]:
    return _stands(session, PostPerson.patron_id.in_(patron_ids))


def everything_standing(session: Session) -> list[Stands]:
    return _stands(session)


def _stands(session: Session, *wanted: ColumnElement[bool]) -> list[Stands]:
    """Without posts of which somebody said that they are gone."""
    gone = (
        select(Takedown.id)
        .join(TakedownClosing, TakedownClosing.takedown_id == Takedown.id)
        .where(
            Takedown.post_id == Post.id,
            Takedown.action == TakedownAction.TAKE_DOWN.value,
            TakedownClosing.outcome == TakedownOutcome.GONE.value,
        )
    )
    query = (
        select(
            Post.id,
            PostPerson.patron_id,
            Patron.external_id,
            ClearanceVerdict.use,
            Platform.external_id,
            PlatformAccount.owner_id,
            Program.external_id,
        )
        .join(PostPerson, PostPerson.post_id == Post.id)
        .join(Patron, Patron.id == PostPerson.patron_id)
        .join(
            ClearanceVerdict,
            and_(
                ClearanceVerdict.decision_id == Post.decision_id,
                ClearanceVerdict.patron_id == PostPerson.patron_id,
                ClearanceVerdict.capture.is_(None),
            ),
        )
        .join(Clearance, Clearance.id == Post.clearance_id)
        .join(PlatformAccount, PlatformAccount.id == Clearance.account_id)
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .outerjoin(Program, Program.id == Clearance.program_id)
        .where(*wanted, ~gone.exists())
        .order_by(Post.id, PostPerson.patron_id)
    )
    return [Stands(*row) for row in session.execute(query)]


def latest_about(
    session: Session, post_ids: Collection[int]
) -> dict[tuple[int, int], dict[TakedownAction, TakedownOutcome | None]]:
    """Of each person in each of these posts, the latest task of each kind, and how it was closed."""
    query = (
        select(Takedown.post_id, Takedown.patron_id, Takedown.action, TakedownClosing.outcome)
        .outerjoin(TakedownClosing, TakedownClosing.takedown_id == Takedown.id)
        .where(Takedown.post_id.in_(post_ids))
        .order_by(Takedown.id)
    )
    found: dict[tuple[int, int], dict[TakedownAction, TakedownOutcome | None]] = {}
    for post, patron, action, outcome in session.execute(query):
        found.setdefault((post, patron), {})[TakedownAction(action)] = TakedownOutcome(outcome) if outcome else None
    return found


def find_takedown(session: Session, key: int) -> Row[*tuple[Any, ...]] | None:
    return session.execute(_with_everything().where(Takedown.id == key)).first()


def open_takedowns(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is most overdue first."""
    query = _with_everything().where(TakedownClosing.takedown_id.is_(None))
    return session.execute(query.order_by(Takedown.due_on, Takedown.id).limit(OPEN_MOST)).all()


def open_keys(session: Session) -> Sequence[int]:
    """In the same order, every one."""
    return session.scalars(select(Takedown.id).where(_is_open()).order_by(Takedown.due_on, Takedown.id)).all()


def closed_takedowns(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest first."""
    query = _with_everything().where(TakedownClosing.takedown_id.is_not(None))
    return session.execute(
        query.order_by(TakedownClosing.closed_at.desc(), Takedown.id.desc()).limit(CLOSED_MOST)
    ).all()


def takedowns_about(
    session: Session, *, patron: str | None = None, clearance: str | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Of one person, or of the post of one clearance, whatever became of them."""
    theirs = Patron.external_id == patron if clearance is None else Clearance.number == clearance
    query = _with_everything().where(theirs)
    return session.execute(query.order_by(Takedown.due_on, Takedown.id)).all()


def how_many_open(session: Session, *, due_before: date | None = None) -> int:
    """Or of those only the ones that were due before that day."""
    query = select(func.count()).select_from(Takedown).where(_is_open())
    if due_before is not None:
        query = query.where(Takedown.due_on < due_before)
    return session.scalar(query) or 0


def open_in_post(session: Session, post_id: int, actions: Iterable[TakedownAction]) -> dict[int, str]:
    """Each open task of these kinds about a post, and whom it is about."""
    wanted = [action.value for action in actions]
    query = (
        select(Takedown.id, Patron.external_id)
        .join(Patron, Patron.id == Takedown.patron_id)
        .where(Takedown.post_id == post_id, Takedown.action.in_(wanted), _is_open())
    )
    return {row.id: row.external_id for row in session.execute(query.order_by(Takedown.id))}


class Told(NamedTuple):
    """One task about the person of one signed record."""

    record: str
    said_no: bool
    signed_at: datetime
    takedown: Takedown
    outcome: str | None
    stands: Stands


def takedowns_of_signing(session: Session, signing_id: int) -> list[Told]:
    """Of whoever each record of a signing is about. `said_no`: not every answer of that record is a yes."""
    latest = select(func.max(PatronMatch.id)).where(PatronMatch.consent_id == Consent.id).correlate(Consent)
    said_no = exists().where(ConsentAnswer.consent_id == Consent.id, ConsentAnswer.answer == Answer.NO.value)
    query = (
        select(
            Consent.external_id.label("record"),
            said_no.label("said_no"),
            Consent.signed_at,
            Takedown,
            TakedownClosing.outcome,
            Patron.external_id.label("patron"),
            Platform.external_id.label("platform"),
            PlatformAccount.owner_id,
            Program.external_id.label("program"),
        )
        .join(PatronMatch, PatronMatch.id == latest.scalar_subquery())
        .join(Takedown, Takedown.patron_id == PatronMatch.patron_id)
        .join(Patron, Patron.id == Takedown.patron_id)
        .join(Post, Post.id == Takedown.post_id)
        .join(Clearance, Clearance.id == Post.clearance_id)
        .join(PlatformAccount, PlatformAccount.id == Clearance.account_id)
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .outerjoin(Program, Program.id == Clearance.program_id)
        .outerjoin(TakedownClosing, TakedownClosing.takedown_id == Takedown.id)
        .where(Consent.signing_id == signing_id)
    )
    return [
        Told(
            row.record,
            row.said_no,
            row.signed_at,
            row.Takedown,
            row.outcome,
            Stands(
                row.Takedown.post_id,
                row.Takedown.patron_id,
                row.patron,
                row.Takedown.uses,
                row.platform,
                row.owner_id,
                row.program,
            ),
        )
        for row in session.execute(query)
    ]


def _is_open() -> ColumnElement[bool]:
    return ~exists().where(TakedownClosing.takedown_id == Takedown.id)


def _with_everything() -> Any:
    """(Takedown, its post, person, place, closing, and who posted, owns and closed it)."""
    later, latest = aliased(TakedownAssignment), aliased(TakedownAssignment, name="assigned")
    newest = select(func.max(later.id)).where(later.takedown_id == Takedown.id).correlate(Takedown).scalar_subquery()
    poster, owner, closer = aliased(Staff), aliased(Staff), aliased(Staff)
    return (
        select(
            Takedown,
            Post,
            Clearance,
            Patron,
            PlatformAccount,
            Platform,
            TakedownClosing,
            Program.external_id.label("program"),
            poster.name.label("posted_by"),
            func.coalesce(owner.id, poster.id).label("owner_id"),
            func.coalesce(owner.name, poster.name).label("owner"),
            closer.name.label("closed_by"),
        )
        .join(Post, Post.id == Takedown.post_id)
        .join(Clearance, Clearance.id == Post.clearance_id)
        .join(Patron, Patron.id == Takedown.patron_id)
        .join(PlatformAccount, PlatformAccount.id == Clearance.account_id)
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .join(poster, poster.id == Post.told_by)
        .outerjoin(latest, and_(latest.takedown_id == Takedown.id, latest.id == newest))
        .outerjoin(owner, owner.id == latest.staff_id)
        .outerjoin(TakedownClosing, TakedownClosing.takedown_id == Takedown.id)
        .outerjoin(closer, closer.id == TakedownClosing.closed_by)
        .outerjoin(Program, Program.id == Clearance.program_id)
    )
