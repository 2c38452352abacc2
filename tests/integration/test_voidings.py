"""Does a record become void only when two people agree, and is the answer made anew?"""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.domain.vocabulary import Use
from consent.storage.models import ConsentVoiding, LedgerEvent, VoidingRequest, WithdrawalVoiding
from tests.builders.camp import ALL_YES, NOW, a_camp, a_consent, a_person, keep
from tests.builders.pages import ON_ONE_DATABASE, answer, answer_on, send
from tests.builders.staff import csrf_token, signed_in

PAGE = "/consents/C-P-no/void"
WHY = "Entered for the wrong child"


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    """Ana's mother said no today; her yes is older."""
    keep(
        app,
        [
            *a_camp(),
            a_consent("P-no", id="C-older", signed_at="2026-04-01T10:00:00Z", witnessed_at="2026-04-01T10:00:00Z"),
        ],
    )
    return app


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.FRONT_DESK, email="desk@city.example")


@pytest.fixture
def officer(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.RECORDS_OFFICER, email="records@city.example")


def decide(client: FlaskClient, request: str, how: str):
    return client.post(f"{request}/{how}", data={"csrf_token": csrf_token(client, request)})


def test_a_no_voided_by_two_people_lets_the_older_yes_stand(desk: FlaskClient, officer: FlaskClient, session: Session):
    request = send(desk, PAGE, reason=WHY).location
    assert answer(desk, "P-no") == ("no", "refused")
    assert WHY in officer.get("/voidings").text
    told = decide(officer, request, "second")
    page = officer.get(told.location).text
    assert 'data-state="voided"' in page
    assert answer_on(page) == answer(desk, "P-no") == ("yes", "")
    row = session.scalars(select(ConsentVoiding)).one()
    assert (row.at, row.reason, row.voided_by, row.seconded_by) == (NOW, WHY, 1, 2)
    assert "Nothing waits" in desk.get("/voidings").text


@ON_ONE_DATABASE
def test_nobody_decides_on_their_own_request(desk: FlaskClient, session: Session):
    request = send(desk, PAGE, reason=WHY).location
    page = desk.get(request).text
    assert "somebody else must agree" in page
    assert "Yes, void it" not in page
    assert [decide(desk, request, how).status_code for how in ("second", "refuse")] == [409, 409]
    assert session.scalars(select(ConsentVoiding)).all() == []


def test_a_record_is_asked_for_once_while_nobody_has_decided(desk: FlaskClient, officer: FlaskClient, session: Session):
    first = send(desk, PAGE, reason=WHY).location
    token = csrf_token(desk)
    again = desk.post(PAGE, data={"csrf_token": token, "reason": WHY})
    assert again.location == first
    assert "waits for a second person" in desk.post(PAGE, data={"csrf_token": token, "reason": "Other"}).text
    other = officer.post(PAGE, data={"csrf_token": csrf_token(officer), "reason": WHY})
    assert "waits for a second person" in other.text
    assert len(session.scalars(select(VoidingRequest.id)).all()) == 1
    assert "Open the request" in officer.get(PAGE).text


def test_a_refused_request_leaves_the_record_as_it_is_and_it_may_be_asked_again(
    desk: FlaskClient, officer: FlaskClient, session: Session
):
    request = send(desk, PAGE, reason=WHY).location
    told = decide(officer, request, "refuse")
    assert 'data-state="refused"' in officer.get(told.location).text
    assert answer(desk, "P-no") == ("no", "refused")
    assert decide(officer, request, "second").status_code == 409
    again = send(desk, PAGE, reason="Now with the paper").location
    decide(officer, again, "second")
    assert answer(desk, "P-no") == ("yes", "")
    assert 'data-state="refused"' in officer.get(request).text
    kinds = session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position.desc()).limit(4)).all()
    assert kinds[::-1] == ["voiding-requested", "voiding-refused", "voiding-requested", "consent-voided"]


def test_a_second_press_decides_nothing_twice(desk: FlaskClient, officer: FlaskClient):
    request = send(desk, PAGE, reason=WHY).location
    assert [decide(officer, request, "second").status_code for _ in range(2)] == [303, 409]
    assert "void already" in desk.post(PAGE, data={"csrf_token": csrf_token(desk), "reason": WHY}).text
    assert "void already" in desk.get(PAGE).text


def test_a_withdrawal_is_voided_the_same_way(camp: Flask, desk: FlaskClient, officer: FlaskClient, session: Session):
    withdrawal = {
        "type": "withdrawal", "id": "W-wrong", "patron": "P-ok", "signer": "G-P-ok",
        "at": "2026-06-20T10:00:00Z", "uses": ["photo", "tag"],
    }  # fmt: skip
    keep(camp, [withdrawal])
    assert answer(desk, "P-ok") == ("no", "withdrawn")
    request = send(officer, "/withdrawals/W-wrong/void", reason=WHY).location
    decide(desk, request, "second")
    assert answer(desk, "P-ok") == ("yes", "")
    assert session.scalars(select(WithdrawalVoiding.seconded_by)).all() == [1]
    assert "This withdrawal was voided" in desk.get("/withdrawals/W-wrong").text


@ON_ONE_DATABASE
def test_voiding_the_only_yes_says_so(camp: Flask, desk: FlaskClient, officer: FlaskClient):
    keep(camp, [*a_person("P-one", "Al", "Bo"), a_consent("P-one", answers=ALL_YES | {Use.RECORD.value: "yes"})])
    decide(officer, send(desk, "/consents/C-P-one/void", reason=WHY).location, "second")
    assert answer(desk, "P-one") == ("not-known", "voided")
    assert WHY in desk.get("/patrons/P-one").text


@ON_ONE_DATABASE
def test_the_second_person_reads_what_the_record_says(desk: FlaskClient, officer: FlaskClient):
    page = officer.get(send(desk, PAGE, reason=WHY).location).text
    for told in ("C-P-no", "Ana Zapata", "Mo Zapata", "No to", "Post a photo", WHY):
        assert told in page


@ON_ONE_DATABASE
def test_a_reason_is_needed(desk: FlaskClient):
    assert "Enter the reason" in send(desk, PAGE, reason=" ").text


@ON_ONE_DATABASE
def test_others_may_not(camp: Flask, desk: FlaskClient):
    other = signed_in(camp, Role.POSTER, Role.DIRECTOR)
    assert [other.get(page).status_code for page in (PAGE, "/voidings", "/voidings/1")] == [403] * 3
    assert [
        desk.get(page).status_code for page in ("/consents/C-none/void", "/withdrawals/no/void", "/voidings/9")
    ] == [404] * 3
