"""Can anything be sent that the registry has no answer of its own for? Random requests to every page, from everybody.

CONSENT_TEST_REQUESTS says how many; the seed is always the same, so a failure comes again.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from urllib.parse import quote, quote_from_bytes

import pytest
from flask import Flask, Response
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import Client

from consent.app import create_app
from consent.domain.card_codes import is_code, tidy_code
from consent.domain.exchange import values
from consent.domain.exchange.problems import WrongValue
from consent.domain.exchange.reading import read_line
from consent.domain.permissions import Role
from consent.domain.signatures import Signature, SignatureRefused
from consent.settings import Settings
from consent.web.access import anybody
from tests.builders.kiosk_pages import a_device
from tests.builders.registries import dispose
from tests.builders.small_registry import lines
from tests.builders.staff import signed_in

REQUESTS = int(os.environ.get("CONSENT_TEST_REQUESTS", "2000"))
STAYS = 25
"""After so many requests new people come: one of these may have signed the others out."""
ENDS_THE_SESSION = {"security.logout"}
KNOWN = [
    "9" * 20, "2147483648",
    "yes", "no", "camp", "swim", "H-1", "C-yes", "W-1", "mother-of-yes", "1", "2", "en", "photo", "facebook",
    "all", "some",
]  # fmt: skip
ODD = [
    "", " ", "\0", "\ud800", "9" * 10_000, "-1", "0", "1e999", "NaN", "\u0661\u0662", "\u00b2", "0001-01-01",
    "0000-00-00", "9999-12-31", "2026-02-30", "9999-12-31T23:59", "0001-01-01T00:00",
    "2026-07-01T12:00:00-23:59", "[]", "{}", "null", "[" * 3_000, '{"a":' * 2_000, "a" * 20_000,
    "../../etc/passwd", "a\r\nX: 1", "<b>", "%", "%zz", "{0.__class__}", "' OR 1=1--", "\u202e", "\ufeff",
    "\U0010ffff", "👨‍👩‍👧", "=1+1", "//evil.example", "a" * 129,
    " ".join("abcdefghijklmnopqrstuvwxyz0123456789"), "[[[1,2],[30,400]]]", "[[[1e999,2]]]",
]  # fmt: skip
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')
HEADERS = {
    "Accept": ["*/*", "application/json", "text/html;q=NaN", ";;;q=", "\xff"],
    "Accept-Language": ["es", "xx-" * 500, "*;q=-1"],
    "Authorization": ["Bearer", "Bearer \xff", "Basic Og==", "Digest a=b", "Bearer " + "a" * 5_000],
    "X-Part": ["answer", "\xff"],
    "Cookie": [
        "session=.e.x.y",
        "language=xx",
        "family=\xff; kiosk=a",
        "look-up=%ff&use=x",
        "=;;=",
        "session=" + "a" * 5_000,
    ],
    "Range": ["bytes=0-", "bytes=9-1", "bytes=-999999999999999999", "lines=a"],
    "If-Modified-Since": ["yesterday", "Thu, 01 Jan 0000 00:00:00 GMT"],
    "Content-Encoding": ["gzip"],
    "Sec-Fetch-Site": ["same-origin", "\xff"],
    "Origin": ["null", "http://localhost", "\xff"],
    "Purpose": ["prefetch"],
    "X-Forwarded-For": ["a"],
    "X-HTTP-Method-Override": ["DELETE"],
    "If-None-Match": ['"a"', "W/"],
    "Expect": ["100-continue"],
}
KINDS = [
    "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-7", "\xff", "a/b; " + "c" * 2_000,
]  # fmt: skip
BODIES = [
    b"", b"\xff\xfe", b"{", b"[" * 50_000, b"a=%ff&b=%00", b"--x\r\n",
    b'{"patrons": ["\\ud800"], "uses": ["photo"]}', b"&" * 2_000,
    b'--x\r\nContent-Disposition: form-data; name="q"; filename="CON"\r\n\r\n\0\r\n--x--\r\n',
]  # fmt: skip


@dataclass(frozen=True)
class Door:
    """A registry, and the browsers of those who stand before it."""

    app: Flask
    device: str
    fields: list[str]
    pages: list[Rule]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Door]:
    instance = tmp_path_factory.mktemp("fuzz")
    shutil.copy(migrated_sqlite, instance / "registry.sqlite")
    app = create_app(Settings(instance=instance))
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    device = a_device(app)
    pages = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ENDS_THE_SESSION]
    fields = fields_of(signed_in(app, *Role), pages)
    yield Door(app, device, sorted(fields), pages)
    dispose(app)


def fields_of(client: Client, pages: list[Rule]) -> set[str]:
    """The names of all fields that somebody may fill on them."""
    found = {"q", "page", "mark", "start", "next", "sort", "find_1", "find_x", "person_1", "strokes", "key", "shown"}
    for page in pages:
        if "GET" in page.methods and page.endpoint != "static":
            path = re.sub("<[^>]+>", "yes", page.rule)
            found.update(FIELD.findall(client.get(path).get_data().decode("utf-8", "replace")))
    return found


def newcomers(door: Door, number: int) -> dict[str, Client]:
    """Somebody unknown, a family at a kiosk, and staff of every role, each in a browser of their own."""
    kiosk = door.app.test_client()
    kiosk.set_cookie("kiosk", door.device, path="/kiosk")
    kiosk.post("/kiosk", data={"language": "en"})
    staff = signed_in(door.app, *Role, email=f"all{number}@city.example")
    return {"stranger": door.app.test_client(), "kiosk": kiosk, "staff": staff}


def send(door: Door, people: dict[str, Client], chance: Random) -> tuple[str, Response]:
    """One request, made up from the page's own address and fields; most by staff, who have most to open."""
    page = chance.choice(door.pages)
    who = (
        "kiosk" if page.rule.startswith("/kiosk/") else chance.choice(["stranger", "kiosk", "staff", "staff", "staff"])
    )
    path = re.sub(r"<[^>]+>", lambda _found: quote(any_text(chance), safe="", errors="surrogatepass"), page.rule)
    if chance.random() < 0.4:
        pairs = [(chance.choice(door.fields), any_text(chance)) for _ in range(chance.randint(1, 4))]
        path += "?" + "&".join(f"{quote(name)}={quote(text, errors='surrogatepass')}" for name, text in pairs)
    elif chance.random() < 0.1:
        path += "?" + quote_from_bytes(chance.randbytes(30), safe="&=")
    method = chance.choice([*page.methods] * 5 + ["DELETE", "PROPFIND"])
    headers = {name: chance.choice(HEADERS[name]) for name in chance.sample([*HEADERS], chance.choice([0, 0, 1, 3]))}
    answer = people[who].open(path, method=method, headers=headers, **body(door, chance))
    answer.get_data()
    answer.close()
    return f"{who}: {method} {path[:300]}", answer


