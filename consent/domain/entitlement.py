"""Whose word counts? (DECISION: a minor's guardians, the patron of age, and a patron's own no at any age.)"""

from datetime import datetime
from typing import NamedTuple

from consent.domain.facts import SELF, Facts, Guardianship, Signer
from consent.domain.majority import majority


def covers(since: datetime, until: datetime | None, at: datetime) -> bool:
    """Half-open: the first instant is inside, the last is not."""
    return since <= at and (until is None or at < until)


class Entitlement(NamedTuple):
    """Who may say yes or no for one patron at one instant."""

    facts: Facts
    at: datetime
    of_age_from: datetime | None

    @classmethod
    def at_instant(cls, facts: Facts, at: datetime) -> "Entitlement":
        return cls(facts, at, majority(facts))

    def of_age(self, at: datetime) -> bool:
        return self.of_age_from is not None and self.of_age_from <= at

    def no_counts(self, signer: Signer) -> bool:
        if signer is SELF:
            return True
        of_age = self.of_age(self.at)
        return any(
            guardianship.guardian == signer
            and covers(guardianship.since, guardianship.until, self.at)
            and (guardianship.beyond_majority or not of_age)
            for guardianship in self.facts.guardianships
        )

    def yes_counts(self, signer: Signer, signed_at: datetime) -> bool:
        if signer is SELF:
            return self.of_age(signed_at) and not self._under_lasting_order(signed_at)
        of_age = self.of_age(self.at)
        return any(guardianship.beyond_majority or not of_age for guardianship in self._authority(signer, signed_at))

    def lapsed_by_age_only(self, signer: Signer, signed_at: datetime) -> bool:
        """A guardian's yes that does not count, only because the patron is of age."""
        return signer is not SELF and self.of_age(self.at) and bool(self._authority(signer, signed_at))

    def _authority(self, signer: Signer, signed_at: datetime) -> list[Guardianship]:
        """The guardianships under which this guardian both signed and still stands."""
        return [
            guardianship
            for guardianship in self.facts.guardianships
            if guardianship.guardian == signer
            and covers(guardianship.since, guardianship.until, signed_at)
            and covers(guardianship.since, guardianship.until, self.at)
        ]

    def _under_lasting_order(self, signed_at: datetime) -> bool:
        return any(
            guardianship.beyond_majority
            and any(covers(guardianship.since, guardianship.until, at) for at in (signed_at, self.at))
            for guardianship in self.facts.guardianships
        )
