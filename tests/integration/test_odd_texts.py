"""Do a person's odd name, number and account stay plain text, and does their page still open?"""

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.domain.signing import TypedPatron
from consent.services.matching import exact_link
from tests.builders.camp import SINCE, a_person, keep
from tests.builders.sittings import CHILD, MOTHER, NOW
from tests.builders.staff import signed_in

MARKUP = "<b onclick=go()>Square</b>"
NUMBERS = ["a//b/../c", "/etc/passwd", "line\nbreak", "?q=1#x", "50% %2F", "\\..\\x", "<b>", "a b.", "é/\u202e"]
MANY_WORDS = " ".join(f"{letter}{digit}" for letter in "abcdefgh" for digit in range(5))


def test_a_platform_is_only_named_in_the_label_of_an_account(app: Flask):
    keep(app, [{"type": "platform", "id": "square", "name": MARKUP, "approved_from": SINCE}, *a_camper("P-1")])
    page = signed_in(app, *Role).get("/patrons/P-1/correct").text
    assert MARKUP not in page
    assert "Account on &lt;b onclick=go()&gt;Square&lt;/b&gt;" in page


def test_what_is_filled_into_a_sentence_said_later_is_no_markup(app: Flask):
    with app.test_request_context():
        said = app.jinja_env.from_string("{{ said }} {{ said ~ '' }}").render(
            said=lazy_gettext("Enter %(thing)s", thing=MARKUP)
        )
    assert "<b" not in said


@pytest.mark.parametrize("number", NUMBERS)
def test_a_person_of_whatever_number_has_a_page(app: Flask, number: str):
    keep(app, a_camper(number))
    client = signed_in(app, *Role)
    with app.test_request_context():
        pages = [app.url_for("patrons.patron", patron=number), app.url_for("holds.place", patron=number)]
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, "Zoë" in answer.text) == (200, True), page


def test_a_name_of_very_many_words_is_found_as_any_other(app: Flask, session: Session):
    keep(app, a_camper("P-many", MANY_WORDS))
    typed = TypedPatron(MANY_WORDS, "Ávila", CHILD.born, {})
    link = exact_link(session, typed, MOTHER, now=NOW)
    assert link
    assert link.patron.external_id == "P-many"


def a_camper(number: str, first_name: str = "Zoë") -> list[dict[str, object]]:
    patron, mother, bond, _ = a_person(number, first_name, "Ávila")
    mother["id"] = bond["guardian"] = "G-1"
    return [patron, mother, bond]


@pytest.mark.parametrize(
    ("method", "page", "status"),
    [
        ("GET", "/C/%F0%9F%91%A8", 200),
        ("GET", "/cards/sheet.pdf?program=camp&start=" + "9" * 5000, 422),
        ("GET", "/cards/sheet.pdf?program=camp&start=%C2%B2", 422),
        ("GET", "/voidings/99999999999999999999", 404),
        ("GET", "/desk/signings?page=99999999999999999999", 200),
        ("GET", "/desk/signings/waiting?mark=99999999999999999999", 200),
    ],
)
def test_what_no_page_of_ours_sends_is_answered_all_the_same(app: Flask, method: str, page: str, status: int):
    assert signed_in(app, *Role).open(page, method=method).status_code == status
