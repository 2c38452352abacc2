"""May this person post from this account of the department today? (policy 6.5, II.b)"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class AccessLevel(StrEnum):
    """What somebody may do with an account of the department."""

    ADMINISTER = "administer"
    POST = "post"


class AuthorizationState(StrEnum):
    ENDED = "ended"
    IN_FORCE = "in-force"
    REFUSED = "refused"
    REVOKED = "revoked"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a request so far. Its last day is included."""

    last_day: date
    refused_at: datetime | None = None
    approved_at: datetime | None = None
    revoked_at: datetime | None = None


def authorization_state(decided: Decided, *, today: date) -> AuthorizationState:
    """Only what a director approved, nobody revoked and is not over lets somebody post."""
    if decided.refused_at:
        return AuthorizationState.REFUSED
    if not decided.approved_at:
        return AuthorizationState.WAITING
    if decided.revoked_at:
        return AuthorizationState.REVOKED
    if today > decided.last_day:
        return AuthorizationState.ENDED
    return AuthorizationState.IN_FORCE
