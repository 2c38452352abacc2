"""Is every look at somebody's record itself on record: by whom, when, of whom; and is nothing shown without it?"""

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from consent.cli.exchange import export
from consent.cli.group import BY_COMMAND_LINE
from consent.domain.looks import LookKind
from consent.domain.permissions import Role
from consent.services import looks_timeline
from consent.services.looks_timeline import ON_A_PAGE, Filter, Place, Source, read_timeline
from consent.services.voidings import RecordKind, request_voiding
from consent.storage.database import WRITES, db
from consent.storage.models import (
    LedgerEvent,
    LedgerSubject,
    Look,
    Patron,
    PatronCheck,
    Staff,
)
from consent.web.access import access_rule, current_actor, staff_may
from consent.web.csv_cells import inert
from consent.web.looking import look_rule, looked_at, saw
from tests.builders.camp import CAMP, a_consent, keep
from tests.builders.desk import INES, ROSA, SOON, FrontDesk, a_family
from tests.builders.pages import send
from tests.builders.sittings import a_sitting
from tests.builders.staff import signed_in
from tests.builders.walk import a_walk

ZOE = "P-ok"
HOLD = {"type": "hold", "id": "H-1", "patron": ZOE, "since": "2026-07-01T00:00:00Z", "reason": "Order"}
WITHDRAWAL = {
    "type": "withdrawal", "id": "W-1", "patron": ZOE, "signer": f"G-{ZOE}", "at": "2026-06-01T00:00:00Z", "uses": "all"
}  # fmt: skip
COPIES = {"copies.copy", "copies.copy_pdf", "lookup.card"}
"""Open to anybody, and they name people."""


@pytest.fixture
def desk(app: Flask) -> Iterator[FrontDesk]:
    with time_machine.travel(SOON, tick=False):
        yield FrontDesk(app, [*a_family(), a_consent(ZOE), HOLD, WITHDRAWAL])


@pytest.fixture
def browser(desk: FrontDesk, app: Flask) -> FlaskClient:
    """Of somebody who may open everything, beside the one who is at the desk."""
    assert desk.staff_id
    return signed_in(app, *Role, email="all@city.example")


def looks(desk: FrontDesk, kind: LookKind | None = None) -> list[tuple[str, str | None, str | None]]:
    """(kind, the patron's number, what it was about) of each, in order."""
    with desk.session() as session:
        query = select(Look.kind, Patron.external_id, Look.about).outerjoin(Patron, Patron.id == Look.patron_id)
        rows = session.execute(query.order_by(Look.id)).all()
    return [tuple(row) for row in rows if kind is None or row.kind == kind]


def traces(engine: Engine) -> int:
    """Everything that was ever looked at, checked or changed."""
    with Session(engine) as session:
        return sum(session.scalar(select(func.count()).select_from(m)) for m in (Look, PatronCheck, LedgerEvent))


class TestEveryPage:
    def test_says_what_kind_of_look_it_is_or_why_none(self, app: Flask) -> None:
        told = {name: look_rule(app, name) for name in app.view_functions}
        who = {name: access_rule(app, name).who for name in app.view_functions}
        must = {name for name in told if who[name].startswith(("staff", "signed in", "holders"))} | COPIES
        assert [name for name in sorted(must) if told[name] is None] == []
        assert all(rule.kind or rule.reason for rule in told.values() if rule)

    def test_that_names_somebody_leaves_a_trace(self, app: Flask) -> None:
        walk, browser = a_walk(app), signed_in(app, *Role, email="all@city.example")
        with app.app_context():
            engine = db.engine
            names = set(db.session.scalars(select(Patron.last_name))) | {"Ávila"}
        asked = {"/look-up": "?q=Okafor", "/look-up/people": "?q=Okafor", "/cards": "?program=camp"}
        named = set()
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or look_rule(app, rule.endpoint) is None:
                continue
            before = traces(engine)
            address = walk.address(rule) + asked.get(rule.rule, "")
            page = browser.get(address)
            paper = page.mimetype in {"application/pdf", "image/png"}
            why = look_rule(app, rule.endpoint).reason
            if paper and why.startswith("it names"):
                continue
            if page.status_code < 300 and (paper or any(name in html.unescape(page.text) for name in names)):
                named.add(look_rule(app, rule.endpoint).kind)
                assert traces(engine) > before, address
        assert named - {None} == set(LookKind) - {LookKind.EXPORT}

    def test_a_view_that_names_somebody_and_declares_nothing_is_found(self, app: Flask) -> None:
        app.add_url_rule("/forgotten", "forgotten", staff_may("look-up")(lambda: "somebody's record"))
        with pytest.raises(AssertionError, match="forgotten"):
            TestEveryPage().test_says_what_kind_of_look_it_is_or_why_none(app)


