"""What does each signer say now? (DECISION: statements and positions.)"""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from consent.domain.entitlement import covers
from consent.domain.facts import Consent, Facts, Question, Signer, Withdrawal
from consent.domain.vocabulary import Answer, Use


class Kind(IntEnum):
    """At equal instants a withdrawal beats a no, and a no beats a yes."""

    YES = 0
    NO = 1
    WITHDRAWAL = 2


class Statement(NamedTuple):
    """One answer of one record to the use asked about, or one withdrawal of it."""

    kind: Kind
    signer: Signer
    made_at: datetime
    consent: Consent | None = None

    @property
    def order(self) -> tuple[datetime, Kind]:
        return self.made_at, self.kind


class Position(NamedTuple):
    """Where one signer stands: a no, a withdrawal, or the yes records that hold together."""

    signer: Signer
    kind: Kind
    yeses: tuple[Consent, ...] = ()


def positions(facts: Facts, question: Question) -> list[Position]:
    """Each signer's position on one use and one platform, from what was seen by then and speaks to the question."""
    heard: dict[Signer, list[Statement]] = {}
    for statement in seen_statements(facts, question):
        if speaks_to(statement, question):
            heard.setdefault(statement.signer, []).append(statement)
    return [_position(facts, question, statements) for statements in heard.values()]


def seen_statements(facts: Facts, question: Question) -> Iterator[Statement]:
    for consent in facts.consents:
        answer = consent.answers.get(question.use)  # type: ignore[call-overload]  # a StrEnum key equals its word
        if answer is not None and consent_is_seen(consent, answer, question.at):
            kind = Kind.YES if answer == Answer.YES else Kind.NO
            yield Statement(kind, consent.signer, consent.signed_at, consent)
    for withdrawal in facts.withdrawals:
        if names(withdrawal, question.use) and covers(withdrawal.at, withdrawal.voided_at, question.at):
            yield Statement(Kind.WITHDRAWAL, withdrawal.signer, withdrawal.at)


def consent_is_seen(consent: Consent, answer: Answer, at: datetime) -> bool:
    """A no is seen from its signature on, a yes only once it is witnessed too."""
    if not covers(consent.signed_at, consent.voided_at, at):
        return False
    return answer == Answer.NO or (consent.witnessed_at is not None and consent.witnessed_at <= at)


def names(withdrawal: Withdrawal, use: str) -> bool:
    return withdrawal.uses is None or use in withdrawal.uses


def speaks_to(statement: Statement, question: Question) -> bool:
    """Limits narrow a yes; a no or a withdrawal is a no everywhere."""
    if statement.kind is not Kind.YES or statement.consent is None:
        return True
    return includes_program(statement.consent, question.program)


def includes_program(consent: Consent, program: str | None) -> bool:
    return consent.programs is None or program in consent.programs


def includes_platform(facts: Facts, consent: Consent, question: Question) -> bool:
    """All platforms means those approved when it was signed; being recorded comes before any platform is chosen."""
    if question.use == Use.RECORD:
        return True
    if consent.platforms is not None:
        return question.platform in consent.platforms
    return platform_approved(facts, question.platform, consent.signed_at)


def platform_approved(facts: Facts, key: str | None, at: datetime) -> bool:
    platform = facts.platforms.get(key) if key is not None else None
    return platform is not None and covers(platform.approved_from, platform.approved_until, at)


def expired(consent: Consent, at: datetime) -> bool:
    return consent.expires_at is not None and consent.expires_at <= at


def form_withdrawn(consent: Consent, at: datetime) -> bool:
    return consent.form_withdrawn_at is not None and consent.form_withdrawn_at <= at


def in_force(facts: Facts, consent: Consent, question: Question) -> bool:
    """Whether this yes really covers the question, and so lifts its signer's older no."""
    return (
        not expired(consent, question.at)
        and not form_withdrawn(consent, question.at)
        and question.channel in consent.channels
        and includes_platform(facts, consent, question)
    )


def _position(facts: Facts, question: Question, statements: list[Statement]) -> Position:
    latest = statements[0] if len(statements) == 1 else max(statements, key=lambda statement: statement.order)
    if latest.kind is not Kind.YES:
        return Position(latest.signer, latest.kind)
    yeses = tuple(
        statement.consent
        for statement in statements
        if statement.made_at == latest.made_at and statement.consent is not None
    )
    refusals = [statement for statement in statements if statement.kind is not Kind.YES]
    if refusals and not any(in_force(facts, consent, question) for consent in yeses):
        return Position(latest.signer, max(refusals, key=lambda statement: statement.order).kind)
    return Position(latest.signer, Kind.YES, yeses)
