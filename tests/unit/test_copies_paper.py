"""Does the signer's copy carry everything that was shown, chosen and signed, with nothing cut and nothing left out?"""

import json
import math
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from consent.documents.copies import draw_copy
from consent.documents.copies_pages import BOTTOM, LEFT, RIGHT, TOP, Block, paginate
from consent.documents.copies_signature import SIGNATURE_HEIGHT
from consent.domain.copies import Seal, SignedCopy
from consent.domain.form_sheets import FormSheet, Section
from consent.domain.signatures import MOST_POINTS, Signature
from consent.domain.vocabulary import Language
from consent.services.form_sheets import FormShown, compose_form
from tests.builders.paper import dark_pixels, picture, size_in_mm, structure, words
from tests.builders.sittings import CHILD, TODAY, a_child, a_sitting

SCRIPTS = ["X", "W" * 128, "José María García-Márquez de la O", "Ørsted Łukasiewicz", "Nguyễn Thị Ánh"]
OTHER_SCRIPTS = ["محمد العلي", "王小明", "สมชาย", "क्षितिज", "Борис", "አበበ", "אברהם"]
SHEET = FormSheet("May we show you?", (Section("Please know", ("It cannot be fully recalled.", "- One", "- Two")),))
COPY = SignedCopy(
    reference="K7QX-2M9P",
    language=Language.ENGLISH,
    department="City Recreation Department",
    signer="Mo Ávila",
    signed_at=datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("America/Phoenix")),
    sheet=SHEET,
    signature=Signature(name="Mo Ávila"),
    seals=(Seal("K7QX-2M9P-1", "ab" * 32), Seal("K7QX-2M9P-2", "cd" * 32)),
)
WAVE = [[20 + n * 4, int(100 + 40 * math.sin(n / 5))] for n in range(100)]


def form_for(name: str, language: Language = Language.ENGLISH) -> FormSheet:
    shown = FormShown("City Recreation Department", "May we?", 3, "You choose.", {"x": "X"}, {}, date(2026, 7, 1))
    return compose_form(a_sitting(CHILD, a_child(name), language=language), shown)


def text_of(pdf: bytes) -> str:
    """What a reader is given to copy or to hear, letter by letter."""
    return "".join(words(pdf).split())


def signed_with(*strokes: list[list[int]]) -> SignedCopy:
    return replace(COPY, signature=Signature.drawn(json.dumps(strokes)))


@pytest.mark.parametrize("language", Language)
def test_every_line_that_was_shown_stands_on_the_copy(language):
    copy = replace(COPY, sheet=form_for("Max", language), language=language)
    said = text_of(draw_copy(copy))
    lines = [line.removeprefix("- ") for section in copy.sheet.sections for line in (section.heading, *section.lines)]
    assert [line for line in lines if "".join(line.split()) not in said] == []


def test_it_says_what_was_signed_by_whom_and_how_it_can_be_taken_back_and_checked():
    said = words(draw_copy(COPY))
    for expected in (
        "Reference number: K7QX-2M9P",
        "Signed by Mo Ávila at a kiosk of City Recreation Department on July 1, 2026",
        "Typed as a signature: Mo Ávila",
        "say reference number K7QX-2M9P at any front desk",
        "Record K7QX-2M9P-1: " + "ab" * 32,
        "Record K7QX-2M9P-2: " + "cd" * 32,
        "K7QX-2M9P · page 1 of 1",
    ):
        assert expected in said


def test_it_speaks_the_language_that_was_signed_in():
    pdf = draw_copy(replace(COPY, language=Language.SPANISH))
    assert "Número de referencia: K7QX-2M9P" in words(pdf)
    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == "es"


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_name_of_any_length_is_printed_whole(name):
    said = text_of(draw_copy(replace(COPY, sheet=form_for(name), signer=name, signature=Signature(name=name))))
    assert said.count("".join(name.split())) >= 4


