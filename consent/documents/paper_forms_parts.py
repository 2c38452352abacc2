"""Of what is a blank form put together? Paragraphs, lines to write on, boxes to tick and the grid of answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from consent.documents.lettering import draw_line, width_of, wrap
from consent.documents.runs import tidy
from consent.documents.tagging import Paper

LEFT: Final = 46.0
RIGHT: Final = 566.0
TOP: Final = 762.0
BOTTOM: Final = 48.0
CORNER: Final = 92.0
"""How far down the code in the corner reaches."""
TEXT: Final = 9.2
SMALL: Final = 7.8
MEANING: Final = 7.2
LEADING: Final = 1.24
BOX: Final = 9.5
INDENT: Final = 10.0
ROW: Final = 25.0
COLUMN: Final = 84.0


class Part(Protocol):
    """Something as wide as the page. `keeps`: it does not stand alone at the end of one."""

    @property
    def height(self) -> float: ...

    @property
    def keeps(self) -> bool: ...

    def draw(self, paper: Paper, top: float) -> None: ...


def paginate(parts: Sequence[Part]) -> list[list[tuple[Part, float]]]:
    """Each part with where its top stands; from the second page on all begin below the code."""
    pages: list[list[tuple[Part, float]]] = [[]]
    y = TOP
    for number, part in enumerate(parts):
        needed = part.height + (parts[number + 1].height if part.keeps and number + 1 < len(parts) else 0)
        if pages[-1] and y - needed < BOTTOM:
            pages.append([])
            y = TOP - CORNER
        for piece in pieces(part, y - BOTTOM):
            if pages[-1] and y - piece.height < BOTTOM:
                pages.append([])
                y = TOP - CORNER
            pages[-1].append((piece, y))
            y -= piece.height
    return pages


def pieces(part: Part, room: float) -> Iterator[Part]:
    """A paragraph longer than a page in as many pieces as it has lines; all else whole."""
    if isinstance(part, Lines) and part.height > TOP - CORNER - BOTTOM and room:
        for line in part.lines():
            yield Lines(part.tag, line, part.size, bold=part.bold, item=part.item, width=part.width)
    else:
        yield part


@dataclass(frozen=True, slots=True)
class Gap:
    height: float
    keeps: bool = True

    def draw(self, paper: Paper, top: float) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A heading, a paragraph or an item of a list."""

    tag: str
    text: str
    size: float = TEXT
    bold: bool = False
    before: float = 0.0
    keeps: bool = False
    item: bool = False
    width: float = RIGHT - LEFT

    @property
    def indent(self) -> float:
        return INDENT if self.item else 0.0

    @property
    def height(self) -> float:
        return self.before + len(self.lines()) * self.size * LEADING + 2.5

    def lines(self) -> list[str]:
        return wrap(tidy(self.text), self.size, self.width - self.indent, bold=self.bold)

    def draw(self, paper: Paper, top: float) -> None:
        y = top - self.before
        with paper.content(self.tag):
            if self.item:
                draw_line(paper, LEFT, y - self.size, "•", self.size)
            for line in self.lines():
                draw_line(paper, LEFT + self.indent, y - self.size, line, self.size, bold=self.bold)
                y -= self.size * LEADING


@dataclass(frozen=True, slots=True)
class Blank:
    """Lines to write on side by side, each with its label below it."""

    labels: tuple[str, ...]
    rise: float = 16.0
    keeps: bool = False

    @property
    def height(self) -> float:
        return self.rise + SMALL * LEADING + 2

    def draw(self, paper: Paper, top: float) -> None:
        gap = 10.0
        wide = (RIGHT - LEFT - gap * (len(self.labels) - 1)) / len(self.labels)
        for place, label in enumerate(self.labels):
            x = LEFT + place * (wide + gap)
            with paper.artifact():
                paper.setLineWidth(0.8)
                paper.line(x, top - self.rise, x + wide, top - self.rise)
            with paper.content("P"):
                draw_line(paper, x, top - self.rise - SMALL, label, SMALL)


