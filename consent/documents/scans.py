"""Is this file a scan, and what of it may be kept? Its pages, drawn anew: no byte of what was sent is.

The type is told by the content, never by the name. Pictures are measured before they are decoded, and a PDF is drawn
in a process of its own, which has only so much memory and time.
"""

import subprocess
import sys
from io import BytesIO
from threading import Lock
from typing import Final

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.utils import ImageReader

from consent.documents.letter import LETTER
from consent.documents.scans_pages import LOCKED, LONGEST_SIDE, TOO_MANY, as_jpeg
from consent.documents.tagging import Paper, in_words
from consent.domain.scans import (
    MEBIBYTE,
    MOST_BYTES,
    MOST_PAGES,
    Scan,
    ScanLocked,
    ScanMissing,
    ScanOfOtherType,
    ScanRefused,
    ScanTooLarge,
    ScanTooSmall,
    ScanUnreadable,
)
from consent.domain.vocabulary import Language
from consent.wording import _, say

MOST_POINTS: Final = {"JPEG": 52_000_000, "PNG": 26_000_000}
"""A JPEG is decoded at a fraction of its size, a PNG only whole."""
SHORTEST_SIDE: Final = 400
MOST_SECONDS: Final = 30
HEADER: Final = 1024
SHOWN_WIDTH: Final = 1100
PAGE: Final = _("Scan, page %(page)s of %(pages)s")
TITLE: Final = _("Scan of a signed paper form")

# Each picture is measured below, by limits of our own, before anything of it is decoded.
Image.MAX_IMAGE_PIXELS = None

# PDFium does one thing at a time in a process.
_pdfium = Lock()


def read_scan(sent: bytes) -> Scan:
    """Raises ScanRefused."""
    if not sent:
        raise ScanMissing("The file is empty.")
    if len(sent) > MOST_BYTES:
        raise ScanTooLarge(f"A scan has at most {MOST_BYTES // MEBIBYTE} MiB.")
    pages = _pages_of_pdf(sent) if b"%PDF-" in sent[:HEADER] else [_picture(sent)]
    return Scan(_as_pdf(pages), len(pages))


def page_picture(scan: bytes, page: int) -> bytes | None:
    """One page as a PNG picture for the screen, from 1; None where there is no such page."""
    with _pdfium:
        document = pypdfium2.PdfDocument(scan)
        if not 1 <= page <= len(document):
            return None
        drawn = document[page - 1]
        picture = drawn.render(scale=SHOWN_WIDTH / drawn.get_width()).to_pil()
        document.close()
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _picture(sent: bytes) -> bytes:
    try:
        with Image.open(BytesIO(sent), formats=list(MOST_POINTS)) as picture:
            _measure(picture)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return as_jpeg(ImageOps.exif_transpose(picture))
    except UnidentifiedImageError as other:
        raise ScanOfOtherType("The file is no PDF, JPEG or PNG.") from other
    except ScanRefused:
        raise
    except (OSError, SyntaxError, ValueError) as broken:
        raise ScanUnreadable("The picture is broken or cut short.") from broken


def _measure(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_POINTS[str(picture.format)]:
        raise ScanTooLarge("The picture has more points than any scan.")
    if min(width, height) < SHORTEST_SIDE:
        raise ScanTooSmall(f"The picture has fewer than {SHORTEST_SIDE} points on a side.")


def _pages_of_pdf(sent: bytes) -> list[bytes]:
    """Drawn by `scans_pages` as a program, so that what a PDF makes of it dies with it."""
    drawing = [sys.executable, "-I", "-m", "consent.documents.scans_pages"]
    try:
        done = subprocess.run(  # noqa: S603  # our own program, and nothing of what was sent among its arguments
            drawing, input=sent, capture_output=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise ScanUnreadable("The PDF takes too long to read.") from late
    if done.returncode == LOCKED:
        raise ScanLocked("The PDF is locked with a password.")
    if done.returncode == TOO_MANY:
        raise ScanTooLarge(f"A scan has at most {MOST_PAGES} pages.")
    if done.returncode:
        raise ScanUnreadable("The PDF is broken or cut short.")
    return _unpacked(done.stdout)


def _unpacked(packed: bytes) -> list[bytes]:
    pages = []
    while packed:
        length = int.from_bytes(packed[:4])
        pages.append(packed[4 : 4 + length])
        packed = packed[4 + length :]
    return pages


def _as_pdf(pages: list[bytes]) -> bytes:
    """One picture on each page, as wide as Letter paper."""
    title = say(TITLE, Language.ENGLISH)
    paper = Paper(LETTER, title=title, language=Language.ENGLISH, author="")
    for number, jpeg in enumerate(pages, 1):
        picture = ImageReader(BytesIO(jpeg))
        across, down = picture.getSize()
        width, height = LETTER[0], LETTER[0] * down / across
        paper.setPageSize((width, height))
        with paper.content("Figure", in_words(say(PAGE, Language.ENGLISH, page=number, pages=len(pages)))):
            paper.drawImage(picture, 0, 0, width, height)
        paper.showPage()
    return paper.finished()
