"""Can a counselor trust the printed roster: everybody on it once, who may not be photographed first, nothing cut?"""

from collections import Counter
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from consent.documents.rosters import draw_roster
from consent.documents.rosters_pages import paginate
from consent.documents.rosters_table import COLUMNS
from consent.domain.rosters import ROSTER_USES, Mark, Section, Sheet, SheetRow, section
from consent.domain.vocabulary import Use
from consent.wording import MARKS, say
from tests.builders.paper import codes, dark_pixels, picture, size_in_mm, structure, words

ADDRESS = "HTTPS://CONSENT.GLENDALEAZ.GOV/R/7ZK3M9QW2XRT"
ALL_OK = dict.fromkeys(ROSTER_USES, Mark.OK)
NEVER = dict.fromkeys(ROSTER_USES, Mark.NOT_OK)
NO_TAG = ALL_OK | {Use.TAG: Mark.NOT_OK}
CHECKPOINT = "consent.glendaleaz.gov/log\n1234\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n"


def roster(*rows, **changes) -> Sheet:
    whole = {
        "program": "Summer Camp: Sahuaro Ranch",
        "department": "City of Glendale Parks and Recreation",
        "valid_on": date(2026, 6, 14),
        "printed_at": datetime(2026, 6, 14, 8, 2, tzinfo=ZoneInfo("America/Phoenix")),
        "printed_by": "Ana Ruiz",
        "serial": "R-000123",
        "url": ADDRESS,
        "rows": rows,
    }
    return Sheet(**whole | changes)


def people(count: int) -> list[SheetRow]:
    marks = (ALL_OK, NO_TAG, NEVER, {})
    return [SheetRow(f"Camper{number:04}, Kim", marks[number % 4], number % 12 + 4) for number in range(count)]


def pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize(
    ("marks", "part"),
    [
        (ALL_OK, Section.OK),
        (NO_TAG, Section.LIMITS),
        (ALL_OK | {Use.RECORD: Mark.NOT_ASKED}, Section.LIMITS),
        (ALL_OK | {Use.PHOTO: Mark.NOT_OK}, Section.DO_NOT_PHOTOGRAPH),
        (ALL_OK | {Use.PHOTO: Mark.NOT_ASKED}, Section.DO_NOT_PHOTOGRAPH),
        (NEVER, Section.DO_NOT_PHOTOGRAPH),
        ({}, Section.DO_NOT_PHOTOGRAPH),
    ],
)
def test_only_an_ok_for_photos_takes_somebody_out_of_do_not_photograph(marks, part):
    assert section(marks) is part


def test_a_use_that_a_roster_does_not_ask_about_moves_nobody():
    assert section(ALL_OK | {Use.FRIEND: Mark.NOT_OK}) is Section.OK


@pytest.mark.parametrize("count", [1, 30, 300])
def test_everybody_stands_on_the_roster_exactly_once(count):
    said = words(draw_roster(roster(*people(count))))
    assert Counter(word for word in said.split() if word.startswith("Camper")) == Counter(
        row.name.split()[0] for row in people(count)
    )


@pytest.mark.parametrize("room", [120, 133, 300, 555])
def test_whatever_the_page_holds_nobody_is_lost_or_twice_between_pages(room):
    blocks = [block for page in paginate(people(97), room, 32) for block in page]
    names = Counter(entry.row.name for block in blocks for entry in block.entries)
    assert names == Counter(row.name for row in people(97))
    assert [block.part for block in blocks] == sorted((block.part for block in blocks), key=list(Section).index)


def test_who_may_not_be_photographed_comes_first_then_limits_then_ok():
    said = words(draw_roster(roster(*people(4))))
    order = ["DO NOT PHOTOGRAPH", "Camper0002", "Camper0003", "OK WITH LIMITS", "Camper0001", "Camper0000"]
    assert [said.index(expected) for expected in order] == sorted(said.index(expected) for expected in order)


def test_within_a_part_people_stand_in_the_order_they_were_given():
    rows = [SheetRow(name, ALL_OK) for name in ("Zúñiga", "Álvarez", "Begay")]
    said = words(draw_roster(roster(*rows)))
    assert said.index("Zúñiga") < said.index("Álvarez") < said.index("Begay")


