"""What does somebody hold who printed it? The pages of a PDF as pictures, as text and as a screen reader walks them."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

POINTS_PER_MM: Final = 72 / 25.4
DARK: Final = 128


def picture(pdf: bytes, page: int = 0, *, dpi: int = 300) -> Image.Image:
    """The page as a printer lays it down, in shades of grey."""
    return pypdfium2.PdfDocument(pdf)[page].render(scale=dpi / 72).to_pil().convert("L")


def words(pdf: bytes) -> str:
    """Everything that is said on it, whatever the line breaks, read as a PDF viewer copies it."""
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def codes(image: Image.Image) -> list[str]:
    """What a scanner reads in the picture, from the top left to the bottom right."""
    found = zxingcpp.read_barcodes(image)
    found.sort(key=lambda code: (round(code.position.top_left.y, -2), code.position.top_left.x))
    return [code.text for code in found]


def dark_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is dark."""
    box = image.point(lambda shade: 255 if shade < DARK else 0).getbbox()
    assert box, "the picture is blank"
    return box


def dark_pixels(image: Image.Image) -> int:
    return sum(image.histogram()[:DARK])


def size_in_mm(pdf: bytes, page: int = 0) -> tuple[float, float]:
    box = PdfReader(BytesIO(pdf)).pages[page].mediabox
    return float(box.width) / POINTS_PER_MM, float(box.height) / POINTS_PER_MM


def structure(pdf: bytes) -> Iterator[str]:
    """The tags in the order in which they are read."""
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]["/K"].get_object()
    yield from _tags(root)


def _tags(element: DictionaryObject) -> Iterator[str]:
    yield str(element["/S"]).removeprefix("/")
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else []:
        yield from _tags(kid.get_object())