class TestALook:
    def test_names_who_what_and_whom_and_never_a_name(self, desk: FrontDesk, browser: FlaskClient) -> None:
        browser.get("/look-up?q=Romero")
        rows = looks(desk)
        assert sorted(rows) == [("name-search", "P-Ines", None), ("name-search", "P-Iris", None)]
        with desk.session() as session:
            first, second = session.scalars(select(Look))
            assert first.shown_together == second.shown_together
            assert (first.looked_at, first.actor[:6]) == (SOON, "staff:")

    def test_of_a_search_that_found_nobody_leaves_nothing(self, desk: FrontDesk, browser: FlaskClient) -> None:
        browser.get("/look-up?q=Nobody+Like+This")
        assert looks(desk) == []

    def test_is_not_written_where_a_check_or_a_change_is(self, desk: FrontDesk, browser: FlaskClient) -> None:
        browser.get(f"/patrons/{ZOE}")
        browser.get(f"/programs/{CAMP}/roster")
        browser.get(f"/patrons/{ZOE}/card.pdf")
        assert looks(desk) == []

    def test_is_left_by_a_form_that_comes_back_but_not_by_one_that_is_saved(self, desk, browser) -> None:
        path = f"/patrons/{ZOE}/hold"
        send(browser, path, reason="")
        assert looks(desk, LookKind.HOLD) == [("hold", ZOE, None)] * 2  # the form, and the form with its error
        assert send(browser, path, reason="Order").status_code == 303
        assert len(looks(desk, LookKind.HOLD)) == 3

    def test_is_not_left_by_a_page_that_is_refused_or_not_there(self, app: Flask, desk: FrontDesk, browser) -> None:
        assert browser.get("/patrons/nobody/hold").status_code == 404
        poster = signed_in(app, Role.POSTER, email="poster@city.example")
        assert poster.get(f"/patrons/{ZOE}/hold").status_code == 403
        assert looks(desk) == []

    def test_of_a_signing_names_the_signing_and_everybody_on_file_beside_it(self, desk: FrontDesk, browser) -> None:
        reference = desk.signed(INES, signer=ROSA)
        browser.get(f"/desk/signings/{reference}")
        assert sorted(looks(desk, LookKind.SIGNING), key=str) == [
            ("signing", "P-Ines", None), ("signing", "P-Iris", None), ("signing", None, reference),
        ]  # fmt: skip
        browser.get("/desk/signings")
        assert looks(desk, LookKind.SIGNING_QUEUE) == [("signing-queue", None, reference)]

    def test_by_whoever_holds_a_copys_link_is_told_from_one_by_staff(self, app, desk: FrontDesk, browser) -> None:
        submission = desk.kiosk.reviewed(a_sitting())
        reference = desk.kiosk.tap(submission).reference
        address = f"/copy/{submission.copy_token.replace(' ', '%20')}"
        app.test_client().get(address)
        browser.get(f"/desk/signings/{reference}/copy.pdf")
        with desk.session() as session:
            told = {*map(tuple, session.execute(select(Look.kind, Look.actor.startswith("staff:"))))}
        assert told == {("signed-copy-by-link", False), ("signed-copy", True)}

    def test_of_an_export_at_the_terminal_is_left_too(self, app: Flask, desk: FrontDesk) -> None:
        assert app.test_cli_runner().invoke(export, ["-"]).exit_code == 0
        with desk.session() as session:
            [look] = session.scalars(select(Look))
            assert (look.kind, look.actor) == ("export", BY_COMMAND_LINE)

    def test_that_cannot_be_recorded_shows_nothing(self, desk: FrontDesk, browser: FlaskClient) -> None:
        with desk.kiosk.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            connection.execute(text("DROP TABLE look"))
        page = browser.get(f"/patrons/{ZOE}/hold")
        assert page.status_code == 503
        assert "Ávila" not in html.unescape(page.text)

    def test_of_many_at_once_is_all_or_nothing_and_each_person_once(self, app: Flask, desk: FrontDesk) -> None:
        @staff_may("look-up")
        @looked_at(LookKind.NAME_SEARCH)
        def everybody() -> str:
            saw([ZOE, "P-Ines", ZOE], about="list")
            return current_actor()

        app.add_url_rule("/everybody", "everybody", everybody)
        signed_in(app, email="b@city.example").get("/everybody")
        assert [look[1:] for look in looks(desk)] == [(None, "list"), (ZOE, None), ("P-Ines", None)]


