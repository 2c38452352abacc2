"""What do the pages of this PDF look like? A program of its own: a PDF comes in, JPEG pictures go out, it ends.

It has so much memory and time and no more; whatever a bent PDF does to it, the registry only sees that it ended.
"""

import resource
import sys
from io import BytesIO
from typing import Final

import pypdfium2
from PIL import Image

from consent.domain.scans import MEBIBYTE, MOST_PAGES

LONGEST_SIDE: Final = 2200
"""Points; 200 for each inch of a Letter page."""
POINTS_FOR_EACH: Final = 200 / 72
QUALITY: Final = 82
LOCKED, TOO_MANY, BROKEN = 3, 4, 5
MOST_MEMORY: Final = 1024 * MEBIBYTE
MOST_SECONDS: Final = 20


def as_jpeg(picture: Image.Image) -> bytes:
    """Drawn anew on white and no larger than needed, without anything that was said beside it."""
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.new("RGB", over.size, "white")
        picture.paste(over, mask=over)
    file = BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def draw_pages(sent: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(sent)
    if len(document) > MOST_PAGES:
        sys.exit(TOO_MANY)
    return [as_jpeg(_drawn(page)) for page in document]


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    scale = min(POINTS_FOR_EACH, LONGEST_SIDE / max(page.get_size()))
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        pages = draw_pages(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as refused:
        sys.exit(LOCKED if "password" in str(refused).lower() else BROKEN)
    except (MemoryError, OSError, ValueError):
        sys.exit(BROKEN)
    if not pages:
        sys.exit(BROKEN)
    for page in pages:
        sys.stdout.buffer.write(len(page).to_bytes(4) + page)


if __name__ == "__main__":
    main()
