"""Which accounts are on file, whose are they, and what did a director decide?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import AccountDecision, Platform, PlatformAccount, Staff

_owner, _asker = aliased(Staff), aliased(Staff)


class AccountRow(NamedTuple):
    account: PlatformAccount
    platform: Platform
    owner: str | None
    asker: str
    approved: bool | None
    decided_at: datetime | None


def accounts(session: Session) -> Sequence[AccountRow]:
    """The latest first."""
    query = (
        select(
            PlatformAccount,
            Platform,
            _owner.name,
            _asker.name,
            AccountDecision.approved,
            AccountDecision.decided_at,
        )
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .join(_asker, _asker.id == PlatformAccount.asked_by)
        .outerjoin(_owner, _owner.id == PlatformAccount.owner_id)
        .outerjoin(AccountDecision, AccountDecision.account_id == PlatformAccount.id)
        .order_by(PlatformAccount.id.desc())
    )
    return [AccountRow(*row) for row in session.execute(query)]


def has_open(session: Session, platform_id: int, handle: str) -> bool:
    """Whether the same is asked for or approved already, and not closed."""
    refused = exists().where(AccountDecision.account_id == PlatformAccount.id, ~AccountDecision.approved)
    same = (
        PlatformAccount.platform_id == platform_id,
        func.lower(PlatformAccount.handle) == handle.lower(),
        PlatformAccount.ended_at.is_(None),
        ~refused,
    )
    return session.scalar(select(exists().where(*same))) or False


def waiting(session: Session) -> int:
    """How many nobody has decided on."""
    undecided = (
        select(func.count())
        .select_from(PlatformAccount)
        .outerjoin(AccountDecision, AccountDecision.account_id == PlatformAccount.id)
        .where(AccountDecision.account_id.is_(None), PlatformAccount.ended_at.is_(None))
    )
    return session.scalar(undecided) or 0
