"""Is every record verified each day by itself, and does whoever must know see at a glance what was found?"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from consent.app import main
from consent.domain.doctor import Check
from consent.domain.events import EventKind
from consent.domain.housekeeping import Chore
from consent.domain.permissions import Role
from consent.services.doctor import examine
from consent.services.verification_kept import last_verified, verify_when_due
from consent.storage.database import begin_writing
from consent.storage.housekeeping import note_done
from consent.storage.models import LedgerEvent
from tests.builders.camp import a_camp, keep
from tests.builders.staff import csrf_token, signed_in

BEGUN = datetime(2026, 7, 1, 5, tzinfo=UTC)
"""Ten in the evening in the registry's zone; three in the morning is ten o'clock UTC."""
AT_THREE = datetime(2026, 7, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The web reads the clock itself."""
    with time_machine.travel(BEGUN, tick=False) as travelling:
        yield travelling


@pytest.fixture
def begun(app: Flask) -> Flask:
    keep(app, a_camp(), now=BEGUN)
    return app


def verify(app: Flask, session: Session, now: datetime) -> str | None:
    return verify_when_due(session, app.config["CONSENT"], by="tick", now=now)


def times(session: Session) -> int:
    session.rollback()
    kind = LedgerEvent.kind == EventKind.RECORDS_VERIFIED
    return session.scalar(select(func.count()).select_from(LedgerEvent).where(kind)) or 0


def spoil(session: Session) -> None:
    session.rollback()
    on_table = " ON platform" if session.get_bind().dialect.name == "postgresql" else ""
    for trigger in ("platform_no_update", "platform_no_delete"):
        session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{on_table}"))
    session.execute(text("UPDATE platform SET name = 'Another' WHERE id = 1"))
    session.commit()


def test_it_is_done_once_a_day_from_the_hour_that_is_set(begun: Flask, session: Session):
    minute = timedelta(minutes=1)
    whens = (BEGUN, AT_THREE - minute, AT_THREE, AT_THREE + minute, AT_THREE + DAY - minute, AT_THREE + DAY)
    assert [at for at in whens if verify(begun, session, at)] == [AT_THREE, AT_THREE + DAY]
    assert times(session) == 2
    begun.config["CONSENT"] = replace(begun.config["CONSENT"], verify_hour=23)
    assert verify(begun, session, AT_THREE + DAY + timedelta(hours=19)) is None
    assert verify(begun, session, AT_THREE + DAY + timedelta(hours=20)).startswith("Verified all records: ")


def test_a_registry_in_which_nothing_happened_is_left_alone(app: Flask, session: Session):
    assert verify(app, session, AT_THREE) is None
    assert times(session) == 0


def test_of_two_machines_one_does_it(begun: Flask, session: Session):
    with begun.app_context():
        engine = session.get_bind()

    def do(_: int) -> str | None:
        with Session(engine) as own:
            return verify(begun, own, AT_THREE)

    with ThreadPoolExecutor(2) as both:
        told = list(both.map(do, range(2)))
    assert (len([said for said in told if said]), times(session)) == (1, 1)


def test_what_was_interrupted_is_begun_again_an_hour_later(begun: Flask, session: Session):
    begin_writing(session)
    note_done(session, Chore.VERIFICATION_BEGUN, now=AT_THREE)
    session.commit()
    assert verify(begun, session, AT_THREE + timedelta(minutes=59)) is None
    assert verify(begun, session, AT_THREE + timedelta(hours=1)) is not None


def test_the_command_does_it_after_all_else(begun: Flask, clock: time_machine.Traveller):
    clock.move_to(AT_THREE)
    assert begun.test_cli_runner().invoke(main, ["tick"]).stdout.splitlines()[-1].startswith("Verified all records: ")


def found(app: Flask, session: Session, now: datetime) -> str | None:
    told = examine(session, app.config["CONSENT"], debug=False, now=now)
    return {finding.check: finding.detail for finding in told}.get(Check.RECORDS_VERIFIED)


def test_the_doctor_finds_a_record_that_does_not_match_and_a_registry_that_nobody_verifies(
    begun: Flask, session: Session, caplog: pytest.LogCaptureFixture
):
    assert found(begun, session, AT_THREE) is None
    assert found(begun, session, AT_THREE + 2 * DAY) == "never"
    verify(begun, session, AT_THREE)
    assert found(begun, session, AT_THREE + DAY) is None
    assert found(begun, session, AT_THREE + 2 * DAY) == "2026-07-01 10:00 UTC"
    spoil(session)
    said = verify(begun, session, AT_THREE + 2 * DAY)
    assert said.startswith("Records do not match what was sealed: ")
    assert "Records do not match what was sealed" in caplog.text
    assert "platform 1" in found(begun, session, AT_THREE + 2 * DAY)


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_record_of_looking_shows_at_a_glance_whether_the_records_are_whole(
    begun: Flask, session: Session, clock: time_machine.Traveller
):
    officer = signed_in(begun, Role.RECORDS_OFFICER, email="olga@city.example")
    assert "The records were never verified" in officer.get("/looks").text
    clock.move_to(AT_THREE)
    verify(begun, session, AT_THREE)
    entries = last_verified(session).entries
    officer = signed_in(begun, Role.RECORDS_OFFICER, email="omar@city.example")
    for page in ("/looks", "/ledger"):
        told = officer.get(page).text
        assert 'data-verified="verified"' in told, page
        assert f"{entries:,} entries" in told
    clock.move_to(AT_THREE + 2 * DAY)
    officer = signed_in(begun, Role.RECORDS_OFFICER, email="oda@city.example")
    assert "That is more than a day ago" in officer.get("/looks").text
    spoil(session)
    verify(begun, session, AT_THREE + 2 * DAY)
    told = officer.get("/looks").text
    assert 'data-verified="broken"' in told
    assert "platform 1" in told


@pytest.mark.parametrize("database", ["sqlite"])
def test_whoever_verifies_now_is_told_how_far_it_is(begun: Flask, session: Session):
    officer = signed_in(begun, Role.RECORDS_OFFICER, email="olga@city.example")
    sent = {"csrf_token": csrf_token(officer)}
    answer = officer.post("/ledger", data=sent, headers={"Accept": "application/x-ndjson"})
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson")
    assert told[-1]["entries"] == told[-1]["of"] == last_verified(session).entries
    assert 'data-matches="yes"' in officer.get("/ledger").text
