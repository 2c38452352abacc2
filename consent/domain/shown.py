"""Which of the five faces does an answer wear, and how much of its reason may this person see?"""

from dataclasses import dataclass

from consent.domain.decision import Verdict, decide, disclose
from consent.domain.facts import Facts, Question
from consent.domain.permissions import Permission
from consent.domain.positions import platform_approved
from consent.domain.vocabulary import Reason, Shown, Use

REASONS_OF_PEOPLE = frozenset({Reason.HOLD, Reason.REFUSED, Reason.WITHDRAWN, Reason.SIGNERS_DISAGREE})
PLAIN_NO = REASONS_OF_PEOPLE | {Reason.PLATFORM_NOT_APPROVED}


@dataclass(frozen=True, slots=True)
class Face:
    """One use as it is shown: the verdict on what was asked, and on each platform where none was named."""

    shown: Shown
    verdict: Verdict
    by_platform: dict[str, Verdict]


def face(facts: Facts, question: Question, *, permissions: frozenset[Permission]) -> Face:
    """What somebody with these permissions is shown."""
    rule = decide if Permission.SEE_HOLDS in permissions else disclose
    verdict = _masked(rule(facts, question), permissions)
    by_platform = {
        key: _masked(rule(facts, question._replace(platform=key)), permissions) for key in _platforms(facts, question)
    }
    return Face(_shown(verdict, by_platform), verdict, by_platform)


def reason_for(reason: Reason, permissions: frozenset[Permission]) -> Reason:
    """The four reasons of people are one to those without the right to more, so that a hold gives nothing away."""
    if reason in REASONS_OF_PEOPLE and Permission.SEE_REASONS not in permissions:
        return Reason.REFUSED
    return reason


def shown_alone(verdict: Verdict) -> Shown:
    """The face of one answer, about one platform."""
    return _shown(verdict, {})


def _masked(verdict: Verdict, permissions: frozenset[Permission]) -> Verdict:
    return verdict if verdict.reason is None else verdict._replace(reason=reason_for(verdict.reason, permissions))


def _platforms(facts: Facts, question: Question) -> list[str]:
    if question.platform is not None or question.use == Use.RECORD:
        return []
    return sorted(key for key in facts.platforms if platform_approved(facts, key, question.at))


def _shown(verdict: Verdict, by_platform: dict[str, Verdict]) -> Shown:
    if verdict.allowed:
        return Shown.YES
    if any(there.allowed for there in by_platform.values()):
        return Shown.LIMITS
    return Shown.NO if verdict.reason in PLAIN_NO else Shown.NOT_KNOWN
