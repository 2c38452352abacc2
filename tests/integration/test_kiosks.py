"""Does a device become a kiosk once and by its own address only, and is nothing signed before the city decided so?"""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from consent.app import main
from consent.services import kiosks
from consent.services.kiosks import (
    KioskNameWrong,
    KioskNotEnrolled,
    NameTaken,
    PolicyReferenceWrong,
    UnknownKiosk,
)
from consent.storage.models import Kiosk, LedgerEvent
from tests.builders.sittings import NOW

BY = "command-line"


def kinds(session):
    return list(session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position)))


@pytest.fixture
def token(session):
    return kiosks.add_kiosk(session, " Front desk ", by=BY, now=NOW)


@pytest.fixture
def key(session, token):
    return kiosks.enroll_device(session, token, now=NOW)


def test_a_device_that_shows_the_one_time_address_becomes_the_kiosk(session, key):
    assert kiosks.kiosk_of(session, key).name == "Front desk"
    assert kinds(session) == ["kiosk-added", "kiosk-enrolled"]


def test_only_hashes_are_kept(session, token, key):
    kept = session.scalars(select(Kiosk)).one()
    assert {token, key}.isdisjoint({kept.device_sha256, kept.enrollment_sha256})
    assert kept.enrollment_sha256 is None


def test_the_address_works_once(session, token, key):
    with pytest.raises(KioskNotEnrolled):
        kiosks.enroll_device(session, token, now=NOW)
    assert kiosks.kiosk_of(session, key)


def test_the_address_works_for_seven_days(session, token):
    with pytest.raises(KioskNotEnrolled):
        kiosks.enroll_device(session, token, now=NOW + timedelta(days=7))
    assert kiosks.enroll_device(session, token, now=NOW + timedelta(days=7, seconds=-1))


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("guess", ["", "guess", "\ud800", "x" * 10_000])
def test_a_guess_enrolls_nothing_and_opens_nothing(session, guess):
    with pytest.raises(KioskNotEnrolled):
        kiosks.enroll_device(session, guess, now=NOW)
    session.rollback()
    assert kiosks.kiosk_of(session, guess) is None


def test_a_new_device_cuts_the_old_one_off_when_it_is_enrolled(session, key):
    token = kiosks.renew_enrollment(session, "Front desk", by=BY, now=NOW)
    assert kiosks.kiosk_of(session, key)
    newer = kiosks.enroll_device(session, token, now=NOW)
    assert kiosks.kiosk_of(session, key) is None
    assert kiosks.kiosk_of(session, newer)
    assert kinds(session) == ["kiosk-added", "kiosk-enrolled", "kiosk-changed", "kiosk-enrolled"]


def test_nobody_gives_a_kiosk_that_does_not_exist_a_new_device(session):
    with pytest.raises(UnknownKiosk):
        kiosks.renew_enrollment(session, "Pool", by=BY, now=NOW)
    with pytest.raises(UnknownKiosk):
        kiosks.set_out_of_order(session, 404, True, by=BY, now=NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 129, "two\nlines"])
def test_a_kiosk_needs_a_name_that_can_be_read(session, name):
    with pytest.raises(KioskNameWrong):
        kiosks.add_kiosk(session, name, by=BY, now=NOW)


@pytest.mark.usefixtures("token")
def test_two_kiosks_do_not_share_a_name(session):
    with pytest.raises(NameTaken):
        kiosks.add_kiosk(session, "Front desk", by=BY, now=NOW)


def test_a_kiosk_is_seen_at_most_once_a_minute_and_when_the_clock_was_set_back(session, key):
    for passed, noted in ((0, 0), (59, 0), (60, 60), (119, 60), (-3600, -3600), (-3590, -3600)):
        kiosks.seen(session, kiosks.kiosk_of(session, key), NOW + timedelta(seconds=passed))
        assert kiosks.kiosk_of(session, key).last_seen_at == NOW + timedelta(seconds=noted)


def test_asking_whose_device_it_is_takes_one_statement(session, key):
    statements = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
    kiosks.kiosk_of(session, key)
    kiosks.kiosk_of(session, "somebody else's")
    assert len(statements) == 2
    assert len(set(statements)) == 1


def test_out_of_order_and_back_are_recorded_once_each(session, key):
    kiosk_id = kiosks.kiosk_of(session, key).id
    for out_of_order in (True, True, False):
        kiosks.set_out_of_order(session, kiosk_id, out_of_order, by=BY, now=NOW)
        assert kiosks.kiosk_of(session, key).out_of_order is out_of_order
    assert kinds(session).count("kiosk-changed") == 2


def test_the_citys_decision_is_kept_and_each_change_of_it_recorded(session):
    assert kiosks.esign_policy(session) is None
    for reference in ("Resolution 1", " Resolution 2 "):
        kiosks.set_esign_policy(session, reference, by=BY, now=NOW)
    assert kiosks.esign_policy(session) == "Resolution 2"
    assert kinds(session) == ["esign-policy-set"] * 2


@pytest.mark.parametrize("reference", ["", "  ", "x" * 201, "a\nb"])
def test_a_reference_that_nobody_could_look_up_is_refused(session, reference):
    with pytest.raises(PolicyReferenceWrong):
        kiosks.set_esign_policy(session, reference, by=BY, now=NOW)


def typed(app, *words):
    return app.test_cli_runner().invoke(main, ["kiosk", *words])


def test_the_terminal_prints_the_address_alone_on_the_last_line(app, session):
    said = typed(app, "add", "Front desk")
    assert said.exit_code == 0
    [address] = said.stdout.splitlines()
    base, token = address.rsplit("/", 1)
    assert base == "http://localhost:8000/kiosk/enroll"
    assert kiosks.enroll_device(session, token, now=session.scalars(select(Kiosk.added_at)).one())


def test_the_terminal_lists_each_kiosk_and_gives_one_another_device(app, session):
    typed(app, "add", "Pool")
    assert typed(app, "list").stdout == "Pool\twaits for its device\tnever seen\n"
    token = typed(app, "renew", "Pool").stdout.strip().rpartition("/")[2]
    kiosk = kiosks.kiosk_of(session, kiosks.enroll_device(session, token, now=NOW))
    kiosks.seen(session, kiosk, NOW)
    kiosks.set_out_of_order(session, kiosk.id, True, by=BY, now=NOW)
    assert typed(app, "list").stdout == "Pool\tenrolled\tlast seen 2026-07-01 19:00 UTC\tout of order\n"


def test_the_terminal_refuses_in_a_sentence(app):
    typed(app, "add", "Pool")
    refused = typed(app, "add", "Pool")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "already called 'Pool'" in refused.stderr


def test_the_terminal_says_and_sets_the_citys_decision(app):
    assert typed(app, "esign-policy").stdout == "Not set: kiosks take no signature.\n"
    assert typed(app, "esign-policy", "Resolution 7").stdout == "Resolution 7\n"
    assert typed(app, "esign-policy").stdout == "Resolution 7\n"


def test_the_demo_takes_signatures(app, session):
    app.test_cli_runner().invoke(main, ["demo"])
    assert kiosks.esign_policy(session).startswith("DEMO")
