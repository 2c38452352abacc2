"""At which instants could the answer change? Every dated fact counts."""

from collections.abc import Iterator
from datetime import datetime

from consent.domain.facts import Facts
from consent.domain.majority import majority


def turning_points(facts: Facts, *, after: datetime) -> list[datetime]:
    """The dated facts later than that instant, in order. Between two of them no answer changes."""
    return sorted({at for at in _dates(facts) if at is not None and at > after})


def _dates(facts: Facts) -> Iterator[datetime | None]:
    yield majority(facts)
    for consent in facts.consents:
        yield from (consent.signed_at, consent.witnessed_at, consent.expires_at)
        yield from (consent.form_withdrawn_at, consent.voided_at)
    for withdrawal in facts.withdrawals:
        yield from (withdrawal.at, withdrawal.voided_at)
    for guardianship in facts.guardianships:
        yield from (guardianship.since, guardianship.until)
    for hold in facts.holds:
        yield from (hold.since, hold.until)
    for platform in facts.platforms.values():
        yield from (platform.approved_from, platform.approved_until)
