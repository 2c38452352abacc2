"""What does a consent card say? Whose record to open, and nothing of what the record says."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Card:
    """What one card shows. `code` is 26 Crockford characters; `url` is upper case, so that its QR code stays coarse."""

    first_name: str
    last_initial: str
    url: str
    code: str
    department: str
    issued_on: date
    season: str = ""
    expires_on: date | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is, and at which address its codes are answered."""

    department: str
    base_url: str
    demo: bool = False

    def address(self, *parts: str) -> str:
        """An address for a QR code: upper case, so that it fits the coarser alphanumeric mode."""
        return "/".join((self.base_url.rstrip("/"), *parts)).upper()
