"""Does a request that no page of ours sent change nothing, and does only reading a page change nothing?"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Select, Table, select, update
from werkzeug.routing import Rule

from consent.domain.permissions import Role
from consent.storage.database import Model, db
from consent.storage.models import Patron
from consent.web.access import anybody
from tests.builders.staff import csrf_token, signed_in
from tests.builders.walk import END_THE_SESSION, SENT, Walk, Who

BY_TOKEN_ALONE = {"/api/v1/checks"}
"""Another system sends no cookie, so nobody's browser can be made to send one."""
WRITE_WHEN_READ = {
    "/cards/sheet.pdf": "its address is a public promise; README says why, and another site's link is refused",
    "/copy/<token>/copy.pdf": "the first who opens a copy has it stored, with its event, as it will be for ever",
    "/desk/signings/<reference>/copy.pdf": "as by its link",
    "/kiosk": "whoever comes to the first page is somebody new, so what the last family typed goes",
    "/patrons/<path:patron>/card.pdf": "as a sheet of cards",
    "/programs/<path:program>/roster.pdf": "paper that leaves the building has a serial number and its event",
}
TRACES = {"look", "look_patron", "patron_check", "try_count"}
"""What reading a page may leave: the record of looking, and counters."""
LAST_SEEN = {"kiosk.last_seen_at", "staff.last_used_at"}


def content(walk: Walk, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """What each table holds, but for when somebody was last seen."""
    with walk.app.app_context(), db.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(repr(sorted(map(repr, connection.execute(_kept(table))))).encode()).hexdigest()
            for table in Model.metadata.sorted_tables
            if table.name not in without
        }


def _kept(table: Table) -> Select[Any]:
    return select(*(column for column in table.columns if str(column) not in LAST_SEEN))


@pytest.fixture(scope="module")
def everybody(walk: Walk) -> FlaskClient:
    """All roles in one browser, on a device that is a kiosk, in the middle of a sitting."""
    client = signed_in(walk.app, *Role, email="all@city.example")
    for name in ("kiosk", "family"):
        client.set_cookie(name, walk.clients[Who.KIOSK].get_cookie(name, path="/kiosk").value, path="/kiosk")
    return client


def rules(walk: Walk, method: str, without: Mapping[str, str] | set[str]) -> list[Rule]:
    found = [rule for rule in walk.app.url_map.iter_rules() if method in rule.methods and rule.rule not in without]
    return sorted(found, key=lambda rule: (rule.rule in END_THE_SESSION, rule.rule))


def old_token(walk: Walk, client: FlaskClient) -> str:
    """The token of a page of this very session that has been open for nine hours."""
    csrf_token(client)
    with client.session_transaction() as session:
        raw = session["csrf_token"]
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=9)):
        return str(URLSafeTimedSerializer(walk.app.secret_key, salt="wtf-csrf-token").dumps(raw))


def forgeries(walk: Walk, client: FlaskClient) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """What is forged about it, what it sends, and the headers of whoever sends it."""
    good = {"csrf_token": csrf_token(client)}
    yield "no token", {}, {}
    yield "a made-up token", {"csrf_token": "made-up"}, {}
    yield "another session's token", {"csrf_token": csrf_token(walk.app.test_client())}, {}
    yield "an old token", {"csrf_token": old_token(walk, client)}, {}
    yield "another site", good, {"Origin": "https://evil.example"}
    yield "our address as another site's beginning", good, {"Origin": "http://localhost.evil.example"}
    yield "another site's page", good, {"Sec-Fetch-Site": "cross-site"}
    yield "a neighbor's page", good, {"Sec-Fetch-Site": "same-site"}


def taken(walk: Walk, client: FlaskClient) -> list[str]:
    """Every forgery that was not refused."""
    found = []
    for forged, sent, headers in forgeries(walk, client):
        for rule in rules(walk, "POST", BY_TOKEN_ALONE):
            with client.post(walk.address(rule), data=SENT.get(rule.rule, {}) | sent, headers=headers) as answer:
                if answer.status_code not in {400, 403}:
                    found.append(f"{forged}: POST {rule.rule} {answer.status_code}")
    return found


def read_all(walk: Walk, client: FlaskClient) -> None:
    for rule in rules(walk, "GET", WRITE_WHEN_READ):
        with client.get(walk.address(rule)) as answer:
            answer.get_data()  # to its end, as a browser reads it
            assert answer.status_code < 500, rule.rule


def test_every_forged_request_is_refused_and_changes_nothing(walk: Walk, everybody: FlaskClient):
    before = content(walk)
    assert taken(walk, everybody) == []
    assert content(walk) == before
    assert everybody.get("/").status_code == 200


def test_no_method_changes_anything_but_get_and_post(walk: Walk):
    """So that the walk above has met every request that may change something."""
    assert {method for rule in walk.app.url_map.iter_rules() for method in rule.methods} == {
        "GET", "HEAD", "OPTIONS", "POST",
    }  # fmt: skip


def test_reading_every_page_changes_nothing_but_the_record_of_looking(walk: Walk, everybody: FlaskClient):
    before = content(walk, frozenset(TRACES))
    read_all(walk, everybody)
    assert content(walk, frozenset(TRACES)) == before


def test_what_writes_when_it_is_read_is_written_down_here_and_refused_to_another_site(
    walk: Walk, everybody: FlaskClient
):
    live = {rule.rule for rule in walk.app.url_map.iter_rules() if "GET" in rule.methods}
    assert WRITE_WHEN_READ.keys() <= live
    before = content(walk, frozenset(TRACES))
    for rule in rules(walk, "GET", live - WRITE_WHEN_READ.keys()):
        if rule.rule.endswith("card.pdf") or rule.rule.startswith("/cards"):
            answer = everybody.get(walk.address(rule), headers={"Sec-Fetch-Site": "cross-site"})
            assert answer.status_code == 403
    assert content(walk, frozenset(TRACES)) == before


def test_a_page_that_changes_something_when_it_is_read_is_noticed(
    walk: Walk, everybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    @anybody("a test asks")
    def careless() -> str:
        db.session.execute(update(Patron).values(first_name="Somebody"))
        db.session.commit()
        return "read"

    monkeypatch.setitem(walk.app.view_functions, "home.home", careless)
    before = content(walk, frozenset(TRACES))
    read_all(walk, everybody)
    changed = content(walk, frozenset(TRACES))
    assert {table for table, was in before.items() if changed[table] != was} == {"patron"}


def test_with_the_guard_against_forgery_switched_off_forgeries_are_noticed(
    walk: Walk, everybody: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(walk.app.config, "WTF_CSRF_ENABLED", False)
    before = content(walk)
    noticed = taken(walk, everybody)
    for forged in ("no token", "a made-up token", "another session's token", "an old token"):
        assert sum(one.startswith(forged) for one in noticed) > 20, forged
    assert content(walk) != before
