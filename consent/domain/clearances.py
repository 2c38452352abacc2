"""How does a clearance stand: still a draft, cleared, refused, posted, or to be asked about anew?"""

from dataclasses import dataclass
from enum import StrEnum


class ClearanceState(StrEnum):
    CLEARED = "cleared"
    DRAFT = "draft"
    POSTED = "posted"
    RECHECK_NEEDED = "recheck-needed"
    REFUSED = "refused"


class RecheckCause(StrEnum):
    """How it was noticed between the clearing and the post. It never tells a hold from a withdrawal."""

    FOUND_AT_THE_POST = "found-at-the-post"
    FOUND_BY_THE_SWEEP = "found-by-the-sweep"
    PERMISSION_CHANGED = "permission-changed"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of it so far. `allowed` is the latest decision, `changed` says that it does not hold any more."""

    allowed: bool | None = None
    changed: bool = False
    posted: bool = False


def clearance_state(decided: Decided) -> ClearanceState:
    """What stands on a platform stays posted, whatever changes afterwards: a takedown is another matter."""
    if decided.posted:
        return ClearanceState.POSTED
    if decided.allowed is None:
        return ClearanceState.DRAFT
    if not decided.allowed:
        return ClearanceState.REFUSED
    return ClearanceState.RECHECK_NEEDED if decided.changed else ClearanceState.CLEARED
