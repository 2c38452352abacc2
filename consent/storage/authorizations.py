"""Which authorizations to post were asked for, and what became of each?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import Platform, PostingAuthorization, PostingRefusal, PostingRequest, Staff

_requester, _person = aliased(Staff), aliased(Staff)


def requests(session: Session, *, staff_id: int | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """(request, person's name, platform's name, requester's name, refused, approved, revoked), the latest first."""
    query = _requests().order_by(PostingRequest.id.desc())
    return session.execute(query if staff_id is None else query.where(PostingRequest.staff_id == staff_id)).all()


def waiting(session: Session) -> int:
    """How many nobody has decided on."""
    undecided = (
        select(func.count())
        .select_from(PostingRequest)
        .outerjoin(PostingRefusal, PostingRefusal.request_id == PostingRequest.id)
        .outerjoin(PostingAuthorization, PostingAuthorization.request_id == PostingRequest.id)
        .where(PostingRefusal.request_id.is_(None), PostingAuthorization.request_id.is_(None))
    )
    return session.scalar(undecided) or 0


def in_force(session: Session, today: date) -> list[tuple[int, int, str]]:
    """(member of staff, platform, its name), by name: approved, not revoked and not over."""
    query = (
        select(PostingRequest.staff_id, Platform.id, Platform.name)
        .distinct()
        .join(PostingAuthorization, PostingAuthorization.request_id == PostingRequest.id)
        .join(Platform, Platform.id == PostingRequest.platform_id)
        .where(PostingAuthorization.revoked_at.is_(None), PostingRequest.last_day >= today)
        .order_by(Platform.name)
    )
    return [(staff_id, platform_id, name) for staff_id, platform_id, name in session.execute(query)]


def _requests() -> Select[*tuple[Any, ...]]:
    return (
        select(
            PostingRequest,
            _person.name,
            Platform.name,
            _requester.name,
            PostingRefusal.at,
            PostingAuthorization.approved_at,
            PostingAuthorization.revoked_at,
        )
        .join(_person, _person.id == PostingRequest.staff_id)
        .join(_requester, _requester.id == PostingRequest.requested_by)
        .join(Platform, Platform.id == PostingRequest.platform_id)
        .outerjoin(PostingRefusal, PostingRefusal.request_id == PostingRequest.id)
        .outerjoin(PostingAuthorization, PostingAuthorization.request_id == PostingRequest.id)
    )
