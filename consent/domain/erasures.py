"""When may somebody's personal data be erased, and which events of the ledger tell it?

What was signed outlives a permission by the years that the city's retention schedule names: a claim may be made years
after the last one ended, and its time does not run while the claimant is a minor (A.R.S. 12-502).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any, Final

from consent.domain.events import EventKind
from consent.domain.exchange.lines import LineType
from consent.domain.facts import Consent, Facts
from consent.domain.majority import birthday, majority, midnight
from consent.domain.vocabulary import Answer

ERASED: Final = "—"
"""Stands where a text was that may not be empty."""
Named = tuple[str, str]
"""The type and the id of what an event is about."""


class Obstacle(StrEnum):
    """What stands against an erasure. A hold forbids it; in spite of the others a second person may agree."""

    HOLD = "hold"
    IN_FORCE = "in-force"
    RETENTION = "retention"
    WAITING = "waiting"


FORBIDS: Final = frozenset({Obstacle.HOLD, Obstacle.WAITING})
"""Nobody agrees in spite of these: the hold is lifted first, and the desk confirms or rejects what waits for it."""

TELLS_OF_PEOPLE: Final = frozenset(
    {
        EventKind.CONSENT_SIGNED,
        EventKind.CONSENT_VOIDED,
        EventKind.GUARDIAN_ADDED,
        EventKind.GUARDIAN_CHANGED,
        EventKind.GUARDIANSHIP_ENDED,
        EventKind.HOLD_ENDED,
        EventKind.HOLD_PLACED,
        EventKind.PATRON_ADDED,
        EventKind.PATRON_CHANGED,
        EventKind.SIGNING_REJECTED,
        EventKind.VOIDING_REQUESTED,
        EventKind.WITHDRAWAL_VOIDED,
    }
)
"""Kinds whose content may hold a name, a birth date, a contact, or what somebody wrote about a person."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against an erasure now; `until` is when the retention ends."""

    obstacles: tuple[Obstacle, ...] = ()
    until: datetime | None = None

    @property
    def forbidden(self) -> bool:
        return bool(FORBIDS.intersection(self.obstacles))

    @property
    def needs_a_reason(self) -> bool:
        return bool(self.obstacles)


def standing(facts: Facts, *, waits: bool, retention_years: int, now: datetime) -> Standing:
    ends = {consent.id: end_of(consent, facts) for consent in facts.consents}
    until = kept_until(facts, retention_years=retention_years)
    against = {
        Obstacle.HOLD: any(hold.until is None or hold.until > now for hold in facts.holds),
        Obstacle.WAITING: waits,
        Obstacle.IN_FORCE: any(
            ends[consent.id] is None or ends[consent.id] > now  # type: ignore[operator]  # None was asked about first
            for consent in facts.consents
            if Answer.YES in consent.answers.values()
        ),
        Obstacle.RETENTION: until is not None and until > now,
    }
    return Standing(tuple(obstacle for obstacle, stands in against.items() if stands), until)


def kept_until(facts: Facts, *, retention_years: int) -> datetime | None:
    """So many years after the last permission ended and the patron came of age; nothing signed, nothing kept."""
    said = [
        *(end_of(consent, facts) or consent.signed_at for consent in facts.consents),
        *(withdrawal.at for withdrawal in facts.withdrawals),
    ]
    of_age = majority(facts)
    if not said:
        return None
    return years_after(max([*said, *([of_age] if of_age else [])]), retention_years, facts.zone)


def end_of(consent: Consent, facts: Facts) -> datetime | None:
    """When it was over as a whole: expired, voided, taken back in every use, or signed for somebody now of age."""
    taken_back = [
        withdrawal.at
        for withdrawal in facts.withdrawals
        if withdrawal.uses is None and withdrawal.voided_at is None and withdrawal.at >= consent.signed_at
    ]
    of_age = majority(facts) if consent.signer is not None else None
    ends = [end for end in (consent.expires_at, consent.voided_at, of_age, *taken_back) if end is not None]
    return min(ends) if ends else None


def years_after(instant: datetime, years: int, zone: tzinfo) -> datetime | None:
    """The local midnight of that anniversary; None past the calendar's end."""
    day = birthday(instant.astimezone(zone).date(), years)
    return midnight(day, zone) if day else None


def told_about(content: Mapping[str, Any]) -> Named:
    """What an event that tells of people is about; what was sealed at a kiosk names no type, and is a consent."""
    kind = content.get("type", LineType.CONSENT.value)
    if kind == LineType.GUARDIANSHIP:
        return LineType.PATRON.value, content["patron"]
    return kind, content["id"]
