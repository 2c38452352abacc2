"""Can administrators see and change who may do what, page by page, and nobody else?"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.services.staff_standing import suspend_staff
from consent.settings import Settings
from consent.storage.models import Program
from tests.builders.colleagues import NOW, TODAY, acting, colleague, happened, on_file, roles_of
from tests.builders.pages import ON_ONE_DATABASE, errors_on, fill, form_on, send
from tests.builders.staff import PASSWORD, csrf_token, hire, signed_in

LONG_ENOUGH = "a boat, a lake, a friend"
NEW = {"name": "Cleo Camp", "email": "Cleo@City.example", "roles": ["poster", "front-desk"]}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """What a second factor asks of them has tests of its own."""
    return replace(settings, second_factor="optional")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


@pytest.fixture
def ben(app: Flask) -> int:
    return colleague(app, "Ben Bell", Role.FRONT_DESK)


def browser_of(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    client = app.test_client()
    sent = {"email": email, "password": password, "csrf_token": csrf_token(client)}
    assert client.post("/sign-in", data=sent).location == "/"
    return client


def press(client: FlaskClient, address: str):
    return client.post(address, data={"csrf_token": csrf_token(client)})


def address_on(page: str) -> str:
    return re.search(r"<code data-address>http://localhost:8000([^<]+)</code>", page)[1]


def state(page: str, email: str) -> str:
    return re.search(rf'data-staff="{email}" data-state="([^"]+)"', page)[1]


@ON_ONE_DATABASE
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_who_is_no_administrator_gets_no_page_of_the_staff(app: Flask, ben: int, role: Role):
    client = signed_in(app, role)
    for path in ("/staff", "/staff/new", f"/staff/{ben}"):
        assert client.get(path).status_code == 403
    assert 'href="/staff"' not in client.get("/").text


@ON_ONE_DATABASE
def test_the_first_administrator_is_told_that_nobody_else_is_there(administrator: FlaskClient):
    page = administrator.get("/staff").text
    assert "Only you so far" in page
    assert "Nobody has this name" in administrator.get("/staff?q=zoe").text


@ON_ONE_DATABASE
@pytest.mark.usefixtures("ben")
def test_the_list_is_filtered_by_name_and_address(administrator: FlaskClient):
    assert "Ben Bell" in administrator.get("/staff?q=BELL").text
    page = administrator.get("/staff?q=ben@").text
    assert "Ben Bell" in page
    assert "ada@city.example" not in page.split("</header>")[1]
    assert administrator.get(f"/staff?q={'x' * 500}").status_code == 200


def test_somebody_is_added_and_let_in_once_by_the_address_that_is_shown_once(
    app: Flask, administrator: FlaskClient, session: Session
):
    page = send(administrator, "/staff/new", **NEW).text
    path = address_on(page)
    assert "Address for Cleo Camp" in page
    assert state(administrator.get("/staff").text, "cleo@city.example") == "invited"

    other = app.test_client()
    assert "Welcome, Cleo Camp" in other.get(path).text
    choice = {"password": LONG_ENOUGH, "again": LONG_ENOUGH, "csrf_token": csrf_token(other)}
    assert other.post(path, data=choice).location == "/"
    assert app.test_client().get(path).status_code == 404
    assert state(administrator.get("/staff").text, "cleo@city.example") == "active"
    [(_, actor, told)] = happened(session, EventKind.STAFF_ADDED)[1:]
    assert actor.startswith("staff:")
    assert told["roles"] == ["front-desk", "poster"]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"email": "cleo"}, "email"),
        ({"email": "ada@city.example"}, "email"),
        ({"roles": None}, "roles"),
        ({"programs": ["camp"]}, "programs"),
        ({"last_day": "soon"}, "last_day"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    administrator: FlaskClient, session: Session, typed: dict, field: str
):
    session.add(Program(external_id="camp", name="Day camp", starts=TODAY, ends=TODAY))
    session.commit()
    page = send(administrator, "/staff/new", **(NEW | typed)).text
    assert errors_on(page) == [field]
    kept = form_on(page)
    assert kept["email"] == (NEW | typed)["email"]
    assert kept.getlist("roles") == (((NEW | typed)["roles"] and ["front-desk", "poster"]) or [])


def test_an_invitation_lapses_after_seven_days_and_is_made_anew(
    app: Flask, administrator: FlaskClient, clock: time_machine.Traveller
):
    old = address_on(send(administrator, "/staff/new", **NEW).text)
    clock.shift(timedelta(days=7, seconds=1))
    again = signed_in(app, Role.ADMINISTRATOR, email="second@city.example")
    page = again.get("/staff").text
    assert state(page, "cleo@city.example") == "lapsed"
    assert "Invitation lapsed" in page
    assert app.test_client().get(old).status_code == 404

    cleo = re.search(r'href="(/staff/\d+)">Cleo', page)[1]
    assert "Make a new one below" in again.get(cleo).text
    new = address_on(press(again, f"{cleo}/reset").text)
    assert state(again.get("/staff").text, "cleo@city.example") == "invited"
    assert "Welcome, Cleo Camp" in app.test_client().get(new).text


def test_a_new_invitation_kills_the_one_before(app: Flask, administrator: FlaskClient):
    old = address_on(send(administrator, "/staff/new", **NEW).text)
    cleo = re.search(r'href="(/staff/\d+)">Cleo', administrator.get("/staff").text)[1]
    press(administrator, f"{cleo}/reset")
    assert app.test_client().get(old).status_code == 404


def test_ticks_change_several_colleagues_at_once(app: Flask, administrator: FlaskClient, session: Session, ben: int):
    cem = colleague(app, "Cem Calm", Role.POSTER)
    ticks = {f"roles-{ben}": ["front-desk", "director"], f"roles-{cem}": []}
    assert send(administrator, "/staff", **ticks).location == "/staff"
    assert roles_of(session, ben) == {"front-desk", "director"}
    assert roles_of(session, cem) == set()
    assert "The roles are saved" in administrator.get("/staff").text


@ON_ONE_DATABASE
def test_each_tick_is_labelled_with_name_and_role_and_ones_own_are_fixed(administrator: FlaskClient, ben: int):
    page = administrator.get("/staff").text
    assert f'id="roles-{ben}-poster" name="roles-{ben}" value="poster"' in page
    for role in ("Administrator", "Director", "Front desk", "Poster", "Program lead", "Records officer"):
        assert f"Ben Bell - {role}" in page
        assert f"Ada Lovelace - {role}" in page
    assert len(re.findall(r'type="checkbox"[^>]*disabled', page)) == len(Role)


def test_an_error_keeps_the_ticks_and_takes_over_what_others_changed(
    app: Flask, administrator: FlaskClient, session: Session, ben: int
):
    cem = colleague(app, "Cem Calm", Role.POSTER)
    typed = fill(administrator, "/staff", **{f"roles-{ben}": ["director"]})
    other = signed_in(app, Role.ADMINISTRATOR, email="other@city.example")
    send(other, "/staff", **{f"roles-{cem}": ["front-desk"], f"roles-{ben}": ["poster"]})

    page = administrator.post("/staff", data=typed).text
    assert "Somebody changed these roles" in page
    kept = form_on(page)
    assert kept.getlist(f"roles-{ben}") == ["director"]
    assert kept.getlist(f"roles-{cem}") == ["front-desk"]
    assert administrator.post("/staff", data=kept | {"csrf_token": csrf_token(administrator)}).status_code == 303
    assert (roles_of(session, ben), roles_of(session, cem)) == ({"director"}, {"front-desk"})


@ON_ONE_DATABASE
def test_a_form_that_was_bent_on_its_way_saves_nothing(administrator: FlaskClient, session: Session, ben: int):
    for bent in ("", "[]", '{"x": 1}', '{"1": ["mayor"]}'):
        page = send(administrator, "/staff", based_on=bent, **{f"roles-{ben}": ["director"]}).text
        assert "Nothing is saved yet" in page
    assert roles_of(session, ben) == {"front-desk"}


def test_a_colleagues_page_changes_name_roles_programs_and_last_day(
    administrator: FlaskClient, session: Session, ben: int
):
    session.add(Program(external_id="camp", name="Day camp", starts=TODAY, ends=TODAY))
    session.commit()
    typed = {"name": "Benedict Bell", "roles": ["program-lead"], "programs": ["camp"], "last_day": "2026-07-02"}
    assert send(administrator, f"/staff/{ben}", **typed).location == "/staff"
    page = administrator.get("/staff").text
    assert "Benedict Bell" in page
    assert "Day camp" in page
    assert "Jul 2, 2026" in page
    assert form_on(administrator.get(f"/staff/{ben}").text).getlist("programs") == ["camp"]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": "a\u202eb"}, "name"), ({"programs": ["camp"]}, "programs"), ({"roles": None}, "roles")],
)
def test_what_is_wrong_on_a_colleagues_page_is_told_beside_its_field(
    administrator: FlaskClient, session: Session, ben: int, typed: dict, field: str
):
    session.add(Program(external_id="camp", name="Day camp", starts=TODAY, ends=TODAY))
    session.commit()
    assert errors_on(send(administrator, f"/staff/{ben}", **typed).text) == [field]


@ON_ONE_DATABASE
def test_what_a_colleague_changed_meanwhile_is_shown(app: Flask, administrator: FlaskClient, ben: int):
    typed = fill(administrator, f"/staff/{ben}", name="Benny")
    other = signed_in(app, Role.ADMINISTRATOR, email="other@city.example")
    send(other, f"/staff/{ben}", roles=["poster"])
    page = administrator.post(f"/staff/{ben}", data=typed).text
    assert "What somebody else changed" in page
    kept = form_on(page)
    assert (kept["name"], kept.getlist("roles")) == ("Benny", ["poster"])


@ON_ONE_DATABASE
def test_ones_own_page_has_the_name_only(administrator: FlaskClient, session: Session):
    own = re.search(r'href="(/staff/\d+)">Ada', administrator.get("/staff").text)[1]
    page = administrator.get(own).text
    assert "nobody grants themself anything" in page
    assert set(form_on(page)) == {"csrf_token", "based_on", "name"}
    assert "/suspend" not in page
    assert send(administrator, own, name="Ada King", roles=["director"]).status_code == 303
    assert roles_of(session, int(own.rpartition("/")[2])) == {"administrator"}
    for act in ("suspend", "restore", "reset", "authorizations"):
        sent = {"posting-platform": "x", "csrf_token": csrf_token(administrator)}
        assert administrator.post(f"{own}/{act}", data=sent).status_code in {200, 409}
    assert press(administrator, "/staff/999/suspend").status_code == 404


@ON_ONE_DATABASE
def test_the_last_administrator_who_stays_is_kept_on_both_pages(
    app: Flask, administrator: FlaskClient, session: Session
):
    bea = colleague(app, "Bea Bold", Role.ADMINISTRATOR)
    own = int(re.search(r'href="/staff/(\d+)">Ada', administrator.get("/staff").text)[1])
    bold = browser_of(app, "bea@city.example")
    send(bold, f"/staff/{own}", last_day="2026-08-01")
    assert "One administrator must remain" in send(administrator, "/staff", **{f"roles-{bea}": ["poster"]}).text
    assert "last administrator who stays" in send(administrator, f"/staff/{bea}", roles=["poster"]).text
    assert press(administrator, f"/staff/{bea}/suspend").status_code == 409
    assert roles_of(session, bea) == {"administrator"}


def test_who_is_let_go_is_out_at_the_next_request_until_taken_back(app: Flask, administrator: FlaskClient, ben: int):
    desk = browser_of(app, "ben@city.example")
    assert desk.get("/").status_code == 200
    assert press(administrator, f"/staff/{ben}/suspend").location == f"/staff/{ben}"
    assert desk.get("/").location == "/sign-in"
    assert "Suspended" in administrator.get("/staff").text
    assert press(administrator, f"/staff/{ben}/restore").location == f"/staff/{ben}"
    assert desk.get("/").location == "/sign-in"  # the session of before stays ended
    browser_of(app, "ben@city.example")


def test_a_reset_ends_the_old_password_and_the_open_session(app: Flask, administrator: FlaskClient, ben: int):
    desk = browser_of(app, "ben@city.example")
    path = address_on(press(administrator, f"/staff/{ben}/reset").text)
    assert desk.get("/").location == "/sign-in"
    sent = {"email": "ben@city.example", "password": PASSWORD, "csrf_token": csrf_token(desk)}
    assert "is wrong" in desk.post("/sign-in", data=sent).text
    assert "Welcome, Ben Bell" in desk.get(path).text


def test_the_midnight_that_ends_the_last_day_ends_the_session_and_every_way_in(
    app: Flask, administrator: FlaskClient, ben: int, clock: time_machine.Traveller
):
    """In Phoenix, seven hours behind UTC."""
    send(administrator, f"/staff/{ben}", last_day="2026-07-01")
    clock.move_to(NOW.replace(day=2, hour=6, minute=59))
    desk = browser_of(app, "ben@city.example")
    assert desk.get("/").status_code == 200
    clock.shift(timedelta(minutes=1))
    assert desk.get("/").location == "/sign-in"
    sent = {"email": "ben@city.example", "password": PASSWORD, "csrf_token": csrf_token(desk)}
    assert "is wrong" in desk.post("/sign-in", data=sent).text
    again = signed_in(app, Role.ADMINISTRATOR, email="late@city.example")
    assert state(again.get("/staff").text, "ben@city.example") == "ended"


def test_when_somebody_last_used_the_registry_is_noted_once_a_minute(
    app: Flask, session: Session, clock: time_machine.Traveller
):
    client = signed_in(app, Role.FRONT_DESK, email="desk@city.example")
    number = 1
    noted = []
    for seconds in (0, 59, 1):
        clock.shift(timedelta(seconds=seconds))
        client.get("/").close()
        noted.append(on_file(session, number).last_used_at)
    assert noted == [NOW, NOW, NOW + timedelta(minutes=1)]
    assert [kind for kind, _, _ in happened(session)] == ["staff-added"]


def test_nobody_is_noted_who_does_not_get_in(app: Flask, session: Session, ben: int):
    hire(app, Role.ADMINISTRATOR)
    app.test_client().get("/").close()
    with Session(session.get_bind()) as own:
        suspend_staff(own, ben, acting=acting(ben + 1))
    assert on_file(session, ben).last_used_at is None


@ON_ONE_DATABASE
def test_whoever_signed_in_long_ago_proves_it_anew_before_they_change_a_colleague(
    administrator: FlaskClient, session: Session, ben: int, clock: time_machine.Traveller
):
    typed = fill(administrator, "/staff", **{f"roles-{ben}": ["director"]})
    for _ in range(4):
        clock.shift(timedelta(minutes=20))
        with administrator.get("/staff") as page:
            assert page.status_code == 200
    for address in ("/staff", f"/staff/{ben}", f"/staff/{ben}/reset"):
        answer = administrator.post(address, data=typed | {"csrf_token": csrf_token(administrator)})
        assert (answer.status_code, answer.location.partition("?")[0]) == (307, "/sign-in/again/form")
    assert roles_of(session, ben) == {"front-desk"}
