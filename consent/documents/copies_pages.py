"""Where does each paragraph of a copy stand? Cut into pages, with no heading left alone at the end of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consent.documents.lettering import wrap
from consent.documents.runs import tidy

LEFT: Final = 54.0
RIGHT: Final = 558.0
TOP: Final = 742.0
BOTTOM: Final = 60.0
TEXT: Final = 10.5
AFTER: Final = 3.5
INDENT: Final = 13.0


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or item of a list; or, with a height in `picture`, the signature or an address's code."""

    tag: str
    text: str
    size: float = TEXT
    bold: bool = False
    is_item: bool = False
    before: float = 0.0
    keeps_with_next: bool = False
    picture: float = 0.0
    address: str = ""

    @property
    def indent(self) -> float:
        return INDENT if self.is_item else 0.0

    @property
    def leading(self) -> float:
        return self.size * 1.28

    def lines(self) -> list[str]:
        return [] if self.picture else wrap(tidy(self.text), self.size, RIGHT - LEFT - self.indent, bold=self.bold)


@dataclass(frozen=True, slots=True)
class Piece:
    """As much of a block as stands on one page, from `top` down."""

    block: Block
    lines: tuple[str, ...]
    top: float
    begins: bool
    ends: bool


def paginate(blocks: Sequence[Block]) -> list[list[Piece]]:
    """The blocks on their pages; a paragraph is cut only where it is longer than what is left of a page."""
    pages: list[list[Piece]] = [[]]
    y = TOP
    for number, block in enumerate(blocks):
        rest, begins = block.lines(), True
        needed = _height(block, len(rest)) + (_height(blocks[number + 1], 2) if block.keeps_with_next else 0)
        if pages[-1] and y - block.before - needed < BOTTOM and needed <= TOP - BOTTOM:
            pages.append([])
            y = TOP
        y -= block.before if pages[-1] else 0
        while begins or rest:
            fits = max(1, int((y - BOTTOM) // block.leading))
            now, rest = tuple(rest[:fits]), rest[fits:]
            pages[-1].append(Piece(block, now, y, begins, not rest))
            y -= _height(block, len(now)) + AFTER
            begins = False
            if rest:
                pages.append([])
                y = TOP
    return pages


def _height(block: Block, lines: int) -> float:
    return block.picture or lines * block.leading
