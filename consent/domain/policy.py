"""What does somebody sign who acknowledges the policy?"""

from dataclasses import dataclass
from datetime import date, datetime

from consent.domain.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """For the paper in the employee's file. `at` is in the registry's time zone."""

    department: str
    number: str
    version: str
    reference: str
    in_force_from: date
    text_sha256: str
    name: str
    signed_as: str
    at: datetime
    language: Language
    demo: bool = False
