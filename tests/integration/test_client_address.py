"""Whose request is it? The address that our own web server saw, and never the one that somebody wrote into a header."""

from pathlib import Path

import pytest
from flask import request

from consent.app import create_app
from consent.settings import Settings
from consent.web.access import anybody
from tests.builders.registries import dispose

SPOOFED = {
    "Forwarded": "for=203.0.113.9;proto=https",
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "https",
    "X-Real-IP": "203.0.113.9",
}


def seen(instance: Path, headers: dict[str, str], **settings: int) -> list[str | None]:
    """Whom and what a page sees, as a web server in front passes the request on."""
    app = create_app(Settings(instance=instance, **settings))

    def tell() -> list[str | None]:
        return [request.remote_addr, request.scheme, request.host, request.script_root]

    app.add_url_rule("/seen", "seen", anybody("a test asks")(tell))
    told: list[str | None] = app.test_client().get("/seen", headers=headers).json
    dispose(app)
    return told


def test_what_somebody_claims_of_their_address_changes_nothing(tmp_path: Path):
    assert seen(tmp_path, SPOOFED) == seen(tmp_path, {}) == ["127.0.0.1", "http", "localhost", ""]


@pytest.mark.parametrize(("proxies", "address"), [(1, "198.51.100.7"), (2, "203.0.113.9")])
def test_behind_so_many_servers_of_ours_so_many_addresses_are_believed(tmp_path: Path, proxies: int, address: str):
    told = seen(tmp_path, SPOOFED | {"X-Forwarded-Proto": "https, https"}, trusted_proxies=proxies)
    assert told == [address, "https", "localhost", ""]


def test_a_request_past_our_own_server_is_from_whom_it_says(tmp_path: Path):
    assert seen(tmp_path, {}, trusted_proxies=1) == ["127.0.0.1", "http", "localhost", ""]