class TestAChange:
    def test_says_beside_its_leaf_about_whom_it_is(self, desk: FrontDesk) -> None:
        with desk.session() as session:
            rows = session.execute(
                select(LedgerEvent.kind, LedgerSubject.patron).join(
                    LedgerSubject, LedgerSubject.position == LedgerEvent.position
                )
            )
            assert {
                ("patron-added", ZOE),
                ("guardianship-added", ZOE),
                ("hold-placed", ZOE),
                ("withdrawal-made", ZOE),
            } <= {*map(tuple, rows)}

    def test_of_a_record_is_about_whose_it_is(self, desk: FrontDesk) -> None:
        with desk.session() as session:
            request_voiding(
                session, RecordKind.CONSENT, f"C-{ZOE}", "A mistake", staff_id=desk.staff_id, by="staff:1", now=SOON
            )
            position = session.scalar(select(func.max(LedgerEvent.position)))
            assert session.get(LedgerSubject, position).patron == ZOE


@pytest.fixture
def officer(desk: FrontDesk, app: Flask) -> FlaskClient:
    assert desk.staff_id
    return signed_in(app, Role.RECORDS_OFFICER, email="officer@city.example")


def entries(page: str) -> list[tuple[str, ...]]:
    """(when, who, what, about) of each row, in order."""
    rows = re.findall(r"<tr data-entry=.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [tuple(" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row) for row in cells]


def deeds(page: str) -> list[str]:
    return [entry[2] for entry in entries(page)]


