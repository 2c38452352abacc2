"""What does a blank paper form say? Everything that the screen does, with lines to write on and boxes to tick.

Its code names the form, the version and the language, so that whoever enters it chooses none of them by hand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from urllib.parse import quote, unquote

from consent.domain.form_sheets import Section
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Language, Use

MOST_ON_PAPER: Final = 3
"""So many people have a column on one sheet."""
CODE: Final = re.compile(r"FORM/(?P<form>[^/\s]{1,800})/(?P<version>[0-9]{1,18})/(?P<language>en|es)", re.IGNORECASE)


class NoFormCode(ConsentError):
    """What was scanned or typed is not the code of a paper form."""


class FormState(StrEnum):
    """Whether a version is given out today. What was signed on a retired one counts, on a withdrawn one it does not."""

    IN_USE = "in-use"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class FormCode:
    """Which form, in which version and language."""

    form: str
    version: int
    language: Language

    @property
    def text(self) -> str:
        """As it stands on the paper, in a QR code and in letters."""
        return f"FORM/{quote(self.form, safe='')}/{self.version}/{self.language.value}"

    @classmethod
    def read(cls, text: str) -> "FormCode":
        """From what a scanner types, be it behind what stood in the field before. Raises NoFormCode."""
        found = CODE.fullmatch(text[max(0, text.upper().rfind("FORM/")) :].strip())
        if found is None:
            raise NoFormCode("This is not the code of a paper form.")
        return cls(unquote(found["form"]), int(found["version"]), Language(found["language"].lower()))


@dataclass(frozen=True, slots=True)
class BlankForm:
    """One version in one language, ready to print. `uses` and `platforms` are those of the boxes."""

    code: FormCode
    state: FormState
    ended_on: date | None
    department: str
    title: str
    uses: tuple[Use, ...]
    platforms: Mapping[str, str]
    this_form: Section
    terms: tuple[Section, ...]
    demo: bool = False
