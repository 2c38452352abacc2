"""Does the certificate of a clearance say all that was cleared, and does its code lead there?"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from consent.documents.certificates import draw_certificate
from consent.domain.certificates import Certificate, Certified, CertifiedCapture
from consent.domain.gate_facts import ChecklistItem, LimitKind
from consent.domain.vocabulary import Media, Use
from tests.builders.paper import codes, picture, structure, words

PHOENIX = ZoneInfo("America/Phoenix")
NOON = datetime(2026, 7, 1, 12, tzinfo=PHOENIX)
ADDRESS = "HTTPS://CONSENT.GLENDALEAZ.GOV/P/K7QX-2M9P"
WHOLE = Certificate(
    number="K7QX-2M9P",
    url=ADDRESS,
    department="City of Glendale Parks and Recreation",
    what="Photo of the pool opening",
    platform="Facebook",
    account="@cityparks",
    program="Camp 2026",
    uses=(Use.PHOTO,),
    posting_at=NOON,
    decided_at=NOON,
    decided_by="Ana Ruiz",
    headcount=2,
    people=(Certified("Zoë Ávila", ("C-1",)), Certified("Ben Avilla", ("C-2", "C-3"))),
    captures=(CertifiedCapture(Media.STILL, NOON, "Ana Ruiz", "Camera 4"),),
    checklist=tuple(ChecklistItem),
    limits=((LimitKind.NOT_TAGGED, ("Ben Avilla",)),),
    position=812,
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Certificate of clearance", "Post a photo", "Do not tag or mention their accounts: Ben Avilla"]),
        ("es", ["Certificado de autorización", "No etiquete ni mencione sus cuentas: Ben Avilla"]),
    ],
)
def test_it_names_everybody_and_everything_that_was_cleared(language: str, told: list[str]):
    said = words(draw_certificate(WHOLE, language))
    for expected in (*told, "K7QX-2M9P", "Zoë Ávila", "C-2, C-3", "@cityparks", "Camera 4", "Camp 2026", "812"):
        assert expected in said


def test_a_scanner_reads_the_code_that_leads_to_it():
    assert codes(picture(draw_certificate(WHOLE, "en"))) == [ADDRESS]
    assert codes(picture(draw_certificate(replace(WHOLE, demo=True), "en"))) == [ADDRESS]


def test_a_picture_of_hundreds_takes_as_many_pages_as_it_needs_and_loses_nobody():
    crowd = tuple(Certified(f"Camper{number:03} Kim", (f"C-{number}",)) for number in range(300))
    pdf = draw_certificate(replace(WHOLE, people=crowd), "en")
    said = words(pdf)
    assert all(person.name in said for person in crowd)
    assert codes(picture(pdf)) == [ADDRESS]


def test_a_text_that_shows_nobody_says_so():
    said = words(draw_certificate(replace(WHOLE, people=(), captures=(), uses=(), program=None, limits=()), "en"))
    assert "Nobody" in said
    assert "Camp" not in said


def test_it_is_read_aloud_with_its_title_first_and_its_code_in_words():
    tags = list(structure(draw_certificate(WHOLE, "en")))
    assert "Figure" in tags
    assert "H1" in tags
