"""How are the rows of a roster drawn?

What is the same in each row is made ready once; a row is put together from it, which keeps thousands of names fast.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from math import inf
from typing import Final

from consent.documents import rosters_pages as place
from consent.documents.lettering import LEADING, draw_line, fit, line_code, width_of
from consent.documents.rosters_marks import mark_code, part_code, row_code
from consent.documents.rosters_pages import Block, Entry
from consent.documents.tagging import Paper
from consent.domain.rosters import ROSTER_USES, Mark, Section
from consent.domain.vocabulary import Use
from consent.wording import MARKS, SECTIONS, USES, _, say

TEXT: Final = 11
HEAD_SIZES: Final = (TEXT, 10, 9)
BANNER_TEXT: Final = 17
NAME_SIZE: Final = place.NAME_SIZE
COLUMN_HEAD: Final = "/A <</O/Table/Scope/Column>>"
ROW_HEAD: Final = "/A <</O/Table/Scope/Row>>"

AGE: Final = _("Age")
NAME: Final = _("Name")
INITIALS: Final = _("Staff initials")
PEOPLE: Final = _("People: %(count)s")
CONTINUED: Final = _("%(part)s (continued)")
COLUMNS: Final = (
    (place.NAME_LEFT, place.AGE_LEFT - place.NAME_LEFT, NAME),
    (place.AGE_LEFT, place.AGE_WIDTH, AGE),
    *(
        (place.MARKS_LEFT + number * place.MARK_WIDTH, place.MARK_WIDTH, USES[use])
        for number, use in enumerate(ROSTER_USES)
    ),
    (place.INITIALS_LEFT, place.INITIALS_WIDTH, INITIALS),
)


class Table:
    """Draws blocks on one paper in one language."""

    def __init__(self, paper: Paper, language: str) -> None:
        self.paper = paper
        self.say = partial(say, language=language)
        self.titles = [
            (x, *fit(self.say(title), (width - 3, inf), HEAD_SIZES, bold=True)) for x, width, title in COLUMNS
        ]
        self.heads = max(len(lines) for _x, _size, lines in self.titles) * TEXT * LEADING + 7
        self.marks = {mark: mark_code(paper, mark, self.say(word)) for mark, word in MARKS.items()}
        self.signs = {(part, photo): row_code(paper, part, photo) for part in Section for photo in Mark}
        self.ages: dict[int, str] = {}

    def draw(self, block: Block, top: float) -> float:
        """The block from `top` down; gives where the next one begins."""
        self._draw_banner(block, top)
        y = top - place.BANNER
        if block.entries:
            y = self._draw_rows(block, y)
        if block.part is Section.DO_NOT_PHOTOGRAPH:
            low = y - place.FRAME
            frame = f"{place.LEFT - 4} {low:.2f} {place.RIGHT - place.LEFT + 8} {top - low:.2f} re"
            self.paper.addLiteral(f"/Artifact BMC 3.5 w {frame} S EMC")
        return y - place.GAP

    def _draw_banner(self, block: Block, top: float) -> None:
        name = self.say(SECTIONS[block.part])
        title = self.say(CONTINUED, part=name) if block.continued else name
        count = self.say(PEOPLE, count=block.people)
        dark = block.part is Section.DO_NOT_PHOTOGRAPH
        bar = f"{place.LEFT - 4} {top - place.BANNER:.2f} {place.RIGHT - place.LEFT + 8} {place.BANNER}"
        ink = f"{bar} re f 1 g 1 G" if dark else f"1.6 w {bar} re S"
        middle = f"1 0 0 1 {place.LEFT} {top - place.BANNER + 2.5:.2f} cm"
        self.paper.addLiteral(f"q /Artifact BMC {ink} q {middle} {part_code(self.paper, block.part)} Q EMC")
        with self._read("H2", once=not block.continued):
            y = top - place.BANNER + 7.5
            draw_line(self.paper, place.LEFT + 30, y, title, BANNER_TEXT, bold=True)
            draw_line(self.paper, place.RIGHT - width_of(count, TEXT, bold=True), y + 1.5, count, TEXT, bold=True)
        self.paper.addLiteral("Q")

    def _draw_rows(self, block: Block, y: float) -> float:
        if not block.continued:
            self.paper.open("Table")
        self._draw_heads(y, once=not block.continued)
        y -= self.heads
        for entry in block.entries:
            self._draw_entry(block.part, entry, y)
            y -= entry.height
        if block.ends:
            self.paper.close()
        return y

    def _draw_heads(self, top: float, *, once: bool) -> None:
        if once:
            self.paper.open("TR")
        for x, size, lines in self.titles:
            with self._read("TH", COLUMN_HEAD, once=once):
                for number, line in enumerate(lines):
                    baseline = top - self.heads + 5 + (len(lines) - 1 - number) * TEXT * LEADING
                    draw_line(self.paper, x + 2, baseline, line, size, bold=True)
        if once:
            self.paper.close()

    def _draw_entry(self, part: Section, entry: Entry, top: float) -> None:
        paper, row = self.paper, entry.row
        bottom, middle = top - entry.height, top - entry.height / 2
        sign = self.signs[part, row.marks.get(Use.PHOTO, Mark.NOT_ASKED)]
        paper.open("TR")
        code = [
            f"/Artifact BMC .6 w {place.LEFT} {top:.2f} m {place.RIGHT} {top:.2f} l S",
            f"q 1 0 0 1 {place.LEFT} {middle - 9:.2f} cm {sign} Q EMC",
            paper.leaf("TH", ROW_HEAD),
            *self._name(entry, middle),
            "EMC",
            paper.leaf("TD"),
            f"q 1 0 0 1 {place.AGE_LEFT} {middle - 4:.2f} cm {self._age(row.age)} Q EMC",
        ]
        x, low = place.MARKS_LEFT, middle - place.ROW_HEIGHT / 2
        for use in ROSTER_USES:
            shape, word = self.marks[row.marks.get(use, Mark.NOT_ASKED)]
            code.append(f"q 1 0 0 1 {x} {low:.2f} cm /Artifact BMC {shape} EMC {paper.leaf('TD')} {word} EMC Q")
            x += place.MARK_WIDTH
        box = f"{place.INITIALS_LEFT + 3} {bottom + 3:.2f} {place.INITIALS_WIDTH - 3} {entry.height - 6:.2f}"
        code.append(f"{paper.leaf('TD')} .8 w {box} re S EMC")
        paper.addLiteral("\n".join(code))
        paper.close()

    def _name(self, entry: Entry, middle: float) -> Iterator[str]:
        first = middle + NAME_SIZE * (LEADING * len(entry.lines) / 2 - 0.92)
        for number, line in enumerate(entry.lines):
            y = first - number * NAME_SIZE * LEADING
            yield line_code(self.paper, place.NAME_LEFT + 2, y, line, NAME_SIZE, bold=True)

    def _age(self, age: int | None) -> str:
        if age is None:
            return ""
        if age not in self.ages:
            self.ages[age] = line_code(self.paper, 4, 0, str(age), NAME_SIZE)
        return self.ages[age]

    def _read(self, tag: str, extra: str = "", *, once: bool) -> AbstractContextManager[None]:
        """What comes back on each page is read the first time only."""
        return self.paper.content(tag, extra) if once else self.paper.artifact()
