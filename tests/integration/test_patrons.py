"""Does the page of one person tell everything, to those whose work needs it, and to nobody else?"""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.permissions import ROLES_WITH, Permission, Role
from consent.domain.vocabulary import Use
from consent.storage.models import Consent, Patron, PatronCheck, PatronMatch
from tests.builders.camp import keep
from tests.builders.small_registry import HOLD_REASON, born, consent, lines
from tests.builders.staff import signed_in

MAY_OPEN = sorted(ROLES_WITH[Permission.SEE_PATRON_RECORD])
CELL = re.compile(r'<td data-verdict="([^"]*)" data-use="([^"]*)" data-reason="([^"]*)"')


@pytest.fixture
def registry(app: Flask) -> Flask:
    keep(app, lines(), now=datetime.now(UTC))
    return app


def opened(client: FlaskClient, patron: str, **question: str) -> str:
    answer = client.get(f"/patrons/{patron}", query_string=question)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()) if not question.pop("raw", None) else answer.text


@pytest.mark.parametrize("role", Role)
def test_only_those_whose_work_needs_the_record_may_open_it(registry: Flask, role: Role) -> None:
    answer = signed_in(registry, role).get("/patrons/yes")
    assert answer.status_code == (200 if role in MAY_OPEN else 403)
    assert ("Okafor" in answer.text) is (role in MAY_OPEN)


def test_a_stranger_is_asked_to_sign_in(registry: Flask) -> None:
    assert registry.test_client().get("/patrons/yes").location == "/sign-in?next=/patrons/yes"


@pytest.mark.parametrize(
    ("patron", "shown"), [("yes", "yes"), ("limits", "limits"), ("no", "no"), ("not-known", "not-known")]
)
def test_every_use_is_answered_for_every_platform(registry: Flask, patron: str, shown: str) -> None:
    page = opened(signed_in(registry), patron, raw="1")
    answers = {use: (verdict, reason) for verdict, use, reason in CELL.findall(page)}
    assert set(answers) == {use.value for use in Use}
    assert answers["photo"][0] == shown
    for platform in ("Facebook", "Instagram"):
        assert f'<th scope="col">{platform}</th>' in page
    assert "Myspace" not in page


def test_another_account_is_another_question(registry: Flask) -> None:
    client = signed_in(registry)
    answers = {use: verdict for verdict, use, _ in CELL.findall(opened(client, "yes", channel="personal", raw="1"))}
    assert answers["photo"] == "not-known"


def test_the_whole_history_is_told(registry: Flask) -> None:
    limited = opened(signed_in(registry), "limits")
    for said in (
        "Maria García-Márquez (Parent)",
        "Yes to Be recorded, Post a photo, Post a video",
        "A yes is for Facebook · every program",
        "Form and version media 1 (en)",
        "Imported from another system",
        "C-limits",
    ):
        assert said in limited
    withdrew = opened(signed_in(registry, email="two@city.example"), "withdrew")
    assert "What was withdrawn" in withdrew
    assert "Everything (W-1)" in withdrew
    assert "No to Be recorded" in opened(signed_in(registry, email="three@city.example"), "no")


def test_a_record_made_by_mistake_stays_and_says_so(registry: Flask, session: Session) -> None:
    keep(registry, [consent("C-voided", "yes", voided_at=datetime.now(UTC).isoformat())], now=datetime.now(UTC))
    other = session.scalars(select(Patron).where(Patron.external_id == "no")).one()
    moved = session.scalars(select(Consent).where(Consent.external_id == "C-limits")).one()
    session.add(PatronMatch(consent_id=moved.id, patron_id=other.id, matched_at=datetime.now(UTC)))
    session.commit()
    client = signed_in(registry)
    assert "Voided" in opened(client, "yes")
    assert "Moved to another person" in opened(client, "limits")
    assert "C-limits" in opened(client, "no")


def test_guardians_programs_cards_and_the_birth_date_are_told(registry: Flask) -> None:
    client = signed_in(registry)
    page = opened(client, "yes")
    for said in (
        "9 years old",
        "Born",
        born(9)[:4],
        "Maria Okafor , Parent",
        "Summer Camp",
        "No card was printed yet.",
    ):
        assert said in page
    client.get("/patrons/yes/card.pdf")
    client.get("/patrons/yes/card.pdf")
    assert {"Replaced", "Last day"} <= set(re.findall("Replaced|Last day", opened(client, "yes")))


def test_an_account_is_told_only_where_it_may_be_tagged_or_followed(registry: Flask) -> None:
    client = signed_in(registry)
    assert "@ada.okafor" in opened(client, "yes")
    assert "@ada.okafor" not in opened(client, "yes", channel="personal")


def test_a_hold_and_its_reason_are_for_those_who_may_see_holds(registry: Flask) -> None:
    desk = opened(signed_in(registry, Role.FRONT_DESK), "held")
    officer = opened(signed_in(registry, Role.RECORDS_OFFICER, email="rita@city.example"), "held")
    assert HOLD_REASON not in desk
    assert "onfidential" not in desk
    assert HOLD_REASON in officer
    assert "A confidential hold is in force." in officer


def test_printing_a_card_is_offered_to_those_who_may(registry: Flask) -> None:
    assert "Print a new card" in opened(signed_in(registry, Role.FRONT_DESK), "yes")
    assert "Print a new card" not in opened(signed_in(registry, Role.RECORDS_OFFICER, email="rita@city.example"), "yes")


def test_opening_a_record_is_itself_recorded(registry: Flask, session: Session) -> None:
    opened(signed_in(registry), "yes", channel="personal")
    check = session.scalars(select(PatronCheck)).one()
    assert (check.door, check.channel) == ("patron-page", "personal")


def test_nobody_of_that_number_is_a_page_that_says_so(registry: Flask) -> None:
    answer = signed_in(registry).get("/patrons/nobody")
    assert answer.status_code == 404
    assert "Nobody found" in answer.text
