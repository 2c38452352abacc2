"""Is whoever tries one secret address after another slowed down, and nobody else?"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.builders.kiosk_pages import AtKiosk
from tests.builders.pages import ON_ONE_DATABASE
from tests.builders.staff import csrf_token, signed_in

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
A_MINUTES_WORTH = 30
SECRET_ADDRESSES = ("/C/{}", "/c/{}", "/copy/{}", "/copy/{}/copy.pdf", "/first-sign-in/{}")

pytestmark = ON_ONE_DATABASE


def statuses(client: FlaskClient, address: str, times: int, **asked: object) -> set[int]:
    return {client.get(address.format(f"guess{number}"), **asked).status_code for number in range(times)}


@pytest.mark.parametrize("address", SECRET_ADDRESSES)
def test_the_thirty_first_guess_in_a_minute_waits_for_the_next(app: Flask, address: str):
    with time_machine.travel(NOW, tick=False) as clock:
        stranger = app.test_client()
        assert 429 not in statuses(stranger, address, A_MINUTES_WORTH)
        refused = stranger.get(address.format("one-more"))
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        clock.shift(timedelta(minutes=1))
        assert stranger.get(address.format("one-more")).status_code != 429


def test_all_these_addresses_are_counted_together_whatever_a_header_says(app: Flask):
    with time_machine.travel(NOW, tick=False):
        for number in range(A_MINUTES_WORTH):
            address = SECRET_ADDRESSES[number % len(SECRET_ADDRESSES)].format(number)
            answer = app.test_client().get(address, headers={"X-Forwarded-For": f"203.0.113.{number}"})
            assert answer.status_code != 429
        assert app.test_client().get("/C/x", headers={"X-Forwarded-For": "203.0.113.99"}).status_code == 429


def test_a_guess_from_elsewhere_and_whoever_is_signed_in_wait_for_nobody(app: Flask):
    with time_machine.travel(NOW, tick=False):
        statuses(app.test_client(), "/C/{}", A_MINUTES_WORTH + 1)
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        assert app.test_client().get("/C/x", environ_base=elsewhere).status_code == 200
        assert statuses(signed_in(app), "/C/{}", A_MINUTES_WORTH + 5) == {200}


def test_one_time_addresses_of_kiosks_are_guessed_no_faster(app: Flask):
    client = app.test_client()
    with time_machine.travel(NOW, tick=False):
        sent = {"csrf_token": csrf_token(client)}
        tried = [client.post(f"/kiosk/enroll/guess{number}", data=sent).status_code for number in range(31)]
    assert tried == [404] * A_MINUTES_WORTH + [429]


def test_two_families_do_not_sign_at_one_kiosk_within_three_seconds(app: Flask):
    with time_machine.travel(NOW, tick=False) as clock:
        kiosk = AtKiosk(app).ready()
        assert kiosk.sign().location == "/kiosk/done"
        kiosk.ready()
        again = kiosk.sign()
        assert "Wait three seconds" in again.text
        assert kiosk.get("/done").location != "/kiosk/done"
        clock.shift(timedelta(seconds=3))
        assert kiosk.sign().location == "/kiosk/done"