@pytest.mark.parametrize("name", OTHER_SCRIPTS)
def test_a_name_in_any_script_is_printed_and_can_be_read_aloud(name):
    pdf = draw_copy(replace(COPY, sheet=form_for(name), signer=name))
    blank = draw_copy(replace(COPY, sheet=form_for(" "), signer=" "))
    assert dark_pixels(picture(pdf)) > dark_pixels(picture(blank)) + 200
    written = [f"FEFF{part.encode('utf-16-be').hex()}" for part in (f"Answers for {name} Ávila",)]
    content = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data().decode("latin-1")
    assert all(part in content for part in written)


def test_a_drawn_signature_is_drawn_again_from_its_lines_and_said_in_words():
    pdf = draw_copy(signed_with(WAVE, [[300, 50]]))
    assert dark_pixels(picture(pdf)) > dark_pixels(picture(draw_copy(COPY))) + 1000
    assert list(PdfReader(BytesIO(pdf)).pages[0].images) == []
    assert list(structure(pdf)).count("Figure") == 1
    assert "Signature drawn by Mo Ávila".encode("utf-16-be").hex().encode() in pdf


@pytest.mark.parametrize(
    "stroke",
    [
        [[0, 0], [20_000, 20_000], [0, 20_000]],
        [[-20_000, 5], [20_000, 5], [0, 6]],
        [[5, -20_000], [5, 20_000], [6, 0]],
        [[n % 600, n * 7 % 200] for n in range(MOST_POINTS)],
    ],
)
def test_a_signature_of_any_size_stays_in_its_place(stroke):
    page = PdfReader(BytesIO(draw_copy(signed_with(stroke)))).pages[0]
    operations = ContentStream(page["/Contents"], page.pdf).operations
    points = [(float(x), float(y)) for (x, y) in (at for at, operator in operations if operator in {b"m", b"l"})]
    assert len(points) == len(stroke)
    assert all(LEFT <= x <= RIGHT and BOTTOM <= y <= TOP for x, y in points)
    assert max(y for _, y in points) - min(y for _, y in points) <= SIGNATURE_HEIGHT


def test_it_is_a_tagged_letter_page_with_headings_and_paragraphs():
    pdf = draw_copy(COPY)
    assert size_in_mm(pdf) == pytest.approx((215.9, 279.4))
    tags = [tag for tag in structure(pdf) if tag != "Span"]
    assert tags[:3] == ["Document", "P", "H1"]
    assert tags.count("H2") == 4


def test_equal_copies_are_equal_bytes():
    assert draw_copy(COPY) == draw_copy(COPY)


def test_a_demo_is_marked_on_every_page():
    long = replace(COPY, demo=True, sheet=FormSheet("May we?", (Section("Terms", ("You choose. " * 900,)),)))
    marked, unmarked = draw_copy(long), draw_copy(replace(long, demo=False))
    for page in range(len(PdfReader(BytesIO(unmarked)).pages)):
        assert dark_grey(marked, page) > dark_grey(unmarked, page) + 10_000


def dark_grey(pdf: bytes, page: int) -> int:
    return sum(picture(pdf, page, dpi=72).histogram()[:250])


@pytest.mark.parametrize("length", [1, 40, 400, 4000])
def test_a_paragraph_of_any_length_is_on_the_pages_once_and_in_order(length):
    text = " ".join(f"w{number}" for number in range(length))
    blocks = [Block("H2", "Terms", keeps_with_next=True), Block("P", text), Block("P", "after")]
    pages = paginate(blocks)
    lines = [line for page in pages for piece in page for line in piece.lines]
    assert " ".join(lines) == f"Terms {text} after"
    for page in pages:
        for piece in page:
            assert piece.top <= TOP
            assert piece.top - len(piece.lines) * piece.block.leading >= BOTTOM - 0.01


@pytest.mark.parametrize("before", range(40, 60))
def test_no_heading_stands_alone_at_the_end_of_a_page(before):
    blocks = [Block("P", "x")] * before + [Block("H2", "Terms", keeps_with_next=True), Block("P", "long " * 60)]
    for page in paginate(blocks):
        assert page[-1].block.tag != "H2"


def test_a_copy_of_today_is_dated_in_the_registrys_own_time():
    assert str(TODAY.year) in words(draw_copy(COPY))
    assert "12:00:00 PM MST" in words(draw_copy(COPY))
