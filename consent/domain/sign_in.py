"""How does somebody prove who they are, who must prove it twice, and for how long is that good?"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from consent.domain.permissions import Permission

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=8)
FRESH: Final = timedelta(minutes=15)
TIME_TO_TYPE: Final = timedelta(minutes=45)
SEEN_AT_MOST_EVERY: Final = timedelta(minutes=1)

PASSWORD_AT_LEAST: Final = 15
PASSWORD_AT_LEAST_WITH_FACTOR: Final = 8
PASSWORD_AT_MOST: Final = 256


class Proof(StrEnum):
    """What completed a sign-in, or proved it anew."""

    AUTHENTICATOR = "authenticator"
    PASSWORD = "password"  # noqa: S105  # the name of a kind of proof
    PROVIDER = "provider"
    RECOVERY_CODE = "recovery-code"
    SECURITY_KEY = "security-key"


def reads_records(permissions: Collection[Permission]) -> bool:
    """Whoever opens a person's record holds what a thief would want."""
    return Permission.SEE_PATRON_RECORD in permissions


def shortest_password(*, with_factor: bool) -> int:
    return PASSWORD_AT_LEAST_WITH_FACTOR if with_factor else PASSWORD_AT_LEAST


def is_over(started_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session has been quiet too long, or has lasted a whole working day."""
    return now - last_seen_at > IDLE or now - started_at > LONGEST


def is_fresh(proven_at: datetime, now: datetime, *, sending: bool) -> bool:
    """Whether they proved a short while ago who they are; a form opened in time may take its time to be filled in."""
    return now - proven_at <= (FRESH + TIME_TO_TYPE if sending else FRESH)
