"""Is each protected field of a person shown to those whose work needs it, and on no page to anybody else?"""

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from consent.domain.vocabulary import Use
from tests.builders.access_table import EVERY_ROLE, THE_DESK, THE_RECORDS
from tests.builders.paper import words
from tests.builders.walk import PROTECTED, Walk, Who

MAY_SEE = {
    "birth date": THE_RECORDS,
    "guardian": THE_RECORDS,
    "contact": THE_DESK,
    "reason for a hold": {Who.ADMINISTRATOR, Who.RECORDS_OFFICER},
    "reason for a voiding": THE_RECORDS,
}
ASKED = (
    *(f"/look-up?patron=marked&use={use.value}" for use in Use),
    "/look-up?q=Mara+Mark", "/look-up?q=Mark", "/look-up?q=marked", "/look-up/people?q=Mara",
)  # fmt: skip
"""Beside every page, what a look-up may be asked."""


TELLS_DAYS_OF_THIS_YEAR = "/dashboard"
"""Its charts say on which days something falls due, so that a birthday without its year would be found by chance."""


def is_told(field: str, address: str, page: str) -> bool:
    markers = PROTECTED[field]
    if field == "birth date" and address == TELLS_DAYS_OF_THIS_YEAR:
        markers = tuple(marker for marker in markers if "2014" in marker)
    return any(marker in page for marker in markers)


def said(answer: TestResponse) -> str:
    """A scan of a paper, which is a picture, says nothing that could be searched."""
    if answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-"):
        return words(answer.data)
    return "" if answer.mimetype.startswith("image/") else answer.text


def pages(walk: Walk, who: Who) -> Iterator[tuple[str, str]]:
    """The address of every page that this person may read, and what it says, on paper too."""
    client = walk.clients[who]
    rules = [rule for rule in walk.app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint != "static"]
    for address in [*(walk.address(rule) for rule in rules), *ASKED]:
        with client.get(address) as answer:
            yield address, said(answer)


@pytest.mark.parametrize("who", sorted(EVERY_ROLE))
def test_a_protected_field_is_shown_to_those_whose_work_needs_it_and_to_nobody_else(walk: Walk, who: Who):
    read = dict(pages(walk, who))
    shown = {
        field: sorted(address for address, page in read.items() if is_told(field, address, page)) for field in PROTECTED
    }
    assert {field: addresses for field, addresses in shown.items() if addresses and who not in MAY_SEE[field]} == {}
    # Where it may be seen, it is: else the markers would prove nothing.
    assert {field for field, addresses in shown.items() if not addresses and who in MAY_SEE[field]} == set()


def test_every_look_up_shows_an_age_in_years(walk: Walk):
    """So that namesakes can be told apart without a birth date."""
    assert " years old" in walk.clients[Who.POSTER].get("/look-up?patron=marked").text


@pytest.mark.parametrize("who", sorted(EVERY_ROLE))
def test_nobody_is_found_by_what_may_not_be_shown_of_them(walk: Walk, who: Who):
    for marker in (marker for markers in PROTECTED.values() for marker in markers):
        found = walk.clients[who].get("/look-up/people", query_string={"q": marker}).json["people"]
        assert found == [], marker
