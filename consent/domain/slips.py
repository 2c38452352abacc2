"""What does somebody take home who has just taken a permission back?"""

from dataclasses import dataclass
from datetime import datetime

from consent.domain.vocabulary import Use


@dataclass(frozen=True, slots=True)
class WithdrawalSlip:
    """What the slip shows, and no more: no uses stand for every use, no name for the person themself."""

    reference: str
    withdrawn_at: datetime
    by: str | None
    uses: tuple[Use, ...]
    department: str
    demo: bool = False
