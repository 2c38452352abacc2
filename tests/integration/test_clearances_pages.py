"""Can somebody with a photo and five minutes clear it on a page, and is every refusal told with what to do about it?"""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from consent.domain.groups import AddedBy
from consent.domain.permissions import Role
from consent.domain.vocabulary import Channel, Use
from consent.services.checks import Asker, Door
from consent.services.groups import Plan, start_group
from consent.services.groups_people import add_people
from tests.builders.camp import CAMP, NOW
from tests.builders.clearances import DEVICE, POST_URL, Department, a_department
from tests.builders.pages import ON_ONE_DATABASE, errors_on, send
from tests.builders.staff import csrf_token, hire, signed_in_as

pytestmark = ON_ONE_DATABASE
CHECKLIST = ["nothing-confidential", "no-private-data", "no-non-public-premises", "links-looked-at"]
STATE = re.compile(r'data-state="([a-z-]+)"')


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def department(app: Flask, session: Session) -> Department:
    return a_department(app, session)


@pytest.fixture
def poster(app: Flask, department: Department) -> FlaskClient:
    return signed_in_as(app, department.email)


def a_photo(department: Department, **changes: object) -> dict[str, object]:
    return {
        "what": "Photo of the pool opening", "account": str(department.account), "program": CAMP, "media": ["still"],
        "captured_at": "2026-07-01T09:00", "captured_by": str(department.poster), "device": DEVICE,
    } | changes  # fmt: skip


def press(client: FlaskClient, path: str, **sent: object) -> str:
    """The page that follows, or the one that says what is wrong."""
    answer = client.post(path, data={"csrf_token": csrf_token(client), "clear": "yes"} | sent)
    return client.get(answer.location).text if answer.location else answer.text


def state_of(page: str) -> str:
    found = STATE.search(page)
    assert found
    return found[1]


def test_a_photo_goes_from_a_draft_to_what_is_posted(poster: FlaskClient, department: Department):
    assert "No posts waiting" in poster.get("/clearances").text
    started = send(poster, "/clearances/new?patron=P-ok", **a_photo(department))
    assert started.status_code == 303
    page = poster.get(started.location).text
    assert state_of(page) == "draft"
    assert "Zoë Ávila" in page
    cleared = press(poster, f"{started.location}/clear", checklist=CHECKLIST)
    assert state_of(cleared) == "cleared"
    assert "data-focus" in cleared
    wrong = poster.post(
        f"{started.location}/post", data={"csrf_token": csrf_token(poster), "url": "https://evil.example/"}
    )
    assert wrong.status_code == 422
    assert errors_on(wrong.text) == ["url"]
    posted = press(poster, f"{started.location}/post", url=POST_URL)
    assert state_of(posted) == "posted"
    assert POST_URL in posted
    assert 'data-state="posted"' in poster.get("/clearances").text
    again = poster.post(f"{started.location}/clear", data={"csrf_token": csrf_token(poster), "clear": "yes"})
    assert again.status_code == 409


def test_a_refusal_lists_names_as_links_each_clause_and_who_can_mend_it(poster: FlaskClient, department: Department):
    number = department.draft("P-ok", "P-no")
    page = press(poster, f"/clearances/{number}/clear", checklist=CHECKLIST[:3])
    assert state_of(page) == "refused"
    assert re.findall(r'data-code="([a-z-]+)"', page) == ["links-not-looked-at", "person-not-allowed"]
    assert '<a class="usa-link" href="#person-1">Ana Zapata</a>' in page
    assert 'id="person-1" data-patron="P-no"' in page
    assert "policy 6.5, II.d" in page
    assert "policy 6.5, III.k" in page


def test_each_limit_has_a_tick_of_its_own(poster: FlaskClient, department: Department):
    number = department.draft("P-limits")
    page = poster.get(f"/clearances/{number}").text
    assert "Do not tag or mention their accounts: Ben Avilla" in page
    path = f"/clearances/{number}/clear"
    assert state_of(press(poster, path, checklist=CHECKLIST)) == "refused"
    for nonsense in ("[]", "{", '["not-a-limit", "P-limits"]', '"x"', "7"):
        assert state_of(press(poster, path, checklist=[*CHECKLIST, "nonsense"], limits=[nonsense])) == "refused"
    assert state_of(press(poster, path, checklist=CHECKLIST, limits=['["not-tagged", "P-limits"]'])) == "cleared"


def test_a_form_that_was_not_sent_by_its_own_button_clears_nothing_and_keeps_its_ticks(
    poster: FlaskClient, department: Department
):
    number = department.draft("P-ok")
    path = f"/clearances/{number}/clear"
    page = poster.post(path, data={"csrf_token": csrf_token(poster), "checklist": CHECKLIST}).text
    assert state_of(page) == "draft"
    assert len(re.findall(r'<input[^>]* checked[^>]* name="checklist"', page)) == len(CHECKLIST)


