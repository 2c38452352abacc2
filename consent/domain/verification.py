"""What can be found wrong with the registry's records, and what was verified?"""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

AT_LEAST_EVERY = timedelta(hours=25)


class Finding(NamedTuple):
    """One record that does not match, and how."""

    record: str
    what: str

    def __str__(self) -> str:
        return f"{self.record}: {self.what}"


class ErasedByOrder(NamedTuple):
    """How many rows an order of two people emptied."""

    order: int
    records: int

    def __str__(self) -> str:
        return f"{self.records:,} records erased by order {self.order}, approved by two people."


@dataclass(frozen=True, slots=True)
class Verified:
    """What was recomputed, and whatever did not match. No root where an entry is gone."""

    entries: int
    rows: int
    root: bytes | None
    findings: tuple[Finding, ...]
    erased: tuple[ErasedByOrder, ...] = ()

    @property
    def all_matches(self) -> bool:
        return not self.findings
