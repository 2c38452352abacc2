"""What does a roster say of each person, and in which of its three parts do they stand?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from consent.domain.decision import Verdict
from consent.domain.vocabulary import Reason, Use

ROSTER_USES: Final = (Use.RECORD, Use.PHOTO, Use.VIDEO, Use.NAME, Use.TAG)
"""What is asked about on paper: the things that happen while people are together."""


class Mark(StrEnum):
    """What may be done, in the three words that a counselor reads. NOT_ASKED is no permission either."""

    OK = "ok"
    NOT_OK = "not-ok"
    NOT_ASKED = "not-asked"


class Section(StrEnum):
    """The parts of a roster, in the order in which they are printed."""

    DO_NOT_PHOTOGRAPH = "do-not-photograph"
    LIMITS = "limits"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person as the paper shows them; the name is written as the sheet is sorted."""

    name: str
    marks: Mapping[Use, Mark]
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one printed roster shows. `printed_at` is in the registry's time zone; `rows` are in the printed order,
    `rules` are (where, what) in the language of the paper.

    `url` tells whether this very sheet is out of date; upper case keeps its QR code coarse.
    """

    program: str
    department: str
    valid_on: date
    printed_at: datetime
    printed_by: str
    serial: str
    url: str
    rows: tuple[SheetRow, ...]
    by_last_name: bool = True
    rules: tuple[tuple[str, str], ...] = ()
    checkpoint: str = ""
    demo: bool = False


def mark(verdict: Verdict) -> Mark:
    """Only somebody about whom nothing was ever signed was not asked; every other deny is a plain NOT OK."""
    if verdict.allowed:
        return Mark.OK
    return Mark.NOT_ASKED if verdict.reason is Reason.NO_RECORD else Mark.NOT_OK


def section(marks: Mapping[Use, Mark]) -> Section:
    """A person may be photographed only on an OK for photos; a mark that is missing is NOT ASKED."""
    if marks.get(Use.PHOTO) is not Mark.OK:
        return Section.DO_NOT_PHOTOGRAPH
    if any(marks.get(use) is not Mark.OK for use in ROSTER_USES):
        return Section.LIMITS
    return Section.OK
