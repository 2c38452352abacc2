"""May this person be shown, tagged or followed? The one place where that is decided; default is deny.

A no is a no everywhere; each signer's latest statement is their position; anybody entitled can say no and nobody
can say yes over another's no (policy 6.5, III.k; A.R.S. 25-401 for two parents). Reads no clock and never fails:
any facts and any question get a verdict.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from consent.domain.entitlement import Entitlement, covers
from consent.domain.facts import Facts, Question
from consent.domain.positions import Kind, Position, covers_platform, in_force, platform_approved, positions
from consent.domain.shortfalls import nearest_miss
from consent.domain.turning_points import turning_points
from consent.domain.vocabulary import Reason, Use

KNOWN_USES = frozenset(use.value for use in Use)


class Verdict(NamedTuple):
    """Allow with the records it rests on and how long at most, or deny with one reason.

    `needs` is `record` where a video is denied for that use's sake. `valid_until` is an upper limit, never a licence.
    """

    allowed: bool
    reason: Reason | None = None
    needs: Use | None = None
    basis: tuple[str, ...] = ()
    valid_until: datetime | None = None


def decide(facts: Facts, question: Question) -> Verdict:
    """The whole truth, for records officers and administrators."""
    verdict = _answer(facts, question)
    return verdict._replace(valid_until=_valid_until(facts, question)) if verdict.allowed else verdict


def disclose(facts: Facts, question: Question) -> Verdict:
    """The verdict for everybody else: a hold shows as refused and never in `valid_until`."""
    verdict = _answer(facts, question)
    if verdict.allowed:
        return verdict._replace(valid_until=_valid_until(facts.without_holds(), question))
    return verdict._replace(reason=Reason.REFUSED) if verdict.reason is Reason.HOLD else verdict


def decide_through(facts: Facts, question: Question, *, until: datetime) -> Verdict:
    """Allow only if it is allowed from the question's instant on, without a gap, until that later one.

    For paper, which nobody can take back: an answer that ends this afternoon is a no this morning.
    """
    return decide_at_each(facts, question, instants_through(facts, question.at, until=until))


def instants_through(facts: Facts, at: datetime, *, until: datetime) -> list[datetime]:
    """That instant, and each later one before the end at which an answer could change."""
    return [at, *(turn for turn in turning_points(facts, after=at) if turn < until)]


def decide_at_each(facts: Facts, question: Question, instants: list[datetime]) -> Verdict:
    """The last answer if all allow, or else the first that does not."""
    for at in instants:
        verdict = _answer(facts, question._replace(at=at))
        if not verdict.allowed:
            break
    return verdict


def _valid_until(facts: Facts, question: Question) -> datetime | None:
    for at in turning_points(facts, after=question.at):
        if not _answer(facts, question._replace(at=at), explain=False).allowed:
            return at
    return None


def _answer(facts: Facts, question: Question, *, explain: bool = True) -> Verdict:
    """Why nobody said yes takes longest to find, and when an answer ends it does not matter: `explain`."""
    if question.use not in KNOWN_USES:
        return Verdict(allowed=False, reason=Reason.NO_RECORD)
    if question.use != Use.VIDEO:
        return _answer_where(facts, question, explain=explain)
    recorded = _answer_where(facts, question._replace(use=Use.RECORD.value), explain=explain)
    if not recorded.allowed:
        return recorded._replace(needs=Use.RECORD)
    return _all_allowed([recorded, _answer_where(facts, question, explain=explain)])


def _answer_where(facts: Facts, question: Question, *, explain: bool) -> Verdict:
    """On the platform asked about, or on every one that is approved then."""
    if question.use == Use.RECORD or question.platform is not None:
        return _answer_one(facts, question, explain=explain)
    approved = sorted(key for key in facts.platforms if platform_approved(facts, key, question.at))
    if not approved:
        return Verdict(allowed=False, reason=Reason.PLATFORM_NOT_APPROVED)
    asked = _one_of_each(facts, approved)
    return _all_allowed([_answer_one(facts, question._replace(platform=key), explain=explain) for key in asked])


def _one_of_each(facts: Facts, platforms: list[str]) -> list[str]:
    """Of platforms that every record covers alike, the first: the others are answered the same."""
    if len(platforms) == 1:
        return platforms
    alike: dict[tuple[bool, ...], str] = {}
    for key in platforms:
        alike.setdefault(tuple([covers_platform(facts, consent, key) for consent in facts.consents]), key)
    return list(alike.values())


def _all_allowed(verdicts: list[Verdict]) -> Verdict:
    denied = next((verdict for verdict in verdicts if not verdict.allowed), None)
    return denied or Verdict(allowed=True, basis=_basis(record for verdict in verdicts for record in verdict.basis))


def _answer_one(facts: Facts, question: Question, *, explain: bool) -> Verdict:
    if question.use != Use.RECORD and not platform_approved(facts, question.platform, question.at):
        return Verdict(allowed=False, reason=Reason.PLATFORM_NOT_APPROVED)
    for hold in facts.holds:
        if covers(hold.since, hold.until, question.at):
            return Verdict(allowed=False, reason=Reason.HOLD)

    entitled = Entitlement.at_instant(facts, question.at)
    standing = positions(facts, question)
    agreed = _good_yeses(facts, question, standing, entitled)
    if refusal := _refusal(standing, entitled, agreed):
        return Verdict(allowed=False, reason=refusal)
    if agreed:
        return Verdict(allowed=True, basis=_basis(agreed))
    return Verdict(allowed=False, reason=nearest_miss(facts, question, entitled) if explain else None)


def _basis(records: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(records)))


def _good_yeses(facts: Facts, question: Question, standing: list[Position], entitled: Entitlement) -> list[str]:
    return [
        consent.id
        for position in standing
        for consent in position.yeses
        if entitled.yes_counts(consent.signer, consent.signed_at) and in_force(facts, consent, question)
    ]


def _refusal(standing: list[Position], entitled: Entitlement, agreed: list[str]) -> Reason | None:
    """A good yes is always another signer's: whoever stands on a no has no yes standing."""
    refusals = {
        position.kind for position in standing if position.kind is not Kind.YES and entitled.no_counts(position.signer)
    }
    if not refusals:
        return None
    if agreed:
        return Reason.SIGNERS_DISAGREE
    return Reason.WITHDRAWN if Kind.WITHDRAWAL in refusals else Reason.REFUSED
