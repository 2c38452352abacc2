"""Nobody said no, yet it is not allowed: which yes comes nearest, and what does it lack?"""

from consent.domain.entitlement import Entitlement
from consent.domain.facts import SELF, Consent, Facts, Question
from consent.domain.positions import Heard, expired, form_withdrawn, heard, includes_platform, includes_program
from consent.domain.vocabulary import Answer, Reason

NEAREST_FIRST = (
    Reason.AWAITING_WITNESS,
    Reason.OUT_OF_SCOPE,
    Reason.FORM_WITHDRAWN,
    Reason.EXPIRED,
    Reason.AGE_UNKNOWN,
    Reason.CAME_OF_AGE,
    Reason.NOT_ENTITLED,
)


def nearest_miss(facts: Facts, question: Question, entitled: Entitlement) -> Reason:
    """The reason nearest to a yes among the yes records that still stand; else voided, else no record at all."""
    yeses = [
        consent
        for consent in facts.consents
        if consent.answers.get(question.use) == Answer.YES  # type: ignore[call-overload]  # a StrEnum key equals its word
        and consent.signed_at <= question.at
    ]
    voided = [consent for consent in yeses if consent.voided_at is not None and consent.voided_at <= question.at]
    said = heard(facts, question)
    short = {
        shortfall(facts, question, consent, entitled)
        for consent in yeses
        if consent not in voided and not _replaced(consent, said)
    }
    if short:
        return min(short, key=NEAREST_FIRST.index)
    return Reason.VOIDED if voided else Reason.NO_RECORD


def shortfall(facts: Facts, question: Question, consent: Consent, entitled: Entitlement) -> Reason:
    """What keeps this yes from being a good one: the first that fits."""
    if not entitled.yes_counts(consent.signer, consent.signed_at):
        return _why_not_entitled(facts, consent, entitled)
    if expired(consent, question.at):
        return Reason.EXPIRED
    if form_withdrawn(consent, question.at):
        return Reason.FORM_WITHDRAWN
    in_scope = (
        question.channel in consent.channels
        and includes_platform(facts, consent, question)
        and includes_program(consent, question.program)
    )
    return Reason.AWAITING_WITNESS if in_scope else Reason.OUT_OF_SCOPE


def _why_not_entitled(facts: Facts, consent: Consent, entitled: Entitlement) -> Reason:
    if entitled.lapsed_by_age_only(consent.signer, consent.signed_at):
        return Reason.CAME_OF_AGE
    patron = facts.patron
    if consent.signer is SELF and patron.born is None and not patron.adult and patron.emancipated_on is None:
        return Reason.AGE_UNKNOWN
    return Reason.NOT_ENTITLED


def _replaced(consent: Consent, said: Heard) -> bool:
    """Its signer has said no at that instant or later, or yes again later."""
    refusal, agreed = said.refusals.get(consent.signer), said.yeses.get(consent.signer)
    return (refusal is not None and refusal.made_at >= consent.signed_at) or (
        agreed is not None and agreed[0].signed_at > consent.signed_at
    )
