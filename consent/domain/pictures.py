"""What is said inside a picture that was cleared, and which files are no such picture?"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from consent.domain.refusals import ConsentError

MEBIBYTE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * MEBIBYTE
MOST_POINTS: Final = 26_000_000


class PictureRefused(ConsentError):
    """A file that comes back without a stamp; nothing of it was kept."""


class PictureMissing(PictureRefused):
    """No file, or an empty one."""


class PictureIsHeic(PictureRefused):
    """As some phones take them; most platforms and browsers cannot read it."""


class PictureOfOtherType(PictureRefused):
    """By its content it is no JPEG, PNG or WebP, whatever its name says."""


class PictureMoves(PictureRefused):
    """More than one picture in the file: the limits of a video are others."""


class PictureTooLarge(PictureRefused):
    """More bytes or points than are decoded here."""


class PictureUnreadable(PictureRefused):
    """Broken or cut short."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the picture says of its clearance. `named` are adults who agreed to be named, and nobody else.

    `terms` say in each language what it was cleared for, the first of them wherever a reader asks for another one.
    """

    number: str
    statement_url: str
    terms: tuple[tuple[str, str], ...]
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class StampedPicture:
    """What is given back, and the SHA-256 of what was sent."""

    content: bytes
    kind: str
    sent_sha256: str

    @property
    def mimetype(self) -> str:
        return f"image/{self.kind}"

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
