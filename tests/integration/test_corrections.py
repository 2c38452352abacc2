"""Is a mistake about a person corrected with a trail, and never over what a colleague just corrected?"""

import json
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import UnknownPatron
from consent.services.corrections import open_patron
from consent.services.trails import merge
from consent.storage.models import Guardian, LedgerEvent, Patron, SealedContent
from tests.builders.camp import NOW, a_camp, keep
from tests.builders.pages import ON_ONE_DATABASE, answer, errors_on, fill, form_on, send
from tests.builders.staff import signed_in

PAGE = "/patrons/P-ok/correct"
GUARDIAN = "/patrons/P-ok/guardians/G-P-ok/correct"
WHY = "The birth certificate says so"


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
    return signed_in(camp)


def trails(session: Session, kind: EventKind) -> list[dict]:
    rows = select(SealedContent.canonical).join(LedgerEvent, LedgerEvent.position == SealedContent.position)
    found = [json.loads(row) for row in session.scalars(rows.where(LedgerEvent.kind == kind))]
    session.rollback()
    return found


def test_a_corrected_name_is_found_and_the_old_one_is_not(desk: FlaskClient, session: Session):
    told = send(desk, PAGE, first_name="Chloë", last_name="O’Neil-Ávila", reason=WHY)
    assert "The correction is saved." in desk.get(told.location).text
    assert "P-ok" in desk.get("/look-up/people?q=chloe oneil").text
    assert "P-ok" not in desk.get("/look-up/people?q=zoe").text
    assert trails(session, EventKind.PATRON_CHANGED) == [
        {
            "type": "patron", "id": "P-ok", "reason": WHY,
            "before": {"first_name": "Zoë", "last_name": "Ávila"},
            "after": {"first_name": "Chloë", "last_name": "O’Neil-Ávila"},
        }
    ]  # fmt: skip


@ON_ONE_DATABASE
def test_whoever_turns_out_to_be_of_age_must_sign_for_themself(desk: FlaskClient):
    assert answer(desk, "P-ok") == ("yes", "")
    send(desk, PAGE, born="2008-07-01", reason=WHY)
    assert answer(desk, "P-ok") == ("not-known", "came-of-age")
    send(desk, PAGE, born="2008-07-02", reason=WHY)
    assert answer(desk, "P-ok") == ("yes", "")


def test_emancipation_needs_an_order_that_the_desk_has_seen(desk: FlaskClient, session: Session):
    emancipated = {"emancipated_on": "2026-06-01", "reason": "Order of the court"}
    assert errors_on(send(desk, PAGE, **emancipated).text) == ["order_seen"]
    assert send(desk, PAGE, **emancipated, order_seen="y").status_code == 303
    assert answer(desk, "P-ok") == ("not-known", "came-of-age")
    assert trails(session, EventKind.PATRON_CHANGED)[0]["order_seen"] is True
    assert send(desk, PAGE, first_name="Zoe", reason=WHY).status_code == 303


def test_accounts_are_kept_for_each_platform(desk: FlaskClient, session: Session):
    send(desk, PAGE, **{"account-facebook": " zoe.avila ", "reason": WHY})
    assert "zoe.avila" in desk.get("/patrons/P-ok").text
    send(desk, PAGE, **{"account-facebook": "", "reason": WHY})
    assert "zoe.avila" not in desk.get("/patrons/P-ok").text
    assert [event["after"] for event in trails(session, EventKind.PATRON_CHANGED)] == [
        {"handles": {"facebook": "zoe.avila"}}, {"handles": None},
    ]  # fmt: skip


def test_an_adult_of_unknown_age_is_declared_one(desk: FlaskClient, session: Session):
    send(desk, PAGE, born="", adult="y", reason=WHY)
    patron = session.scalars(select(Patron).where(Patron.external_id == "P-ok")).one()
    assert (patron.born, patron.adult) == (None, True)


@ON_ONE_DATABASE
def test_what_is_wrong_is_said_next_to_its_field(desk: FlaskClient, session: Session):
    tried = [
        ({"first_name": " ", "last_name": "", "reason": ""}, ["first_name", "last_name", "reason"]),
        ({"last_name": "x" * 129, "reason": WHY}, ["last_name"]),
        ({"born": "2026-07-02", "reason": WHY}, ["born"]),
        ({"born": "20155-01-01", "reason": WHY}, ["born"]),
        ({"account-facebook": "x" * 201, "reason": WHY}, ["account-facebook"]),
    ]
    for typed, fields in tried:
        assert errors_on(send(desk, PAGE, **typed).text) == fields
    assert trails(session, EventKind.PATRON_CHANGED) == []


def test_sent_twice_it_is_one_correction(desk: FlaskClient, session: Session):
    sent = fill(desk, PAGE, first_name="Zoey", reason=WHY)
    desk.post(PAGE, data=sent)
    assert "somebody else changed" in desk.post(PAGE, data=sent).text
    assert len(trails(session, EventKind.PATRON_CHANGED)) == 1


