"""What does a signer take home? Everything they were shown, chose and signed, and by what it can be checked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consent.domain.form_sheets import FormSheet
from consent.domain.signatures import Signature
from consent.domain.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Seal:
    """The leaf of one record in the ledger: SHA-256 of a salt and of all that was sealed."""

    record: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that the copy carries within it; its name is ASCII."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """As it was sealed, never from names of today. `signed_at` is in the registry's time zone.

    `checkpoint` is the ledger's length and root when the copy was drawn, and `proofs` are by what it proves itself.
    """

    reference: str
    language: Language
    department: str
    signer: str
    signed_at: datetime
    sheet: FormSheet
    signature: Signature
    seals: tuple[Seal, ...]
    status_address: str | None = None
    checkpoint: str = ""
    proofs: tuple[Attached, ...] = ()
    demo: bool = False
    scan_sha256: str = ""
    """Of the paper that was signed by hand; empty for a signature on a screen."""


class Standing(StrEnum):
    """What became of a signed record, as the holder of its copy may know it: of whom it speaks is not told."""

    CONFIRMED = "confirmed"
    ENDED = "ended"
    REJECTED = "rejected"
    VOIDED = "voided"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RecordState:
    record: str
    standing: Standing
    at: datetime | None
