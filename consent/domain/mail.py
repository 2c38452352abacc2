"""What does the registry mail, when is it tried again, and when is it given up?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from consent.domain.vocabulary import Language

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440))
"""After each try that failed for the moment; after the last of them it is given up."""


class MailKind(StrEnum):
    CHECKPOINT = "checkpoint"
    SIGNED_COPY = "signed-copy"


class MailState(StrEnum):
    GIVEN_UP = "given-up"
    SENT = "sent"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to be written. It names no child: a mail is read by more machines than its reader's."""

    kind: MailKind
    to: str
    sender: str
    department: str
    language: Language
    reference: str = ""
    text: str = ""
    paper: bytes = b""


def next_try(tries: int, now: datetime) -> datetime | None:
    """When it is tried again after that many failed tries; None when it is given up."""
    return now + PAUSES[tries - 1] if tries <= len(PAUSES) else None
