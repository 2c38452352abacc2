"""What does somebody hold who must show that a post was cleared? Its certificate, with a code that leads to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel.dates import format_datetime

from consent.documents.letter import LETTER, draw_demo_mark
from consent.documents.lettering import LEADING, draw_line, wrap
from consent.documents.qr import draw_qr, qr_matrix, quiet_zone
from consent.documents.runs import tidy
from consent.documents.tagging import Paper, in_words
from consent.domain.certificates import Certificate
from consent.wording import USES, _, say
from consent.wording_gate import CHECKLIST_ITEMS, LIMITS, MEDIA

TITLE: Final = _("Certificate of clearance")
NUMBER: Final = _("Number")
DEPARTMENT: Final = _("Department")
WHAT: Final = _("What was cleared")
WHERE: Final = _("Where")
PROGRAM: Final = _("Program")
USED: Final = _("What is to be done")
WHEN: Final = _("To be posted at")
DECIDED: Final = _("Cleared by")
RECORDED: Final = _("What was recorded")
PEOPLE: Final = _("Who is in it")
NOBODY: Final = _("Nobody")
RESTS_ON: Final = _("rests on %(records)s")
CONFIRMED: Final = _("What was confirmed")
LIMITED: Final = _("Limits")
LEDGER: Final = _("All of this is sealed in entry %(position)d of the ledger.")
STANDING: Final = _("It says what was so then. Scan the code to see whether it is still so: only that counts.")
CODE: Final = _("Code that leads to this clearance")

LEFT, RIGHT, TOP, BOTTOM = 54.0, 558.0, 738.0, 60.0
CODE_SIDE: Final = 92.0
LABEL_SIZE: Final = 10.5
SIZE: Final = 12.5
TITLE_SIZE: Final = 24.0
NUMBER_SIZE: Final = 16.0


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing said, and how it is read."""

    text: str
    size: float = SIZE
    tag: str = "P"
    bold: bool = False
    gap: float = 0


def draw_certificate(certificate: Certificate, language: str) -> bytes:
    """Tagged Letter pages, as many as the people in it take."""
    title = f"{say(TITLE, language)}, {certificate.number}"
    paper = Paper(LETTER, title=title, language=language, author=tidy(certificate.department))
    _begin_page(paper, certificate, language)
    matrix = qr_matrix(certificate.url)
    with paper.content("Figure", in_words(say(CODE, language))):
        draw_qr(paper, matrix, RIGHT - CODE_SIDE, TOP - CODE_SIDE, CODE_SIDE)
    beside_code, y = TOP - CODE_SIDE - quiet_zone(matrix, CODE_SIDE), TOP
    for line in _lines(certificate, language):
        # Beside the code, lines end before its quiet zone.
        width = RIGHT - LEFT - (CODE_SIDE + 24 if y > beside_code and paper.getPageNumber() == 1 else 0)
        for text in wrap(line.text, line.size, width, bold=line.bold):
            y -= line.size * LEADING
            if y < BOTTOM:
                paper.showPage()
                _begin_page(paper, certificate, language)
                y = TOP - line.size * LEADING
            with paper.content(line.tag):
                draw_line(paper, LEFT, y + line.size * 0.2, text, line.size, bold=line.bold)
        y -= line.gap
    paper.showPage()
    return paper.finished()


def _begin_page(paper: Paper, certificate: Certificate, language: str) -> None:
    if certificate.demo:
        draw_demo_mark(paper, language)
    with paper.artifact():
        foot = f"{certificate.number} · {paper.getPageNumber()}"
        draw_line(paper, LEFT, BOTTOM - 24, foot, LABEL_SIZE)


def _lines(certificate: Certificate, language: str) -> Iterator[_Line]:
    yield _Line(say(TITLE, language), TITLE_SIZE, "H1", bold=True, gap=8)
    yield _Line(say(NUMBER, language), LABEL_SIZE)
    yield _Line(certificate.number, NUMBER_SIZE, bold=True, gap=7)
    for label, values in _facts(certificate, language):
        yield _Line(say(label, language), LABEL_SIZE)
        for place, value in enumerate(values, start=1):
            yield _Line(tidy(value), bold=True, gap=7 if place == len(values) else 1)
    yield _Line(say(LEDGER, language, position=certificate.position), LABEL_SIZE, gap=4)
    yield _Line(say(STANDING, language), LABEL_SIZE)


def _facts(certificate: Certificate, language: str) -> Iterator[tuple[str, list[str]]]:
    yield DEPARTMENT, [certificate.department]
    yield WHAT, [certificate.what]
    yield WHERE, [f"{certificate.platform}: {certificate.account}"]
    if certificate.program:
        yield PROGRAM, [certificate.program]
    if certificate.uses:
        yield USED, [", ".join(say(USES[use], language) for use in certificate.uses)]
    yield WHEN, [_time(certificate.posting_at, language)]
    yield DECIDED, [f"{certificate.decided_by}, {_time(certificate.decided_at, language)}"]
    if certificate.captures:
        yield (
            RECORDED,
            [
                f"{say(MEDIA[made.media], language)}: {_time(made.at, language)}, {made.by}, {made.device}"
                for made in certificate.captures
            ],
        )
    yield PEOPLE, [*_people(certificate, language)] or [say(NOBODY, language)]
    for kind, names in certificate.limits:
        yield LIMITED, [f"{say(LIMITS[kind], language)}: {', '.join(names)}"]
    yield CONFIRMED, [say(CHECKLIST_ITEMS[item], language) for item in certificate.checklist]


def _people(certificate: Certificate, language: str) -> Iterator[str]:
    for person in certificate.people:
        yield f"{person.name} ({say(RESTS_ON, language, records=', '.join(person.records))})"


def _time(instant: datetime, language: str) -> str:
    return tidy(format_datetime(instant, "medium", tzinfo=instant.tzinfo, locale=language))
