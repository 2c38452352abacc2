"""Is an address that we hand out known to its holder only, and does a wrong one tell a stranger nothing?"""

import re
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from consent.services.kiosks import add_kiosk
from consent.storage.database import Model, db
from tests.builders.access_table import TABLE
from tests.builders.walk import Walk, Who

WITHIN_A_SITTING = {"number"}
"""A child's place among those of one family is no number of anything kept."""


def body(client: FlaskClient, address: str, secret: str) -> tuple[int, str]:
    """What an address answers, but for itself and the form's own token."""
    answer = client.get(address.format(secret))
    return answer.status_code, re.sub(r'name="csrf_token"[^>]*>', "", answer.text).replace(secret, "_")


def test_of_every_secret_only_a_hash_is_kept(walk: Walk):
    kiosk = walk.clients[Who.KIOSK]
    with walk.app.app_context():
        address = add_kiosk(db.session(), "Pool", by="command-line", now=datetime.now(UTC))
        secrets = {
            "a card": walk.values["code"],
            "a copy": walk.values["token"],
            "an API token": walk.api_token,
            "a kiosk's one-time address": address,
            "a kiosk's key": kiosk.get_cookie("kiosk", path="/kiosk").value,
            "a family's sitting": kiosk.get_cookie("family", path="/kiosk").value,
        }
        kept = "".join(
            repr(row) for table in Model.metadata.sorted_tables for row in db.session.execute(select(table)).all()
        )
    assert "Gudrun" in kept
    assert [name for name, secret in secrets.items() if str(secret) in kept] == []


def test_a_copy_that_is_too_old_is_answered_like_one_that_never_was(walk: Walk):
    stranger, token = walk.app.test_client(), str(walk.values["token"])
    assert stranger.get(f"/copy/{token}").status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25)):
        too_old, never_was = (body(stranger, "/copy/{}", secret) for secret in (token, "made-up-and-longer"))
    assert too_old == never_was
    assert never_was[0] == 404


def test_no_address_that_a_patron_sees_counts_anything():
    """Whoever has number 7 must not learn that there are 8 by asking."""
    groups = [TABLE[group][1] for group in ("anybody", "a device that is a kiosk")]
    counted = {name for lines in groups for name in re.findall(r"<int:(\w+)>", lines)}
    assert counted <= WITHIN_A_SITTING


def test_no_cookie_of_a_stranger_or_a_kiosk_holds_anything_that_can_be_read(walk: Walk):
    family = walk.clients[Who.KIOSK].get_cookie("family", path="/kiosk").value
    assert re.fullmatch(r"[\w-]{43}", family)
    given = SimpleCookie(walk.app.test_client().get("/C/x").headers.get("Set-Cookie", ""))
    assert set(given) <= {"session"}
