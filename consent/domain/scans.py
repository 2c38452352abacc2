"""What is kept of a paper that somebody signed? Its pages as pictures, drawn anew, under one SHA-256."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from consent.domain.refusals import ConsentError

MEBIBYTE: Final = 1024 * 1024
MOST_BYTES: Final = 10 * MEBIBYTE
MOST_PAGES: Final = 8


class ScanRefused(ConsentError):
    """A file that cannot be kept as a scan; nothing of it was kept."""


class ScanMissing(ScanRefused):
    """No file, or an empty one."""


class ScanOfOtherType(ScanRefused):
    """By its content it is no PDF, JPEG or PNG, whatever its name says."""


class ScanTooLarge(ScanRefused):
    """More bytes, points or pages than any scan of a form has."""


class ScanTooSmall(ScanRefused):
    """Nobody could read what was ticked."""


class ScanLocked(ScanRefused):
    """A PDF that wants a password."""


class ScanUnreadable(ScanRefused):
    """Broken, cut short, or not to be read in any reasonable time."""


@dataclass(frozen=True)
class Scan:
    """A PDF of our own making: one picture for each page and nothing else."""

    content: bytes
    pages: int

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