def test_each_person_has_five_marks_in_words():
    said = words(draw_roster(roster(SheetRow("Ada", ALL_OK | {Use.PHOTO: Mark.NOT_ASKED, Use.TAG: Mark.NOT_OK}, 9))))
    row = said[said.index("Ada 9") : said.index("OK: you may")]
    assert row.replace("?", "").split() == ["Ada", "9", "OK", "NOT", "ASKED", "OK", "OK", "NOT", "OK"]


def test_the_marks_differ_in_ink_not_only_in_word():
    ink = [
        dark_pixels(picture(draw_roster(roster(SheetRow("A", {Use.PHOTO: Mark.NOT_OK} | marks)))))
        for marks in (dict.fromkeys(ROSTER_USES[2:], mark) for mark in (Mark.OK, Mark.NOT_ASKED, Mark.NOT_OK))
    ]
    assert ink[0] * 1.02 < ink[1]
    assert ink[1] * 1.02 < ink[2]


def test_the_columns_are_the_five_things_that_happen_while_people_are_together():
    said = words(draw_roster(roster(*people(1))))
    for title in ("Be recorded", "Post a photo", "Post a video", "Print the name", "Tag", "Age", "Staff initials"):
        assert title in said
    assert "Friend" not in said


def test_the_sheet_says_when_by_whom_and_for_which_day_it_was_printed():
    said = words(draw_roster(roster(*people(1))))
    assert "Printed Jun 14, 2026, 8:02 AM by Ana Ruiz, valid for Jun 14, 2026 only" in said
    assert "Sheet R-000123, sorted by last name" in said
    assert "shred it" in said
    assert "Summer Camp: Sahuaro Ranch" in said


def test_a_roster_by_first_name_says_so():
    assert "sorted by first name" in words(draw_roster(roster(*people(1), by_last_name=False)))


def test_a_roster_in_spanish_has_spanish_dates():
    pdf = draw_roster(roster(*people(1)), "es")
    assert "14 jun 2026" in words(pdf)
    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == "es"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_above_a_column_or_in_a_mark_is_broken(language):
    said = words(draw_roster(roster(SheetRow("Ada", {Use.PHOTO: Mark.NOT_OK, Use.TAG: Mark.OK}, 9)), language)).split()
    for title in (*(title for _, _, title in COLUMNS), *MARKS.values()):
        assert set(say(title, language).split()) <= set(said)


def test_the_spanish_mark_of_somebody_whom_nobody_asked_is_explained_by_the_same_word():
    said = words(draw_roster(roster(SheetRow("Ada", {}, 9)), "es"))
    assert said.count(say(MARKS[Mark.NOT_ASKED], "es")) == len(ROSTER_USES) + 1


def test_every_page_repeats_its_header_and_says_which_page_it_is():
    reader = PdfReader(BytesIO(draw_roster(roster(*people(90)))))
    count = len(reader.pages)
    assert count > 3
    for number, page in enumerate(reader.pages, 1):
        said = " ".join(page.extract_text().split())
        assert f"Page {number} of {count}" in said
        assert "Summer Camp: Sahuaro Ranch" in said
        assert "Sheet R-000123" in said
        assert "Name" in said


def test_a_part_that_goes_on_says_so_on_the_next_page():
    said = words(draw_roster(roster(*[SheetRow(f"N{number}", NEVER) for number in range(40)])))
    assert said.count("DO NOT PHOTOGRAPH (continued)") == 1 + (said.count("People: 40") - 2)
    assert said.count("People: 40") >= 2


def test_every_page_carries_the_code_that_tells_whether_it_is_out_of_date():
    pdf = draw_roster(roster(*people(60)))
    for page in range(pages(pdf)):
        assert codes(picture(pdf, page)) == [ADDRESS]


