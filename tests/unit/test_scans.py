"""Is whatever is sent as a scan drawn anew, told by its content, and refused at once where it is none?"""

import resource
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript

from consent.documents import scans
from consent.documents.scans import page_picture, read_scan
from consent.domain.scans import (
    MOST_BYTES,
    MOST_PAGES,
    ScanLocked,
    ScanMissing,
    ScanOfOtherType,
    ScanRefused,
    ScanTooLarge,
    ScanTooSmall,
    ScanUnreadable,
)
from tests.builders.papers import a_picture

LETTER = (612, 792)
SECRET = "taken at home"
SIXTY_FOUR_MEBIBYTES = 64 * 1024


def a_pdf(
    pages: int = 1, change: Callable[[PdfWriter], object] = lambda _: None, size: tuple[int, int] = LETTER
) -> bytes:
    file, writer = BytesIO(), PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*size)
    change(writer)
    writer.write(file)
    return file.getvalue()


def plain(kind: str, mode: str = "1", size: tuple[int, int] = (850, 1100)) -> bytes:
    file = BytesIO()
    Image.new(mode, size).save(file, kind)
    return file.getvalue()


def a_text_bomb() -> bytes:
    """A few kilobytes that say a hundred megabytes of text beside the picture."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "x" * 100_000_000, zip=True)
    file = BytesIO()
    Image.new("1", (850, 1100)).save(file, "PNG", pnginfo=said)
    return file.getvalue()


def turned() -> bytes:
    """A photo that lies on its side and says so, and where it was taken."""
    told = Image.Exif()
    told[0x0112], told[0x010E] = 6, SECRET
    return a_picture(kind="JPEG", size=(1200, 900), exif=told)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_becomes_one_page(kind: str) -> None:
    scan = read_scan(a_picture(kind=kind))
    assert (scan.pages, len(PdfReader(BytesIO(scan.content)).pages)) == (1, 1)
    assert read_scan(a_picture(kind=kind)).sha256 == scan.sha256
    assert read_scan(a_picture(1, kind)).sha256 != scan.sha256


def test_a_photo_is_turned_upright_and_loses_what_was_said_beside_it() -> None:
    scan = read_scan(turned())
    picture = Image.open(BytesIO(page_picture(scan.content, 1) or b""))
    assert picture.height > picture.width
    [page] = PdfReader(BytesIO(scan.content)).pages
    assert SECRET.encode() not in scan.content
    assert SECRET.encode() not in page.images[0].data
    assert not page.images[0].image.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_a_picture_of_any_kind_is_read(mode: str) -> None:
    assert read_scan(plain("PNG", mode)).pages == 1


def test_what_is_clear_in_a_picture_is_white_paper() -> None:
    scan = read_scan(plain("PNG", "RGBA"))
    assert Image.open(BytesIO(page_picture(scan.content, 1) or b"")).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


def test_a_pdf_keeps_its_pages_and_nothing_that_acts() -> None:
    scan = read_scan(
        a_pdf(3, lambda pdf: pdf.add_open_action(JavaScript("app.alert(1)")) or pdf.add_attachment("a", b"b"))
    )
    assert scan.pages == 3
    catalog = PdfReader(BytesIO(scan.content)).trailer["/Root"]
    assert not {"/OpenAction", "/Names", "/AA", "/AcroForm"} & set(catalog)
    assert page_picture(scan.content, 3)
    assert page_picture(scan.content, 4) is None
    assert page_picture(scan.content, 0) is None


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (lambda: b"", ScanMissing),
        (lambda: b"hello", ScanOfOtherType),
        (lambda: plain("GIF"), ScanOfOtherType),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", ScanOfOtherType),
        (lambda: b"PK\x03\x04" + b"\0" * 100, ScanOfOtherType),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, ScanRefused),
        (lambda: b"\xff\xd8\xff" + b"\0" * 100, ScanRefused),
        (lambda: a_picture(kind="JPEG")[:-3000], ScanUnreadable),
        (lambda: a_picture()[: len(a_picture()) // 2], ScanUnreadable),
        (a_text_bomb, ScanUnreadable),
        (lambda: plain("PNG", size=(10_000, 10_000)), ScanTooLarge),
        (lambda: plain("PNG", size=(20_000, 20_000)), ScanTooLarge),
        (lambda: plain("JPEG", "L", (10_000, 10_000)), ScanTooLarge),
        (lambda: plain("PNG", size=(399, 2000)), ScanTooSmall),
        (lambda: b"%PDF-1.7" + b"x" * MOST_BYTES, ScanTooLarge),
        (lambda: b"%PDF-1.7 nothing more", ScanUnreadable),
        (lambda: a_pdf(3)[:200], ScanUnreadable),
        (lambda: a_pdf(MOST_PAGES + 1), ScanTooLarge),
        (lambda: a_pdf(1, lambda pdf: pdf.encrypt("a password of theirs")), ScanLocked),
        (lambda: a_pdf(0), ScanUnreadable),
    ],
    ids=range(20),
)  # fmt: skip
def test_what_is_no_scan_is_refused(sent: Callable[[], bytes], refusal: type[ScanRefused]) -> None:
    with pytest.raises(refusal):
        read_scan(sent())


def test_a_page_as_large_as_a_wall_is_drawn_no_larger_than_any() -> None:
    scan = read_scan(a_pdf(size=(14_400, 14_400)))
    assert len(scan.content) < 500_000
    assert read_scan(a_pdf(size=(14_400, 3))).pages == 1


def test_a_pdf_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST_SECONDS", 0.01)
    with pytest.raises(ScanUnreadable, match="too long"):
        read_scan(a_pdf())


def test_the_largest_photo_taken_needs_little_memory() -> None:
    """A JPEG is decoded at a fraction of its size."""
    photo = plain("JPEG", "L", (8000, 6400))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_scan(photo).pages == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < SIXTY_FOUR_MEBIBYTES
