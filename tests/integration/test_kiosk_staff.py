"""Does a kiosk's staff menu open by its PIN alone, show nobody, and change what it says it does?"""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consent.domain.permissions import Role
from consent.services.kiosk_staff import PinTooWeak, PinWrong, check_pin, kiosk_numbered, set_display, set_pin
from consent.services.kiosks import UnknownKiosk
from consent.services.throttle import TooManyTries
from consent.storage.database import db
from consent.storage.models import Kiosk, KioskDraft, LedgerEvent, SealedContent
from tests.builders.kiosk_pages import AtKiosk
from tests.builders.pages import send
from tests.builders.sittings import NOW
from tests.builders.staff import signed_in

PIN = "402917"


@pytest.fixture
def at_kiosk(app: Flask) -> AtKiosk:
    kiosk = AtKiosk(app)
    with app.app_context():
        set_pin(db.session(), number(kiosk), PIN, by="staff:1", now=NOW)
    return kiosk


def number(kiosk: AtKiosk) -> int:
    with kiosk.session() as session:
        return session.scalars(select(Kiosk.id)).one()


def kept(kiosk: AtKiosk) -> Kiosk:
    with kiosk.session() as session:
        return session.scalars(select(Kiosk)).one()


class TestThePin:
    def test_is_kept_as_a_hash_and_named_nowhere(self, at_kiosk: AtKiosk) -> None:
        assert kept(at_kiosk).staff_pin_hash.startswith("$argon2id$")
        with at_kiosk.session() as session:
            assert not any(PIN in canonical for canonical in session.scalars(select(SealedContent.canonical)))
            assert "kiosk-changed" in session.scalars(select(LedgerEvent.kind)).all()

    @pytest.mark.parametrize("weak", ["12345", "1234567890123", "12345a", "111111", "١٢٣٤٥٦", ""])
    def test_has_six_to_twelve_digits(self, app: Flask, at_kiosk: AtKiosk, weak: str) -> None:
        with app.app_context(), pytest.raises(PinTooWeak):
            set_pin(db.session(), number(at_kiosk), weak, by="staff:1", now=NOW)

    def test_waits_a_minute_after_five_wrong_ones(self, app: Flask, at_kiosk: AtKiosk) -> None:
        with app.app_context():
            session, kiosk = db.session(), number(at_kiosk)
            for _ in range(5):
                with pytest.raises(PinWrong):
                    check_pin(session, kiosk, "000001", now=NOW)
            with pytest.raises(TooManyTries):
                check_pin(session, kiosk, PIN, now=NOW)
            check_pin(session, kiosk, PIN, now=NOW + timedelta(seconds=60))
            check_pin(session, kiosk, PIN, now=NOW + timedelta(seconds=60))

    def test_that_was_never_set_opens_nothing(self, app: Flask) -> None:
        kiosk = AtKiosk(app)
        assert "This is not the PIN" in kiosk.post("/staff/enter", pin="000000").text
        with app.app_context(), pytest.raises(UnknownKiosk):
            kiosk_numbered(db.session(), 999)

    def test_is_set_by_whoever_looks_after_kiosks_typed_twice(self, app: Flask) -> None:
        kiosk = AtKiosk(app)
        desk, path = signed_in(app, Role.FRONT_DESK), f"/kiosks/{number(kiosk)}/pin"
        assert "Enter the same PIN twice" in send(desk, path, pin=PIN, again="402918").text
        assert "Enter six to twelve digits" in send(desk, path, pin="123", again="123").text
        assert send(desk, path, pin=PIN, again=PIN).location == "/kiosks"
        assert PIN not in desk.get("/kiosks").text
        assert kiosk.post("/staff/enter", pin=PIN).location == "/kiosk/staff"


