"""What does somebody take home who has taken a permission back? One page that says so, in both languages.

It names whoever asked, and nobody else: a slip is left on counters and in cars.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel.dates import format_datetime

from consent.documents.letter import LETTER, draw_demo_mark
from consent.documents.lettering import LEADING, draw_line, wrap
from consent.documents.runs import tidy
from consent.documents.tagging import Paper, in_language
from consent.domain.slips import WithdrawalSlip
from consent.domain.vocabulary import Language
from consent.wording import USES, _, say

TITLE: Final = _("Permission taken back")
DEPARTMENT: Final = _("Department")
REFERENCE: Final = _("Reference number")
WHAT: Final = _("What was taken back")
EVERYTHING: Final = _("Everything")
WHEN: Final = _("From when it counts")
BY: Final = _("By whom")
THEMSELF: Final = _("The person themself")
PROMISE: Final = _("Nothing more will be posted. What is online is being taken down.")
KEEP: Final = _("Keep this slip. Whoever took a permission back can give one again at the front desk.")

LEFT, RIGHT, TOP = 54.0, 558.0, 738.0
LABEL_SIZE: Final = 10.5
SIZE: Final = 14.0
TITLE_SIZE: Final = 24.0


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing said, and how it is read."""

    text: str
    size: float
    tag: str = "P"
    bold: bool = False
    gap: float = 0


def draw_slip(slip: WithdrawalSlip) -> bytes:
    """A tagged Letter page; English above, Spanish below."""
    title = f"{say(TITLE)}, {slip.reference}"
    paper = Paper(LETTER, title=title, language=Language.ENGLISH, author=tidy(slip.department))
    if slip.demo:
        draw_demo_mark(paper)
    y = TOP
    for language in Language:
        y = _draw_part(paper, slip, language, y) - 34
    paper.showPage()
    return paper.finished()


def _draw_part(paper: Paper, slip: WithdrawalSlip, language: Language, y: float) -> float:
    """One language from `y` down; gives where it ends. English is the language of the document itself."""
    with paper.artifact():
        paper.setLineWidth(2)
        paper.line(LEFT, y, RIGHT, y)
    y -= 10
    spoken = in_language(language) if language is not Language.ENGLISH else ""
    for line in _lines(slip, language):
        for text in wrap(line.text, line.size, RIGHT - LEFT, bold=line.bold):
            y -= line.size * LEADING
            with paper.content(line.tag, spoken):
                draw_line(paper, LEFT, y + line.size * 0.2, text, line.size, bold=line.bold)
        y -= line.gap
    return y


def _lines(slip: WithdrawalSlip, language: Language) -> Iterator[_Line]:
    yield _Line(say(TITLE, language), TITLE_SIZE, "H1" if language is Language.ENGLISH else "H2", bold=True, gap=8)
    for label, value in _facts(slip, language):
        yield _Line(label, LABEL_SIZE)
        yield _Line(value, SIZE, bold=True, gap=7)
    yield _Line(say(PROMISE, language), SIZE, bold=True, gap=4)
    yield _Line(say(KEEP, language), LABEL_SIZE)


def _facts(slip: WithdrawalSlip, language: Language) -> Iterator[tuple[str, str]]:
    uses = ", ".join(say(USES[use], language) for use in slip.uses)
    yield say(DEPARTMENT, language), tidy(slip.department)
    yield say(REFERENCE, language), slip.reference
    yield say(WHAT, language), uses or say(EVERYTHING, language)
    yield say(WHEN, language), _time(slip.withdrawn_at, language)
    yield say(BY, language), tidy(slip.by) if slip.by else say(THEMSELF, language)


def _time(instant: datetime, language: Language) -> str:
    return tidy(format_datetime(instant, "medium", tzinfo=instant.tzinfo, locale=language))
