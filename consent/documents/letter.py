"""What do all papers of a whole page share? Their size, and the mark of a demo across it."""

from typing import Final

from reportlab.lib.units import inch

from consent.documents.lettering import draw_line, width_of
from consent.documents.tagging import Paper
from consent.domain.vocabulary import Language
from consent.wording import _, say

LETTER: Final = (8.5 * inch, 11 * inch)
DEMO: Final = _("DEMO")
SIZE: Final = 190.0
FAINT: Final = 0.93


def draw_demo_mark(paper: Paper, language: str = Language.ENGLISH) -> None:
    """Pale and slanted, under everything that is drawn after it, and not read aloud."""
    word = say(DEMO, language)
    with paper.artifact():
        paper.saveState()
        paper.setFillGray(FAINT)
        paper.translate(LETTER[0] / 2, LETTER[1] / 2)
        paper.rotate(52)
        draw_line(paper, -width_of(word, SIZE, bold=True) / 2, -60, word, SIZE, bold=True)
        paper.restoreState()
