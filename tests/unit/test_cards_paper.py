"""Is the printed card the size it must be, does it scan back, and does it say no more than it may?"""

from datetime import date
from io import BytesIO
from itertools import combinations
from random import Random
from unicodedata import normalize

import pytest
import zxingcpp
from PIL import ImageDraw, ImageFilter
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from consent.documents.cards import AVERY_5371, draw_card, draw_sheet
from consent.documents.qr import QUIET_ZONE, qr_matrix, rectangles
from consent.domain.card_codes import in_groups
from consent.domain.cards import Card
from tests.builders.paper import codes, dark_box, dark_pixels, picture, size_in_mm, structure, words

CODE = "7ZK3M9QW2XRT5V8N4HJ6PBD1CF"
ADDRESS = "HTTPS://CONSENT.GLENDALEAZ.GOV/C/"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONG_SEASON = ("Youth Aquatics Summer Day Camp at Sahuaro Ranch Park, Afternoons, Ages 9 to 12. " * 2)[:128]
DPI = 600
MM = DPI / 25.4
SCRIPTS = {
    "Arabic": "محمد عبد الله",
    "Devanagari": "अनुष्का",
    "Thai": "สมชาย",
    "Chinese": "陈美玲",
    "Korean": "김민준",
    "Japanese": "たろう",
    "Hebrew": "דָּוִד",
    "Ethiopic": "ሰላም",
    "Vietnamese": "Nguyễn Thị Bích Ngọc",
    "decomposed Vietnamese": "Nguye\u0302\u0303n",
    "emoji": "😀",
    "a script without a font": "𓀀",
}


def card(**changes) -> Card:
    whole = {
        "first_name": "Ada",
        "last_initial": "L",
        "url": ADDRESS + CODE,
        "code": CODE,
        "department": "City of Glendale Parks and Recreation",
        "issued_on": date(2026, 6, 14),
        "season": "Summer Camp 2026",
        "expires_on": date(2027, 8, 31),
    }
    return Card(**whole | changes)


def cards(count: int) -> list[Card]:
    random = Random(7)  # noqa: S311  # paper to test with, not a secret
    made = ["".join(random.choices(CROCKFORD, k=26)) for _ in range(count)]
    return [card(url=ADDRESS + code, code=code) for code in made]


