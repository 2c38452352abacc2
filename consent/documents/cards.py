"""What does the card print? Whose record to open, and nothing of what the record says.

A card holds a first name, a code and a date: no answer, no birth date, no family name. Choices change, cards get lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date
from reportlab.lib.units import inch, mm

from consent.documents.lettering import LEADING, draw_line, fit, width_of
from consent.documents.qr import draw_qr, qr_matrix, quiet_zone
from consent.documents.runs import tidy
from consent.documents.tagging import Paper
from consent.domain.card_codes import in_groups
from consent.domain.cards import Card
from consent.domain.vocabulary import Language
from consent.wording import _, say

TITLE: Final = _("City consent card")
TITLES: Final = _("City consent cards")
EXPIRES: Final = _("Expires %(day)s")
LOST: Final = _("Lost? Tell the front desk.")
ISSUED: Final = _("Issued")
QR: Final = _("QR code of this card")
DEMO: Final = _("DEMO")

SYMBOL: Final = 25.4 * mm
INK: Final = 0
NAVY: Final = "#162e51"
FAINT: Final = 0.88
NAME_SIZES: Final = (19, 17, 15, 13.5, 12, 11, 10, 9, 8, 7.5, 7, 6.5, 6)
SEASON_SIZES: Final = (9, 8, 7, 6.5, 6)
ASCENT: Final = 0.86

EXPIRES_AT, EXPIRES_IN_SPANISH_AT, ISSUED_AT = 69.5, 78.0, 86.5
DATES_SIZE, ISSUED_SIZE = 7.2, 6
SEASON_AT: Final = 28.0
"""Where the season begins, below the top of the person, unless it or the name needs the room."""
SEASON_MOST: Final = 27.5
"""As much of the height as a long season may take from the name."""
GAP: Final = 2.0


@dataclass(frozen=True, slots=True)
class Face:
    """The measures of one card's face, in points from its lower left corner."""

    width: float
    height: float
    inset: float
    band: float
    code: float
    footer: float


ID_1: Final = Face(85.60 * mm, 53.98 * mm, inset=4.5, band=22, code=21.5, footer=9.5)
AVERY_5371: Final = Face(3.5 * inch, 2 * inch, inset=4.5, band=19, code=18, footer=8)
SHEET: Final = (8.5 * inch, 11 * inch)
SHEET_LEFT, SHEET_TOP = 0.75 * inch, 10.5 * inch
COLUMNS, CELLS = 2, 10


def draw_card(card: Card) -> bytes:
    """One page of exactly the size of a bank card (ISO/IEC 7810 ID-1)."""
    paper = Paper((ID_1.width, ID_1.height), title=say(TITLE), language=Language.ENGLISH, author=tidy(card.department))
    _draw_face(paper, card, ID_1)
    paper.showPage()
    return paper.finished()


def draw_sheet(cards: Sequence[Card], *, start_cell: int = 1) -> bytes:
    """Letter pages of ten business cards (Avery 5371), the first one in the cell where a used sheet goes on."""
    if not 1 <= start_cell <= CELLS:
        raise ValueError(f"start_cell is 1 to {CELLS}, not {start_cell}")
    if not cards:
        raise ValueError("a sheet needs a card")
    paper = Paper(SHEET, title=say(TITLES), language=Language.ENGLISH, author=tidy(cards[0].department))
    for place, card in enumerate(cards, start_cell - 1):
        cell = place % CELLS
        if cell == 0 and place >= start_cell:
            paper.showPage()
        row, column = divmod(cell, COLUMNS)
        paper.saveState()
        paper.translate(SHEET_LEFT + column * AVERY_5371.width, SHEET_TOP - (row + 1) * AVERY_5371.height)
        _draw_face(paper, card, AVERY_5371)
        paper.restoreState()
    paper.showPage()
    return paper.finished()


def _draw_face(paper: Paper, card: Card, face: Face) -> None:
    matrix = qr_matrix(card.url)
    quiet = quiet_zone(matrix, SYMBOL)
    left, top = max(quiet, 2 * face.inset) + 1, face.height - face.inset - face.band
    column = left + SYMBOL + quiet + 3
    room = face.width - 2 * face.inset - column
    with paper.artifact():
        _draw_bar(paper, face)
        if card.demo:
            _draw_watermark(paper, column + room / 2, top - quiet - SYMBOL / 2)
    # One leaf for the whole card: ten for each would double the size of a sheet.
    with paper.content("P"):
        _draw_titles(paper, card, face)
        _draw_person(paper, card, column, top - 5, room)
        with paper.span(spoken=say(QR)):
            draw_qr(paper, matrix, left, top - quiet - SYMBOL, SYMBOL)
        draw_line(paper, left, face.code, in_groups(card.code), 9.6, bold=True)
        draw_line(paper, left, face.footer, say(LOST), 7, bold=True)
        with paper.span(language=Language.SPANISH):
            _draw_rightward_to(paper, face.width - 2 * face.inset, face.footer, say(LOST, Language.SPANISH), 7)


