"""Does a new registry's list show what is done and what is to do, and does each of its own steps keep what was said?"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.app import create_app
from consent.domain.events import EventKind
from consent.domain.first_steps import Step
from consent.domain.permissions import Role
from consent.services.kiosks import add_kiosk, enroll_device, set_esign_policy
from consent.settings import Settings
from consent.storage.models import FormVersion, Program
from tests.builders.colleagues import NOW, TODAY, colleague, happened
from tests.builders.pages import ON_ONE_DATABASE, errors_on, form_on, send
from tests.builders.staff import csrf_token, signed_in
from tests.conftest import dispose

NAMES = {"city": "City of Exampleton", "department": "Parks and Recreation"}
WHOLE = "City of Exampleton Parks and Recreation"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


def done(page: str) -> list[str]:
    return re.findall(r'data-step="([^"]+)" data-done="yes"', page)


def test_each_step_is_done_when_the_registry_shows_it(app: Flask, administrator: FlaskClient, session: Session):
    assert len(re.findall("data-step", administrator.get("/").text)) == len(Step)
    assert done(administrator.get("/").text) == ["/staff"]
    send(administrator, "/first-steps/names", **NAMES)
    send(administrator, "/first-steps/time-zone", right="y")
    set_esign_policy(session, "Resolution 7", by="test", now=NOW)
    send(administrator, "/first-steps/form", read="y")
    send(administrator, "/platforms", name="Facebook")
    session.add(Program(external_id="camp", name="Day camp", starts=TODAY, ends=TODAY))
    session.commit()
    colleague(app, "Ben Bell", Role.FRONT_DESK)
    enroll_device(session, add_kiosk(session, "Left", by="test", now=NOW), now=NOW)
    page = administrator.get("/").text
    assert len(done(page)) == len(Step) - 1
    assert f"{len(Step) - 1} of {len(Step)} steps are done" in page
    assert "To do" in page
    send(administrator, "/first-steps/backup", made="y")
    assert "data-step" not in administrator.get("/").text
    assert len(done(administrator.get("/first-steps").text)) == len(Step)
    assert [told["step"] for _, _, told in happened(session, EventKind.SETUP_STEP_CONFIRMED)] == ["time-zone", "backup"]


@ON_ONE_DATABASE
def test_the_list_is_there_after_a_restart_until_it_is_put_away(
    settings: Settings, administrator: FlaskClient, session: Session
):
    send(administrator, "/first-steps/names", **NAMES)
    again = create_app(settings)
    after = signed_in(again, Role.ADMINISTRATOR, email="second@city.example")
    assert done(after.get("/").text) == ["/staff", "/first-steps/names", "/staff/new"]
    for _ in range(2):
        address = "/first-steps/put-away"
        assert after.post(address, data={"csrf_token": csrf_token(after)}).location == "/"
    assert "data-step" not in after.get("/").text
    assert "data-step" in after.get("/first-steps").text
    assert len(happened(session, EventKind.SETUP_PUT_AWAY)) == 1
    dispose(again)


@ON_ONE_DATABASE
def test_nobody_else_sees_or_takes_the_steps(app: Flask):
    client = signed_in(app, *(set(Role) - {Role.ADMINISTRATOR}))
    assert "data-step" not in client.get("/").text
    for page in ("", "/names", "/time-zone", "/form", "/backup"):
        assert client.get(f"/first-steps{page}").status_code == 403
    assert client.get("/platforms").status_code == 403


def test_the_names_stand_on_every_page_and_their_change_is_recorded(
    app: Flask, administrator: FlaskClient, session: Session
):
    assert "City Recreation Department" in app.test_client().get("/sign-in").text
    assert send(administrator, "/first-steps/names", **NAMES).location == "/first-steps"
    assert WHOLE in app.test_client().get("/sign-in").text
    assert WHOLE in app.test_client().get("/kiosk").text
    send(administrator, "/first-steps/names", **NAMES)
    send(administrator, "/first-steps/names", city="Town of Exampleton")
    told = [told for _, _, told in happened(session, EventKind.DEPARTMENT_NAMED)]
    assert told == [
        {"before": None, "after": NAMES},
        {"before": NAMES, "after": NAMES | {"city": "Town of Exampleton"}},
    ]
    assert form_on(administrator.get("/first-steps/names").text)["city"] == "Town of Exampleton"


@ON_ONE_DATABASE
@pytest.mark.parametrize("typed", [{"city": ""}, {"department": "x" * 61}, {"city": "a\u202eb"}])
def test_a_name_that_cannot_be_is_refused(administrator: FlaskClient, session: Session, typed: dict[str, str]):
    page = send(administrator, "/first-steps/names", **(NAMES | typed)).text
    assert "There is a problem" in page
    assert not happened(session, EventKind.DEPARTMENT_NAMED)


@ON_ONE_DATABASE
def test_what_the_installation_says_wins_and_the_page_says_so(settings: Settings):
    app = create_app(Settings(instance=settings.instance, department="Añil Recreation"))
    client = signed_in(app, Role.ADMINISTRATOR)
    send(client, "/first-steps/names", **NAMES)
    page = client.get("/first-steps/names").text
    assert "The installation sets the name" in page
    assert "Añil Recreation" in page
    assert WHOLE not in client.get("/sign-in").text
    assert "/first-steps/names" in done(client.get("/first-steps").text)
    dispose(app)


@ON_ONE_DATABASE
def test_a_time_zone_that_changed_is_looked_at_again(settings: Settings, administrator: FlaskClient):
    page = administrator.get("/first-steps/time-zone").text
    assert "America/Phoenix" in page
    assert "Jul 1, 2026, 12:00:00" in page
    assert errors_on(send(administrator, "/first-steps/time-zone").text) == ["right"]
    send(administrator, "/first-steps/time-zone", right="y")
    assert "/first-steps/time-zone" in done(administrator.get("/first-steps").text)
    app = create_app(Settings(instance=settings.instance, time_zone="America/Denver"))
    after = signed_in(app, Role.ADMINISTRATOR, email="second@city.example")
    assert "/first-steps/time-zone" not in done(after.get("/first-steps").text)
    dispose(app)


def test_the_starter_form_is_read_in_both_languages_and_published_once(
    administrator: FlaskClient, session: Session, clock: time_machine.Traveller
):
    send(administrator, "/first-steps/names", **NAMES)
    page = administrator.get("/first-steps/form").text
    assert f"{WHOLE} asks for this permission" in page
    assert f"{WHOLE} pide este permiso" in page
    assert 'lang="es" aria-labelledby="text-es"' in page
    assert "DEMO" not in page
    assert errors_on(send(administrator, "/first-steps/form").text) == ["read"]

    typed = form_on(page) | {"read": "y", "csrf_token": csrf_token(administrator)}
    send(administrator, "/first-steps/names", department="Recreation")
    assert "Read it again" in administrator.post("/first-steps/form", data=typed).text
    assert send(administrator, "/first-steps/form", read="y").location == "/first-steps"
    [form] = session.scalars(select(FormVersion))
    assert (form.form, form.version, len(form.uses)) == ("social-media", 1, 9)
    assert "City of Exampleton Recreation asks" in form.body_en
    assert happened(session, EventKind.FORM_PUBLISHED)[0][2]["text_sha256"] == form.text_sha256

    clock.shift(timedelta(minutes=1))
    assert "published already" in administrator.get("/first-steps/form").text
    again = administrator.post("/first-steps/form", data=typed | {"csrf_token": csrf_token(administrator)})
    assert again.status_code == 409
    assert len(session.scalars(select(FormVersion)).all()) == 1


@ON_ONE_DATABASE
def test_the_form_asks_for_the_names_first(administrator: FlaskClient):
    assert "Name it first" in administrator.get("/first-steps/form").text
    send(administrator, "/first-steps/names", **NAMES)
    assert "Name it first" not in administrator.get("/first-steps/form").text


@ON_ONE_DATABASE
def test_the_page_on_backups_says_how_and_whether_they_are_made(administrator: FlaskClient, settings: Settings):
    page = administrator.get("/first-steps/backup").text
    assert str(settings.instance.resolve()) in page
    assert "it is not set yet" in page
    assert errors_on(send(administrator, "/first-steps/backup").text) == ["made"]
