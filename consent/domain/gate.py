"""May this be posted? The one place where that is decided; default is deny, and every failure is named.

Policy 6.5 surrounds consent with more: an approved platform and account (II.b, II.c), an employee who is authorized,
trained and has acknowledged (II.b, II.e, III.j), a supervisor's word for each recording (IV.a.iii), a checklist (II.d,
III.h), the rules of a work area (IV.a.iv), and everybody in it (III.k), whom `consent.domain.decision` answers for.
Reads no clock and never fails: any facts and anything asked get an outcome.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consent.domain.authorizations import AccessLevel
from consent.domain.entitlement import covers
from consent.domain.gate_codes import CHECKLIST, Failure, GateCode, in_order
from consent.domain.gate_facts import DEPARTMENT, Asked, Capture, GateFacts, Limit, RecordingAuthorization
from consent.domain.gate_people import Answered, answers, forbidden, limits, recorded
from consent.domain.vocabulary import Media, Reason, Use

SHOWN_BY: dict[Media, Use] = {Media.STILL: Use.PHOTO, Media.MOVING: Use.VIDEO, Media.VOICE: Use.VIDEO}
"""What a capture asks for, whether anybody ticked it or not."""

OF_A_PERSON = frozenset(Use) - frozenset(SHOWN_BY.values()) - {Use.RECORD}
"""Uses that mean nothing without somebody to name, tag or write to."""

LETS_POST = frozenset({AccessLevel.POST, AccessLevel.ADMINISTER})


class Outcome(NamedTuple):
    """Clear if nothing failed. `answers` holds each verdict that it rests on, `limits` what an allow still forbids."""

    failures: tuple[Failure, ...]
    answers: tuple[Answered, ...]
    limits: tuple[Limit, ...]

    @property
    def allowed(self) -> bool:
        return not self.failures


def clear(facts: GateFacts, asked: Asked) -> Outcome:
    """Everything that is missing or forbidden, not only the first of it."""
    uses = uses_asked(asked)
    said = (*answers(facts, asked, uses), *recorded(facts, asked))
    limited = limits(facts, asked, uses)
    failures = {
        *_where(facts, asked),
        *_who(facts, asked),
        *_what(asked, uses),
        *_captures(facts, asked),
        *(Failure(code) for item, code in CHECKLIST.items() if item not in asked.checklist),
        *forbidden(facts, asked, uses),
        *_headcount(asked),
        *_people(facts, asked, said),
        *(Failure(GateCode.LIMIT_NOT_SEEN, limit.person, limit=limit.kind) for limit in limited - asked.seen),
    }
    return Outcome(tuple(sorted(failures, key=in_order)), said, tuple(sorted(limited)))


def uses_asked(asked: Asked) -> frozenset[Use]:
    """What was ticked, and what each capture shows whether it was ticked or not."""
    return asked.uses | {SHOWN_BY[capture.media] for capture in asked.captures}


def _approved(facts: GateFacts, asked: Asked) -> bool:
    platform = facts.platforms.get(asked.platform)
    return platform is not None and covers(platform.approved_from, platform.approved_until, asked.posted_at)


def _where(facts: GateFacts, asked: Asked) -> Iterator[Failure]:
    if not _approved(facts, asked):
        yield Failure(GateCode.PLATFORM_NOT_APPROVED)
    account = facts.accounts.get(asked.account)
    if (
        account is None
        or account.platform != asked.platform
        or not covers(account.approved_from, account.approved_until, asked.posted_at)
    ):
        yield Failure(GateCode.ACCOUNT_NOT_APPROVED)
    if account is not None and account.owner not in (DEPARTMENT, asked.staff):
        yield Failure(GateCode.ACCOUNT_OF_SOMEBODY_ELSE)


def _who(facts: GateFacts, asked: Asked) -> Iterator[Failure]:
    at = asked.posted_at
    if not any(
        (given.staff, given.platform) == (asked.staff, asked.platform)
        and given.level in LETS_POST
        and covers(given.since, given.until, at)
        for given in facts.authorizations
    ):
        yield Failure(GateCode.NOT_AUTHORIZED)
    trained = [training for training in facts.trainings if training.staff == asked.staff and training.since <= at]
    if not trained:
        yield Failure(GateCode.NOT_TRAINED)
    elif not any(covers(training.since, training.until, at) for training in trained):
        yield Failure(GateCode.TRAINING_LAPSED)
    versions = [(policy.since, policy.version) for policy in facts.policy_versions if policy.since <= at]
    if not versions:
        yield Failure(GateCode.POLICY_MISSING)
    elif not any(
        (signed.staff, signed.version) == (asked.staff, max(versions)[1]) and signed.at <= at
        for signed in facts.acknowledgements
    ):
        yield Failure(GateCode.POLICY_NOT_ACKNOWLEDGED)


def _what(asked: Asked, uses: frozenset[Use]) -> Iterator[Failure]:
    if asked.posted_at < asked.at:
        yield Failure(GateCode.TIME_HAS_PASSED)
    if asked.people and not uses:
        yield Failure(GateCode.NOTHING_ASKED)
    if not asked.people:
        yield from (Failure(GateCode.NOBODY_NAMED, use=use) for use in uses & OF_A_PERSON)
    told = {SHOWN_BY[capture.media] for capture in asked.captures}
    yield from (Failure(GateCode.CAPTURE_NOT_TOLD, use=use) for use in {Use.PHOTO, Use.VIDEO} & uses - told)


def _captures(facts: GateFacts, asked: Asked) -> Iterator[Failure]:
    for place, capture in enumerate(asked.captures):
        if capture.at > asked.posted_at:
            yield Failure(GateCode.CAPTURED_LATER, capture=place)
        if not any(_lets_record(given, capture, asked.program) for given in facts.recordings):
            yield Failure(GateCode.RECORDING_NOT_AUTHORIZED, capture=place)


def _lets_record(given: RecordingAuthorization, capture: Capture, program: str | None) -> bool:
    return (
        (given.staff, given.device) == (capture.staff, capture.device)
        and given.supervisor != given.staff
        and capture.media in given.media
        and given.program in (None, program)
        and given.given_at <= capture.at
        and covers(given.since, given.until, capture.at)
    )


def _headcount(asked: Asked) -> Iterator[Failure]:
    """Whoever is in the picture and not checked is a no, and so is a count that nobody can explain."""
    if asked.unidentified > 0:
        yield Failure(GateCode.PERSON_UNIDENTIFIED)
    if asked.headcount != len(asked.people) + max(asked.unidentified, 0):
        yield Failure(GateCode.HEADCOUNT_DIFFERS)


def _people(facts: GateFacts, asked: Asked, said: Iterable[Answered]) -> Iterator[Failure]:
    """Of a platform that is not approved it is said once, not of everybody again."""
    unheard = None if _approved(facts, asked) else Reason.PLATFORM_NOT_APPROVED
    for answered in said:
        if not answered.verdict.allowed and answered.verdict.reason is not unheard:
            code = GateCode.PERSON_NOT_ALLOWED if answered.capture is None else GateCode.RECORDING_NOT_ALLOWED
            yield Failure(code, answered.person, answered.use, answered.verdict.reason, answered.capture)
