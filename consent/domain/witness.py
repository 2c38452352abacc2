"""Is this the person who was typed, and for how long does a guardian's authority stand that the desk has seen?"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from consent.domain.majority import midnight
from consent.domain.signing import name_key


class Likeness(StrEnum):
    """How far what was typed and what is on file agree, in one respect."""

    SAME = "same"
    SPELLING = "spelling"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Compared:
    """A typed person beside somebody on file. Nobody is ever merged for being alike."""

    first_name: Likeness
    last_name: Likeness
    born: Likeness = Likeness.SAME

    @property
    def exact(self) -> bool:
        return {self.first_name, self.last_name, self.born} == {Likeness.SAME}

    @property
    def maybe_a_twin(self) -> bool:
        """Born on the same day into a family of the same name, and called otherwise."""
        return (
            self.born is Likeness.SAME
            and self.first_name is Likeness.DIFFERENT
            and self.last_name in {Likeness.SAME, Likeness.SPELLING}
        )

    @property
    def distance(self) -> int:
        """To offer the nearest first."""
        far = {Likeness.SAME: 0, Likeness.SPELLING: 1, Likeness.UNKNOWN: 3, Likeness.DIFFERENT: 6}
        return far[self.first_name] + far[self.last_name] + far[self.born]


def compare_names(typed: str, on_file: str) -> Likeness:
    if _tidy(typed) == _tidy(on_file):
        return Likeness.SAME
    return Likeness.SPELLING if name_key(typed, "") == name_key(on_file, "") else Likeness.DIFFERENT


def compare_days(typed: date | None, on_file: date | None) -> Likeness:
    if typed is None or on_file is None:
        return Likeness.UNKNOWN
    return Likeness.SAME if typed == on_file else Likeness.DIFFERENT


def authority_from(signed_at: datetime, others: Iterable[tuple[datetime, datetime | None]], zone: tzinfo) -> datetime:
    """From the start of the local day: whoever signs twice on one day is covered, whichever is witnessed first.

    Never before another authority of the same two people ended.
    """
    ended = [until for _, until in others if until is not None and until <= signed_at]
    return max([midnight(signed_at.astimezone(zone).date(), zone), *ended])


def authority_until(
    signed_at: datetime, others: Iterable[tuple[datetime, datetime | None]], until: datetime | None
) -> datetime | None:
    """No later than another authority of the same two people begins: two of one pair never overlap."""
    ends = [since for since, _ in others if since > signed_at]
    return min([*ends, until] if until else ends, default=None)


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split()))