def test_a_roster_is_letter_paper_in_black_and_white():
    pdf = draw_roster(roster(*people(4)))
    assert size_in_mm(pdf) == pytest.approx((215.9, 279.4), abs=0.1)
    content = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()
    assert b" rg" not in content
    assert b" RG" not in content


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_letter_is_smaller_than_eleven_points(language):
    reader = PdfReader(BytesIO(draw_roster(roster(*people(8), checkpoint=CHECKPOINT), language)))
    sizes = {
        float(operands[1])
        for page in reader.pages
        for operands, operator in ContentStream(page.get_contents(), reader).operations
        if operator == b"Tf"
    }
    assert min(sizes) >= 11


@pytest.mark.parametrize("letter", ["W", "陈", "م"])
def test_a_name_of_128_letters_prints_whole_and_inside_its_column(letter):
    pdf = draw_roster(roster(SheetRow(letter * 128, NEVER, 9)))
    short = draw_roster(roster(SheetRow("", NEVER, 9)))
    assert words(pdf).count(letter) - words(short).count(letter) == 128
    assert codes(picture(pdf)) == [ADDRESS]


def test_long_names_of_program_and_staff_wrap_and_leave_the_code_alone():
    pdf = draw_roster(roster(*people(2), program="Swimming " * 30, printed_by="Ruiz " * 40))
    assert words(pdf).count("Swimming") == 30
    assert words(pdf).count("Ruiz") == 40
    assert codes(picture(pdf)) == [ADDRESS]


@pytest.mark.parametrize("name", ["محمد عبد الله", "अनुष्का", "สมชาย", "陈美玲", "Nguyễn", "😀", "𓀀"])
def test_a_name_in_any_script_leaves_ink(name):
    with_name = picture(draw_roster(roster(SheetRow(name, ALL_OK))))
    without = picture(draw_roster(roster(SheetRow("", ALL_OK))))
    assert dark_pixels(with_name) > dark_pixels(without) + 500


def test_a_program_without_people_says_so():
    pdf = draw_roster(roster())
    assert "Nobody is enrolled in this program yet." in words(pdf)
    assert pages(pdf) == 1


def test_the_part_of_those_not_to_be_photographed_is_there_even_when_empty():
    assert "DO NOT PHOTOGRAPH People: 0" in words(draw_roster(roster(SheetRow("Ada", ALL_OK))))


@pytest.mark.parametrize("count", range(1, 50, 4))
def test_the_checkpoint_stands_after_the_last_row(count):
    said = words(draw_roster(roster(*people(count), checkpoint=CHECKPOINT)))
    assert said.index(CHECKPOINT.split()[2]) > max(said.index(row.name.split()[0]) for row in people(count))


@pytest.mark.parametrize("count", [0, 1, 18, 30])
def test_rules_stand_after_the_last_row_however_long_they_are(count):
    rules = tuple((f"Place{number:02}", "No camera here. " * 60) for number in range(12))
    paper = draw_roster(roster(*people(count), rules=rules, checkpoint=CHECKPOINT))
    said = words(paper)
    assert [said.count(where) for where, _ in rules] == [1] * len(rules)
    assert said.count("camera") == 60 * len(rules)
    assert pages(paper) > 2


def test_a_demo_roster_says_so_on_every_page():
    reader = PdfReader(BytesIO(draw_roster(roster(*people(60), demo=True))))
    assert all("DEMO" in page.extract_text() for page in reader.pages)


def test_the_file_says_nothing_of_its_people_beside_the_rows():
    reader = PdfReader(BytesIO(draw_roster(roster(SheetRow("Ada Lovelace", ALL_OK, 9)))))
    assert reader.metadata.title == "Photo and media roster, Summer Camp: Sahuaro Ranch, Jun 14, 2026"
    assert "Ada" not in str(reader.metadata)


def test_the_roster_is_read_aloud_as_headings_and_tables():
    tags = Counter(structure(draw_roster(roster(*people(100)))))
    assert tags["H1"] == 1
    assert tags["H2"] == tags["Table"] == 3
    assert tags["TR"] == 100 + 3
    assert tags["TH"] == 100 + 3 * 8
    assert tags["TD"] == 100 * 7
    assert tags["Figure"] == 1


def test_equal_rosters_give_equal_bytes():
    assert draw_roster(roster(*people(40))) == draw_roster(roster(*people(40)))
