"""How does somebody typed at a kiosk come on file? Each new person and authority is a row and an event."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from consent.domain.authority import Authority, check_authority
from consent.domain.entitlement import covers
from consent.domain.events import EventKind
from consent.domain.exchange.lines import EnrollmentLine, GuardianLine, GuardianshipLine, PatronLine
from consent.domain.exchange.writing import as_said
from consent.domain.majority import midnight
from consent.domain.references import new_reference
from consent.domain.signing import TypedPatron, TypedSigner
from consent.domain.witness import authority_from, authority_until
from consent.services.ledger import Event, record
from consent.services.trails import end_moved
from consent.storage import families, witness
from consent.storage.models import (
    Enrollment,
    Guardian,
    Guardianship,
    Patron,
    PatronHandle,
    PatronMatch,
    Platform,
    Program,
)
from consent.storage.name_index import index_names

AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """One change at the desk: who makes it, and when."""

    session: Session
    staff_id: int | None
    by: str
    zone: tzinfo
    now: datetime

    def record(self, kind: EventKind, content: dict[str, Any]) -> None:
        record(self.session, Event(kind, content), by=self.by, now=self.now)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the signer showed of an order or a power of attorney."""

    order_seen: bool = False
    last_day: date | None = None
    active_duty: bool = False


def add_patron(desk: Desk, typed: TypedPatron, *, for_self: bool) -> Patron:
    """From what was typed. Whoever signs for themself and gave no birth date has declared to be of age."""
    patron = Patron(
        external_id=f"P-{new_reference()}",
        first_name=typed.first_name.strip(),
        last_name=typed.last_name.strip(),
        born=typed.born,
        adult=for_self and typed.born is None,
        added_at=desk.now,
    )
    desk.session.add(patron)
    desk.session.flush()
    accounts = _accounts(desk, typed)
    desk.session.add_all(
        PatronHandle(patron_id=patron.id, platform_id=platform.id, account=account) for platform, account in accounts
    )
    index_names(desk.session, [(patron.id, patron.first_name, patron.last_name)])
    desk.record(EventKind.PATRON_ADDED, as_said(_patron_line(patron, tuple((p.external_id, a) for p, a in accounts))))
    return patron


def bring_accounts_up_to_date(desk: Desk, patron: Patron, typed: TypedPatron) -> None:
    """An account name typed by whoever signed now replaces an older one; the others stay."""
    known = witness.accounts_of(desk.session, patron.id)
    for platform, account in _accounts(desk, typed):
        before = known[platform.id].account if platform.id in known else None
        if before != account:
            desk.session.merge(PatronHandle(patron_id=patron.id, platform_id=platform.id, account=account))
            _record_account(desk, patron, platform, before, account)


def add_guardian(desk: Desk, typed: TypedSigner) -> Guardian:
    guardian = Guardian(
        external_id=f"G-{new_reference()}",
        first_name=typed.first_name.strip(),
        last_name=typed.last_name.strip(),
        email=typed.email.strip() or None,
        added_at=desk.now,
    )
    desk.session.add(guardian)
    desk.session.flush()
    line = GuardianLine(guardian.external_id, guardian.first_name, guardian.last_name, guardian.email, None)
    desk.record(EventKind.GUARDIAN_ADDED, as_said(line))
    return guardian


def ensure_authority(
    desk: Desk, typed: TypedSigner, guardian: Guardian, patron: Patron, shown: Shown, *, signed_at: datetime
) -> None:
    """A guardianship that covers the signing, unless there is one. Raises what `check_authority` raises."""
    theirs = families.guardianships_of_pair(desk.session, guardian.id, patron.id)
    spans = [(one.since, one.until) for one in theirs]
    if typed.relationship is None or any(covers(since, until, signed_at) for since, until in spans):
        return
    signed_on = signed_at.astimezone(desk.zone).date()
    check_authority(
        Authority(typed.relationship, signed_on, shown.last_day, shown.active_duty, order_seen=shown.order_seen)
    )
    ends = midnight(shown.last_day + timedelta(days=1), desk.zone) if shown.last_day else None
    guardianship = Guardianship(
        patron_id=patron.id,
        guardian_id=guardian.id,
        relationship=typed.relationship.value,
        since=authority_from(signed_at, spans, desk.zone),
        until=authority_until(signed_at, spans, ends),
        order_seen=shown.order_seen,
        added_by=desk.staff_id,
    )
    desk.session.add(guardianship)
    desk.record(
        EventKind.GUARDIANSHIP_ADDED,
        {
            **as_said(_guardianship_line(guardianship, guardian, patron)),
            "order_seen": shown.order_seen,
            "active_duty": shown.active_duty,
        },
    )


