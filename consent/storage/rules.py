"""Which rules are on file and in force, and how many signed answers would one touch?"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from consent.domain.vocabulary import Answer, Use
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    Platform,
    PostingRule,
    Program,
    RuleDecision,
    Staff,
)

_asker = aliased(Staff)


class RuleRow(NamedTuple):
    rule: PostingRule
    platform: Platform | None
    program: Program | None
    asker: str
    approved: bool | None
    decided_at: datetime | None


def rules(session: Session) -> Sequence[RuleRow]:
    """The latest first."""
    return _rules(session)


def rules_in_force(session: Session, today: date) -> Sequence[RuleRow]:
    """Those that a director approved, nobody ended, and whose days include this one."""
    return _rules(
        session,
        RuleDecision.approved.is_(True),
        PostingRule.ended_at.is_(None),
        PostingRule.starts <= today,
        or_(PostingRule.last_day.is_(None), PostingRule.last_day >= today),
    )


def waiting(session: Session) -> int:
    """How many nobody has decided on."""
    undecided = ~exists().where(RuleDecision.rule_id == PostingRule.id), PostingRule.ended_at.is_(None)
    return session.scalar(select(func.count()).select_from(PostingRule).where(*undecided)) or 0


def consents_touched(
    session: Session, uses: Collection[Use], *, platform_id: int | None, program_id: int | None, now: datetime
) -> int:
    """How many signed records that are neither voided nor over say yes to one of these uses there."""
    yes = exists().where(
        ConsentAnswer.consent_id == Consent.id,
        ConsentAnswer.use.in_([use.value for use in uses]),
        ConsentAnswer.answer == Answer.YES.value,
    )
    query = (
        select(func.count())
        .select_from(Consent)
        .where(
            yes,
            ~exists().where(ConsentVoiding.consent_id == Consent.id),
            or_(Consent.expires_at.is_(None), Consent.expires_at > now),
        )
    )
    if platform_id is not None:
        named = ConsentPlatform.consent_id == Consent.id, ConsentPlatform.platform_id == platform_id
        query = query.where(or_(Consent.every_platform, exists().where(*named)))
    if program_id is not None:
        meant = ConsentProgram.consent_id == Consent.id, ConsentProgram.program_id == program_id
        query = query.where(or_(Consent.every_program, exists().where(*meant)))
    return session.scalar(query) or 0


def _rules(session: Session, *only: ColumnElement[bool]) -> Sequence[RuleRow]:
    query = (
        select(PostingRule, Platform, Program, _asker.name, RuleDecision.approved, RuleDecision.decided_at)
        .join(_asker, _asker.id == PostingRule.asked_by)
        .outerjoin(Platform, Platform.id == PostingRule.platform_id)
        .outerjoin(Program, Program.id == PostingRule.program_id)
        .outerjoin(RuleDecision, RuleDecision.rule_id == PostingRule.id)
        .where(*only)
        .order_by(PostingRule.id.desc())
    )
    return [RuleRow(*row) for row in session.execute(query)]
