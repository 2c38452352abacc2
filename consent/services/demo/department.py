"""What does the demo department run, on which platforms and with which forms?"""

from typing import Final

from consent.services.demo.book import EVERY_USE, Book
from consent.services.demo.starter_form import CURRENT, FAULTY, FIRST, FORM, TITLE, body

CAMP: Final = "DEMO-CAMP"
SWIM: Final = "DEMO-SWIM"
SOCCER: Final = "DEMO-SOCCER"
TEENS: Final = "DEMO-TEENS"
DANCE: Final = "DEMO-DANCE"
STROLLERS: Final = "DEMO-STROLLERS"

FACEBOOK: Final = "facebook"
INSTAGRAM: Final = "instagram"
YOUTUBE: Final = "youtube"
TIKTOK: Final = "tiktok"
CLOSED: Final = "x"

TIKTOK_DAYS: Final = 45
"""So long ago TikTok was approved: who signed before it said yes to less."""

CURRENT_FORM_DAYS: Final = 60
FAULTY_FORM_DAYS: Final = 120

_PLATFORMS: Final = (
    (FACEBOOK, "Facebook", 1100, None),
    (INSTAGRAM, "Instagram", 1100, None),
    (YOUTUBE, "YouTube", 800, None),
    (TIKTOK, "TikTok", TIKTOK_DAYS, None),
    (CLOSED, "X (Twitter)", 1100, 200),
)
_PROGRAMS: Final = (
    (CAMP, "DEMO Saguaro Day Camp", -10, 46),
    (SWIM, "DEMO Learn to Swim", -30, 30),
    (SOCCER, "DEMO Youth Soccer League", -150, -60),
    (TEENS, "DEMO Teen Leadership Club", -100, 200),
    (DANCE, "DEMO Folklórico Dance, next season", 60, 150),
    (STROLLERS, "DEMO Desert Strollers, 55 and over", -200, 165),
)
_FORMS: Final = (
    (FIRST, 1000, None),
    (FAULTY, FAULTY_FORM_DAYS, CURRENT_FORM_DAYS),
    (CURRENT, CURRENT_FORM_DAYS, None),
)
"""Version, published so many days ago, withdrawn so many days ago."""


def write_department(book: Book) -> None:
    for key, name, opened, closed in _PLATFORMS:
        until = None if closed is None else book.ago(closed)
        book.write("platform", id=key, name=name, approved_from=book.ago(opened), approved_until=until)
    for version, published, withdrawn in _FORMS:
        book.write(
            "form",
            id=FORM,
            version=version,
            uses=list(EVERY_USE),
            title=TITLE,
            body=body(version),
            published_at=book.ago(published),
            withdrawn_at=None if withdrawn is None else book.ago(withdrawn),
        )
    for key, name, starts, ends in _PROGRAMS:
        book.write("program", id=key, name=name, starts=book.day(starts), ends=book.day(ends))
