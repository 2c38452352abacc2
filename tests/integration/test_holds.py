"""Does a hold stop everything at once, and say nothing to whoever may not know of it?"""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.storage.models import Hold, LedgerEvent, SealedContent
from tests.builders.camp import NOW, a_camp, keep
from tests.builders.pages import ON_ONE_DATABASE, answer, errors_on, fill, send
from tests.builders.staff import signed_in

PAGE = "/patrons/P-ok/hold"
WHY = "Order of the juvenile court, shelter"


@pytest.fixture(autouse=True)
def camp_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def camp(app: Flask) -> Flask:
    keep(app, a_camp())
    return app


@pytest.fixture
def desk(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.FRONT_DESK, email="desk@city.example")


@pytest.fixture
def officer(camp: Flask) -> FlaskClient:
    return signed_in(camp, Role.RECORDS_OFFICER, email="records@city.example")


def test_a_hold_is_a_plain_no_for_others_and_a_hold_for_a_records_officer(desk: FlaskClient, officer: FlaskClient):
    told = send(desk, PAGE, reason=WHY)
    assert answer(desk, "P-ok") == ("no", "refused")
    assert answer(officer, "P-ok") == ("no", "hold")
    assert told.location == "/patrons/P-ok"


@ON_ONE_DATABASE
def test_the_front_desk_reads_once_that_it_is_placed_and_then_nothing_more(desk: FlaskClient, session: Session):
    told = send(desk, PAGE, reason=WHY)
    assert "The hold is placed" in desk.get(told.location).text
    again = desk.get(told.location).text
    assert "placed" not in again
    assert WHY not in again
    [reference] = session.scalars(select(Hold.external_id))
    assert reference not in again
    assert desk.get(f"/holds/{reference}").status_code == 403
    assert desk.get(f"/holds/{reference}/lift").status_code == 403


@ON_ONE_DATABASE
def test_the_reason_is_read_by_those_who_may_and_is_in_no_title_and_no_log(
    officer: FlaskClient, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        told = send(officer, PAGE, reason=WHY)
        page = officer.get(told.location).text
    assert WHY in page
    assert WHY not in page.partition("</title>")[0]
    assert WHY not in caplog.text
    assert WHY in officer.get("/patrons/P-ok").text


def test_sent_twice_it_is_one_hold(desk: FlaskClient, session: Session):
    sent = fill(desk, PAGE, reason=WHY)
    assert [desk.post(PAGE, data=sent).status_code for _ in range(2)] == [303, 303]
    sent["reason"] = "Another order"
    assert "saved before, with other answers" in desk.post(PAGE, data=sent).text
    assert len(session.scalars(select(Hold.id)).all()) == 1


def test_a_hold_may_begin_and_end_later(officer: FlaskClient):
    send(officer, PAGE, reason=WHY, since="2026-07-02T08:00", until="2026-07-03T08:00")
    assert answer(officer, "P-ok") == ("yes", "")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        reader = signed_in(officer.application, Role.RECORDS_OFFICER)
        assert answer(reader, "P-ok") == ("no", "hold")
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        reader = signed_in(officer.application, Role.RECORDS_OFFICER, email="next@city.example")
        assert answer(reader, "P-ok") == ("yes", "")


@ON_ONE_DATABASE
def test_what_is_wrong_is_said_next_to_its_field(officer: FlaskClient):
    tried = [
        {"reason": ""},
        {"reason": WHY, "until": "2026-06-01T08:00"},
        {"reason": WHY, "since": "2026-08-01T08:00", "until": "2026-08-01T08:00"},
        {"reason": "x" * 1001},
    ]
    assert [errors_on(send(officer, PAGE, **typed).text) for typed in tried] == [
        ["reason"], ["until"], ["until"], ["reason"],
    ]  # fmt: skip


def test_a_records_officer_lifts_it_once_with_a_reason(officer: FlaskClient, session: Session):
    hold = send(officer, PAGE, reason=WHY, since="2026-06-20T08:00").location
    assert errors_on(send(officer, f"{hold}/lift", reason="").text) == ["reason"]
    for not_then in ("2026-06-01T08:00", "2026-07-01T11:59"):
        assert errors_on(send(officer, f"{hold}/lift", reason="Released", until=not_then).text) == ["until"]
    sent = fill(officer, f"{hold}/lift", reason="Released by the agency")
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert officer.post(f"{hold}/lift", data=sent).status_code == 303
        assert answer(officer, "P-ok") == ("yes", "")
        assert officer.post(f"{hold}/lift", data=sent).status_code == 303
    kinds = session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position.desc()).limit(2)).all()
    assert kinds == ["hold-ended", "hold-placed"]


@ON_ONE_DATABASE
def test_a_hold_that_has_not_begun_is_not_lifted_before_it_does(officer: FlaskClient):
    hold = send(officer, PAGE, reason=WHY, since="2026-08-01T08:00").location
    assert "This hold has not begun" in officer.get(hold).text
    assert errors_on(send(officer, f"{hold}/lift", reason="Released").text) == ["until"]
    assert send(officer, f"{hold}/lift", reason="Released", until="2026-08-02T08:00").status_code == 303


def test_a_hold_that_has_its_end_is_lifted_sooner_and_never_later(officer: FlaskClient, session: Session):
    hold = send(officer, PAGE, reason=WHY, since="2026-06-20T08:00", until="2026-07-20T08:00").location
    lift = f"{hold}/lift"
    assert "Lift it sooner" in officer.get(hold).text
    assert errors_on(send(officer, lift, reason="Released", until="2026-07-20T08:01").text) == ["until"]
    assert answer(officer, "P-ok") == ("no", "hold")
    assert send(officer, lift, reason="Released", until="2026-07-10T08:00").status_code == 303
    assert send(officer, lift, reason="Released today").status_code == 303
    assert answer(officer, "P-ok") == ("yes", "")
    page = officer.get(hold).text
    assert "This hold is over" in page
    assert lift not in page
    content = session.scalars(select(SealedContent.canonical).order_by(SealedContent.position.desc())).first()
    told = json.loads(content or "")
    assert (told["before"], told["after"], told["why"]) == (
        {"until": "2026-07-10T15:00:00Z"},
        {"until": "2026-07-01T19:00:00Z"},
        "Released today",
    )


@ON_ONE_DATABASE
def test_an_administrator_sees_a_hold_and_does_not_lift_it(camp: Flask, officer: FlaskClient):
    hold = send(officer, PAGE, reason=WHY).location
    administrator = signed_in(camp, Role.ADMINISTRATOR)
    assert "Only a records officer lifts it" in administrator.get(hold).text
    assert administrator.get(f"{hold}/lift").status_code == 403


@ON_ONE_DATABASE
def test_others_may_not(camp: Flask, officer: FlaskClient):
    assert signed_in(camp, Role.POSTER).get(PAGE).status_code == 403
    assert [officer.get(page).status_code for page in ("/holds/H-none", "/holds/H-none/lift")] == [404, 404]
    assert officer.get("/patrons/nobody/hold").status_code == 404
