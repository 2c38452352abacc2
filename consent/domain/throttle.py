"""How often may somebody try again? So often freely, then with a pause between; never shut out for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Tries:
    """How often, since when, and when last somebody tried under one key."""

    count: int
    began_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Guesses:
    """Of a secret: some tries are free, then each waits twice as long as the one before, up to `longest`.

    Forgotten after a quiet time, or by whoever counts them when the secret was right.
    """

    free: int
    pause: timedelta
    longest: timedelta
    quiet: timedelta

    def begins_anew_at(self, tries: Tries) -> datetime:
        return tries.last_at + self.quiet

    def next_at(self, tries: Tries) -> datetime:
        # Doubling without end would outgrow every clock.
        doublings = min(tries.count - self.free, 16)
        return tries.last_at + min(self.pause * (1 << doublings), self.longest)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in each stretch of time, which begins with the first of them."""

    free: int
    stretch: timedelta

    def begins_anew_at(self, tries: Tries) -> datetime:
        return tries.began_at + self.stretch

    def next_at(self, tries: Tries) -> datetime:
        return self.begins_anew_at(tries)


class Scope(StrEnum):
    """What is tried; its counters are kept under this name."""

    KIOSK_PIN = "kiosk-pin"
    REAUTHENTICATION = "reauthentication"
    SECOND_FACTOR = "second-factor"
    SETUP_CODE = "setup-code"
    SIGN_IN = "sign-in"
    SIGN_IN_ACCOUNT = "sign-in-account"
    SIGN_IN_ADDRESS = "sign-in-address"
    TOKEN_LOOK_UP = "token-look-up"  # noqa: S105  # a scope, no password


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIMITS: dict[Scope, Guesses | Rate] = {
    Scope.KIOSK_PIN: Guesses(free=5, pause=MINUTE, longest=MINUTE, quiet=10 * MINUTE),
    Scope.REAUTHENTICATION: Guesses(free=5, pause=MINUTE, longest=5 * MINUTE, quiet=HOUR),
    Scope.SECOND_FACTOR: Guesses(free=5, pause=MINUTE, longest=5 * MINUTE, quiet=HOUR),
    Scope.SETUP_CODE: Guesses(free=5, pause=MINUTE, longest=15 * MINUTE, quiet=HOUR),
    # Of one account from one address, so that a stranger's guesses elsewhere do not keep its owner out.
    Scope.SIGN_IN: Guesses(free=5, pause=MINUTE, longest=5 * MINUTE, quiet=HOUR),
    Scope.SIGN_IN_ACCOUNT: Rate(free=30, stretch=MINUTE),
    Scope.SIGN_IN_ADDRESS: Rate(free=30, stretch=MINUTE),
    Scope.TOKEN_LOOK_UP: Rate(free=30, stretch=MINUTE),
}
KEPT = timedelta(days=1)
"""Longer than any limit looks back."""


def wait_before(tries: Tries | None, limit: Guesses | Rate, now: datetime) -> timedelta | None:
    """How long to wait before the next try; None where it may be made at once."""
    if tries is None or _are_forgotten(tries, limit, now) or tries.count < limit.free:
        return None
    next_at = limit.next_at(tries)
    return next_at - now if next_at > now else None


def one_more(tries: Tries | None, limit: Guesses | Rate, now: datetime) -> Tries:
    """The count with the try that is made now."""
    if tries is None or _are_forgotten(tries, limit, now):
        return Tries(1, now, now)
    return Tries(tries.count + 1, tries.began_at, max(now, tries.last_at))


def _are_forgotten(tries: Tries, limit: Guesses | Rate, now: datetime) -> bool:
    """Two servers' clocks differ by seconds; a last try far ahead of now was counted by a clock since set back."""
    return now >= limit.begins_anew_at(tries) or tries.last_at > now + MINUTE