def lines_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of each stretch of letters on the first page."""
    page = PdfDocument(pdf)[0].get_textpage()
    return [page.get_rect(number) for number in range(page.count_rects())]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(max(one[axis], other[axis]) < min(one[axis + 2], other[axis + 2]) for axis in (0, 1))


def test_a_card_is_one_page_of_the_size_of_a_bank_card():
    pdf = draw_card(card())
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert size_in_mm(pdf) == pytest.approx((85.60, 53.98), abs=0.1)


@pytest.mark.parametrize("worn", ["new", "blurred", "turned", "stained", "faded"])
def test_a_scanner_reads_the_printed_card_back(worn):
    image = picture(draw_card(card()))
    box = ImageDraw.Draw(image)
    match worn:
        case "blurred":
            image = image.filter(ImageFilter.GaussianBlur(3))
        case "turned":
            image = image.rotate(17, expand=True, fillcolor=255)
        case "stained":
            box.ellipse((200, 260, 260, 320), fill=255)
        case "faded":
            image = image.point(lambda shade: 110 + shade // 2)
    assert codes(image) == [ADDRESS + CODE]


def test_the_code_is_25_mm_wide_with_four_white_modules_around_it():
    image = picture(draw_card(card(demo=True)), dpi=DPI)
    [found] = zxingcpp.read_barcodes(image)
    modules = len(qr_matrix(card().url))
    corner = found.position.top_left
    # A finder pattern has a dark edge all along, so the symbol's own sides can be followed from its corners.
    around = 2 * MM
    near = image.crop((corner.x - around, corner.y - around, corner.x + 28 * MM, corner.y + 28 * MM))
    left, top, right, bottom = dark_box(near)
    assert (right - left) / MM >= 25
    assert (bottom - top) / MM == pytest.approx((right - left) / MM, abs=0.1)
    module = (right - left) / modules
    assert module / MM >= 0.5
    x, y = corner.x - around + left, corner.y - around + top
    quiet = QUIET_ZONE * module
    whole = image.crop((x - quiet, y - quiet, x + right - left + quiet, y + bottom - top + quiet))
    inner = image.crop((x, y, x + right - left, y + bottom - top))
    assert min(whole.size) > min(inner.size)
    assert dark_pixels(whole) == pytest.approx(dark_pixels(inner), abs=min(whole.size))


def test_an_upper_case_address_makes_the_coarser_code():
    assert len(qr_matrix(ADDRESS + CODE)) == 33
    assert len(qr_matrix((ADDRESS + CODE).lower())) > 33


def test_the_rectangles_cover_each_dark_module_once_and_no_other():
    matrix = qr_matrix(ADDRESS + CODE)
    count = len(matrix)
    covered = [
        (count - 1 - row, column)
        for left, bottom, width, height in rectangles(matrix)
        for row in range(bottom, bottom + height)
        for column in range(left, left + width)
    ]
    dark = {(row, column) for row in range(count) for column in range(count) if matrix[row][column]}
    assert len(covered) == len(set(covered))
    assert set(covered) == dark


def test_a_card_says_in_two_languages_what_it_is_and_when_it_ends():
    said = words(draw_card(card()))
    assert said.count("City consent card") + said.count("Tarjeta") == 2
    for expected in ("Ada L.", "Summer Camp 2026", "Expires Aug 31, 2027", "31 ago 2027", "2026-06-14", "Lost?"):
        assert expected in said


def test_the_code_stands_in_groups_of_four_letters():
    assert in_groups(CODE) == "7ZK3 M9QW 2XRT 5V8N 4HJ6 PBD1 CF"
    assert in_groups(CODE) in words(draw_card(card()))


def test_a_card_that_never_ends_says_nothing_of_an_end():
    assert "Expires" not in words(draw_card(card(expires_on=None)))


def test_nothing_of_the_person_is_in_the_file_beside_the_printed_name():
    reader = PdfReader(BytesIO(draw_card(card())))
    assert reader.metadata.title == "City consent card"
    assert "Ada" not in str(reader.metadata)
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] is not None


def test_a_card_is_read_aloud_in_its_order_with_the_spanish_in_spanish():
    pdf = draw_card(card())
    assert list(structure(pdf)) == ["Document", "P"]
    content = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()
    assert content.count(b"/Lang(es)") == 3


def test_a_demo_card_says_so_and_a_real_one_does_not():
    assert "DEMO" in words(draw_card(card(demo=True)))
    assert "DEMO" not in words(draw_card(card()))


@pytest.mark.parametrize("letter", ["W", "M", "陈"])
def test_a_name_of_128_letters_prints_whole(letter):
    said = words(draw_card(card(first_name=letter * 128)))
    assert said.count(letter) - words(draw_card(card(first_name="i"))).count(letter) == 128


def test_a_name_of_many_words_is_broken_between_them_only():
    name = " ".join(["Ana María de los Ángeles"] * 5)
    said = PdfReader(BytesIO(draw_card(card(first_name=name)))).pages[0].extract_text()
    assert set(name.split()) <= set(said.split())
    assert " ".join(said.split()).count("Ángeles") == 5


def test_a_long_name_stays_inside_the_card_and_off_the_code():
    image = picture(draw_card(card(first_name="W" * 128, season="W" * 60)))
    margin = 10
    width, height = image.size
    assert dark_pixels(image.crop((width - margin, 0, width, height))) == 0
    assert codes(image) == [ADDRESS + CODE]


@pytest.mark.parametrize("draw", [draw_card, lambda one: draw_sheet([one])], ids=["bank card", "sheet"])
@pytest.mark.parametrize("expires_on", [date(2027, 8, 31), None])
@pytest.mark.parametrize("season", ["", "Summer Camp 2026", LONG_SEASON, "W" * 128])
@pytest.mark.parametrize("name", ["Ada", "Maximiliano Alejandro", "Ana María de los Ángeles " * 5, "W" * 128])
def test_no_line_of_a_card_is_printed_over_another(draw, name, season, expires_on):
    lines = lines_of(draw(card(first_name=name, season=season, expires_on=expires_on)))
    over = [(one, other) for one, other in combinations(lines, 2) if overlap(one, other)]
    assert len(lines) > 8
    assert over == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_in_any_script_leaves_ink_and_keeps_its_letters(script):
    with_name = draw_card(card(first_name=SCRIPTS[script], last_initial=""))
    without = draw_card(card(first_name="", last_initial=""))
    assert dark_pixels(picture(with_name)) > dark_pixels(picture(without)) + 800
    content = PdfReader(BytesIO(with_name)).pages[0].get_contents().get_data()
    letters = normalize("NFC", SCRIPTS[script])
    assert set(letters) <= set(words(with_name)) or letters.encode("utf-16-be").hex().encode() in content


def test_a_letter_that_no_font_has_is_printed_as_its_number():
    said = PdfReader(BytesIO(draw_card(card(first_name="Bo\U00013000")))).pages[0].extract_text()
    assert "130" in said
    assert "00" in said


def test_a_letter_from_the_private_range_is_printed_as_its_number():
    said = PdfReader(BytesIO(draw_card(card(first_name="Bo\ue123")))).pages[0].extract_text()
    assert "E1" in said
    assert "23" in said


def test_marks_that_only_steer_a_screen_leave_nothing():
    steered = draw_card(card(first_name="\ufe0f\u202eA\u00add\u2066\u200da\ufe0f\u200b"))
    assert dark_pixels(picture(steered)) == pytest.approx(dark_pixels(picture(draw_card(card()))), abs=60)


def test_brackets_in_a_name_read_leftward_still_open_and_close_it():
    hebrew = draw_card(card(first_name="(דוד) א", last_initial=""))
    assert dark_pixels(picture(hebrew)) > dark_pixels(picture(draw_card(card(first_name="", last_initial="")))) + 800
    assert {"(", ")"} <= set(words(hebrew))


def test_arabic_letters_are_joined_and_run_from_right_to_left():
    joined = picture(draw_card(card(first_name="محمد", last_initial="")))
    apart = picture(draw_card(card(first_name="\u200c".join("محمد"), last_initial="")))
    assert dark_pixels(joined) < dark_pixels(apart)


def test_equal_cards_give_equal_bytes_whatever_was_printed_before():
    first = draw_card(card(first_name="अनुष्का"))
    draw_card(card(first_name="क्षत्रिय श्री"))
    assert draw_card(card(first_name="अनुष्का")) == first


def test_a_sheet_fills_its_ten_cells_and_goes_on_to_the_next_page():
    pdf = draw_sheet(cards(23))
    assert len(PdfReader(BytesIO(pdf)).pages) == 3
    assert size_in_mm(pdf) == pytest.approx((215.9, 279.4), abs=0.1)
    assert [codes(picture(pdf, page)) for page in range(3)] == [
        [one.url for one in part] for part in (cards(23)[:10], cards(23)[10:20], cards(23)[20:])
    ]


@pytest.mark.parametrize(("start_cell", "pages"), [(1, 1), (9, 1), (10, 2)])
def test_a_sheet_begins_in_the_cell_that_is_still_free(start_cell, pages):
    pdf = draw_sheet(cards(2), start_cell=start_cell)
    assert len(PdfReader(BytesIO(pdf)).pages) == pages
    left, top, _right, _bottom = dark_box(picture(pdf, dpi=DPI))
    row, column = divmod(start_cell - 1, 2)
    cell_left, cell_top = 0.75 + 3.5 * column, 0.5 + 2 * row
    assert left / DPI - cell_left == pytest.approx(AVERY_5371.inset / 72, abs=0.01)
    assert top / DPI - cell_top == pytest.approx(AVERY_5371.inset / 72, abs=0.01)


@pytest.mark.parametrize("start_cell", [0, 11])
def test_a_sheet_has_no_other_cells(start_cell):
    with pytest.raises(ValueError, match="start_cell"):
        draw_sheet(cards(1), start_cell=start_cell)


def test_an_empty_sheet_is_refused():
    with pytest.raises(ValueError, match="card"):
        draw_sheet([])


def test_a_card_on_a_sheet_takes_less_than_a_kilobyte():
    assert len(draw_sheet(cards(240))) / 240 < 1024


def test_every_random_code_scans_with_the_one_mask():
    hundred = cards(100)
    pdf = draw_sheet(hundred)
    assert [code for page in range(10) for code in codes(picture(pdf, page))] == [one.url for one in hundred]
