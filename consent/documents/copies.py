"""What does the signer's copy print? All that they were shown, chose and signed, in the language in which they signed.

The drawn signature is drawn again from its strokes, as lines; a typed one stands as the name that was typed.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from babel.dates import format_date, format_datetime

from consent.documents.copies_pages import BOTTOM, LEFT, RIGHT, Block, Piece, paginate
from consent.documents.copies_signature import SIGNATURE_HEIGHT, draw_strokes
from consent.documents.letter import LETTER, draw_demo_mark
from consent.documents.lettering import draw_line, width_of
from consent.documents.qr import QUIET_ZONE, draw_qr, qr_matrix, quiet_zone
from consent.documents.runs import tidy
from consent.documents.tagging import Paper, in_words
from consent.domain.copies import SignedCopy
from consent.domain.form_sheets import ITEM
from consent.wording import _, say

SMALL: Final = 8.5
CODE_SIDE: Final = 96.0
"""Its quiet zone included: a third of a millimeter more than half a millimeter for each module of such an address."""

TITLE: Final = _("Your signed copy")
REFERENCE: Final = _("Reference number: %(reference)s")
SIGNED: Final = _("Signed by %(name)s at a kiosk of %(department)s on %(when)s")
COUNTS: Final = _("A yes counts only after the front desk has confirmed who signed. A no counts at once.")
SIGNED_PAPER: Final = _("Signed by %(name)s on paper for %(department)s on %(when)s")
COUNTS_PAPER: Final = _(
    "A yes counts only after a second person at the front desk has compared it with the paper. A no counts at once."
)
BY_HAND: Final = _("Signed by hand. The registry keeps a scan of the paper under this SHA-256: %(sha256)s")
SIGNATURE: Final = _("The signature")
DRAWN: Final = _("Signature drawn by %(name)s")
TYPED: Final = _("Typed as a signature: %(name)s")
WITHDRAW: Final = _("If you change your mind")
HOW: Final = _(
    "You may take a yes back at any time: say reference number %(reference)s at any front desk of %(department)s, or "
    "write to the department. You need no reason and no signature. It counts at once."
)
STATUS: Final = _("What has become of it since")
STATUS_MEANS: Final = _(
    "At this address you can see at any time whether these records still stand. It names nobody. Keep it to yourself."
)
STATUS_CODE: Final = _("QR code of the address above")
SEALS: Final = _("How this copy can be checked")
SEAL_MEANS: Final = _(
    "The registry keeps each record under a seal (SHA-256). A change of one letter gives another seal."
)
SAME_FILE: Final = _(
    "The registry kept this file as it was given out. Whoever holds it can have it compared, to the last byte, at the "
    "registry's own page for checking copies; the paper alone does not prove itself."
)
PROOFS: Final = _(
    "The file also carries, as attachments, a proof that each record stands in the registry's ledger. Anybody with a "
    "computer can check it without the registry: the program for it, verify_copy.py, is on that same page, and needs "
    "only Python."
)
LEDGER: Final = _("Ledger when this copy was made: %(checkpoint)s")
SEAL: Final = _("Record %(record)s: %(seal)s")
PAGE: Final = _("%(reference)s · page %(page)s of %(pages)s")


def draw_copy(copy: SignedCopy) -> bytes:
    """The whole copy as a tagged PDF on Letter paper."""
    title = f"{say(TITLE, copy.language)} {copy.reference}"
    paper = Paper(LETTER, title=title, language=copy.language, author=tidy(copy.department))
    for proof in copy.proofs:
        paper.attach(proof.name, proof.content)
    _Pages(paper, copy).draw()
    return paper.finished()


class _Pages:
    """The pages of one copy."""

    def __init__(self, paper: Paper, copy: SignedCopy) -> None:
        self.paper, self.copy = paper, copy
        self.say = partial(say, language=copy.language)

    def draw(self) -> None:
        pages = paginate(list(self._blocks()))
        for number, pieces in enumerate(pages, 1):
            if self.copy.demo:
                draw_demo_mark(self.paper, self.copy.language)
            for piece in pieces:
                self._draw(piece)
            self._draw_footer(number, len(pages))
            self.paper.showPage()

    def _blocks(self) -> Iterator[Block]:
        copy = self.copy
        yield Block("P", self.say(TITLE), SMALL + 1)
        yield Block("H1", copy.sheet.title, 17, bold=True)
        yield Block("P", self.say(REFERENCE, reference=copy.reference), 13, bold=True)
        yield from self._how_signed()
        for section in copy.sheet.sections:
            yield from _section(section.heading, section.lines)
        yield from self._signature()
        yield from _section(self.say(WITHDRAW), [self.say(HOW, reference=copy.reference, department=copy.department)])
        yield from self._status()
        yield from _section(self.say(SEALS), [self.say(SEAL_MEANS), self.say(SAME_FILE)])
        if copy.proofs:
            yield Block("P", self.say(PROOFS))
            yield Block("P", self.say(LEDGER, checkpoint=copy.checkpoint), SMALL)
        for seal in copy.seals:
            yield Block("P", self.say(SEAL, record=seal.record, seal=seal.sha256), SMALL)

    def _how_signed(self) -> Iterator[Block]:
        """Paper tells a day and no hour."""
        copy, language = self.copy, self.copy.language.value
        told = {"name": copy.signer, "department": copy.department}
        if copy.scan_sha256:
            day = format_date(copy.signed_at, "long", locale=language)
            yield Block("P", self.say(SIGNED_PAPER, when=tidy(day), **told))
            yield Block("P", self.say(COUNTS_PAPER))
        else:
            instant = format_datetime(copy.signed_at, "long", locale=language)
            yield Block("P", self.say(SIGNED, when=tidy(instant), **told))
            yield Block("P", self.say(COUNTS))

    def _status(self) -> Iterator[Block]:
        if address := self.copy.status_address:
            yield from _section(self.say(STATUS), [self.say(STATUS_MEANS), address])
            yield Block("Figure", self.say(STATUS_CODE), picture=CODE_SIDE, address=address)

    def _signature(self) -> Iterator[Block]:
        yield Block("H2", self.say(SIGNATURE), 12.5, bold=True, before=9, keeps_with_next=True)
        if self.copy.scan_sha256:
            yield Block("P", self.say(BY_HAND, sha256=self.copy.scan_sha256))
        elif self.copy.signature.strokes:
            yield Block("Figure", self.say(DRAWN, name=self.copy.signer), picture=SIGNATURE_HEIGHT)
        else:
            yield Block("P", self.say(TYPED, name=self.copy.signature.name), 13)

    def _draw(self, piece: Piece) -> None:
        block, paper = piece.block, self.paper
        if block.picture:
            with paper.content("Figure", in_words(block.text)):
                if block.address:
                    self._draw_code(block.address, piece.top)
                    return
                draw_strokes(paper, self.copy.signature.strokes, LEFT, piece.top - block.picture, RIGHT - LEFT)
            return
        if piece.begins:
            paper.open(block.tag)
        with paper.content("Span"):
            if block.is_item and piece.begins:
                draw_line(paper, LEFT + 2, piece.top - block.size, "•", block.size)
            for number, line in enumerate(piece.lines):
                y = piece.top - block.size - number * block.leading
                draw_line(paper, LEFT + block.indent, y, line, block.size, bold=block.bold)
        if piece.ends:
            paper.close()

    def _draw_code(self, address: str, top: float) -> None:
        matrix = qr_matrix(address)
        side = CODE_SIDE * len(matrix) / (len(matrix) + 2 * QUIET_ZONE)
        quiet = quiet_zone(matrix, side)
        draw_qr(self.paper, matrix, LEFT + quiet, top - CODE_SIDE + quiet, side)

    def _draw_footer(self, number: int, pages: int) -> None:
        words = self.say(PAGE, reference=self.copy.reference, page=number, pages=pages)
        with self.paper.artifact():
            draw_line(self.paper, RIGHT - width_of(words, SMALL), BOTTOM - 20, words, SMALL)


def _section(heading: str, lines: list[str] | tuple[str, ...]) -> Iterator[Block]:
    if heading:
        yield Block("H2", heading, 12.5, bold=True, before=9, keeps_with_next=True)
    for line in lines:
        yield Block("P", line.removeprefix(ITEM), is_item=line.startswith(ITEM))
