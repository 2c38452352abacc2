"""From which accounts may somebody post? An administrator asks, a director agrees, and a closed one stays on record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.accounts import leads_to_account
from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.registers import Asked, EntryState, asked_state
from consent.services.acting import Acting, OwnAccount, begin_as
from consent.services.ledger import Event, record
from consent.services.registers import EntryDecided, EntryWrong, Fault, end_entry, find_entry, record_entry
from consent.storage import accounts as stored
from consent.storage.models import AccountDecision, PlatformAccount
from consent.storage.signings import platforms_approved
from consent.storage.staff import colleagues


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """An account as it is asked for; without an owner it is the department's."""

    platform: str
    owner_id: int | None
    handle: str
    url: str
    audience: str
    purposes: str
    retention: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account and what became of it, for a page."""

    key: int
    platform: str
    owner_id: int | None
    owner: str | None
    handle: str
    url: str
    audience: str
    purposes: str
    retention: str
    asker_id: int
    asked_by: str
    asked_at: datetime
    state: EntryState
    decided_at: datetime | None

    def concerns(self, staff_id: int) -> bool:
        """It is theirs or they asked for it, so somebody else decides."""
        return staff_id in {self.asker_id, self.owner_id}


def list_accounts(session: Session, *, now: datetime) -> list[Account]:
    """The latest first. On a platform that is closed, none is open."""
    return [_account(row, now) for row in stored.accounts(session)]


def open_accounts(session: Session, *, now: datetime) -> list[Account]:
    """Those from which somebody may post now, the department's first."""
    found = [one for one in list_accounts(session, now=now) if one.state is EntryState.IN_FORCE]
    return sorted(found, key=lambda one: (one.owner or "", one.platform, one.handle))


def how_many_wait(session: Session) -> int:
    return stored.waiting(session)


def ask_for_account(session: Session, wanted: WantedAccount, *, acting: Acting) -> int:
    """Gives its number. Raises EntryWrong."""
    begin_as(session, acting, Permission.MANAGE_PLATFORMS)
    platforms = {platform.external_id: platform for platform in platforms_approved(session, acting.now)}
    if wanted.platform not in platforms:
        raise EntryWrong("platform", Fault.NOT_TO_CHOOSE)
    platform = platforms[wanted.platform]
    if wanted.owner_id is not None and wanted.owner_id not in dict(colleagues(session, acting.today)):
        raise EntryWrong("owner", Fault.NOT_TO_CHOOSE)
    if not leads_to_account(wanted.url, platform.name):
        raise EntryWrong("url", Fault.NOT_ON_ITS_PLATFORM)
    if stored.has_open(session, platform.id, wanted.handle):
        raise EntryWrong("handle", Fault.THERE_ALREADY)
    row = PlatformAccount(
        platform_id=platform.id,
        owner_id=wanted.owner_id,
        handle=wanted.handle,
        url=wanted.url,
        audience=wanted.audience,
        purposes=wanted.purposes,
        retention=wanted.retention,
        asked_by=acting.staff_id,
        asked_at=acting.now,
    )
    key = record_entry(session, row, EventKind.ACCOUNT_REQUESTED, by=acting.by, now=acting.now)
    session.commit()
    return key


def decide_on_account(session: Session, key: int, *, approved: bool, acting: Acting) -> None:
    """Raises UnknownEntry, EntryDecided or OwnAccount."""
    begin_as(session, acting, Permission.APPROVE_ACCOUNTS)
    account = find_entry(session, PlatformAccount, key)
    if acting.staff_id in {account.asked_by, account.owner_id}:
        raise OwnAccount("Nobody decides on what they asked for, or on what is theirs.")
    if account.ended_at or session.get(AccountDecision, key):
        raise EntryDecided("Somebody has decided on it already.")
    record_account_decision(session, account, approved=approved, by_id=acting.staff_id, now=acting.now)
    session.commit()


def record_account_decision(
    session: Session, account: PlatformAccount, *, approved: bool, by_id: int, now: datetime
) -> None:
    """As part of a larger change: the caller holds the writer's turn and commits."""
    decision = AccountDecision(
        account_id=account.id,
        asked_by=account.asked_by,
        owner_id=account.owner_id,
        approved=approved,
        decided_by=by_id,
        decided_at=now,
    )
    session.add(decision)
    kind = EventKind.ACCOUNT_APPROVED if approved else EventKind.ACCOUNT_REFUSED
    record(session, Event(kind, {"entry": account.id}), by=f"staff:{by_id}", now=now)


def close_account(session: Session, key: int, *, acting: Acting) -> None:
    """From now on nobody posts from it. Raises UnknownEntry or EntryDecided."""
    begin_as(session, acting, Permission.MANAGE_PLATFORMS)
    end_entry(session, find_entry(session, PlatformAccount, key), EventKind.ACCOUNT_CLOSED, acting=acting)


def _account(row: stored.AccountRow, now: datetime) -> Account:
    account, platform = row.account, row.platform
    closed = account.ended_at or (platform.approved_until if _is_closed(platform.approved_until, now) else None)
    return Account(
        account.id,
        platform.name,
        account.owner_id,
        row.owner,
        account.handle,
        account.url,
        account.audience,
        account.purposes,
        account.retention,
        account.asked_by,
        row.asker,
        account.asked_at,
        asked_state(Asked(row.approved, closed)),
        closed or row.decided_at,
    )


def _is_closed(approved_until: datetime | None, now: datetime) -> bool:
    return approved_until is not None and approved_until <= now
