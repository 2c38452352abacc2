"""What does the certificate of a clearance say? What was cleared, for whom, when and on what it rests."""

from dataclasses import dataclass
from datetime import datetime

from consent.domain.gate_facts import ChecklistItem, LimitKind
from consent.domain.vocabulary import Media, Use


@dataclass(frozen=True, slots=True)
class Certified:
    """One person in it, and the signed records that each allow rests on."""

    name: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CertifiedCapture:
    media: Media
    at: datetime
    by: str
    device: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """Instants are on the registry's clock. `position` is the entry of the ledger that has all of it."""

    number: str
    url: str
    department: str
    what: str
    platform: str
    account: str
    program: str | None
    uses: tuple[Use, ...]
    posting_at: datetime
    decided_at: datetime
    decided_by: str
    headcount: int
    people: tuple[Certified, ...]
    captures: tuple[CertifiedCapture, ...]
    checklist: tuple[ChecklistItem, ...]
    limits: tuple[tuple[LimitKind, tuple[str, ...]], ...]
    position: int
    demo: bool = False