@ON_ONE_DATABASE
def test_nothing_changed_leaves_no_trail(desk: FlaskClient, session: Session):
    told = send(desk, PAGE, reason=WHY)
    assert "nothing to change" in desk.get(told.location).text
    assert trails(session, EventKind.PATRON_CHANGED) == []


def test_two_who_correct_different_things_both_keep_theirs(camp: Flask, desk: FlaskClient, session: Session):
    mine = fill(desk, PAGE, last_name="Abel", reason=WHY, **{"account-facebook": "zoe"})
    colleague = signed_in(camp, email="colleague@city.example")
    send(colleague, PAGE, born="2014-03-04", first_name="Zoé", reason="A typing error")

    shown = desk.post(PAGE, data=mine).text
    assert "What somebody else changed" in shown
    assert "was 2015-03-04, is now 2014-03-04" in shown
    kept = form_on(shown)
    assert (kept["first_name"], kept["last_name"], kept["born"], kept["reason"], kept["account-facebook"]) == (
        "Zoé", "Abel", "2014-03-04", WHY, "zoe",
    )  # fmt: skip
    assert desk.post(PAGE, data=kept).status_code == 303
    patron = session.scalars(select(Patron).where(Patron.external_id == "P-ok")).one()
    assert (patron.first_name, patron.last_name, patron.born.isoformat()) == ("Zoé", "Abel", "2014-03-04")


@ON_ONE_DATABASE
def test_two_who_correct_the_same_thing_are_shown_both(camp: Flask, desk: FlaskClient):
    mine = fill(desk, PAGE, first_name="Zoey", reason=WHY)
    send(signed_in(camp, email="colleague@city.example"), PAGE, first_name="Zoé", reason="Other")
    shown = desk.post(PAGE, data=mine).text
    assert "was Zoë, is now Zoé" in shown
    assert form_on(shown)["first_name"] == "Zoey"


@pytest.mark.parametrize(
    ("typed", "now", "merged"),
    [
        ({"handles": {"x": "a"}}, {"handles": {"y": "b"}}, {"handles": {"x": "a", "y": "b"}}),
        ({"handles": {"x": "a"}}, {}, {"handles": {"x": "a"}}),
        ({}, {"handles": {"x": "new"}}, {}),
        ({"handles": {"x": "old"}}, {"handles": {"x": "new"}}, {"handles": {"x": "new"}}),
    ],
)
def test_what_two_people_changed_is_put_together(typed: dict, now: dict, merged: dict):
    assert merge({"handles": {"x": "old"}}, typed, now) == merged


def test_somebody_unknown_is_not_corrected(session: Session):
    with pytest.raises(UnknownPatron):
        open_patron(session, "nobody")


@ON_ONE_DATABASE
def test_a_form_bent_on_its_way_saves_nothing(desk: FlaskClient, session: Session):
    for bent in ("", "{", "[1]"):
        assert send(desk, PAGE, first_name="Zoey", reason=WHY, based_on=bent).status_code == 200
    assert trails(session, EventKind.PATRON_CHANGED) == []


def test_a_guardians_name_and_contacts_are_corrected_too(camp: Flask, desk: FlaskClient, session: Session):
    mine = fill(desk, GUARDIAN, phone="623-555-0100", reason="Called us")
    send(signed_in(camp, email="colleague@city.example"), GUARDIAN, email="mo@example.org", reason="Asked")
    kept = form_on(desk.post(GUARDIAN, data=mine).text)
    assert (kept["email"], kept["phone"]) == ("mo@example.org", "623-555-0100")
    desk.post(GUARDIAN, data=kept)
    guardian = session.scalars(select(Guardian).where(Guardian.external_id == "G-P-ok")).one()
    assert (guardian.email, guardian.phone) == ("mo@example.org", "623-555-0100")
    assert [event["after"] for event in trails(session, EventKind.GUARDIAN_CHANGED)] == [
        {"email": "mo@example.org"}, {"phone": "623-555-0100"},
    ]  # fmt: skip
    assert errors_on(send(desk, GUARDIAN, email="mo", reason="x").text) == ["email"]
    assert send(desk, GUARDIAN, reason="x").location == "/patrons/P-ok"


@ON_ONE_DATABASE
def test_others_may_not(camp: Flask, desk: FlaskClient):
    other = signed_in(camp, Role.RECORDS_OFFICER, Role.POSTER, email="other@city.example")
    assert [other.get(page).status_code for page in (PAGE, GUARDIAN)] == [403, 403]
    unknown = ("/patrons/none/correct", "/patrons/P-ok/guardians/none/correct")
    assert [desk.get(page).status_code for page in unknown] == [404, 404]
