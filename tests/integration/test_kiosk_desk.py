"""Can the staff who look after the kiosks add one, see whether it works, and say whether signatures are taken?"""

import re
from base64 import b64decode
from datetime import UTC, datetime

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.permissions import Role
from consent.services.kiosks import enroll_device, kiosk_of, seen
from consent.storage.models import Kiosk, LedgerEvent
from tests.builders.staff import csrf_token, signed_in

NOW = datetime.now(UTC)


@pytest.fixture
def administrator(app: Flask) -> FlaskClient:
    return signed_in(app, Role.ADMINISTRATOR)


def send(client: FlaskClient, address: str, **fields: object):
    fields = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(address, data={"csrf_token": csrf_token(client), **fields})


def add(client: FlaskClient, name: str) -> str:
    """The one-time address that the page shows."""
    return re.search(r"<code data-address>([^<]+)</code>", send(client, "/kiosks", kiosk__name=name).text)[1]


def read_picture(page: str) -> str:
    """What a camera reads from the code on the page."""
    drawn = b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)[1]).decode()
    side = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])
    picture = Image.new("L", (side * 6, side * 6), 255)
    pen = ImageDraw.Draw(picture)
    for left, top, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-", drawn):
        x, y = int(left) * 6, int(top) * 6
        pen.rectangle([x, y, x + int(width) * 6 - 1, y + int(height) * 6 - 1], fill=0)
    return zxingcpp.read_barcodes(picture)[0].text


def test_a_new_kiosk_shows_its_one_time_address_as_text_and_as_a_code(
    administrator: FlaskClient, session: Session
) -> None:
    page = send(administrator, "/kiosks", kiosk__name="Front desk").text
    address = re.search(r"<code data-address>([^<]+)</code>", page)[1]
    assert read_picture(page) == address
    key = enroll_device(session, address.rpartition("/")[2], now=NOW)
    assert kiosk_of(session, key).name == "Front desk"
    assert address not in administrator.get("/kiosks").text


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "Enter a name"), ("Left", "has this name already"), ("n" * 129, "128 characters"), ("a\u202eb", "one line")],
)
def test_a_name_that_cannot_be_is_told_beside_its_field(administrator: FlaskClient, name: str, told: str) -> None:
    add(administrator, "Left")
    answer = send(administrator, "/kiosks", kiosk__name=name)
    assert told in answer.text
    assert "data-address" not in answer.text


def test_a_new_address_ends_the_old_one(administrator: FlaskClient, session: Session) -> None:
    old = add(administrator, "Left")
    new = re.search(r"<code data-address>([^<]+)<", send(administrator, "/kiosks/address", name="Left").text)[1]
    assert old != new
    assert enroll_device(session, new.rpartition("/")[2], now=NOW)
    assert send(administrator, "/kiosks/address", name="Nowhere").status_code == 404


def test_the_list_says_when_a_kiosk_was_last_seen_and_that_it_is_out_of_order(
    administrator: FlaskClient, session: Session
) -> None:
    add(administrator, "Left")
    assert "Waits for its device" in administrator.get("/kiosks").text
    kiosk = session.scalars(select(Kiosk)).one()
    seen(session, kiosk, NOW)
    number = session.scalars(select(Kiosk.id)).one()
    assert send(administrator, f"/kiosks/{number}/out-of-order", out_of_order="yes").status_code == 303
    page = administrator.get("/kiosks").text
    assert "Out of order" in page
    assert f"{NOW:%Y-%m-%d %H:%M:%S} UTC" in page
    send(administrator, f"/kiosks/{number}/out-of-order", out_of_order="no")
    assert "Out of order" not in administrator.get("/kiosks").text
    assert send(administrator, "/kiosks/999/out-of-order", out_of_order="yes").status_code == 404


def test_until_the_city_has_decided_the_page_warns(administrator: FlaskClient, session: Session) -> None:
    assert 'data-policy="unset"' in administrator.get("/kiosks").text
    assert "Enter the reference" in send(administrator, "/kiosks/policy").text
    assert "one line" in send(administrator, "/kiosks/policy", policy__reference="a\u202eb").text
    assert send(administrator, "/kiosks/policy", policy__reference="Resolution 2026-7").status_code == 303
    page = administrator.get("/kiosks").text
    assert 'data-policy="unset"' not in page
    assert "Resolution 2026-7" in page
    assert session.scalars(select(LedgerEvent.kind).order_by(LedgerEvent.position.desc())).first() == "esign-policy-set"


def test_the_desk_looks_after_kiosks_and_only_an_administrator_sets_the_policy(app: Flask) -> None:
    desk = signed_in(app, Role.FRONT_DESK, email="desk@city.example")
    page = desk.get("/kiosks").text
    assert "An administrator sets it" in page
    assert "policy-reference" not in page
    assert send(desk, "/kiosks/policy", policy__reference="Mine").status_code == 403
    poster = signed_in(app, Role.POSTER, email="poster@city.example")
    assert poster.get("/kiosks").status_code == 403