def test_a_group_check_brings_everybody_and_the_numbers_along(
    app: Flask, poster: FlaskClient, department: Department, session: Session
):
    asker = Asker(Door.GROUP_CHECK, department.asker().permissions, staff_id=department.poster)
    plan = Plan((Use.PHOTO,), Channel.DEPARTMENT.value, program=CAMP, planned_at=NOW)
    number = start_group(session, plan, 4, asker=asker, now=NOW)
    add_people(session, number, ["P-ok", "P-limits", "nobody"], AddedBy.SEARCH, asker=asker, today=NOW.date(), now=NOW)
    page = poster.get(f"/group-check/{number}").text
    assert f"/clearances/new?group={number}" in page
    form = poster.get(f"/clearances/new?group={number}").text
    assert "Zoë Ávila" in form
    assert re.search(r'name="headcount"[^>]* value="4"', form)
    assert re.search(r'name="unidentified"[^>]* value="1"', form)
    started = send(poster, f"/clearances/new?group={number}", **a_photo(department, planned_at=""))
    kept = department.open(started.location.rpartition("/")[2])
    assert [failure.code for failure in kept.against] == ["person-unidentified", "headcount-differs"]
    with app.app_context():
        hire(app, Role.POSTER, email="other@city.example", name="Otto Other")
    other = signed_in_as(app, "other@city.example").get(f"/clearances/new?group={number}").text
    assert "Zoë Ávila" not in other


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"what": ""}, "Enter what it is"),
        ({"account": ""}, "Choose an account"),
        ({"account": "999"}, "Choose one from the list"),
        ({"captured_at": ""}, "Enter when it was recorded"),
        ({"device": ""}, "Choose the device"),
        ({"headcount": "-1"}, "Enter a whole number from 0 to 500"),
        ({"headcount": "many"}, "Enter a whole number"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    poster: FlaskClient, department: Department, wrong: dict[str, object], told: str
):
    answer = send(poster, "/clearances/new?patron=P-ok", **a_photo(department, **wrong))
    assert answer.status_code == 200
    assert told in answer.text
    assert errors_on(answer.text) == list(wrong)
    assert "Zoë Ávila" in answer.text


def test_a_form_that_was_sent_before_is_sent_again_under_a_new_number(poster: FlaskClient, department: Department):
    department.draft("P-ok", number="AAAA-BBBB")
    again = send(poster, "/clearances/new?patron=P-ok", **a_photo(department, what="Other", reference="AAAA-BBBB"))
    assert "This form was saved before" in again.text


def test_whoever_is_not_authorized_sees_the_answer_and_no_button(
    app: Flask, department: Department, poster: FlaskClient
):
    number = department.draft("P-ok")
    assert "Clear this post" in poster.get(f"/clearances/{number}").text
    hire(app, Role.POSTER, email="new@city.example", name="Nia New")
    page = signed_in_as(app, "new@city.example").get(f"/clearances/{number}").text
    assert "Clear this post" not in page
    assert "Only those whom the director authorized" in page
    director = signed_in_as(app, "director@city.example").get(f"/clearances/{number}").text
    assert "Only those whom the director authorized" not in director


def test_the_certificate_is_reached_by_its_number_once_it_is_cleared(poster: FlaskClient, department: Department):
    number = department.draft("P-ok", "P-limits")
    assert poster.get(f"/clearances/{number}/certificate.pdf").status_code == 409
    assert department.clear(number)
    pdf = poster.get(f"/clearances/{number}/certificate.pdf")
    text = PdfReader(BytesIO(pdf.data)).pages[0].extract_text()
    for told in (number, "Zoë Ávila", "Ben Avilla", "C-P-ok", "@cityparks", "Do not tag"):
        assert told in text
    assert f"Clearance {number}" in poster.get(f"/P/{number.lower()}").text


def test_what_changed_meanwhile_is_not_posted_and_what_is_out_is_told_all_the_same(
    poster: FlaskClient, department: Department
):
    number = department.cleared("P-ok")
    path = "/patrons/P-ok/withdraw"
    assert send(poster, path, signer="G-P-ok", what="all", asked_how="in-person").status_code == 303
    page = poster.get(f"/clearances/{number}").text
    assert state_of(page) == "recheck-needed"
    told = press(poster, f"/clearances/{number}/post", url=POST_URL)
    assert "Do not post it: something changed" in told
    out = press(poster, f"/clearances/{number}/post", url=POST_URL, already="y")
    assert state_of(out) == "posted"
    assert "Take it down" in out
    future = department.cleared("P-limits")
    late = press(poster, f"/clearances/{future}/post", url=POST_URL, posted_at="2026-07-02T09:00")
    assert "Enter a time that is not in the future" in late
