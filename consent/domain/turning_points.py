"""At which instants could the answer change? Every dated fact counts."""

from datetime import datetime

from consent.domain.facts import Facts
from consent.domain.majority import majority


def turning_points(facts: Facts, *, after: datetime) -> list[datetime]:
    """The dated facts later than that instant, in order. Between two of them no answer changes."""
    return sorted({at for at in _dates(facts) if at is not None and at > after})


def turns_before(facts: Facts, *, after: datetime, before: datetime) -> bool:
    """Whether any answer could change between the two."""
    return any(at is not None and after < at < before for at in _dates(facts))


def _dates(facts: Facts) -> list[datetime | None]:
    dates = [majority(facts)]
    for consent in facts.consents:
        dates += (consent.signed_at, consent.witnessed_at, consent.expires_at)
        dates += (consent.form_withdrawn_at, consent.voided_at)
    for withdrawal in facts.withdrawals:
        dates += (withdrawal.at, withdrawal.voided_at)
    for guardianship in facts.guardianships:
        dates += (guardianship.since, guardianship.until)
    for hold in facts.holds:
        dates += hold
    for platform in facts.platforms.values():
        dates += platform
    return dates
