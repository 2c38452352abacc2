"""What does a QR code look like, and how is it drawn?

Two questions, two functions: `qr_matrix` gives the modules, `draw_qr` puts them on paper as vector squares.
"""

from collections.abc import Iterator
from typing import Final

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode
from reportlab.pdfgen.canvas import Canvas

QUIET_ZONE: Final = 4
# Trying all eight masks takes ten times as long; readers undo any mask, and random codes favor none.
MASK: Final = 2

Matrix = tuple[tuple[bool, ...], ...]


def qr_matrix(text: str) -> Matrix:
    """The dark modules, row by row from the top. Level Q: a quarter may be lost to dirt and wear.

    Upper-case text gives a smaller code (alphanumeric mode).
    """
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=MASK)
    code.add_data(text, optimize=0)
    code.make()
    return tuple(map(tuple, code.modules))


def quiet_zone(matrix: Matrix, side: float) -> float:
    """How much white a symbol of that side needs around it."""
    return QUIET_ZONE * side / len(matrix)


def draw_qr(canvas: Canvas, matrix: Matrix, x: float, y: float, side: float) -> None:
    """The symbol with its lower left corner at x, y; the caller keeps its quiet zone empty."""
    module = side / len(matrix)
    squares = "\n".join(f"{left} {bottom} {width} {height} re" for left, bottom, width, height in rectangles(matrix))
    # One path, filled once: squares filled one by one show hairlines between them.
    canvas.addLiteral(f"q {module:.5f} 0 0 {module:.5f} {x:.3f} {y:.3f} cm 0 g\n{squares} f Q")


def rectangles(matrix: Matrix) -> Iterator[tuple[int, int, int, int]]:
    """The dark area as left, bottom, width, height in modules: a run of one row, and equal runs below it."""
    count = len(matrix)
    growing: dict[tuple[int, int], int] = {}
    for row in range(count + 1):
        found = set(_dark_runs(matrix[row])) if row < count else set()
        for run in [run for run in growing if run not in found]:
            top = growing.pop(run)
            yield run[0], count - row, run[1] - run[0], row - top
        for run in sorted(found - growing.keys()):
            growing[run] = row


def _dark_runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    start = None
    for column, dark in enumerate((*row, False)):
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column
            start = None
