"""What does the consent of everybody in it say to a post, what may still not be done, and which rule forbids it?

A hold never shows in a clearance, not even to those who may see holds: it is printed, kept and handed on.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from consent.domain.decision import Verdict, disclose
from consent.domain.entitlement import Entitlement, covers
from consent.domain.facts import Facts, Question
from consent.domain.gate_codes import Failure, GateCode
from consent.domain.gate_facts import Asked, GateFacts, Limit, LimitKind, Rule
from consent.domain.positions import platform_approved
from consent.domain.vocabulary import Channel, Media, Reason, Use

NEEDS_RECORD = frozenset({Media.MOVING, Media.VOICE})
PICTURES = frozenset({Use.PHOTO, Use.VIDEO})
BESIDE_A_PICTURE: dict[Use, LimitKind] = {Use.NAME: LimitKind.NOT_NAMED, Use.TAG: LimitKind.NOT_TAGGED}
"""What is easily done along with a picture, and may be forbidden where the picture is not."""


class Answered(NamedTuple):
    """One verdict on one person; that on having been recorded names the capture and asks about its instant."""

    person: str
    use: Use
    at: datetime
    verdict: Verdict
    capture: int | None = None


def answers(facts: GateFacts, asked: Asked, uses: frozenset[Use]) -> Iterator[Answered]:
    """Every use asked, of everybody, when it is to be posted."""
    for person in sorted(asked.people):
        for use in sorted(uses):
            yield Answered(person, use, asked.posted_at, _verdict(facts, asked, person, use))


def recorded(facts: GateFacts, asked: Asked) -> Iterator[Answered]:
    """A parent's word comes before moving pictures or a voice are recorded (A.R.S. 1-602(A)(9))."""
    for person in sorted(asked.people):
        for place, capture in enumerate(asked.captures):
            if capture.media in NEEDS_RECORD:
                verdict = _verdict(facts, asked, person, Use.RECORD, at=capture.at)
                yield Answered(person, Use.RECORD, capture.at, verdict, place)


def limits(facts: GateFacts, asked: Asked, uses: frozenset[Use]) -> frozenset[Limit]:
    """Of those who may be shown here: who may not be named or tagged, and whose picture may not go elsewhere."""
    pictured = uses & PICTURES
    shown = [person for person in asked.people if all(_verdict(facts, asked, person, use).allowed for use in pictured)]
    return frozenset(_limits(facts, asked, uses, shown)) if pictured else frozenset()


def _limits(facts: GateFacts, asked: Asked, uses: frozenset[Use], shown: list[str]) -> Iterator[Limit]:
    for person in shown:
        for use, kind in BESIDE_A_PICTURE.items():
            if use not in uses and not _verdict(facts, asked, person, use).allowed:
                yield Limit(kind, person)
        for platform in facts.people[person].platforms:
            if platform_approved(facts.people[person], platform, asked.posted_at) and not all(
                _verdict(facts, asked, person, use, platform=platform).allowed for use in uses & PICTURES
            ):
                yield Limit(LimitKind.NOT_ELSEWHERE, person)


def forbidden(facts: GateFacts, asked: Asked, uses: frozenset[Use]) -> Iterator[Failure]:
    for rule in facts.rules:
        if _applies(rule, asked):
            for use in rule.forbids & uses:
                if not rule.minors_only:
                    yield Failure(GateCode.RULE_FORBIDS, use=use, rule=rule.id)
                else:
                    for person in asked.people:
                        if _is_minor(facts.people.get(person), asked.posted_at):
                            yield Failure(GateCode.RULE_FORBIDS, person, use, rule=rule.id)


def _applies(rule: Rule, asked: Asked) -> bool:
    return (
        rule.platform in (None, asked.platform)
        and rule.program in (None, asked.program)
        and covers(rule.since, rule.until, asked.posted_at)
    )


def _is_minor(facts: Facts | None, at: datetime) -> bool:
    """Of whom nothing is known counts as a minor."""
    return facts is None or not Entitlement.at_instant(facts, at).of_age(at)


def _verdict(
    facts: GateFacts, asked: Asked, person: str, use: Use, *, at: datetime | None = None, platform: str | None = None
) -> Verdict:
    on_file = facts.people.get(person)
    if on_file is None:
        return Verdict(allowed=False, reason=Reason.UNKNOWN_PATRON)
    account = facts.accounts.get(asked.account)
    question = Question(
        use=use,
        at=at or asked.posted_at,
        platform=platform or asked.platform,
        channel=account.channel if account else Channel.DEPARTMENT.value,
        program=asked.program,
    )
    return disclose(on_file, question)
