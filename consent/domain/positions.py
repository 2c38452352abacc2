"""What does each signer say now? (DECISION: statements and positions.)"""

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


class Refusal(NamedTuple):
    """One no of one record to the use asked about, or one withdrawal of it."""

    made_at: datetime
    kind: Kind


class Heard(NamedTuple):
    """What was seen by then and speaks to the question: each signer's latest refusal, and their latest yes records.

    Yes records signed at the same instant stand together.
    """

    refusals: dict[Signer, Refusal]
    yeses: dict[Signer, list[Consent]]


class Position(NamedTuple):
    """Where one signer stands: a no, a withdrawal, or the yes records that hold together."""

    signer: Signer
    kind: Kind
    yeses: tuple[Consent, ...] = ()


def positions(facts: Facts, question: Question) -> list[Position]:
    """Each signer's position on one use and one platform: their refusal, until a later yes of theirs lifts it."""
    refusals, yeses = heard(facts, question)
    standing = [Position(signer, refusal.kind) for signer, refusal in refusals.items() if signer not in yeses]
    for signer, agreed in yeses.items():
        refusal = refusals.get(signer)
        if refusal is None or (refusal.made_at < agreed[0].signed_at and _lifted(facts, question, agreed)):
            standing.append(Position(signer, Kind.YES, tuple(agreed)))
        else:
            standing.append(Position(signer, refusal.kind))
    return standing


def heard(facts: Facts, question: Question) -> Heard:
    """Limits narrow a yes; a no or a withdrawal is a no everywhere, seen from its signature on."""
    said = Heard({}, {})
    for consent in facts.consents:
        answer = consent.answers.get(question.use)  # type: ignore[call-overload]  # a StrEnum key equals its word
        if answer is None or not covers(consent.signed_at, consent.voided_at, question.at):
            continue
        if answer == Answer.NO:
            _hear_refusal(said, consent.signer, Refusal(consent.signed_at, Kind.NO))
        elif _witnessed(consent, question.at) and includes_program(consent, question.program):
            _hear_yes(said, consent)
    for withdrawal in facts.withdrawals:
        if names(withdrawal, question.use) and covers(withdrawal.at, withdrawal.voided_at, question.at):
            _hear_refusal(said, withdrawal.signer, Refusal(withdrawal.at, Kind.WITHDRAWAL))
    return said


def names(withdrawal: Withdrawal, use: str) -> bool:
    return withdrawal.uses is None or use in withdrawal.uses


def includes_program(consent: Consent, program: str | None) -> bool:
    return consent.programs is None or program in consent.programs


def includes_platform(facts: Facts, consent: Consent, question: Question) -> bool:
    """All platforms means those approved when it was signed; being recorded comes before any platform is chosen."""
    return question.use == Use.RECORD or covers_platform(facts, consent, question.platform)


def covers_platform(facts: Facts, consent: Consent, key: str | None) -> bool:
    if consent.platforms is not None:
        return key in consent.platforms
    return platform_approved(facts, key, consent.signed_at)


def covers_every_platform(facts: Facts, at: datetime) -> bool:
    """Whether there is a platform at all, and each record was signed for every one that is approved at that instant."""
    there = [platform for platform in facts.platforms.values() if covers(*platform, at)]
    if not there:
        return False
    since = max(platform.approved_from for platform in there)
    until = min((platform.approved_until for platform in there if platform.approved_until), default=None)
    return all(consent.platforms is None and covers(since, until, consent.signed_at) for consent in facts.consents)


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


def _lifted(facts: Facts, question: Question, yeses: list[Consent]) -> bool:
    return any(in_force(facts, consent, question) for consent in yeses)


def _witnessed(consent: Consent, at: datetime) -> bool:
    """A yes is seen only once somebody has confirmed who signed."""
    return consent.witnessed_at is not None and consent.witnessed_at <= at


def _hear_refusal(said: Heard, signer: Signer, refusal: Refusal) -> None:
    said.refusals[signer] = max(refusal, said.refusals.get(signer, refusal))


def _hear_yes(said: Heard, consent: Consent) -> None:
    latest = said.yeses.get(consent.signer)
    if latest is None or latest[0].signed_at < consent.signed_at:
        said.yeses[consent.signer] = [consent]
    elif latest[0].signed_at == consent.signed_at:
        latest.append(consent)
