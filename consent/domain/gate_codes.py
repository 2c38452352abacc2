"""Why does the gate stay shut? Each failure has a name that is stored for ever, and lists come in this order."""

from enum import StrEnum
from typing import NamedTuple

from consent.domain.gate_facts import ChecklistItem, LimitKind
from consent.domain.vocabulary import Reason, Use


class GateCode(StrEnum):
    PLATFORM_NOT_APPROVED = "platform-not-approved"
    ACCOUNT_NOT_APPROVED = "account-not-approved"
    ACCOUNT_OF_SOMEBODY_ELSE = "account-of-somebody-else"
    NOT_AUTHORIZED = "not-authorized"
    NOT_TRAINED = "not-trained"
    TRAINING_LAPSED = "training-lapsed"
    POLICY_MISSING = "policy-missing"
    POLICY_NOT_ACKNOWLEDGED = "policy-not-acknowledged"
    TIME_HAS_PASSED = "time-has-passed"
    NOTHING_ASKED = "nothing-asked"
    NOBODY_NAMED = "nobody-named"
    CAPTURE_NOT_TOLD = "capture-not-told"
    CAPTURED_LATER = "captured-later"
    RECORDING_NOT_AUTHORIZED = "recording-not-authorized"
    CONFIDENTIAL_NOT_LOOKED_AT = "confidential-not-looked-at"
    PRIVATE_DATA_NOT_LOOKED_AT = "private-data-not-looked-at"
    PREMISES_NOT_LOOKED_AT = "premises-not-looked-at"
    LINKS_NOT_LOOKED_AT = "links-not-looked-at"
    RULE_FORBIDS = "rule-forbids"
    PERSON_UNIDENTIFIED = "person-unidentified"
    HEADCOUNT_DIFFERS = "headcount-differs"
    PERSON_NOT_ALLOWED = "person-not-allowed"
    RECORDING_NOT_ALLOWED = "recording-not-allowed"
    LIMIT_NOT_SEEN = "limit-not-seen"


CHECKLIST: dict[ChecklistItem, GateCode] = {
    ChecklistItem.NOTHING_CONFIDENTIAL: GateCode.CONFIDENTIAL_NOT_LOOKED_AT,
    ChecklistItem.NO_PRIVATE_DATA: GateCode.PRIVATE_DATA_NOT_LOOKED_AT,
    ChecklistItem.NO_NON_PUBLIC_PREMISES: GateCode.PREMISES_NOT_LOOKED_AT,
    ChecklistItem.LINKS_LOOKED_AT: GateCode.LINKS_NOT_LOOKED_AT,
}
"""The failure that each item of the checklist is while it is not answered."""

MENDED_BY_A_TICK = frozenset({GateCode.LIMIT_NOT_SEEN, *CHECKLIST.values()})

IN_ORDER = {code: place for place, code in enumerate(GateCode)}


class Failure(NamedTuple):
    """One thing that is missing or forbidden, and what it is about. `capture` counts from 0."""

    code: GateCode
    person: str | None = None
    use: Use | None = None
    reason: Reason | None = None
    capture: int | None = None
    rule: str | None = None
    limit: LimitKind | None = None


def in_order(failure: Failure) -> tuple[int, str, str, int, str, str]:
    """The same failures always make the same list, whatever the order of the facts."""
    return (
        IN_ORDER[failure.code],
        failure.person or "",
        failure.use or "",
        -1 if failure.capture is None else failure.capture,
        failure.rule or "",
        failure.limit or "",
    )