@dataclass(frozen=True, slots=True)
class Box:
    """Boxes to tick, as many in a row as there is room for."""

    labels: tuple[str, ...]
    keeps: bool = False

    @property
    def height(self) -> float:
        return len(self.rows()) * (BOX + 4) + 1

    def rows(self) -> list[list[tuple[float, str]]]:
        rows: list[list[tuple[float, str]]] = [[]]
        x = LEFT
        for label in self.labels:
            wide = BOX + 4 + width_of(label, TEXT) + 14
            if rows[-1] and x + wide > RIGHT:
                rows.append([])
                x = LEFT
            rows[-1].append((x, label))
            x += wide
        return rows

    def draw(self, paper: Paper, top: float) -> None:
        y = top
        for row in self.rows():
            for x, label in row:
                draw_box(paper, x, y - BOX)
                with paper.content("P"):
                    draw_line(paper, x + BOX + 4, y - BOX + 1.6, label, TEXT)
            y -= BOX + 4


@dataclass(frozen=True, slots=True)
class Answers:
    """Each use with a yes and a no for each person: a table, read row by row."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    answers: tuple[str, str]
    title: str
    keeps: bool = False

    @property
    def height(self) -> float:
        return (len(self.rows)) * ROW + 16

    def draw(self, paper: Paper, top: float) -> None:
        grid = RIGHT - COLUMN * len(self.columns)
        paper.open("Table")
        paper.open("TR")
        with paper.content("TH"):
            draw_line(paper, LEFT, top - TEXT, self.title, TEXT, bold=True)
        for place, column in enumerate(self.columns):
            with paper.content("TH"):
                draw_line(paper, grid + place * COLUMN + 4, top - TEXT, column, TEXT, bold=True)
        paper.close()
        for number, (use, meaning) in enumerate(self.rows):
            self._row(paper, top - 14 - number * ROW, grid, use, meaning)
        paper.close()

    def _row(self, paper: Paper, y: float, grid: float, use: str, meaning: str) -> None:
        paper.open("TR")
        with paper.artifact():
            paper.setLineWidth(0.5)
            paper.line(LEFT, y, RIGHT, y)
        with paper.content("TH"):
            draw_line(paper, LEFT, y - TEXT - 1, use, TEXT, bold=True)
            for place, line in enumerate(wrap(meaning, MEANING, grid - LEFT - 6)[:2]):
                draw_line(paper, LEFT, y - TEXT - 8.5 - place * 7, line, MEANING)
        for place in range(len(self.columns)):
            x = grid + place * COLUMN + 4
            for answer, across in zip(self.answers, (0.0, COLUMN / 2 - 1), strict=True):
                draw_box(paper, x + across, y - 17)
                with paper.content("TD"):
                    draw_line(paper, x + across + BOX + 2.5, y - 15.4, answer, SMALL)
        paper.close()


@dataclass(frozen=True, slots=True)
class Desk:
    """A frame that the family leaves empty."""

    title: str
    lines: tuple[str, ...]
    boxes: tuple[str, ...]
    keeps: bool = False

    @property
    def height(self) -> float:
        return 68.0

    def draw(self, paper: Paper, top: float) -> None:
        with paper.artifact():
            paper.setLineWidth(1.2)
            paper.rect(LEFT - 5, top - self.height, RIGHT - LEFT + 10, self.height)
        with paper.content("P"):
            draw_line(paper, LEFT, top - 12, self.title, TEXT, bold=True)
        Box(self.boxes).draw(paper, top - 17)
        Blank(self.lines, rise=18).draw(paper, top - 32)


def draw_box(paper: Paper, x: float, y: float) -> None:
    with paper.artifact():
        paper.setLineWidth(1)
        paper.rect(x, y, BOX, BOX)
