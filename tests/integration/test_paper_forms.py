"""Can a family have on paper all that the screen says, from any version, and can the desk scan which one it is?"""

from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from consent.domain.paper_forms import FormCode, NoFormCode
from consent.domain.permissions import Role
from consent.domain.vocabulary import Language, Use
from consent.wording import USE_MEANINGS, USES, say
from tests.builders.camp import CAMP, FACEBOOK, FORM, NOW, PROGRAM, keep
from tests.builders.paper import codes, picture, size_in_mm, structure, words
from tests.builders.staff import signed_in

PAGES = "/desk/paper/forms"
SECOND = FORM | {"version": 2, "published_at": "2026-03-01T19:00:00Z", "uses": ["photo", "video"]}
FAULTY = FORM | {
    "id": "faulty", "published_at": "2026-04-01T19:00:00Z", "withdrawn_at": "2026-05-01T19:00:00Z",
    "title": {"en": "Faulty form", "es": "Formulario defectuoso"},
}  # fmt: skip
TO_COME = FORM | {"version": 3, "published_at": "2027-01-01T00:00:00Z"}
LETTER_IN_MM = (215.9, 279.4)


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def database() -> str:
    """What is printed is the same from any."""
    return "sqlite"


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    keep(app, [FORM, SECOND, FAULTY, TO_COME, FACEBOOK, PROGRAM])
    return signed_in(app, Role.FRONT_DESK)


def printed(desk: FlaskClient, form: str = "media", version: int = 1, language: str = "en") -> bytes:
    answer = desk.get(f"{PAGES}/{form}/{version}/{language}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer.data


@pytest.mark.parametrize("language", Language)
def test_the_paper_says_all_that_the_screen_says(desk: FlaskClient, language: Language) -> None:
    pdf = printed(desk, language=language.value)
    told = words(pdf)
    for use in Use:
        assert say(USES[use], language) in told
        assert say(USE_MEANINGS[use], language) in told
    points = {
        Language.ENGLISH: (
            "City Recreation Department", "6.5, III.k", "Media form, version 1", "Who this is about", "Who signs",
            "What you are to the people", "own account, outside work time", "Facebook", "program or event",
            "12 months at most", "cannot be fully recalled", "A no costs nothing", "take a yes back at any time",
            "public record", "have the authority", "Signing on paper", "Your signature by hand", "Your name in letters",
            "Date (month / day / year)", "gives you a copy", "18th birthday", "You choose.", "For the front desk",
        ),
        Language.SPANISH: (
            "City Recreation Department", "6.5, III.k", "Formulario de medios, versión 1", "De quién se trata",
            "Quién firma", "Qué es usted", "fuera del horario", "Facebook", "programa o evento", "12 meses",
            "no se puede retirar del todo", "Un no no cuesta nada", "retirar un sí", "registro público",
            "tiene la autoridad", "Firmar en papel", "Su firma a mano", "letra de molde", "Fecha (mes / día / año)",
            "le da una copia", "18 años", "Usted elige.", "Para la recepción",
        ),
    }[language]  # fmt: skip
    assert [point for point in points if point not in told] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_scanner_reads_on_every_page_which_form_it_is(desk: FlaskClient, language: str) -> None:
    pdf = printed(desk, language=language)
    code = FormCode("media", 1, Language(language))
    for page in range(len(PdfReader(BytesIO(pdf)).pages)):
        assert codes(picture(pdf, page, dpi=200)) == [code.text]
        assert size_in_mm(pdf, page) == pytest.approx(LETTER_IN_MM, abs=0.1)
    assert FormCode.read(f" {code.text.upper()}\n") == FormCode("MEDIA", 1, Language(language))
    assert FormCode.read(f"FORM/media/9/en{code.text}") == code
    assert code.text in words(pdf)


def test_the_paper_is_read_aloud_in_order_and_needs_no_color(desk: FlaskClient) -> None:
    pdf = printed(desk, version=2)
    tags = list(structure(pdf))
    assert tags[1:3] == ["H1", "P"]
    assert tags.count("TR") == 1 + len(SECOND["uses"])
    catalog = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert (catalog["/Lang"], catalog["/MarkInfo"]["/Marked"]) == ("en", True)
    colored = [page for page in PdfReader(BytesIO(pdf)).pages if b" rg" in page.get_contents().get_data()]
    assert colored == []


def test_every_version_prints_and_one_that_is_over_says_so(desk: FlaskClient) -> None:
    page = desk.get(PAGES).text
    assert page.index("version 2") < page.index("Faulty form")
    assert (page.count("Retired"), page.count("Withdrawn")) == (1, 1)
    assert "RETIRED on March 1, 2026" in words(printed(desk))
    assert "WITHDRAWN on May 1, 2026" in words(printed(desk, "faulty"))
    newest = words(printed(desk, version=2))
    assert not any(word in newest for word in ("RETIRED", "WITHDRAWN", say(USE_MEANINGS[Use.TAG])))
    assert "Staff may post a still picture" in newest


def test_a_form_that_is_not_there_yet_is_not_printed(desk: FlaskClient) -> None:
    for path in ("media/3/en", "media/9/en", "other/1/es", f"media/{2**70}/en", "media/1/fr"):
        assert desk.get(f"{PAGES}/{path}.pdf").status_code == 404


def test_before_the_first_form_the_page_says_what_to_do(app: Flask) -> None:
    assert "No form has been published yet" in signed_in(app, Role.FRONT_DESK).get(PAGES).text


@pytest.mark.parametrize(
    "text", ["", "FORM/media/1", "FORM/media/one/en", "FORM//1/en", "https://city.example/C/1", "FORM/media/1/fr"]
)
def test_another_code_is_no_form(text: str) -> None:
    with pytest.raises(NoFormCode):
        FormCode.read(text)


def test_a_name_of_any_letters_comes_back_from_its_code() -> None:
    code = FormCode("año/2026 ñ", 12, Language.SPANISH)
    assert FormCode.read(code.text) == code


def test_a_text_longer_than_a_page_is_printed_whole(app: Flask) -> None:
    body = " ".join(f"word{number}" for number in range(3000))
    long = FORM | {"body": {"en": body, "es": "Usted elige."}}
    keep(app, [long, FACEBOOK, {**PROGRAM, "id": f"{CAMP}-2"}])
    told = words(printed(signed_in(app, Role.FRONT_DESK)))
    assert all(f"word{number}" in told for number in (0, 1500, 2999))
