"""What do OK, NOT OK and NOT ASKED look like, so that they are told apart in the sun and without color?

Each mark differs in word, shape and weight: OK is bare, NOT OK is a black block, NOT ASKED stands in a dashed frame.
"""

from typing import Final

from consent.documents.lettering import fit, line_code, width_of
from consent.documents.rosters_pages import MARK_WIDTH, ROW_HEIGHT
from consent.documents.tagging import Paper
from consent.domain.rosters import Mark, Section

CELL: Final = (MARK_WIDTH, ROW_HEIGHT)
WORD_SIZES: Final = (11, 10, 9, 8, 7)
WORD_LEFT: Final = 16.0
CAPITALS: Final = 0.7


def mark_code(paper: Paper, mark: Mark, word: str) -> tuple[str, str]:
    """The operators of one cell, from its lower left corner: the shape, and the word, which alone is read aloud."""
    width, height = CELL
    frame = f"1.5 2 {width - 3} {height - 4} re"
    size, lines = fit(word, (width - WORD_LEFT - 2, height), WORD_SIZES, bold=True)
    middle, leading = height / 2, size * 1.06
    left = WORD_LEFT + (3 if mark is Mark.OK else 0)
    first = middle + ((len(lines) - 1) * leading - CAPITALS * size) / 2
    # The space after each line keeps its words apart for whoever hears or copies them.
    words = "\n".join(
        line_code(paper, left, first - number * leading, f"{line} ", size, bold=True)
        for number, line in enumerate(lines)
    )
    match mark:
        case Mark.OK:
            return check(4, middle - 5, 10, 2), words
        case Mark.NOT_OK:
            return f"{frame} f 1 G {cross(4, middle - 4.5, 9, 2.6)}", f"1 g {words}"
        case Mark.NOT_ASKED:
            return f"1.1 w [3 2] 0 d {frame} S\n{question(paper, 8.5, middle, 16)}", words


def part_code(paper: Paper, part: Section) -> str:
    """The symbol of a part, 22 points square, in the ink that is set."""
    match part:
        case Section.DO_NOT_PHOTOGRAPH:
            return crossed_camera()
        case Section.LIMITS:
            return f"1.8 w 1 j 2 3 m 20 3 l 11 19 l s 0 j\n{_centered(paper, '!', 11, 5, 12)}"
        case Section.OK:
            return check(4, 5, 14, 2.8)


def row_code(paper: Paper, part: Section, photo: Mark) -> str:
    """The sign before a name, 18 points square. Who was not asked has a sign of their own."""
    if part is Section.DO_NOT_PHOTOGRAPH and photo is Mark.NOT_ASKED:
        return f"1.1 w [2.2 1.6] 0 d {_circle(9, 9, 8)} S [] 0 d\n{question(paper, 9, 9, 13)}"
    if part is Section.DO_NOT_PHOTOGRAPH:
        return f"{_circle(9, 9, 8.6)} f 1 G {cross(5, 5, 8, 2.6)} 0 G"
    if part is Section.LIMITS:
        return f"1.3 w 1 j 1 2 m 17 2 l 9 16 l s 0 j\n{_centered(paper, '!', 9, 4, 11)}"
    return check(4, 4, 10, 2)


def check(x: float, y: float, size: float, weight: float) -> str:
    return f"{weight} w {x} {y + size * 0.4} m {x + size * 0.36} {y} l {x + size} {y + size * 0.85} l S"


def cross(x: float, y: float, size: float, weight: float) -> str:
    return f"{weight} w {x} {y} m {x + size} {y + size} l {x} {y + size} m {x + size} {y} l S"


def question(paper: Paper, x: float, y: float, size: float) -> str:
    return _centered(paper, "?", x, y - size * 0.36, size)


def crossed_camera() -> str:
    """A camera in outline with a bar through it."""
    body = "1.6 w 2 4 18 12 re S 7 16 m 8.5 19 l 13.5 19 l 15 16 l S"
    return f"{body} {_circle(11, 10, 3.6)} S 2.6 w 1 1 m 21 21 l S"


def _centered(paper: Paper, text: str, x: float, y: float, size: float) -> str:
    return line_code(paper, x - width_of(text, size, bold=True) / 2, y, text, size, bold=True)


def _circle(x: float, y: float, radius: float) -> str:
    bend = radius * 0.5523
    return (
        f"{x + radius} {y} m "
        f"{x + radius} {y + bend} {x + bend} {y + radius} {x} {y + radius} c "
        f"{x - bend} {y + radius} {x - radius} {y + bend} {x - radius} {y} c "
        f"{x - radius} {y - bend} {x - bend} {y - radius} {x} {y - radius} c "
        f"{x + bend} {y - radius} {x + radius} {y - bend} {x + radius} {y} c"
    )
