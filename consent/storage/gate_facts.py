"""What do the department's registers say that bears on a clearance? The facts that `consent.domain.gate` reads."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain import gate_facts as gate
from consent.domain.authorizations import AccessLevel
from consent.domain.facts import Platform as PlatformFact
from consent.domain.majority import midnight
from consent.domain.vocabulary import Media, Use
from consent.storage.models import (
    AccountDecision,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    PostingAuthorization,
    PostingRequest,
    PostingRule,
    Program,
    RecordingAuthorization,
    RuleDecision,
    Training,
)
from consent.storage.patron_facts import read_facts

MEDIA = {Media.STILL: "still", Media.MOVING: "moving", Media.VOICE: "voice"}
"""The column of an authorization for each kind of media."""


def read_gate_facts(
    session: Session, staff: Collection[int], people: Mapping[int, str], *, zone: tzinfo
) -> gate.GateFacts:
    """All that bears on a clearance by these members of staff, of these patrons by the keys they go by in it."""
    known = read_facts(session.connection(), people.keys(), Use, zone=zone)
    return gate.GateFacts(
        platforms=_platforms(session),
        accounts=dict(_accounts(session)),
        authorizations=tuple(_authorizations(session, staff, zone)),
        trainings=tuple(_trainings(session, staff, zone)),
        policy_versions=tuple(_policy_versions(session, zone)),
        acknowledgements=tuple(_acknowledgements(session, staff)),
        recordings=tuple(_recordings(session, staff)),
        rules=tuple(_rules(session, zone)),
        people={people[key]: facts for key, facts in known.items()},
    )


def _platforms(session: Session) -> dict[str, PlatformFact]:
    rows = session.execute(select(Platform.external_id, Platform.approved_from, Platform.approved_until))
    return {key: PlatformFact(since, until) for key, since, until in rows}


def _accounts(session: Session) -> Iterator[tuple[str, gate.Account]]:
    query = (
        select(PlatformAccount, Platform.external_id, AccountDecision.decided_at)
        .join(Platform, Platform.id == PlatformAccount.platform_id)
        .join(AccountDecision, AccountDecision.account_id == PlatformAccount.id)
        .where(AccountDecision.approved)
    )
    for account, platform, approved_at in session.execute(query):
        owner = gate.DEPARTMENT if account.owner_id is None else str(account.owner_id)
        yield str(account.id), gate.Account(platform, approved_at, account.ended_at, owner)


def _authorizations(session: Session, staff: Collection[int], zone: tzinfo) -> Iterator[gate.Authorization]:
    query = (
        select(PostingRequest, PostingAuthorization.approved_at, PostingAuthorization.revoked_at, Platform.external_id)
        .join(PostingAuthorization, PostingAuthorization.request_id == PostingRequest.id)
        .join(Platform, Platform.id == PostingRequest.platform_id)
        .where(PostingRequest.staff_id.in_(staff))
    )
    for asked, since, revoked_at, platform in session.execute(query):
        until = _sooner(_day_ends(asked.last_day, zone), revoked_at)
        yield gate.Authorization(str(asked.staff_id), platform, AccessLevel(asked.access), since, until)


def _trainings(session: Session, staff: Collection[int], zone: tzinfo) -> Iterator[gate.Training]:
    for row in session.scalars(select(Training).where(Training.staff_id.in_(staff))):
        until = _sooner(_day_ends(row.valid_until, zone), row.ended_at)
        yield gate.Training(str(row.staff_id), midnight(row.taken_on, zone), until)


def _policy_versions(session: Session, zone: tzinfo) -> Iterator[gate.PolicyVersion]:
    for key, since in session.execute(select(PolicyVersion.id, PolicyVersion.in_force_from)):
        yield gate.PolicyVersion(str(key), midnight(since, zone))


def _acknowledgements(session: Session, staff: Collection[int]) -> Iterator[gate.Acknowledgement]:
    query = select(
        PolicyAcknowledgement.staff_id, PolicyAcknowledgement.policy_version_id, PolicyAcknowledgement.acknowledged_at
    ).where(PolicyAcknowledgement.staff_id.in_(staff))
    for person, version, at in session.execute(query):
        yield gate.Acknowledgement(str(person), str(version), at)


def _recordings(session: Session, staff: Collection[int]) -> Iterator[gate.RecordingAuthorization]:
    query = (
        select(RecordingAuthorization, Program.external_id)
        .join(Program, Program.id == RecordingAuthorization.program_id)
        .where(RecordingAuthorization.staff_id.in_(staff))
    )
    for row, program in session.execute(query):
        yield gate.RecordingAuthorization(
            supervisor=str(row.supervisor_id),
            staff=str(row.staff_id),
            device=row.device,
            media=frozenset(media for media, column in MEDIA.items() if getattr(row, column)),
            given_at=row.added_at,
            since=row.starts_at,
            until=_sooner(row.ends_at, row.ended_at),
            program=program,
        )


def _rules(session: Session, zone: tzinfo) -> Iterator[gate.Rule]:
    """A rule of a place is told to people; where something was taken, the registry does not know."""
    query = (
        select(PostingRule, Platform.external_id, Program.external_id, RuleDecision.decided_at)
        .join(RuleDecision, RuleDecision.rule_id == PostingRule.id)
        .outerjoin(Platform, Platform.id == PostingRule.platform_id)
        .outerjoin(Program, Program.id == PostingRule.program_id)
        .where(RuleDecision.approved, PostingRule.place.is_(None))
    )
    for row, platform, program, decided_at in session.execute(query):
        yield gate.Rule(
            id=str(row.id),
            forbids=frozenset(Use(use) for use in row.forbids.split()),
            since=max(midnight(row.starts, zone), decided_at),
            until=_sooner(None if row.last_day is None else _day_ends(row.last_day, zone), row.ended_at),
            platform=platform,
            program=program,
            minors_only=row.minors_only,
        )


def _day_ends(last_day: date, zone: tzinfo) -> datetime | None:
    """The first instant after that day; the last day of the calendar never ends."""
    return None if last_day == date.max else midnight(last_day + timedelta(days=1), zone)


def _sooner(*ends: datetime | None) -> datetime | None:
    return min((end for end in ends if end is not None), default=None)
