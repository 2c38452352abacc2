"""Which of a signer's yeses does a withdrawal not reach? One signed after the instant from which it counts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from consent.domain.facts import Facts, Question, Withdrawal
from consent.domain.permissions import Permission
from consent.domain.positions import names
from consent.domain.shown import face
from consent.domain.vocabulary import Answer, Shown, Use


@dataclass(frozen=True, slots=True)
class LaterYes:
    """A yes of the same signer that outlives the withdrawal; until it is witnessed it does not count yet."""

    record: str
    signed_at: datetime
    uses: tuple[Use, ...]
    witnessed: bool


def later_yeses(facts: Facts, withdrawal: Withdrawal, *, now: datetime) -> tuple[LaterYes, ...]:
    """Oldest first. At the same instant a withdrawal beats a yes, so only later ones outlive it."""
    found = [
        LaterYes(consent.id, consent.signed_at, uses, consent.witnessed_at is not None)
        for consent in facts.consents
        if consent.signer == withdrawal.signer
        and withdrawal.at < consent.signed_at <= now
        and (consent.voided_at is None or consent.voided_at > now)
        and (uses := _agreed(consent.answers.items(), withdrawal))
    ]
    return tuple(sorted(found, key=lambda later: (later.signed_at, later.record)))


def still_yes(
    facts: Facts, withdrawal: Withdrawal, *, permissions: frozenset[Permission], now: datetime
) -> tuple[Use, ...]:
    """The uses withdrawn that stay allowed somewhere when the withdrawal is on file, as this person would see it."""
    after = replace(facts, withdrawals=(*facts.withdrawals, withdrawal))
    return tuple(
        use
        for use in Use
        if names(withdrawal, use)
        and face(after, Question(use.value, now), permissions=permissions).shown in {Shown.YES, Shown.LIMITS}
    )


def _agreed(answers: Iterable[tuple[Use, Answer]], withdrawal: Withdrawal) -> tuple[Use, ...]:
    return tuple(sorted((use for use, answer in answers if answer == Answer.YES and names(withdrawal, use)), key=ORDER))


ORDER = list(Use).index
