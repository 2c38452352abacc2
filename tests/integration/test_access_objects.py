"""Does whoever may open a page see only those things behind it that are theirs to see?"""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.cards import Letterhead
from consent.domain.name_order import SortBy
from consent.domain.permissions import Permission, Role
from consent.services.cards import issue_cards
from consent.services.checks import Asker, Door
from consent.services.rosters import print_roster
from consent.storage.models import PatronCheck, ProgramLead, VoidingRequest
from tests.builders.camp import CAMP, NOW, a_camp, a_consent, a_person, keep
from tests.builders.staff import csrf_token, signed_in

SWIM = {"type": "program", "id": "swim", "name": "Learn to swim", "starts": "2026-06-01", "ends": "2026-08-01"}
EVERYTHING = frozenset(Permission)


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    """The web reads the clock itself."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def two_programs(app: Flask) -> Flask:
    """Zoë is in both; Walt swims only, and Ana and Ben are in the camp only."""
    walt = [
        line | {"program": "swim"} if line["type"] == "enrollment" else line
        for line in a_person("P-swim", "Walt", "Wade")
    ]
    both = {"type": "enrollment", "patron": "P-ok", "program": "swim"}
    keep(app, [SWIM, *a_camp(), *walt, a_consent("P-swim"), both])
    return app


@pytest.fixture
def lead(two_programs: Flask) -> FlaskClient:
    """Who leads the camp, and nothing else."""
    return signed_in(two_programs, Role.PROGRAM_LEAD, programs=(CAMP,))


def card_of(app: Flask, session: Session, patron: str) -> str:
    head = Letterhead("Recreation", "http://localhost:8000")
    asker = Asker(Door.CARD, EVERYTHING)
    told = {"asker": asker, "by": "staff:1", "zone": app.config["CONSENT"].zone, "now": NOW}
    [card] = issue_cards(session, [patron], letterhead=head, **told)
    return card.code


def serial_of(app: Flask, session: Session, program: str) -> str:
    asker = Asker(Door.ROSTER, EVERYTHING)
    told = {"asker": asker, "by": "staff:1", "zone": app.config["CONSENT"].zone, "now": NOW}
    return print_roster(session, program, sort=SortBy.LAST, **told).serial


def test_a_lead_finds_their_own_people_and_nobody_of_another_program(lead: FlaskClient):
    assert "Zoë" in lead.get("/look-up?q=Zo%C3%AB").text
    for asked in ("q=Walt", "q=Wade", "q=P-swim", "patron=P-swim", "q=Walt&program=camp-2026"):
        page = lead.get(f"/look-up?{asked}").text
        assert 'data-name="Walt Wade"' not in page, asked
        assert "data-patron=" not in page, asked


def test_suggestions_name_a_leads_own_people_only(lead: FlaskClient):
    assert [one["id"] for one in lead.get("/look-up/people?q=Zo").json["people"]] == ["P-ok"]
    for typed in ("Walt", "Wade", "wa", "P-swim"):
        assert lead.get(f"/look-up/people?q={typed}").json["people"] == []


def test_a_lead_is_not_told_in_which_other_programs_somebody_takes_part(lead: FlaskClient, two_programs: Flask):
    """Whoever asks where a child is learns it from nobody who does not run the place."""
    shown = (
        lead.get("/look-up?patron=P-ok").text,
        lead.get("/look-up?q=Zo").text,
        lead.get("/look-up/people?q=Zo").text,
    )
    for page in shown:
        assert "Camp 2026" in page
        assert "Learn to swim" not in page
    desk = signed_in(two_programs, Role.FRONT_DESK, email="desk@city.example")
    assert "Learn to swim" in desk.get("/look-up?patron=P-ok").text


def test_a_card_of_somebody_in_another_program_tells_a_lead_nothing_and_leaves_a_trace(
    lead: FlaskClient, two_programs: Flask, session: Session
):
    own, others = (card_of(two_programs, session, patron) for patron in ("P-limits", "P-swim"))
    assert "data-patron=" in lead.get(f"/C/{own}").text
    page = lead.get(f"/C/{others}").text
    assert "Walt" not in page
    assert "data-patron=" not in page
    session.rollback()
    last = session.scalars(select(PatronCheck).order_by(PatronCheck.id.desc())).first()
    assert (last.patron_id, set(last.answers.split('"')) & {"allow"}) == (None, set())


def test_a_lead_opens_their_own_roster_and_no_other(lead: FlaskClient, two_programs: Flask, session: Session):
    listed = lead.get("/programs").text
    assert "Camp 2026" in listed
    assert "Learn to swim" not in listed
    own, others = (serial_of(two_programs, session, program) for program in (CAMP, "swim"))
    assert [lead.get(f"/R/{serial}").status_code for serial in (own, others)] == [200, 404]
    for page in ("roster", "roster.pdf"):
        assert [lead.get(f"/programs/{program}/{page}").status_code for program in (CAMP, "swim")] == [200, 404]


def test_a_question_about_a_program_offers_a_lead_their_own_only(lead: FlaskClient):
    page = lead.get("/look-up?program=swim")
    assert "Learn to swim" not in page.text


def test_whoever_no_longer_leads_a_program_is_out_of_it_at_the_next_request(lead: FlaskClient, session: Session):
    assert lead.get(f"/programs/{CAMP}/roster").status_code == 200
    session.delete(session.scalars(select(ProgramLead)).one())
    session.commit()
    assert lead.get(f"/programs/{CAMP}/roster").status_code == 404
    assert "data-patron=" not in lead.get("/look-up?patron=P-ok").text


def test_nobody_decides_on_what_they_asked_for_themselves(two_programs: Flask, session: Session):
    client = signed_in(two_programs, Role.RECORDS_OFFICER)
    sent = {"csrf_token": csrf_token(client), "reason": "The wrong child"}
    assert client.post("/consents/C-P-ok/void", data=sent).status_code == 303
    key = session.scalars(select(VoidingRequest.id)).one()
    for decision in ("second", "refuse"):
        assert client.post(f"/voidings/{key}/{decision}", data=sent).status_code == 409