def _draw_bar(paper: Paper, face: Face) -> None:
    """A dark bar that stays off the edge, where printers drift."""
    paper.setFillColor(NAVY)
    bottom = face.height - face.inset - face.band
    paper.roundRect(face.inset, bottom, face.width - 2 * face.inset, face.band, 3.5, stroke=0, fill=1)


def _draw_watermark(paper: Paper, x: float, y: float) -> None:
    paper.saveState()
    paper.setFillGray(FAINT)
    paper.translate(x, y)
    paper.rotate(24)
    size = 44.0
    draw_line(paper, -width_of(say(DEMO), size, bold=True) / 2, -size * 0.36, say(DEMO), size, bold=True)
    paper.restoreState()


def _draw_titles(paper: Paper, card: Card, face: Face) -> None:
    """What it is, in both languages, and whose: white on the bar."""
    middle, left = face.height - face.inset - face.band / 2, 2 * face.inset + 1
    spanish = say(TITLE, Language.SPANISH)
    paper.setFillGray(1)
    draw_line(paper, left, middle + 1.2, say(TITLE), 9, bold=True)
    with paper.span(language=Language.SPANISH):
        draw_line(paper, left, middle - 7, spanish, 6.8)
    taken = max(width_of(spanish, 6.8), width_of(say(TITLE), 9, bold=True))
    right = face.width - 2 * face.inset
    size, lines = fit(tidy(card.department), (right - left - taken - 8, face.band - 4), (7, 6.5, 6, 5.5, 5))
    for number, line in enumerate(lines):
        baseline = middle + size * (LEADING * (len(lines) / 2 - number) - ASCENT)
        _draw_rightward_to(paper, right, baseline, line, size)
    paper.setFillGray(INK)


def _draw_person(paper: Paper, card: Card, x: float, top: float, room: float) -> None:
    _draw_name_and_season(paper, card, x, top, room)
    if card.expires_on:
        english = say(EXPIRES, day=_day(card.expires_on, Language.ENGLISH))
        draw_line(paper, x, top - EXPIRES_AT, english, DATES_SIZE, bold=True)
        with paper.span(language=Language.SPANISH):
            spanish = say(EXPIRES, Language.SPANISH, day=_day(card.expires_on, Language.SPANISH))
            draw_line(paper, x, top - EXPIRES_IN_SPANISH_AT, spanish, DATES_SIZE)
    issued = f"{say(ISSUED)} · {say(ISSUED, Language.SPANISH)} {card.issued_on.isoformat()}"
    draw_line(paper, x, top - ISSUED_AT, issued, ISSUED_SIZE)


def _draw_name_and_season(paper: Paper, card: Card, x: float, top: float, room: float) -> None:
    """Both whole above the dates: the name gets what the season leaves, and the season what the name then leaves."""
    dates = EXPIRES_AT - ASCENT * DATES_SIZE if card.expires_on else ISSUED_AT - ASCENT * ISSUED_SIZE
    height, season = dates - 2 * GAP, tidy(card.season)
    wanted = _height(*fit(season, (room, SEASON_MOST), SEASON_SIZES))
    size, lines = fit(_name(card), (room, height - wanted), NAME_SIZES, bold=True)
    _draw_lines(paper, x, top, lines, size, bold=True)
    taken = _height(size, lines)
    size, lines = fit(season, (room, height - taken), SEASON_SIZES)
    below = max(taken + GAP, min(SEASON_AT, GAP + height - _height(size, lines)))
    _draw_lines(paper, x, top - below, lines, size)


def _height(size: float, lines: Sequence[str]) -> float:
    return len(lines) * size * LEADING


def _draw_lines(paper: Paper, x: float, top: float, lines: Sequence[str], size: float, *, bold: bool = False) -> None:
    for number, line in enumerate(lines):
        draw_line(paper, x, top - size * (ASCENT + number * LEADING), line, size, bold=bold)


def _draw_rightward_to(paper: Paper, right: float, y: float, text: str, size: float) -> None:
    draw_line(paper, right - width_of(text, size), y, text, size)


def _name(card: Card) -> str:
    """An initial is shortened by a period where its script has capital letters."""
    initial = tidy(card.last_initial)
    period = "." if initial.upper() != initial.lower() else ""
    return f"{tidy(card.first_name)} {initial}{period}".rstrip()


@lru_cache(maxsize=64)
def _day(day: date, language: Language) -> str:
    return tidy(format_date(day, "medium", locale=language))
