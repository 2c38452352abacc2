"""Who stands where on a roster? Every person once, the parts in their order, no row cut in two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consent.documents.lettering import LEADING, wrap
from consent.documents.runs import tidy
from consent.domain.rosters import ROSTER_USES, Section, SheetRow, section

LEFT: Final = 32.0
RIGHT: Final = 580.0
SIGN_WIDTH: Final = 22.0
AGE_WIDTH: Final = 33.0
MARK_WIDTH: Final = 61.0
INITIALS_WIDTH: Final = 48.0
NAME_LEFT: Final = LEFT + SIGN_WIDTH
INITIALS_LEFT: Final = RIGHT - INITIALS_WIDTH
MARKS_LEFT: Final = INITIALS_LEFT - len(ROSTER_USES) * MARK_WIDTH
AGE_LEFT: Final = MARKS_LEFT - AGE_WIDTH

ROW_HEIGHT: Final = 29.0
NAME_SIZE: Final = 12
BANNER: Final = 27.0
GAP: Final = 14.0
FRAME: Final = 3.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with its name in lines, and so its height."""

    row: SheetRow
    lines: tuple[str, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Block:
    """As much of one part as stands on one page. `people` counts the whole part."""

    part: Section
    entries: tuple[Entry, ...]
    people: int
    continued: bool
    ends: bool


def paginate(rows: Sequence[SheetRow], room: float, heads: float) -> list[list[Block]]:
    """The parts cut into pages of that height; under the banner of each stand its column heads."""
    pages: list[list[Block]] = [[]]
    free = room
    for part, entries in _parts(rows).items():
        placed = 0
        while placed < len(entries) or not (placed or entries):
            fitting = _how_many_fit(entries[placed:], free - BANNER - heads)
            if not fitting and pages[-1]:
                pages.append([])
                free = room
                continue
            # A row alone on its page is drawn even if it is taller than the page.
            end = min(placed + max(fitting, 1), len(entries))
            block = Block(part, tuple(entries[placed:end]), len(entries), placed > 0, end == len(entries))
            pages[-1].append(block)
            free -= height_of(block, heads)
            placed = end
            if not entries:
                break
    return pages


def height_of(block: Block, heads: float) -> float:
    """What a block takes of its page, with the gap under it."""
    return BANNER + (heads if block.entries else 0) + sum(entry.height for entry in block.entries) + GAP


def _parts(rows: Sequence[SheetRow]) -> dict[Section, list[Entry]]:
    """Those not to be photographed have their part even when there are none: that, too, is an answer."""
    parts: dict[Section, list[Entry]] = {part: [] for part in Section}
    for row in rows:
        lines = tuple(wrap(tidy(row.name), NAME_SIZE, AGE_LEFT - NAME_LEFT - 4, bold=True))
        height = max(ROW_HEIGHT, len(lines) * NAME_SIZE * LEADING + 4)
        parts[section(row.marks)].append(Entry(row, lines, height))
    return {part: entries for part, entries in parts.items() if entries or part is Section.DO_NOT_PHOTOGRAPH}


def _how_many_fit(entries: Sequence[Entry], room: float) -> int:
    for count, entry in enumerate(entries):
        room -= entry.height
        if room < 0:
            return count
    return len(entries)