def forget_accounts(desk: Desk, patron_id: int, typed: TypedPatron) -> None:
    """The account names typed were another person's; whatever else is known of this one stays."""
    patron = desk.session.get_one(Patron, patron_id)
    known = witness.accounts_of(desk.session, patron.id)
    for platform, account in _accounts(desk, typed):
        if platform.id in known and known[platform.id].account == account:
            desk.session.delete(known[platform.id])
            _record_account(desk, patron, platform, account, None)


def forget_authority(desk: Desk, was: PatronMatch, *, signed_at: datetime) -> None:
    """Who was thought to sign for whom may not, unless they did so in another record."""
    patron = desk.session.get_one(Patron, was.patron_id)
    if was.guardian_id and not witness.is_matched(
        desk.session, patron_id=patron.id, guardian_id=was.guardian_id, besides=was.consent_id
    ):
        _end_mistaken_authority(desk, desk.session.get_one(Guardian, was.guardian_id), patron, signed_at=signed_at)


def _end_mistaken_authority(desk: Desk, guardian: Guardian, patron: Patron, *, signed_at: datetime) -> None:
    """It never held, so it ends as it begins, whatever end it had."""
    started = midnight(signed_at.astimezone(desk.zone).date(), desk.zone)
    for one in families.guardianships_of_pair(desk.session, guardian.id, patron.id):
        ends = one.since + AN_INSTANT
        if one.added_by is None or one.since < started or (one.until is not None and one.until <= ends):
            continue
        line = as_said(_guardianship_line(one, guardian, patron))
        said = {key: line[key] for key in ("type", "guardian", "patron", "since")}
        desk.record(EventKind.GUARDIANSHIP_ENDED, said | end_moved(one.until, ends))
        one.until = ends


def enroll(desk: Desk, patron: Patron, program: Program) -> None:
    if witness.is_enrolled(desk.session, program_id=program.id, patron_id=patron.id):
        return
    desk.session.add(Enrollment(program_id=program.id, patron_id=patron.id))
    desk.record(EventKind.ENROLLMENT_ADDED, as_said(EnrollmentLine(patron.external_id, program.external_id)))


def _record_account(desk: Desk, patron: Patron, platform: Platform, before: str | None, after: str | None) -> None:
    was, becomes = {platform.external_id: before}, {platform.external_id: after}
    change = {"before": {"handles": was}, "after": {"handles": becomes}}
    desk.record(EventKind.PATRON_CHANGED, {"type": "patron", "id": patron.external_id, **change})


def _accounts(desk: Desk, typed: TypedPatron) -> list[tuple[Platform, str]]:
    """Those on a platform that the registry knows."""
    platforms = witness.platforms_named(desk.session, typed.accounts.keys())
    return [(platforms[key], account) for key, account in sorted(typed.accounts.items()) if key in platforms]


def _patron_line(patron: Patron, handles: tuple[tuple[str, str], ...]) -> PatronLine:
    return PatronLine(
        patron.external_id,
        patron.first_name,
        patron.last_name,
        patron.born,
        patron.adult,
        patron.emancipated_on,
        handles,
    )


def _guardianship_line(one: Guardianship, guardian: Guardian, patron: Patron) -> GuardianshipLine:
    return GuardianshipLine(
        guardian.external_id, patron.external_id, one.relationship, one.since, one.until, one.beyond_majority or False
    )
