"""What do names, rosters and cards cost by themselves, without a server around them?"""

import io
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random
from typing import Final

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from consent.documents.cards import draw_card, draw_sheet
from consent.documents.rosters import draw_roster
from consent.domain.card_codes import new_code
from consent.domain.cards import Card
from consent.domain.permissions import Role, permissions_of
from consent.domain.rosters import ROSTER_USES, Mark, Sheet, SheetRow
from consent.services.checks import Asker, Door
from consent.services.lookup_people import search
from consent.settings import Settings
from consent.storage.database import db
from tests.bench.registries import Registry
from tests.bench.results import Result, at_most, middle
from tests.bench.seeding import FIRST_NAMES, LAST_NAMES, name_of

TODAY: Final = date(2026, 9, 15)
NOON: Final = datetime(2026, 9, 15, 12, tzinfo=Settings().zone)
ROSTER_GOALS: Final = {30: 20.0, 300: 60.0, 3000: 600.0}
ROWS_A_PAGE: Final = 40
CARDS: Final = 100


def search_names(registry: Registry, repeats: int, searches: int) -> Iterator[Result]:
    """At the database, as the list under the search box asks it."""
    random = Random(650)  # noqa: S311  # the same names each time, no secrets
    people = [name_of(random.randrange(1, registry.patrons + 1)) for _ in range(searches)]
    typed = {
        "one word": ([last for _, last in people], 1.0),
        "three letters": ([last[:3] for _, last in people], 1.0),
        "inside a word": ([last[2:] for _, last in people], 1.0),
        "two words": ([f"{first} {last}" for first, last in people], 30.0),
        "a typo": ([f"{last[:2]}{last[3:]}" for _, last in people], 50.0),
    }
    asker = Asker(Door.LOOK_UP, permissions_of(Role), staff_id=1)
    with registry.app.app_context(), db.engine.connect() as connection:
        for what, (words, goal) in typed.items():
            rounds = []
            for _ in range(repeats):
                taken = sorted(
                    _milliseconds(lambda word=word: search(connection, word, asker=asker, today=TODAY, at_most=8))
                    for word in words
                )
                rounds.append((taken[len(taken) // 2], taken[int(len(taken) * 0.99)]))
            p50, p99 = (middle([told[place] for told in rounds]) for place in (0, 1))
            told = f"name search, {what}, {registry.patrons:,} people (p50 {p50:.2f} ms), p99"
            yield at_most("b", told, p99, "ms", goal)


def draw_rosters(repeats: int) -> Iterator[Result]:
    """The sheet alone, against the same text on a bare canvas. The registry's data is read beforehand."""
    for names, goal in ROSTER_GOALS.items():
        sheet = _sheet(names)
        floors, ours = [], []
        for _ in range(repeats):
            floors.append(_milliseconds(lambda sheet=sheet: _bare(sheet)))
            ours.append(_milliseconds(lambda sheet=sheet: draw_roster(sheet)))
        yield at_most("e", f"roster of {names:,} names", middle(ours), "ms", goal, floor=middle(floors))


def draw_cards(repeats: int) -> Iterator[Result]:
    cards = [_card(number) for number in range(CARDS)]
    seconds, size = [], 0
    for _ in range(repeats):
        seconds.append(_milliseconds(lambda: [draw_card(card) for card in cards]) / 1000)
        size = max(len(draw_card(card)) for card in cards)
    a_second = CARDS / middle(seconds)
    yield Result("f", "cards, one file each", "", f"{a_second:.0f}/s", None, ">= 450/s", a_second >= 450)
    sheets = CARDS / middle([_milliseconds(lambda: draw_sheet(cards)) / 1000 for _ in range(repeats)])
    yield Result("f", f"cards, a sheet of {CARDS}", "", f"{sheets:.0f}/s", None, ">= 450/s", sheets >= 450)
    each = len(draw_sheet(cards)) / CARDS
    yield at_most("f", "bytes a card, alone", size, "bytes", 1024)
    yield at_most("f", "bytes a card, in a sheet", each, "bytes", 1024)


def _milliseconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def _sheet(names: int) -> Sheet:
    random = Random(650)  # noqa: S311  # the same roster each time, no secrets
    rows = tuple(
        SheetRow(
            name=f"{random.choice(LAST_NAMES)} {number}, {random.choice(FIRST_NAMES)}",
            marks={use: random.choice([Mark.OK, Mark.OK, Mark.NOT_OK, Mark.NOT_ASKED]) for use in ROSTER_USES},
            age=random.randrange(5, 17),
        )
        for number in range(names)
    )
    url = "HTTP://LOCALHOST:8000/R/ABCDEFGH"
    return Sheet("Summer camp", "Recreation", TODAY, NOON, "Ada Lovelace", "ABCDEFGH", url, rows)


def _bare(sheet: Sheet) -> bytes:
    """Every word of the roster at its place, and nothing else."""
    paper = io.BytesIO()
    canvas = Canvas(paper, LETTER)
    for place, row in enumerate(sheet.rows):
        if place and place % ROWS_A_PAGE == 0:
            canvas.showPage()
        y = 740 - 16 * (place % ROWS_A_PAGE)
        for column, word in enumerate((row.name, str(row.age), *row.marks.values())):
            canvas.drawString(40 + 90 * column, y, word)
    canvas.save()
    return paper.getvalue()


def _card(number: int) -> Card:
    code = new_code()
    return Card(
        first_name=FIRST_NAMES[number % len(FIRST_NAMES)],
        last_initial="N",
        url=f"HTTP://LOCALHOST:8000/C/{code}",
        code=code,
        department="City Recreation Department",
        issued_on=TODAY,
        expires_on=TODAY,
    )