class TestTheMenu:
    def test_opens_by_the_pin_and_closes_after_a_minute_without_a_step(self, at_kiosk: AtKiosk) -> None:
        assert at_kiosk.get("/staff").location == "/kiosk/staff/enter"
        with time_machine.travel(NOW, tick=False) as clock:
            assert "This is not the PIN" in at_kiosk.post("/staff/enter", pin="000001").text
            assert at_kiosk.post("/staff/enter", pin=PIN).location == "/kiosk/staff"
            clock.shift(59)
            assert "Staff menu" in at_kiosk.get("/staff").text
            clock.shift(59)
            assert "Staff menu" in at_kiosk.get("/staff").text
            clock.shift(60)
            assert at_kiosk.get("/staff").location == "/kiosk/staff/enter"
            assert at_kiosk.post("/staff/out-of-order", out_of_order="yes").location == "/kiosk/staff/enter"
        assert not kept(at_kiosk).out_of_order

    def test_says_when_there_were_too_many_tries(self, at_kiosk: AtKiosk) -> None:
        for _ in range(5):
            at_kiosk.post("/staff/enter", pin="000001")
        assert "Too many tries" in at_kiosk.post("/staff/enter", pin=PIN).text

    def test_shows_nobody_and_leads_nowhere_outside_the_kiosk(self, at_kiosk: AtKiosk) -> None:
        at_kiosk.ready()
        at_kiosk.post("/staff/enter", pin=PIN)
        page = at_kiosk.get("/staff").text
        assert "Front desk 1" in page
        assert not any(name in page for name in ("O'Brien", "O&#39;Brien", "García"))
        links = {link.split('"')[0] for link in page.split('href="')[1:]} | {
            action.split('"')[0] for action in page.split('action="')[1:]
        }
        assert all(link.startswith(("/kiosk", "/static/", "#")) for link in links)

    def test_puts_the_kiosk_out_of_order_and_back(self, at_kiosk: AtKiosk) -> None:
        at_kiosk.post("/staff/enter", pin=PIN)
        at_kiosk.post("/staff/out-of-order", out_of_order="yes")
        assert at_kiosk.get("/alive").json == {"state": "closed"}
        assert "/kiosk/staff/enter" in at_kiosk.get("").text
        at_kiosk.post("/staff/enter", pin=PIN)
        at_kiosk.post("/staff/out-of-order", out_of_order="no")
        assert at_kiosk.get("/alive").json == {"state": "ready"}

    def test_sets_the_size_of_the_text_and_the_sound_for_this_kiosk(self, app: Flask, at_kiosk: AtKiosk) -> None:
        at_kiosk.post("/staff/enter", pin=PIN)
        at_kiosk.post("/staff/display", text="large")
        at_kiosk.post("/staff/display", sound="off")
        page = at_kiosk.get("").text
        assert "kiosk-page--large" in page
        assert "data-silent" in page
        at_kiosk.post("/staff/enter", pin=PIN)
        at_kiosk.post("/staff/display", text="normal")
        at_kiosk.post("/staff/display", sound="on")
        assert (kept(at_kiosk).large_text, kept(at_kiosk).silent) == (False, False)
        with app.app_context():
            before = db.session.scalar(select(LedgerEvent.position).order_by(LedgerEvent.position.desc()))
            told = {"large_text": False, "silent": False, "by": "kiosk:1", "now": NOW}
            set_display(db.session(), number(at_kiosk), **told)
            assert db.session.scalar(select(LedgerEvent.position).order_by(LedgerEvent.position.desc())) == before

    def test_is_closed_to_whoever_comes_after_the_first_page_was_shown(self, at_kiosk: AtKiosk) -> None:
        at_kiosk.post("/staff/enter", pin=PIN)
        at_kiosk.get("")
        assert at_kiosk.get("/staff").location == "/kiosk/staff/enter"

    def test_speaks_the_language_that_is_chosen_there_until_it_closes(self, at_kiosk: AtKiosk) -> None:
        assert "Para el personal" in at_kiosk.get("/staff/enter?language=es").text
        at_kiosk.post("/staff/enter", pin=PIN)
        assert "Menú del personal" in at_kiosk.get("/staff").text
        at_kiosk.get("")
        assert "For staff" in at_kiosk.get("/staff/enter").text

    def test_starts_over_with_nothing_left(self, at_kiosk: AtKiosk) -> None:
        at_kiosk.ready()
        at_kiosk.post("/staff/enter", pin=PIN)
        assert at_kiosk.post("/staff/close", start="over").location == "/kiosk"
        with at_kiosk.session() as session:
            assert session.scalars(select(KioskDraft)).all() == []
        assert at_kiosk.get("/staff").location == "/kiosk/staff/enter"