class TestTheRecordOfLooking:
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.RECORDS_OFFICER])
    def test_is_for_records_officers_alone(self, app: Flask, desk: FrontDesk, role: Role) -> None:
        other = signed_in(app, role, email=f"{role}@city.example")
        assert desk.staff_id
        assert {other.get(path).status_code for path in ("/looks", "/looks/file.csv", "/looks/2/1")} == {403}

    def test_has_checks_looks_and_changes_in_one_order_the_newest_first(self, app, officer) -> None:
        with time_machine.travel(SOON + timedelta(minutes=1), tick=False):
            colleague = signed_in(app, Role.FRONT_DESK, email="front@city.example")
            colleague.get(f"/patrons/{ZOE}")
        with time_machine.travel(SOON + timedelta(minutes=2), tick=False):
            colleague.get(f"/patrons/{ZOE}/correct")
        with time_machine.travel(SOON + timedelta(minutes=3), tick=False):
            colleague.get(f"/patrons/{ZOE}/card.pdf")
            page = officer.get(f"/looks?patron={ZOE}").text
            assert "Read this record of looking" in deeds(officer.get("/looks").text)
        assert deeds(page)[:3] == ["Printed a card", "Opened the form of a correction", "Opened the record"]
        assert {(who, about) for _when, who, _what, about in entries(page)[:3]} == {("Ada Lovelace", "Zoë Ávila")}
        assert 'title="2026-07-01 19:08:00 UTC"' in page

    def test_shows_what_was_seen_together_as_one_with_everybody_behind_a_link(self, officer, browser) -> None:
        browser.get("/look-up?q=Romero")
        page = officer.get("/looks?what=2:name-search").text
        [(_, _, what, about)] = entries(page)
        assert (what, about[-10:]) == ("Saw in a search by name", "and 1 more")
        everybody = officer.get(re.search(r'looks-others" href="([^"]+)', page)[1]).text
        assert re.findall('data-patron="([^"]+)', everybody) == ["P-Ines", "P-Iris"]
        assert officer.get("/looks/2/999").status_code == officer.get("/looks/9/1").status_code == 404

        imported = officer.get("/looks?what=3:patron-added").text
        assert [about[-10:] for *_, about in entries(imported)] == ["and 2 more"]

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("what=1:look-up", {"Looked up"}),
            ("what=1:api", set()),
            ("what=2:hold", {"Opened a hold, or its form"}),
            ("what=3:card-issued", {"Printed a card"}),
            ("patron=P-Iris", {"Looked up", "A person was added"}),
            ("patron=P-Iris&what=3:", {"A person was added"}),
            ("who=import&what=3:hold-placed", {"A hold was placed"}),
            ("who=command-line&what=1:", set()),
            ("since=2026-07-02", set()),
            ("until=2026-07-01&what=1:look-up", {"Looked up"}),
            ("since=2026-07-01&until=2026-07-01&what=1:look-up", {"Looked up"}),
        ],
    )
    def test_is_filtered_by_person_actor_kind_and_local_day(self, officer, browser, asked, told) -> None:
        browser.get("/look-up?patron=P-Iris")
        browser.get(f"/patrons/{ZOE}/hold")
        browser.get(f"/patrons/{ZOE}/card.pdf")
        page = officer.get(f"/looks?{asked}")
        assert (page.status_code, set(deeds(page.text))) == (200, told)
        assert ("Nothing in the record fits this filter." in page.text) == (not told)

    def test_is_filtered_by_who_did_it(self, app: Flask, desk: FrontDesk, officer: FlaskClient) -> None:
        one, other = (signed_in(app, Role.POSTER, email=f"{name}@city.example") for name in ("one", "other"))
        one.get("/look-up?q=Romero")
        other.get("/look-up?patron=P-Iris")
        with desk.session() as session:
            number = session.scalar(select(Staff.id).where(Staff.email == "one@city.example"))
        assert deeds(officer.get(f"/looks?who=staff:{number}&what=2:").text) == ["Saw in a search by name"]
        assert deeds(officer.get(f"/looks?who=staff:{number}&what=1:look-up").text) == []

    def test_says_beside_the_field_what_it_cannot_read(self, officer: FlaskClient) -> None:
        for asked, told in {
            "patron=nobody": "Nobody has this number",
            "since=2026-99-99": "Enter a real date",
            "since=2026-07-02&until=2026-07-01": "Enter a last day that is not before the first",
            "who=staff:9999": "Choose one from the list",
            "what=9:x": "Choose one from the list",
        }.items():
            page = officer.get(f"/looks?{asked}")
            assert (page.status_code, told in page.text) == (422, True), asked
        assert officer.get("/looks/file.csv?patron=nobody").status_code == 422

    def test_is_paged_without_a_gap_or_a_double_while_new_rows_arrive(self, officer, browser) -> None:
        for minute in range(ON_A_PAGE + 10):
            with time_machine.travel(SOON + timedelta(minutes=minute // 3), tick=False):
                browser.get(f"/look-up?patron={'P-Iris' if minute % 2 else ZOE}")
        seen, address = [], "/looks?what=1:look-up"
        while address:
            page = officer.get(address).text
            browser.get(f"/look-up?patron={ZOE}")
            seen += re.findall('data-entry="([^"]+)', page)
            older = re.search(r'rel="next" href="([^"]+)', page)
            newer = re.search(r'rel="prev" href="([^"]+)', page)
            address = html.unescape(older[1]) if older else None
        assert len(seen) == len(set(seen)) == ON_A_PAGE + 10

        back = officer.get(html.unescape(newer[1])).text
        assert re.findall('data-entry="([^"]+)', back)[-1] == seen[ON_A_PAGE - 1]
        assert officer.get("/looks?older=rubbish~1~x&what=1:look-up").status_code == 200

    def test_has_no_way_to_edit_or_delete(self, app: Flask) -> None:
        methods = {m for rule in app.url_map.iter_rules() if rule.rule.startswith("/looks") for m in rule.methods}
        assert methods == {"GET", "HEAD", "OPTIONS"}

    def test_is_linked_from_a_persons_page_to_those_who_may_read_it(self, officer, app) -> None:
        assert f'href="/looks?patron={ZOE}"' in officer.get(f"/patrons/{ZOE}").text
        front = signed_in(app, Role.FRONT_DESK, email="front@city.example")
        assert "/looks" not in front.get(f"/patrons/{ZOE}").text


class TestItsFile:
    def test_has_each_person_on_a_line_and_no_cell_that_a_spreadsheet_reckons_out(self, app, officer) -> None:
        evil = {"type": "patron", "id": "P-evil", "first_name": "=cmd", "last_name": "+1", "born": "2015-03-04"}
        with time_machine.travel(SOON, tick=False):
            keep(app, [evil], now=SOON)
        officer.get("/look-up?q=%3Dcmd")
        officer.get("/look-up?q=Romero")
        answer = officer.get("/looks/file.csv?what=2:name-search")
        assert answer.mimetype == "text/csv"
        heading, *lines, last = csv.reader(io.StringIO(answer.text))
        assert re.fullmatch(r"\d+( [0-9A-F]{4}){5}", last[6])
        assert heading[0] == "Time in UTC"
        assert {line[4]: line[5] for line in lines} == {
            "P-evil": "'=cmd +1", "P-Ines": "Ines Romero", "P-Iris": "Iris Romero"
        }  # fmt: skip
        assert {line[0] for line in lines} == {"2026-07-01 19:05:00"}
        assert {line[1] for line in lines} == {"2026-07-01 12:05:00"}

    def test_is_whole_however_long(self, officer, browser, monkeypatch) -> None:
        monkeypatch.setattr(looks_timeline, "IN_A_FILE_AT_ONCE", 3)
        for _ in range(7):
            browser.get("/look-up?patron=P-Iris")
        lines = officer.get("/looks/file.csv?what=1:look-up").text.splitlines()
        assert len(lines) == 1 + 7 + len(["the ledger's checkpoint"])

    def test_is_itself_on_record(self, desk: FrontDesk, officer: FlaskClient) -> None:
        for asked in (f"?patron={ZOE}", ""):
            assert officer.get(f"/looks/file.csv{asked}").text
        assert looks(desk, LookKind.LOOKS_FILE) == [("looks-file", ZOE, None), ("looks-file", None, "everybody")]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1"])
def test_a_cell_that_begins_a_formula_is_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    assert inert("Ada - 1") == "Ada - 1"


class TestAMillionRows:
    """Nothing is read from end to end: each question has an index, on both databases."""

    @pytest.fixture
    def empty_postgresql_database(self, new_postgresql_database: Callable[[], str]) -> Callable[[], str]:
        """PostgreSQL plans by what a table held when it was last measured: nothing, in one that no test has used."""
        return new_postgresql_database

    @pytest.mark.parametrize(
        ("asked", "index"),
        [
            (Filter(source=Source.CHECK), "ix_patron_check_asked_at_id"),
            (Filter(source=Source.CHECK, patron=ZOE, patron_id=1), "ix_patron_check_patron_id_asked_at"),
            (Filter(source=Source.CHECK, actor="staff:1"), "ix_patron_check_staff_id_asked_at"),
            (Filter(source=Source.CHECK, actor="token:1"), "ix_patron_check_token_id_asked_at"),
            (Filter(source=Source.CHECK, kind="card"), "ix_patron_check_door_asked_at"),
            (Filter(source=Source.LOOK), "ix_look_looked_at_id"),
            (Filter(source=Source.LOOK, patron=ZOE, patron_id=1), "ix_look_patron_id_looked_at"),
            (Filter(source=Source.LOOK, actor="staff:1"), "ix_look_actor_looked_at"),
            (Filter(source=Source.LOOK, kind="hold"), "ix_look_kind_looked_at"),
            (Filter(source=Source.CHANGE), "ix_ledger_event_recorded_at_position"),
            (Filter(source=Source.CHANGE, patron=ZOE, patron_id=1), "ix_ledger_subject_patron_position"),
            (Filter(source=Source.CHANGE, actor="staff:1"), "ix_ledger_event_actor_recorded_at"),
            (Filter(source=Source.CHANGE, kind="hold-placed"), "ix_ledger_event_kind_recorded_at"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_are_read_by_an_index(self, app: Flask, asked: Filter, index: str) -> None:
        with app.app_context(), Session(db.engine) as session:
            postgresql = session.get_bind().dialect.name == "postgresql"
            if postgresql:
                session.execute(text("SET enable_seqscan = off"))
                session.execute(text("SET enable_sort = off"))
                session.execute(text("SET enable_bitmapscan = off"))
            plans = []

            def explain(connection, _cursor, statement, parameters, *_rest) -> None:
                if statement.startswith("SELECT anon"):
                    prefix = "EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN "
                    plans.append(str(connection.exec_driver_sql(prefix + statement, parameters).fetchall()))

            event.listen(db.engine, "after_cursor_execute", explain)
            read_timeline(session, asked, place=Place(SOON, Source.CHECK, 5))
            event.remove(db.engine, "after_cursor_execute", explain)
        assert index in plans[0], plans
