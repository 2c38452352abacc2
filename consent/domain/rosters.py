"""What does a roster say of each person, and in which of its three parts do they stand?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from consent.domain.decision import Verdict, decide_at_each, instants_through
from consent.domain.facts import Facts, Question
from consent.domain.positions import covers_every_platform, names
from consent.domain.vocabulary import Reason, Use

ROSTER_USES: Final = (Use.RECORD, Use.PHOTO, Use.VIDEO, Use.NAME, Use.TAG)
"""What is asked about on paper: the things that happen while people are together."""

BEFORE_ANY_PLATFORM: Final = frozenset({Use.RECORD, Use.VIDEO})
"""A recording is asked about apart from any platform, and a video needs it."""


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


def answers_through(facts: Facts, question: Question, *, until: datetime) -> dict[Use, Verdict]:
    """The answer to each use of a roster, good until that instant. Of what was said alike, one is decided for all."""
    instants = instants_through(facts, question.at, until=until)
    everywhere = len(instants) == 1 and covers_every_platform(facts, question.at)
    decided: dict[tuple[object, ...], Verdict] = {}
    answers: dict[Use, Verdict] = {}
    for use in ROSTER_USES:
        said = _said(facts, use)
        if use is Use.VIDEO and (shown := decided.get(said)) and shown.allowed and answers[Use.RECORD].allowed:
            answers[use] = _both(answers[Use.RECORD], shown)
            continue
        if use in BEFORE_ANY_PLATFORM and not (use is Use.RECORD and everywhere):
            said = (use, *said)
        if said not in decided:
            decided[said] = decide_at_each(facts, question._replace(use=use.value), instants)
        answers[use] = decided[said]
    return answers


def _both(recorded: Verdict, shown: Verdict) -> Verdict:
    return shown._replace(basis=tuple(sorted({*recorded.basis, *shown.basis})))


def _said(facts: Facts, use: Use) -> tuple[object, ...]:
    """All that tells one use of a patron from another: each record's answer, and which withdrawals name it."""
    answers = [consent.answers.get(use) for consent in facts.consents]
    return (*answers, *[names(withdrawal, use) for withdrawal in facts.withdrawals])


def section(marks: Mapping[Use, Mark]) -> Section:
    """A person may be photographed only on an OK for photos; a mark that is missing is NOT ASKED."""
    if marks.get(Use.PHOTO) is not Mark.OK:
        return Section.DO_NOT_PHOTOGRAPH
    if any(marks.get(use) is not Mark.OK for use in ROSTER_USES):
        return Section.LIMITS
    return Section.OK
