"""How is a line of text set, so that no letter is lost in any script?

Plain Latin is drawn as it stands; all else is cut into runs and shaped. What no font can print becomes a box with its
code, never a gap.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import ShapedStr, shapeStr
from reportlab.pdfgen.canvas import Canvas

from consent.documents import fonts
from consent.documents.runs import Run, clusters_of, runs_leftward, runs_of

LEADING: Final = 1.14
MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the line is when drawn."""
    if is_plain(text, bold=bold):
        return float(stringWidth(text, fonts.latin(bold=bold), size))
    return sum(_run_width(run, size) for run in runs_of(text, bold))


def draw_line(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
    """One line from x rightward."""
    canvas.addLiteral(line_code(canvas, x, y, text, size, bold=bold))


def line_code(canvas: Canvas, x: float, y: float, text: str, size: float, *, bold: bool = False) -> str:
    """The operators that draw the line, to draw it again elsewhere or with others of its row.

    Text that was shaped also carries its letters, for search and for reading aloud.
    """
    if is_plain(text, bold=bold):
        return _letters(canvas, x, y, text, font=fonts.latin(bold=bold), size=size)
    code = [f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC"]
    for run in runs_of(text, bold):
        if run.font is None:
            code += _code_boxes(canvas, x, y, run.text, size)
        else:
            code.append(_letters(canvas, x, y, _shaped(run, size), font=run.font, size=size))
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
    for cluster in clusters_of(word):
        if piece and not fits(piece + cluster):
            yield _Piece(piece, starts_word)
            piece, starts_word = "", False
        piece += cluster
    yield _Piece(piece, starts_word)


def _shaped(run: Run, size: float) -> str:
    """Letters in the order in which they stand; the shaper turns leftward ones round, but not bare punctuation."""
    if run.font is not None and not fonts.shapes(run.font):
        return run.text
    if not run.leftward or any(runs_leftward(character) for character in run.text):
        shaped: str = shapeStr(run.text, run.font, size)
        return shaped
    return run.text[::-1].translate(MIRRORED)


def _run_width(run: Run, size: float) -> float:
    if run.font is None:
        return sum(_code_width(character, size) for character in run.text)
    shaped = _shaped(run, size)
    if isinstance(shaped, ShapedStr):
        return float(sum(glyph.x_advance for glyph in shaped.__shapeData__)) * size / 1000
    return float(stringWidth(shaped, run.font, size))


def _letters(canvas: Canvas, x: float, y: float, text: str, *, font: str, size: float) -> str:
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
            yield _letters(canvas, across, y + size * 0.42 - row * small, digits, font=font, size=small)
        x += width
