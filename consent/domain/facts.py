"""What does the rule need to know of one patron, and what is asked?

Every instant of the facts is in UTC: between zones Python takes no two ambiguous local times for equal, so a tie would
be lost. Intervals are half-open: `since <= at < until`, open when `until` is None.

What a check makes a dozen of is a tuple with names: a frozen dataclass takes four times as long to make.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo
from typing import Final, NamedTuple

from consent.domain.vocabulary import Answer, Channel, Use

SELF: Final = None
"""The signer of one's own record; a guardian is named by their key."""

Signer = str | int | None


class Patron(NamedTuple):
    """The person asked about. `adult` is a declaration, which counts only while no birth date is known."""

    born: date | None = None
    adult: bool = False
    emancipated_on: date | None = None


class Guardianship(NamedTuple):
    """One guardian's authority over the patron; `beyond_majority` is a court order that continues past 18."""

    guardian: Signer
    since: datetime
    until: datetime | None = None
    beyond_majority: bool = False


class Consent(NamedTuple):
    """One signed record. Limits narrow a yes only: None stands for all platforms or all programs."""

    id: str
    signer: Signer
    signed_at: datetime
    answers: dict[Use, Answer]
    witnessed_at: datetime | None = None
    channels: frozenset[str] = frozenset({Channel.DEPARTMENT.value})
    platforms: frozenset[str] | None = None
    programs: frozenset[str] | None = None
    expires_at: datetime | None = None
    form_withdrawn_at: datetime | None = None
    voided_at: datetime | None = None


class Withdrawal(NamedTuple):
    """A later no, of some uses or (None) of all."""

    signer: Signer
    at: datetime
    uses: frozenset[Use] | None = None
    voided_at: datetime | None = None


class Hold(NamedTuple):
    """A confidential stop. Its reason is no part of any verdict."""

    since: datetime
    until: datetime | None = None


class Platform(NamedTuple):
    """A platform the department approved, and when."""

    approved_from: datetime
    approved_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that bears on one patron's verdict. `zone` is the registry's: majority starts at its midnight."""

    patron: Patron
    zone: tzinfo
    guardianships: tuple[Guardianship, ...] = ()
    consents: tuple[Consent, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    holds: tuple[Hold, ...] = ()
    platforms: dict[str, Platform] = field(default_factory=dict)

    def without_holds(self) -> "Facts":
        return replace(self, holds=()) if self.holds else self


class Question(NamedTuple):
    """May we, at that instant? No platform means every platform approved then; no program, not tied to one.

    `use`, `platform`, `channel` and `program` are plain keys: a word the registry does not know is answered too.
    """

    use: str
    at: datetime
    platform: str | None = None
    channel: str = Channel.DEPARTMENT.value
    program: str | None = None
