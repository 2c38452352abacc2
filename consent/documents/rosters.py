"""What does the roster print, for a counselor outside with no phone? Who may not be photographed comes first.

Letter paper, black and white, no letter under 11 points: words and symbols, never colors.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from babel.dates import format_date, format_time
from reportlab.lib.units import inch

from consent.documents.letter import DEMO, LETTER, draw_demo_mark
from consent.documents.lettering import LEADING, draw_line, width_of, wrap
from consent.documents.qr import draw_qr, qr_matrix
from consent.documents.rosters_pages import LEFT, RIGHT, Block, height_of, paginate
from consent.documents.rosters_table import TEXT, Table
from consent.documents.runs import tidy
from consent.documents.tagging import Paper, in_words
from consent.domain.rosters import Sheet
from consent.domain.vocabulary import Language
from consent.wording import _, say

TOP: Final = 762.0
BOTTOM: Final = 34.0
SYMBOL: Final = 1.0 * inch
HEADER_WIDTH: Final = RIGHT - LEFT - SYMBOL - 24
PAGE_WIDTH: Final = 90.0
FORM: Final = "up-to-date"

TITLE: Final = _("Photo and media roster")
PRINTED: Final = _("Printed %(when)s by %(who)s, valid for %(day)s only")
NUMBER: Final = _("Sheet %(serial)s")
BY_LAST_NAME: Final = _("sorted by last name")
BY_FIRST_NAME: Final = _("sorted by first name")
SCAN: Final = _("Still up to date?")
QR: Final = _("QR code: tells whether this sheet is up to date")
NOBODY: Final = _("Nobody is enrolled in this program yet.")
LEGEND: Final = _("OK: you may. NOT OK: do not. NOT ASKED: nobody has said yes, so do not.")
SHRED: Final = _("This sheet names people: keep it with you, and shred it when the day ends.")
PAGE: Final = _("Page %(page)s of %(pages)s")
RULES: Final = _("Rules here")
CHECKPOINT: Final = _("Checkpoint of the registry's ledger")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the header or the footer."""

    text: str
    size: float
    tag: str = "P"
    bold: bool = False


def draw_roster(sheet: Sheet, language: str = Language.ENGLISH) -> bytes:
    """The whole roster as a tagged PDF."""
    title = f"{say(TITLE, language)}, {tidy(sheet.program)}, {_day(sheet.valid_on, language)}"
    paper = Paper(LETTER, title=title, language=language, author=tidy(sheet.department))
    _Pages(paper, sheet, language).draw()
    return paper.finished()


