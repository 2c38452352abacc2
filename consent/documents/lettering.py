"""How is a line of text set, so that no letter is lost in any script?

Plain Latin is drawn as it stands. All else is cut into runs of one font and one direction, shaped, and put in the order
in which it is read; what no font can print becomes a box with its code, never a gap.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapedStr, shapeStr
from reportlab.pdfgen.canvas import Canvas

from consent.documents import fonts

LEADING: Final = 1.14
JOINERS: Final = "\u200c\u200d"
SELECTORS: Final = frozenset(map(chr, [0x34F, *range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)]))
MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighboring letters of one font and one direction; without a font, letters that nothing can print."""

    text: str
    font: str | None
    leftward: bool


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Composed letters, plain spaces, and no characters that only steer a screen."""
    kept = (_printable(character) for character in unicodedata.normalize("NFC", text))
    return " ".join("".join(kept).split())


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the line is when drawn."""
    if is_plain(text, bold=bold):
        return float(stringWidth(text, fonts.latin(bold=bold), size))
    return sum(_run_width(run, size) for run in _runs(text, bold))


def draw_line(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
    """One line from x rightward."""
    canvas.addLiteral(line_code(canvas, x, y, text, size, bold=bold))


def line_code(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False) -> str:
    """The operators that draw the line, to draw it again elsewhere or with others of its row.

    Text that was shaped also carries its letters, for search and for reading aloud.
    """
    if is_plain(text, bold=bold):
        return _letters(canvas, x, y, text, fonts.latin(bold=bold), size)
    code = [f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC"]
    for run in _runs(text, bold):
        if run.font is None:
            code += _code_boxes(canvas, x, y, run.text, size)
        else:
            code.append(_letters(canvas, x, y, _shaped(run, size), run.font, size))
        x += _run_width(run, size)
    return "\n".join([*code, "EMC"])


def is_plain(text: str, *, bold: bool = False) -> bool:
    """Whether the Latin font prints it as it stands."""
    plain = fonts.plain_characters(bold=bold)
    return all(character in plain for character in text)


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """The whole text in lines no wider than `width`: broken at spaces, within a word only where one fills a line."""
    if width_of(text, size, bold=bold) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        for piece in _pieces(word, lambda part: width_of(part, size, bold=bold) <= width):
            longer = f"{lines[-1]} {piece.text}" if lines[-1] and piece.starts_word else piece.text
            if lines[-1] and (not piece.starts_word or width_of(longer, size, bold=bold) > width):
                lines.append(piece.text)
            else:
                lines[-1] = longer
    return lines


def fit(text: str, box: tuple[float, float], sizes: Sequence[float], *, bold: bool = False) -> tuple[float, list[str]]:
    """The largest size at which the whole text fits the box, in lines broken between words.

    Where even the smallest does not, words are broken too, and then the letters shrink: nothing is ever cut.
    """
    width, height = box
    for size in sizes:
        if breaks_no_word(text, size, width, bold=bold):
            lines = wrap(text, size, width, bold=bold)
            if len(lines) * size * LEADING <= height:
                return size, lines
    size = sizes[-1]
    while len(lines := wrap(text, size, width, bold=bold)) * size * LEADING > height:
        size *= 0.9
    return size, lines


def breaks_no_word(text: str, size: float, width: float, *, bold: bool = False) -> bool:
    """Whether every word of the text fits a line."""
    return all(width_of(word, size, bold=bold) <= width for word in text.split(" "))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    starts_word: bool


def _pieces(word: str, fits: Callable[[str], bool]) -> Iterator[_Piece]:
    """The word itself, or, where it is wider than a line, as much of it as fits each time."""
    if fits(word):
        yield _Piece(word, starts_word=True)
        return
    piece, starts_word = "", True
    for cluster in _clusters(word):
        if piece and not fits(piece + cluster):
            yield _Piece(piece, starts_word)
            piece, starts_word = "", False
        piece += cluster
    yield _Piece(piece, starts_word)


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    if category == "Cf" and character not in JOINERS and character not in SELECTORS:
        return ""
    return character


def _clusters(text: str) -> list[str]:
    """Each letter with the marks, selectors and joined letters that belong to it."""
    clusters: list[str] = []
    for character in text:
        belongs = unicodedata.category(character).startswith("M") or character in JOINERS or character in SELECTORS
        if clusters and (belongs or clusters[-1].endswith(JOINERS[1])):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


@lru_cache(maxsize=1024)
def _runs(text: str, bold: bool) -> tuple[Run, ...]:
    """The runs from left to right, as they stand on paper."""
    clusters = _clusters(text)
    leftward = _directions(clusters)
    letters = [(way, font, part) for cluster, way in zip(clusters, leftward, strict=True) for font, part in _fonts(cluster, bold)]
    runs = [
        Run("".join(part for _way, _font, part in group), font, way)
        for (way, font), group in groupby(letters, key=lambda letter: letter[:2])
    ]
    parts = [list(group) for _way, group in groupby(runs, key=lambda run: run.leftward)]
    ordered = [part[::-1] if part[0].leftward else part for part in parts]
    if _first_way(clusters):
        ordered.reverse()
    return tuple(run for part in ordered for run in part)


def _fonts(cluster: str, bold: bool) -> list[tuple[str | None, str]]:
    seen = "".join(character for character in cluster if character not in JOINERS and character not in SELECTORS)
    if font := fonts.font_for(seen, bold=bold):
        return [(font, cluster)]
    return [(fonts.font_for(character, bold=bold), character) for character in seen]


def _way(cluster: str) -> bool | None:
    """True for a letter read leftward, False for one read rightward, None for one that follows its neighbors."""
    direction = unicodedata.bidirectional(cluster[0])
    if direction in {"R", "AL"}:
        return True
    return False if direction in {"L", "EN", "AN"} else None


def _first_way(clusters: list[str]) -> bool:
    return next((way for cluster in clusters if (way := _way(cluster)) is not None), False)


def _directions(clusters: list[str]) -> list[bool]:
    """Neutral letters between two of one direction take it; others take the direction of the whole line."""
    ways, base = [_way(cluster) for cluster in clusters], _first_way(clusters)
    before, after = _carried(ways, base), _carried(ways[::-1], base)[::-1]
    return [
        way if way is not None else (left if left == right else base)
        for way, left, right in zip(ways, before, after, strict=True)
    ]


def _carried(ways: list[bool | None], base: bool) -> list[bool]:
    carried, last = [], base
    for way in ways:
        last = last if way is None else way
        carried.append(last)
    return carried


def _shaped(run: Run, size: float) -> str:
    """Letters in the order in which they stand; the shaper turns leftward ones round, but not bare punctuation."""
    if not run.leftward or any(_way(character) for character in run.text):
        return shapeStr(run.text, run.font, size)
    return run.text[::-1].translate(MIRRORED)


def _run_width(run: Run, size: float) -> float:
    if run.font is None:
        return sum(_code_width(character, size) for character in run.text)
    shaped = _shaped(run, size)
    if isinstance(shaped, ShapedStr):
        return sum(glyph.x_advance for glyph in shaped.__shapeData__) * size / 1000
    return float(stringWidth(shaped, run.font, size))


def _letters(canvas: Canvas, x: float, y: float, text: str, font: str, size: float) -> str:
    line = canvas.beginText(x, y)
    line.setFont(font, size)
    line.textOut(text)
    return str(line.getCode())


def _code_rows(character: str) -> tuple[str, str]:
    code = f"{ord(character):04X}"
    half = (len(code) + 1) // 2
    return code[:half], code[half:]


def _code_width(character: str, size: float) -> float:
    return (len(_code_rows(character)[0]) * 0.29 + 0.3) * size


def _code_boxes(canvas: Canvas, x: float, y: float, text: str, size: float) -> Iterator[str]:
    """A box with the character's number in two rows, as type designers draw a letter that they do not have."""
    thin, small, font = size * 0.05, size * 0.44, fonts.latin(bold=True)
    for character in text:
        width = _code_width(character, size)
        yield f"q {thin:.3f} w {x + thin:.3f} {y - size * 0.14:.3f} {width - 2 * thin:.3f} {size:.3f} re S Q"
        for row, digits in enumerate(_code_rows(character)):
            across = x + (width - width_of(digits, small, bold=True)) / 2
            yield _letters(canvas, across, y + size * 0.42 - row * small, digits, font, small)
        x += width
