"""Does each page open for those whom its rule names, and for nobody else?"""

import re

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy import update

from consent.domain.permissions import ROLES_WITH, Permission, Role
from consent.storage.database import db
from consent.storage.models.staff import Staff
from consent.web.access import access_rule, staff_may, token_holder
from consent.web.home import AT_HAND, DOORS
from tests.builders.staff import csrf_token, signed_in

FOR_ANYBODY = {
    "static", "sign_in.sign_in", "sign_in.sign_out", "sign_in.first_sign_in", "language.choose", "health.healthz",
    "lookup.card", "kiosk.enroll", "copies.copy", "copies.copy_pdf", "copies.program", "copies.signed",
    "copies.verify", "api-docs.openapi_json", "setup.setup",
}  # fmt: skip


def test_every_view_declares_who_may_use_it(app: Flask):
    undeclared = [endpoint for endpoint in app.view_functions if access_rule(app, endpoint) is None]
    assert undeclared == []


def test_only_these_pages_are_for_anybody(app: Flask):
    open_to_all = {name for name in app.view_functions if access_rule(app, name).who.startswith("anybody")}
    assert open_to_all <= FOR_ANYBODY


def test_a_view_that_declares_nothing_is_refused(app: Flask):
    app.add_url_rule("/forgotten", "forgotten", lambda: "somebody's record")
    assert signed_in(app, *Role).get("/forgotten").status_code == 404


def test_nobody_sees_a_staff_page_without_signing_in(app: Flask):
    for rule in app.url_map.iter_rules():
        who = access_rule(app, rule.endpoint).who
        if "GET" not in rule.methods or not who.startswith(("staff", "signed in")):
            continue
        address = rule.build(dict.fromkeys(rule.arguments, "1"))[1]
        answer = app.test_client().get(address)
        assert answer.status_code == 303, address
        assert answer.location.startswith("/sign-in"), address


def test_signing_in_is_asked_for_with_the_way_back(client: FlaskClient):
    assert client.get("/programs?a=b&c=d").location == "/sign-in?next=/programs?a%3Db%26c%3Dd"
    assert client.get("/").location == "/sign-in"


@pytest.mark.parametrize("role", Role)
def test_a_page_opens_for_the_roles_that_its_permission_names(app: Flask, role: Role):
    app.add_url_rule("/cabinet", "cabinet", staff_may(Permission.PRINT_CARDS)(lambda: "cards"))
    answer = signed_in(app, role).get("/cabinet")
    allowed = role in ROLES_WITH[Permission.PRINT_CARDS]
    assert answer.status_code == (200 if allowed else 403)
    assert ("You may not open this page" in answer.text) is not allowed


def test_the_menu_shows_only_the_doors_that_open(app: Flask):
    page = signed_in(app, Role.POSTER).get("/").text
    assert 'href="/cards"' not in page
    assert 'action="/look-up"' in page
    assert 'href="/cards"' in signed_in(app, Role.FRONT_DESK, email="desk@city.example").get("/").text


def test_the_menu_keeps_a_few_doors_at_hand_and_always_that_of_the_open_page(app: Flask):
    def in_the_menu(path: str) -> tuple[list[str], list[str]]:
        at_hand, _, more = client.get(path).text.partition("house-nav__list")[2].partition("house-more__list")
        return tuple(re.findall(r'class="house-nav__link" href="([^"]+)"', part) for part in (at_hand, more))

    client = signed_in(app, Role.ADMINISTRATOR)
    at_hand, more = in_the_menu("/")
    assert len(at_hand) == AT_HAND
    assert "/staff" in more
    there, others = in_the_menu("/staff")
    assert there == [*at_hand, "/staff"]
    assert others == [path for path in more if path != "/staff"]


def test_every_door_leads_to_a_page_with_the_same_permission(app: Flask):
    routes = app.url_map.bind("localhost")
    for door in DOORS:
        endpoint, _ = routes.match(door.path)
        assert access_rule(app, endpoint).who == f"staff who may {door.permission}"


def test_whoever_leaves_is_out_at_the_next_request(app: Flask):
    client = signed_in(app)
    assert client.get("/").status_code == 200
    with app.app_context():
        db.session.execute(update(Staff).values(active=False))
        db.session.commit()
    assert client.get("/").location == "/sign-in"


def test_a_role_taken_away_is_gone_at_the_next_request(app: Flask):
    app.add_url_rule("/cabinet", "cabinet", staff_may(Permission.PRINT_CARDS)(lambda: "cards"))
    client = signed_in(app, Role.FRONT_DESK)
    assert client.get("/cabinet").status_code == 200
    with app.app_context():
        db.session.query(Staff).one().roles = []
        db.session.commit()
    assert client.get("/cabinet").status_code == 403


def test_a_form_sent_after_the_session_ended_leads_to_sign_in(app: Flask, client: FlaskClient):
    app.add_url_rule("/cabinet", "cabinet", staff_may(Permission.PRINT_CARDS)(lambda: abort(500)), methods=["POST"])
    answer = client.post("/cabinet", data={"csrf_token": csrf_token(client)})
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_another_system_is_let_in_by_its_token_and_by_nothing_else(app: Flask):
    known = {"Bearer good"}
    door = token_holder(lambda: request.headers.get("Authorization") in known)
    app.add_url_rule("/api/v1/door", "door", door(lambda: {"open": True}))
    client = signed_in(app, *Role)

    refused = client.get("/api/v1/door")
    assert refused.status_code == 401
    assert refused.mimetype == "application/problem+json"
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert client.get("/api/v1/door", headers={"Authorization": "Bearer good"}).json == {"open": True}
