"""How is a drawn signature put on paper? As the lines it was drawn with, to scale, whatever the pad's size was."""

from collections.abc import Sequence
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from consent.domain.signatures import Stroke

SIGNATURE_HEIGHT: Final = 84.0
PEN: Final = 1.5
LARGEST_SCALE: Final = 1.0
ROUND: Final = 1


def draw_strokes(canvas: Canvas, strokes: Sequence[Stroke], x: float, y: float, width: float) -> None:
    """The signature in a box with its lower left corner at x, y."""
    points = [point for stroke in strokes for point in stroke]
    left, right = min(across for across, _ in points), max(across for across, _ in points)
    top, bottom = min(down for _, down in points), max(down for _, down in points)
    height = SIGNATURE_HEIGHT - 2 * PEN
    scale = min(LARGEST_SCALE, (width - 2 * PEN) / max(1, right - left), height / max(1, bottom - top))
    canvas.saveState()
    canvas.setLineWidth(PEN)
    canvas.setLineCap(ROUND)
    canvas.setLineJoin(ROUND)
    path = canvas.beginPath()
    for stroke in strokes:
        placed = [(x + PEN + (across - left) * scale, y + PEN + (bottom - down) * scale) for across, down in stroke]
        path.moveTo(*placed[0])
        # A dot is a line to itself, which a round pen makes a point of.
        for place in placed[1:] or placed:
            path.lineTo(*place)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()
