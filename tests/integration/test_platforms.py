"""Is a platform approved from its day on, closed for good, and never taken out?"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import UnknownPlatform
from consent.services.platforms import add_platform, close_platform, list_platforms
from consent.settings import Settings
from consent.storage.models import Platform
from consent.storage.signings import platforms_approved
from tests.builders.colleagues import NOW, TODAY, happened
from tests.builders.pages import ON_ONE_DATABASE, errors_on, send
from tests.builders.staff import csrf_token, signed_in


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


def approved(session: Session, at=NOW) -> list[str]:
    session.rollback()
    return [platform.name for platform in platforms_approved(session, at)]


def close(client: FlaskClient, platform: str):
    return client.post(f"/platforms/{platform}/close", data={"csrf_token": csrf_token(client)})


def test_a_platform_is_approved_from_the_midnight_of_its_day(administrator: FlaskClient, session: Session):
    assert send(administrator, "/platforms", name="Facebook", approved_on="2026-07-02").location == "/platforms"
    [facebook] = session.scalars(select(Platform))
    assert (facebook.external_id, facebook.approved_from) == ("facebook", NOW.replace(day=2, hour=7))
    assert approved(session) == []
    assert approved(session, NOW + timedelta(days=1)) == ["Facebook"]
    [(_, _, told)] = happened(session, EventKind.PLATFORM_ADDED)
    assert (told["id"], told["name"]) == ("facebook", "Facebook")


def test_a_platform_is_closed_once_and_stays_on_record(administrator: FlaskClient, session: Session):
    send(administrator, "/platforms", name="Facebook")
    assert "Close it for good" in administrator.get("/platforms/facebook/close").text
    assert close(administrator, "facebook").location == "/platforms"
    assert close(administrator, "facebook").location == "/platforms"
    assert approved(session) == []
    [(_, _, told)] = happened(session, EventKind.PLATFORM_CHANGED)
    assert (told["before"], told["after"]) == ({"approved_until": None}, {"approved_until": "2026-07-01T19:00:00Z"})
    assert 'data-platform="facebook" data-state="closed"' in administrator.get("/platforms").text
    assert "closed already" in administrator.get("/platforms/facebook/close").text


def test_a_new_decision_on_a_closed_platform_is_a_new_entry(settings: Settings, session: Session):
    told = {"by": "test", "now": NOW}
    first = add_platform(session, "X (Twitter)", TODAY, zone=settings.zone, **told)
    close_platform(session, first, **told)
    second = add_platform(session, "X (Twitter)", TODAY, zone=settings.zone, **told)
    assert (first, second) == ("x-twitter", "x-twitter-2")
    assert [platform.external_id for platform in list_platforms(session)] == [second, first]


@ON_ONE_DATABASE
def test_every_name_gives_an_id_that_fits(settings: Settings, session: Session):
    told = {"zone": settings.zone, "by": "test", "now": NOW}
    names = ("Añil y más", "微博", "抖音", "x" * 128)
    ids = [add_platform(session, name, TODAY, **told) for name in names]
    assert ids == ["anil-y-mas", "platform", "platform-2", "x" * 60]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "FACEBOOK"}, "name"),
        ({"approved_on": ""}, "approved_on"),
        ({"approved_on": "yesterday"}, "approved_on"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(administrator: FlaskClient, session: Session, typed, field: str):
    send(administrator, "/platforms", name="Facebook")
    page = send(administrator, "/platforms", **({"name": "Instagram"} | typed)).text
    assert errors_on(page) == [field]
    assert approved(session) == ["Facebook"]


@ON_ONE_DATABASE
def test_an_empty_register_suggests_some(administrator: FlaskClient, session: Session):
    page = administrator.get("/platforms").text
    assert 'name="name" value="YouTube"' in page
    sent = {"name": "YouTube", "approved_on": "2026-07-01", "csrf_token": csrf_token(administrator)}
    assert administrator.post("/platforms", data=sent).status_code == 303
    assert approved(session) == ["YouTube"]
    assert 'value="YouTube"' not in administrator.get("/platforms").text


def test_what_nobody_knows_is_not_closed(administrator: FlaskClient, session: Session):
    assert administrator.get("/platforms/nowhere/close").status_code == 404
    with pytest.raises(UnknownPlatform):
        close_platform(session, "nowhere", by="test", now=NOW)


@ON_ONE_DATABASE
def test_one_that_is_to_end_later_ends_sooner(administrator: FlaskClient, session: Session):
    later = NOW + timedelta(days=30)
    session.add(Platform(external_id="old", name="Old", approved_from=NOW - timedelta(days=1), approved_until=later))
    session.commit()
    close(administrator, "old")
    assert session.scalars(select(Platform.approved_until)).one() == NOW
