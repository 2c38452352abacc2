"""Is every look at somebody's record itself on record: by whom, when, of whom; and is nothing shown without it?"""

import html
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from consent.cli.exchange import export
from consent.cli.group import BY_COMMAND_LINE
from consent.domain.looks import LookKind
from consent.domain.permissions import Role
from consent.services.voidings import RecordKind, request_voiding
from consent.storage.database import WRITES
from consent.storage.models import Guardianship, LedgerEvent, LedgerSubject, Look, Patron, PatronCheck, RosterPrint
from consent.web.access import access_rule, current_actor, staff_may
from consent.web.looking import look_rule, looked_at, saw
from tests.builders.camp import CAMP, a_consent
from tests.builders.desk import INES, ROSA, SOON, FrontDesk, a_family
from tests.builders.pages import send
from tests.builders.sittings import a_sitting
from tests.builders.staff import signed_in

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


def traces(desk: FrontDesk) -> int:
    """Everything that was ever looked at, checked or changed."""
    with desk.session() as session:
        return sum(session.scalar(select(func.count()).select_from(m)) for m in (Look, PatronCheck, LedgerEvent))


@dataclass
class Walk:
    """The addresses of all pages, with numbers of this registry in their places."""

    desk: FrontDesk
    reference: str
    token: str

    def address(self, rule) -> str:
        given = rule.defaults or {}
        named = {name: self._value(rule.endpoint, name) for name in rule.arguments - set(given)}
        if given.get("kind") is RecordKind.WITHDRAWAL:
            named["record"] = "W-1"
        return rule.build(given | named)[1]

    def _value(self, endpoint: str, name: str) -> object:
        with self.desk.session() as session:
            keys = {
                "guardianships.end": select(func.min(Guardianship.id)),
                "rosters.print_status": select(func.min(RosterPrint.serial)),
            }
            if endpoint in keys:
                return session.scalar(keys[endpoint])
        return {
            "code": "A" * 26, "guardian": f"G-{ZOE}", "hold": "H-1", "key": 1, "patron": ZOE, "platform": "facebook",
            "program": CAMP, "staff": 1,
            "record": f"C-{ZOE}", "reference": self.reference, "token": self.token, "withdrawal": "W-1",
        }[name]  # fmt: skip


class TestEveryPage:
    def test_says_what_kind_of_look_it_is_or_why_none(self, app: Flask) -> None:
        told = {name: look_rule(app, name) for name in app.view_functions}
        who = {name: access_rule(app, name).who for name in app.view_functions}
        must = {name for name in told if who[name].startswith(("staff", "signed in", "holders"))} | COPIES
        assert [name for name in sorted(must) if told[name] is None] == []
        assert all(rule.kind or rule.reason for rule in told.values() if rule)

    def test_that_names_somebody_leaves_a_trace(self, app: Flask, desk: FrontDesk, browser: FlaskClient) -> None:
        submission = desk.kiosk.reviewed(a_sitting())
        walk = Walk(desk, desk.kiosk.tap(submission).reference, submission.copy_token)
        desk.signed(INES, signer=ROSA)
        with desk.session() as session:
            request_voiding(
                session, RecordKind.CONSENT, f"C-{ZOE}", "A mistake", staff_id=desk.staff_id, by="staff:1", now=SOON
            )
        browser.get(f"/programs/{CAMP}/roster.pdf")
        names = ("Ávila", "Romero")
        searched = {"lookup.look_up": "?q=Romero", "lookup.people": "?q=Romero", "cards.choose": f"?program={CAMP}"}
        seen = set()
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or look_rule(app, rule.endpoint) is None:
                continue
            before = traces(desk)
            address = walk.address(rule) + searched.get(rule.endpoint, "")
            page = browser.get(address)
            paper = page.mimetype == "application/pdf"
            if page.status_code < 300 and (paper or any(name in html.unescape(page.text) for name in names)):
                seen.add(rule.endpoint)
                assert traces(desk) > before, address
        named = {look_rule(app, name).kind for name in seen} - {None}
        assert named == set(LookKind) - {LookKind.EXPORT, LookKind.LOOKS, LookKind.LOOKS_FILE}

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
