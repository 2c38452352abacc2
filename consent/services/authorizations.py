"""Who may post from the department's accounts? An administrator asks, a director agrees, either revokes at once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.authorizations import AccessLevel, AuthorizationState, Decided, authorization_state
from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.refusals import ConsentError, UnknownPlatform
from consent.services.acting import Acting, OwnAccount, begin_as, somebody_else
from consent.services.ledger import Event, record
from consent.storage import authorizations as stored
from consent.storage.columns import NAME_LENGTH
from consent.storage.models import PostingAuthorization, PostingRefusal, PostingRequest
from consent.storage.signings import platforms_approved


class UnknownAuthorization(ConsentError):
    """Nobody has asked for an authorization of this number."""


class AuthorizationDecided(ConsentError):
    """Somebody has decided on it already, or revoked it."""


class AuthorizationOver(ConsentError):
    """Its last day lies in the past, so it would allow nothing."""


class AccountWrong(ConsentError):
    """The name of an account is empty or too long."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """From which account of the department somebody shall be able to post, with what access and until when."""

    platform: str
    account: str
    access: AccessLevel
    last_day: date


@dataclass(frozen=True, slots=True)
class Authorization:
    """One request and what became of it, for a page."""

    key: int
    staff_id: int
    person: str
    platform: str
    account: str
    access: AccessLevel
    last_day: date
    requester_id: int
    requested_by: str
    requested_at: datetime
    state: AuthorizationState
    decided_at: datetime | None

    def concerns(self, staff_id: int) -> bool:
        """It is about them or they asked for it, so somebody else decides."""
        return staff_id in {self.staff_id, self.requester_id}


def request_posting(session: Session, staff_id: int, wanted: Wanted, *, acting: Acting) -> None:
    """Raises OwnAccount, UnknownPlatform, AccountWrong or AuthorizationOver."""
    begin_as(session, acting, Permission.MANAGE_STAFF)
    staff = somebody_else(session, staff_id, acting)
    platforms = {platform.external_id: platform for platform in platforms_approved(session, acting.now)}
    account = wanted.account.strip()
    if wanted.platform not in platforms:
        raise UnknownPlatform(f"No approved platform is called {wanted.platform!r}.")
    if not 1 <= len(account) <= NAME_LENGTH or not account.isprintable():
        raise AccountWrong(f"The account has 1 to {NAME_LENGTH} characters on one line.")
    if wanted.last_day < acting.today:
        raise AuthorizationOver("The last day lies in the past.")

    request = PostingRequest(
        staff_id=staff.id,
        platform_id=platforms[wanted.platform].id,
        account=account,
        access=wanted.access.value,
        last_day=wanted.last_day,
        requested_by=acting.staff_id,
        requested_at=acting.now,
    )
    session.add(request)
    session.flush()
    told = {
        "request": request.id,
        "staff": staff.id,
        "platform": wanted.platform,
        "account": account,
        "access": wanted.access.value,
        "last_day": wanted.last_day.isoformat(),
    }
    record(session, Event(EventKind.POSTING_REQUESTED, told), by=acting.by, now=acting.now)
    session.commit()


def approve_posting(session: Session, key: int, *, acting: Acting) -> None:
    """Raises UnknownAuthorization, AuthorizationDecided, OwnAccount or AuthorizationOver."""
    request = _begin_deciding(session, key, acting)
    if request.last_day < acting.today:
        raise AuthorizationOver("The last day lies in the past.")
    session.add(
        PostingAuthorization(
            request_id=request.id,
            staff_id=request.staff_id,
            requested_by=request.requested_by,
            approved_by=acting.staff_id,
            approved_at=acting.now,
        )
    )
    _record(session, EventKind.POSTING_APPROVED, request, acting)
    session.commit()


def refuse_posting(session: Session, key: int, *, acting: Acting) -> None:
    """Raises UnknownAuthorization, AuthorizationDecided or OwnAccount."""
    request = _begin_deciding(session, key, acting)
    session.add(PostingRefusal(request_id=request.id, at=acting.now, refused_by=acting.staff_id))
    _record(session, EventKind.POSTING_REFUSED, request, acting)
    session.commit()


def revoke_posting(session: Session, key: int, *, permission: Permission, acting: Acting) -> int:
    """At once, for good; gives whose it was. Raises UnknownAuthorization, AuthorizationDecided or OwnAccount."""
    begin_as(session, acting, permission)
    request = _find(session, key)
    granted = session.get(PostingAuthorization, key)
    if request.staff_id == acting.staff_id:
        raise OwnAccount("Nobody changes this about themself.")
    if granted is None or granted.revoked_at:
        raise AuthorizationDecided("It is not in force, so nothing was revoked.")
    granted.revoked_at = max(acting.now, granted.approved_at)
    _record(session, EventKind.POSTING_REVOKED, request, acting)
    session.commit()
    return request.staff_id


def list_authorizations(session: Session, *, staff_id: int | None = None, today: date) -> list[Authorization]:
    """The latest first; everybody's, or one person's."""
    return [_told(row, today) for row in stored.requests(session, staff_id=staff_id)]


def how_many_wait(session: Session) -> int:
    return stored.waiting(session)


def may_post_on(session: Session, *, now: datetime, today: date) -> list[tuple[int, str]]:
    """(member of staff, name of a platform), by name; nobody else may post anywhere."""
    open_now = {platform.id for platform in platforms_approved(session, now)}
    return [
        (staff_id, name) for staff_id, platform_id, name in stored.in_force(session, today) if platform_id in open_now
    ]


def _begin_deciding(session: Session, key: int, acting: Acting) -> PostingRequest:
    begin_as(session, acting, Permission.APPROVE_POSTING)
    request = _find(session, key)
    if acting.staff_id in {request.staff_id, request.requested_by}:
        raise OwnAccount("Nobody decides on what they asked for, or on what is theirs.")
    if session.get(PostingRefusal, key) or session.get(PostingAuthorization, key):
        raise AuthorizationDecided("Somebody has decided on it already.")
    return request


def _find(session: Session, key: int) -> PostingRequest:
    request = session.get(PostingRequest, key)
    if request is None:
        raise UnknownAuthorization("Nobody has asked for an authorization of this number.")
    return request


def _record(session: Session, kind: EventKind, request: PostingRequest, acting: Acting) -> None:
    told = {"request": request.id, "staff": request.staff_id}
    record(session, Event(kind, told), by=acting.by, now=acting.now)


def _told(row: Row[*tuple[Any, ...]], today: date) -> Authorization:
    request, person, platform, requester, refused_at, approved_at, revoked_at = row
    decided = Decided(request.last_day, refused_at, approved_at, revoked_at)
    return Authorization(
        request.id,
        request.staff_id,
        person,
        platform,
        request.account,
        AccessLevel(request.access),
        request.last_day,
        request.requested_by,
        requester,
        request.requested_at,
        authorization_state(decided, today=today),
        revoked_at or approved_at or refused_at,
    )