def body(door: Door, chance: Random) -> dict[str, object]:
    kind = chance.choice(["form", "form", "form", "files", "json", "raw", "none"])
    filled = {
        name: written(any_text(chance))
        for name in chance.sample(door.fields, min(len(door.fields), chance.randint(1, 12)))
    }
    if kind == "form":
        return {"data": filled}
    if kind == "files":
        return {"data": filled | {"file": (BytesIO(b"a,b\n\xff"), "../CON")}}
    if kind == "json":
        return {"data": json.dumps({"patrons": [any_text(chance)], "uses": [any_text(chance)], any_text(chance): 1}),
                "content_type": "application/json"}  # fmt: skip
    return {"data": chance.choice(BODIES), "content_type": chance.choice(KINDS)} if kind == "raw" else {}


def any_text(chance: Random) -> str:
    if chance.random() < 0.5:
        return chance.choice(KNOWN)
    return chance.choice(ODD) if chance.random() < 0.7 else chr(chance.randrange(0x250)) * chance.randint(1, 9)


def written(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def bent(door: Door, requests: int, seed: int) -> list[str]:
    """What was sent and failed, with how."""
    chance, failed = Random(seed), []  # noqa: S311  # no secret hangs on it
    people: dict[str, Client] = {}
    for number in range(requests):
        if number % STAYS == 0:
            people = newcomers(door, seed * REQUESTS + number)
        sent, answer = send(door, people, chance)
        if answer.status_code >= 500:
            failed.append(f"{answer.status_code} {sent}")
    return failed


def test_whatever_is_sent_is_answered_and_nothing_fails(door: Door, caplog: pytest.LogCaptureFixture):
    failed = bent(door, REQUESTS, seed=4)
    assert failed == []
    assert [record.getMessage() for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []


def test_a_page_that_fails_is_found(door: Door):
    app = create_app(door.app.config["CONSENT"])
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    app.add_url_rule("/planted", "planted", anybody("a test asks")(lambda: {}["nothing"]))
    planted = Door(app, door.device, ["q"], [*app.url_map.iter_rules("planted")])
    assert bent(planted, 20, seed=10**6)
    dispose(app)


TODAY = date(2026, 7, 1)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(ODD)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
)
STATED = st.sampled_from(lines()).flatmap(
    lambda line: st.dictionaries(st.sampled_from([*line, "until", "x"]), TREES, max_size=3).map(
        lambda bent: line | bent
    )
)
OFTEN = settings(max_examples=600, deadline=None, derandomize=True, database=None)


@OFTEN
@given(
    STATED.map(json.dumps).map(str.encode) | st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace"))
)
@example(b"[" * 100_000)
@example(b'{"type": "form", "version": ' + b"9" * 10_000 + b"}")
@example(b'{"type": "patron", "id": "\\ud800"}')
def test_every_line_of_a_file_is_read_or_has_its_faults_named(raw: bytes):
    reading = read_line(raw, today=TODAY)
    assert (reading.line is None) is bool(reading.faults)


@OFTEN
@given(TREES.map(json.dumps) | st.text() | st.sampled_from(ODD))
@example("[" * 30_000)
@example("[[[" + "9" * 5_000 + ",1]]]")
def test_every_drawing_is_a_signature_or_refused(payload: str):
    try:
        assert Signature.drawn(payload).strokes
    except SignatureRefused:
        return


@OFTEN
@given(SCALARS)
@example("9999-12-31T23:59:59-23:59")
@example("0001-01-01T00:00:00+23:59")
@example("\u0662\u0660\u0662\u0666-01-01")
def test_every_date_and_instant_is_read_or_refused(value: object):
    for kind, read_as in ((values.DAY, date), (values.INSTANT, datetime)):
        try:
            read = kind.read(value)
        except WrongValue:
            continue
        assert isinstance(read, read_as)
        assert kind.read(kind.show(read)) == read
        assert not isinstance(read, datetime) or read.tzinfo is UTC


@OFTEN
@given(st.text() | st.sampled_from(ODD))
@example("/C/" * 5_000)
def test_every_scan_is_a_code_or_is_not(scanned: str):
    tidied = tidy_code(scanned)
    assert tidy_code(tidied) == tidied
    assert not is_code(tidied) or tidied.isascii()