class _Pages:
    """The pages of one roster: what comes back on each, and the parts between."""

    def __init__(self, paper: Paper, sheet: Sheet, language: str) -> None:
        self.paper, self.sheet, self.language = paper, sheet, language
        self.say = partial(say, language=language)
        self.table = Table(paper, language)
        self.header = list(self._header_lines())
        self.footer = list(self._footer_lines())
        self.top = TOP - max(_height(self.header), SYMBOL + 22) - 8
        self.bottom = BOTTOM + _height(self.footer)
        self._keep_qr()

    def draw(self) -> None:
        pages = paginate(self.sheet.rows, self.top - self.bottom, self.table.heads) if self.sheet.rows else [[]]
        endings = self._endings([*self._rule_lines(), *self._checkpoint_lines()], self._below(pages[-1]) - self.bottom)
        pages += [[] for _ in endings[1:]]
        endings = [[] for _ in pages[len(endings) :]] + endings
        for number, (blocks, ending) in enumerate(zip(pages, endings, strict=True), 1):
            self._draw_page(blocks, number, len(pages), ending)

    def _endings(self, lines: list[Line], room: float) -> list[list[Line]]:
        """As they stand below the last people; on pages of their own, the first left empty, where that is too short."""
        whole = self.top - self.bottom
        if room < _height(lines) <= whole:
            return [[], lines]
        parts: list[list[Line]] = [[]]
        for line in lines:
            if line.size * LEADING > room:
                parts.append([])
                room = whole
            parts[-1].append(line)
            room -= line.size * LEADING
        return parts

    def _draw_page(self, blocks: list[Block], number: int, pages: int, ending: list[Line]) -> None:
        first = number == 1
        if self.sheet.demo:
            draw_demo_mark(self.paper, self.language)
        self._draw_lines(self.header, TOP, once=first)
        self._draw_qr(once=first)
        y = self.top
        if not self.sheet.rows:
            self._draw_lines([Line(self.say(NOBODY), 15, bold=True)], y - 20, once=True)
            y -= 60
        for block in blocks:
            y = self.table.draw(block, y)
        self._draw_lines(ending, y, once=True)
        self._draw_lines(self.footer, self.bottom - 4, once=first)
        with self.paper.artifact():
            page = self.say(PAGE, page=number, pages=pages)
            draw_line(self.paper, RIGHT - width_of(page, TEXT, bold=True), BOTTOM - 1, page, TEXT, bold=True)
        self.paper.showPage()

    def _header_lines(self) -> Iterator[Line]:
        sheet = self.sheet
        kind = f"{self.say(TITLE)} · {tidy(sheet.department)}"
        yield from _wrapped(f"{self.say(DEMO)} · {kind}" if sheet.demo else kind, TEXT, HEADER_WIDTH)
        program = tidy(sheet.program)
        size = next((size for size in (22, 19, 17) if width_of(program, size, bold=True) <= HEADER_WIDTH), 15)
        yield from _wrapped(program, size, HEADER_WIDTH, tag="H1", bold=True)
        when = f"{_day(sheet.printed_at, self.language)}, {self._time()}"
        day = _day(sheet.valid_on, self.language)
        printed = self.say(PRINTED, when=when, who=tidy(sheet.printed_by), day=day)
        yield from _wrapped(printed, TEXT, HEADER_WIDTH, bold=True)
        order = self.say(BY_LAST_NAME if sheet.by_last_name else BY_FIRST_NAME)
        yield from _wrapped(f"{self.say(NUMBER, serial=sheet.serial)}, {order}", TEXT, HEADER_WIDTH)

    def _footer_lines(self) -> Iterator[Line]:
        yield from _wrapped(self.say(LEGEND), TEXT, RIGHT - LEFT)
        yield from _wrapped(self.say(SHRED), TEXT, RIGHT - LEFT - PAGE_WIDTH)

    def _rule_lines(self) -> Iterator[Line]:
        if self.sheet.rules:
            yield Line(self.say(RULES), TEXT, bold=True)
            for where, rule in self.sheet.rules:
                yield from _wrapped(tidy(f"{where}: {rule}"), TEXT, RIGHT - LEFT)

    def _checkpoint_lines(self) -> Iterator[Line]:
        if self.sheet.checkpoint:
            yield Line(self.say(CHECKPOINT), TEXT, bold=True)
            for line in self.sheet.checkpoint.splitlines():
                yield from _wrapped(line, TEXT, RIGHT - LEFT)

    def _below(self, blocks: list[Block]) -> float:
        return float(self.top - sum(height_of(block, self.table.heads) for block in blocks))

    def _time(self) -> str:
        clock = self.sheet.printed_at.timetz().replace(tzinfo=None)
        return tidy(format_time(clock, "short", locale=self.language))

    def _keep_qr(self) -> None:
        """Drawn once, shown on every page."""
        self.paper.beginForm(FORM, 0, 0, SYMBOL, SYMBOL)
        draw_qr(self.paper, qr_matrix(self.sheet.url), 0, 0, SYMBOL)
        self.paper.endForm()

    def _draw_qr(self, *, once: bool) -> None:
        caption = self.say(SCAN)
        with self._read("Figure", in_words(self.say(QR)), once=once):
            self.paper.saveState()
            self.paper.translate(RIGHT - SYMBOL - 8, TOP - SYMBOL)
            self.paper.doForm(FORM)
            self.paper.restoreState()
            middle = RIGHT - SYMBOL / 2 - 8
            draw_line(self.paper, middle - width_of(caption, TEXT) / 2, TOP - SYMBOL - 19, caption, TEXT)

    def _draw_lines(self, lines: list[Line], top: float, *, once: bool) -> None:
        for line in lines:
            top -= line.size * LEADING
            with self._read(line.tag, once=once):
                draw_line(self.paper, LEFT, top + line.size * 0.25, line.text, line.size, bold=line.bold)

    def _read(self, tag: str, extra: str = "", *, once: bool) -> AbstractContextManager[None]:
        return self.paper.content(tag, extra) if once else self.paper.artifact()


def _wrapped(text: str, size: float, width: float, *, tag: str = "P", bold: bool = False) -> list[Line]:
    return [Line(line, size, tag, bold) for line in wrap(text, size, width, bold=bold)]


def _height(lines: list[Line]) -> float:
    return sum(line.size * LEADING for line in lines)


def _day(day: date, language: str) -> str:
    return tidy(format_date(day, "medium", locale=language))
