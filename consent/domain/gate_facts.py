"""What must the gate know before something is posted, and what is asked of it?

Every instant is in UTC and every interval half-open, as in `consent.domain.facts`: whatever is said in days ends with
the first instant after its last day, and whatever was revoked ends then, if that is earlier. Staff, accounts, rules and
people are named by keys; a key that nothing is known of is answered too, with a no.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from consent.domain.authorizations import AccessLevel
from consent.domain.facts import Facts, Platform
from consent.domain.vocabulary import Channel, Media, Use

DEPARTMENT: Final = None
"""The owner of the department's own accounts; an employee's own account is theirs by their key."""


class ChecklistItem(StrEnum):
    """What whoever posts has looked at themself (policy 6.5, II.d and III.h)."""

    NOTHING_CONFIDENTIAL = "nothing-confidential"
    NO_PRIVATE_DATA = "no-private-data"
    NO_NON_PUBLIC_PREMISES = "no-non-public-premises"
    LINKS_LOOKED_AT = "links-looked-at"


class LimitKind(StrEnum):
    """What an allow still forbids: somebody may be shown, but not everything may be done with them."""

    NOT_NAMED = "not-named"
    NOT_TAGGED = "not-tagged"
    NOT_ELSEWHERE = "not-elsewhere"


class Limit(NamedTuple):
    kind: LimitKind
    person: str


class Account(NamedTuple):
    """An account on a platform, the department's or one employee's own, as a director approved it (II.b, II.c)."""

    platform: str
    approved_from: datetime
    approved_until: datetime | None = None
    owner: str | None = DEPARTMENT

    @property
    def channel(self) -> Channel:
        return Channel.DEPARTMENT if self.owner is DEPARTMENT else Channel.PERSONAL


class Authorization(NamedTuple):
    """A director agreed that somebody posts on a platform, at that level (II.b)."""

    staff: str
    platform: str
    level: AccessLevel
    since: datetime
    until: datetime | None = None


class Training(NamedTuple):
    """Social-media training that somebody had, and how long it is good for (II.e)."""

    staff: str
    since: datetime
    until: datetime | None = None


class PolicyVersion(NamedTuple):
    """The policy as it reads from then on, until a later version (II.a)."""

    version: str
    since: datetime


class Acknowledgement(NamedTuple):
    """Somebody signed that they have read that version of the policy (III.j)."""

    staff: str
    version: str
    at: datetime


class RecordingAuthorization(NamedTuple):
    """A supervisor lets somebody else record with that device, those media, in that window (IV.a.iii).

    One given after the recording does not cover it. No program means every program.
    """

    supervisor: str
    staff: str
    device: str
    media: frozenset[Media]
    given_at: datetime
    since: datetime
    until: datetime | None = None
    program: str | None = None


class Rule(NamedTuple):
    """What a platform or a work area does not allow, as a director approved it (IV.a.iv). None stands for every one."""

    id: str
    forbids: frozenset[Use]
    since: datetime
    until: datetime | None = None
    platform: str | None = None
    program: str | None = None
    minors_only: bool = False


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that bears on one clearance. `people` are those in it, each with the facts that `decide` reads."""

    platforms: dict[str, Platform] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    authorizations: tuple[Authorization, ...] = ()
    trainings: tuple[Training, ...] = ()
    policy_versions: tuple[PolicyVersion, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    recordings: tuple[RecordingAuthorization, ...] = ()
    rules: tuple[Rule, ...] = ()
    people: dict[str, Facts] = field(default_factory=dict)


class Capture(NamedTuple):
    """A picture, film or voice that is to be posted: who made it, with which device, and when."""

    media: Media
    at: datetime
    staff: str
    device: str


@dataclass(frozen=True, slots=True)
class Asked:
    """May this employee post this there? `at` is now; without `planned_at` it is to be posted now.

    `unidentified` counts those in the picture whom nobody knows. `seen` are the limits ticked, one by one.
    """

    staff: str
    platform: str
    account: str
    at: datetime
    people: frozenset[str]
    headcount: int
    uses: frozenset[Use] = frozenset()
    captures: tuple[Capture, ...] = ()
    planned_at: datetime | None = None
    program: str | None = None
    unidentified: int = 0
    checklist: frozenset[ChecklistItem] = frozenset()
    seen: frozenset[Limit] = frozenset()

    @property
    def posted_at(self) -> datetime:
        """The instant at which everything must be in force."""
        return self.planned_at or self.at
