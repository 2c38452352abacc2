"""How does a clearance stand, what stands against it now, and who is in it?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.clearances import ClearanceState, Decided, RecheckCause, clearance_state
from consent.domain.decision import Verdict
from consent.domain.gate import uses_asked
from consent.domain.gate_codes import MENDED_BY_A_TICK, Failure, GateCode
from consent.domain.gate_facts import DEPARTMENT, LimitKind
from consent.domain.majority import age_in_years
from consent.domain.permissions import Permission
from consent.domain.shown import reason_for
from consent.domain.vocabulary import Channel, Media, Use
from consent.services.checks import Asker
from consent.services.clearances_decided import Decision, decision_of
from consent.services.clearances_kept import clearance_numbered
from consent.services.clearances_weighed import NOTHING_TICKED, Weighed, weigh
from consent.storage import clearances as stored
from consent.storage import lookup
from consent.storage.models import Post

ON_THEIR_ACCOUNT = frozenset({Use.TAG, Use.FRIEND, Use.FOLLOW, Use.MESSAGE, Use.REPOST})
"""For these one must know the account."""


@dataclass(frozen=True, slots=True)
class ClearanceListed:
    """One clearance in a list. It names nobody."""

    number: str
    what: str
    platform_name: str
    account: str
    planned_at: datetime | None
    made_by: str
    made_at: datetime
    state: ClearanceState


@dataclass(frozen=True, slots=True)
class CaptureKept:
    media: Media
    at: datetime
    by: str
    device: str


@dataclass(frozen=True, slots=True)
class InClearance:
    """One person in it, and their answer to each use; `account` only where they may be tagged or written to."""

    external_id: str
    name: str
    age: int | None
    answers: Mapping[Use, Verdict]
    account: str | None

    @property
    def allowed(self) -> bool:
        return all(verdict.allowed for verdict in self.answers.values())


@dataclass(frozen=True, slots=True)
class PostKept:
    url: str
    posted_at: datetime
    told_by: str
    told_at: datetime
    still_allowed: bool


@dataclass(frozen=True, slots=True)
class ClearanceKept:
    """One clearance as it stands now.

    `against` is what no tick mends, now and for whoever asks; for what is cleared, what changed since.
    """

    number: str
    what: str
    account: str
    platform: str
    platform_name: str
    channel: Channel
    program_name: str | None
    uses: tuple[Use, ...]
    planned_at: datetime | None
    headcount: int
    unidentified: int
    made_by: str
    made_at: datetime
    captures: tuple[CaptureKept, ...]
    people: tuple[InClearance, ...]
    state: ClearanceState
    against: tuple[Failure, ...]
    limits: Mapping[LimitKind, tuple[str, ...]]
    decision: Decision | None
    cause: RecheckCause | None
    post: PostKept | None
    may_clear: bool
    as_of: datetime

    def named(self, external_id: str) -> str:
        return next(person.name for person in self.people if person.external_id == external_id)


def list_clearances(session: Session) -> Sequence[ClearanceListed]:
    """The latest first."""
    return [
        ClearanceListed(
            row.Clearance.number,
            row.Clearance.what,
            row.Platform.name,
            row.PlatformAccount.handle,
            row.Clearance.planned_at,
            row.made_by,
            row.Clearance.made_at,
            _state(row.decided, changed=row.ClearanceRecheck is not None, posted=row.Post is not None),
        )
        for row in stored.latest_clearances(session)
    ]


def open_clearance(session: Session, number: str, *, asker: Asker, zone: tzinfo, now: datetime) -> ClearanceKept:
    """What was cleared is weighed for whoever cleared it, everything else for whoever asks. Raises UnknownRecord."""
    kept = clearance_numbered(session, number)
    clearance = kept.Clearance
    decided, posted = stored.latest_decision(session, clearance.id), stored.post_of(session, clearance.id)
    decision = _as_told(decision_of(decided), asker) if decided else None
    cleared = decision is not None and decision.allowed
    weighed = weigh(
        session,
        kept,
        staff_id=decision.decided_by if decision and cleared else asker.staff_id or 0,
        ticked=decision.ticked if decision and cleared else NOTHING_TICKED,
        after_clearing=cleared,
        zone=zone,
        now=now,
    )
    failures = weighed.outcome.failures
    changed = bool(failures) or (decided is not None and decided.ClearanceRecheck is not None)
    recheck = decided.ClearanceRecheck if decided else None
    return ClearanceKept(
        number=clearance.number,
        what=clearance.what,
        account=kept.PlatformAccount.handle,
        platform=kept.Platform.external_id,
        platform_name=kept.Platform.name,
        channel=Channel.DEPARTMENT if kept.PlatformAccount.owner_id is DEPARTMENT else Channel.PERSONAL,
        program_name=kept.program_name,
        uses=tuple(use for use in Use if use in uses_asked(weighed.asked)),
        planned_at=clearance.planned_at,
        headcount=clearance.headcount,
        unidentified=clearance.unidentified,
        made_by=kept.made_by,
        made_at=clearance.made_at,
        captures=tuple(
            CaptureKept(Media(row.media), row.captured_at, by, row.device)
            for row, by in stored.captures_in(session, clearance.id)
        ),
        people=_people(session, weighed, asker=asker, zone=zone),
        state=_state(decided and decided.ClearanceDecision, changed=changed, posted=posted is not None),
        against=tuple(
            _masked(failure, asker) for failure in failures if cleared or failure.code not in MENDED_BY_A_TICK
        ),
        limits=_limits(weighed),
        decision=decision,
        cause=RecheckCause(recheck.cause) if recheck else None,
        post=_post(posted) if posted else None,
        may_clear=Permission.CLEAR_POSTS in asker.permissions
        and all(failure.code is not GateCode.NOT_AUTHORIZED for failure in failures),
        as_of=now,
    )


def _state(decision: Any, *, changed: bool, posted: bool) -> ClearanceState:
    return clearance_state(Decided(decision and decision.allowed, changed, posted))


def _people(session: Session, weighed: Weighed, *, asker: Asker, zone: tzinfo) -> tuple[InClearance, ...]:
    """Those who may not be shown first, then by name."""
    answers: dict[str, dict[Use, Verdict]] = {}
    for answered in weighed.outcome.answers:
        verdict = answered.verdict
        if verdict.reason is not None:
            verdict = verdict._replace(reason=reason_for(verdict.reason, asker.permissions))
        before = answers.setdefault(answered.person, {})
        if answered.use not in before or before[answered.use].allowed:
            before[answered.use] = verdict
    accounts = _accounts(session, weighed, answers)
    today = weighed.asked.at.astimezone(zone).date()
    people = [
        InClearance(
            row.external_id,
            f"{row.first_name} {row.last_name}",
            None if row.born is None else age_in_years(row.born, today),
            answers.get(row.external_id, {}),
            accounts.get(row.id),
        )
        for row in lookup.describe(session.connection(), weighed.people.keys())
    ]
    return tuple(sorted(people, key=lambda person: (person.allowed, person.name.casefold(), person.external_id)))


def _accounts(session: Session, weighed: Weighed, answers: Mapping[str, Mapping[Use, Verdict]]) -> dict[int, str]:
    """Of those whose account is needed, and may be used in every way that is asked about."""
    wanted = [
        key
        for key, person in weighed.people.items()
        if (asked := [verdict for use, verdict in answers.get(person, {}).items() if use in ON_THEIR_ACCOUNT])
        and all(verdict.allowed for verdict in asked)
    ]
    return stored.accounts_of(session, wanted, weighed.asked.platform)


def _limits(weighed: Weighed) -> dict[LimitKind, tuple[str, ...]]:
    by_kind: dict[LimitKind, list[str]] = {}
    for limit in weighed.outcome.limits:
        by_kind.setdefault(limit.kind, []).append(limit.person)
    return {kind: tuple(by_kind[kind]) for kind in LimitKind if kind in by_kind}


def _masked(failure: Failure, asker: Asker) -> Failure:
    if failure.reason is None:
        return failure
    return failure._replace(reason=reason_for(failure.reason, asker.permissions))


def _as_told(decision: Decision, asker: Asker) -> Decision:
    return replace(decision, failures=tuple(_masked(failure, asker) for failure in decision.failures))


def _post(row: Row[*tuple[Any, ...]]) -> PostKept:
    post: Post = row.Post
    return PostKept(post.url, post.posted_at, row.by, post.told_at, post.still_allowed)
