"""Is what is too large, too deep or too many refused at once, and is nothing ever written outside our own folder?"""

import json
import os
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from consent.domain.permissions import Role
from tests.builders.staff import csrf_token, signed_in
from tests.builders.walk import CLEARANCE, Walk, Who

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
TWO_MEBIBYTES = b"x" * 2 * 1024 * 1024
PATHS = (
    "../../outside",
    "/etc/outside",
    "..%2f..%2foutside",
    "C:\\outside",
    "CON",
    "aux.txt",
    "a/../../outside",
    "~root",
)
_watching: list[list[str]] = []


def _heed(event: str, arguments: tuple[object, ...]) -> None:
    """What Python itself opens to write, makes, moves or links; a hook cannot be taken off again, only not heeded."""
    if not _watching:
        return
    if event == "open" and isinstance(arguments[0], str | bytes) and isinstance(arguments[2], int):
        if arguments[2] & WRITING:
            _watching[-1].append(os.fsdecode(arguments[0]))
    elif event in {"os.mkdir", "os.rename", "os.link", "os.symlink"}:
        _watching[-1].append(str(arguments[0]))


sys.addaudithook(_heed)


@pytest.fixture
def written() -> Iterator[list[str]]:
    _watching.append([])
    yield _watching[-1]
    _watching.pop()


@pytest.fixture(scope="module")
def everybody(walk: Walk) -> FlaskClient:
    client = signed_in(walk.app, *Role, email="all@city.example")
    for name in ("kiosk", "family"):
        client.set_cookie(name, walk.clients[Who.KIOSK].get_cookie(name, path="/kiosk").value, path="/kiosk")
    return client


def test_every_limit_is_set_and_not_left_to_a_library(walk: Walk):
    limits = {name: walk.app.config[name] for name in ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE", "MAX_FORM_PARTS")}
    assert limits == {"MAX_CONTENT_LENGTH": 1024 * 1024, "MAX_FORM_MEMORY_SIZE": 512 * 1024, "MAX_FORM_PARTS": 1000}


def test_two_mebibytes_are_too_much_for_every_form(walk: Walk, everybody: FlaskClient):
    token = csrf_token(everybody)
    for rule in walk.app.url_map.iter_rules():
        if "POST" in rule.methods:
            for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
                sent = {"X-CSRFToken": token, "Authorization": f"Bearer {walk.api_token}"}
                answer = everybody.post(walk.address(rule), data=TWO_MEBIBYTES, content_type=kind, headers=sent)
                assert answer.status_code == 413 or (answer.status_code == 400 and kind == "text/plain"), rule.rule


def test_only_pages_for_pictures_take_more_and_no_more_than_a_scan_or_a_photo(walk: Walk, everybody: FlaskClient):
    token = {"X-CSRFToken": csrf_token(everybody)}
    picture = f"/clearances/{CLEARANCE}/picture"
    for path, mebibytes, status in (
        ("/desk/paper/enter", 2, 200), ("/desk/paper/enter", 12, 413), ("/verify", 2, 413),
        (picture, 20, 409), (picture, 22, 413),
    ):  # fmt: skip
        file = FileStorage(BytesIO(b"x" * mebibytes * 1024 * 1024), "scan.png")
        boundary, body = encode_multipart({"scan": file})
        kind = f"multipart/form-data; boundary={boundary}"
        answer = everybody.post(path, data=body, content_type=kind, headers=token)
        assert answer.status_code == status, path
    assert walk.app.config["MAX_CONTENT_LENGTH"] == 1024 * 1024


def test_a_form_of_two_thousand_parts_is_refused(everybody: FlaskClient):
    sent, token = {f"field{number}": "" for number in range(2000)}, {"X-CSRFToken": csrf_token(everybody)}
    answer = everybody.post("/patrons/marked/correct", data=sent, content_type="multipart/form-data", headers=token)
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize(
    "sent",
    [
        "[" * 100_000, '{"a":' * 20_000 + "1" + "}" * 20_000, "[" * 500_000 + "]" * 500_000, "1" * 10_000, "\ud800",
        json.dumps({"patrons": ["x"] * 5000}), json.dumps({"patrons": ["x"], "at": "9" * 10_000}), "\0", "NaN",
    ],
    ids=range(9),
)  # fmt: skip
def test_bent_json_is_a_question_that_is_none(walk: Walk, sent: str):
    answer = walk.app.test_client().post(
        "/api/v1/checks",
        data=sent.encode("utf-8", "surrogatepass"),
        content_type="application/json",
        headers={"Authorization": f"Bearer {walk.api_token}"},
    )
    assert answer.status_code in {400, 413, 422}
    assert answer.mimetype == "application/problem+json"


def test_json_too_deep_to_be_read_is_no_form(walk: Walk):
    client = walk.clients[Who.POSTER]
    headers = {"X-CSRFToken": csrf_token(client)}
    sent = {"data": "[" * 100_000, "content_type": "application/json", "headers": headers}
    assert client.post("/sign-in/again/touch", **sent).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=" + "x" * 65_000},
        {"Cookie": "; ".join(f"c{number}=x" for number in range(5000))},
        {"Authorization": "Bearer " + "x" * 65_000},
        {"Accept-Language": ",".join(f"x{number};q=0.{number}" for number in range(9999))},
        {"Range": "bytes=" + ",".join(f"{number}-" for number in range(5000))},
        {"If-None-Match": '"' + "x" * 65_000},
        {"X-Forwarded-For": "1.1.1.1," * 9999},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_a_huge_header_is_a_page_or_a_refusal_and_never_a_fault(walk: Walk, headers: dict[str, str]):
    for path in ("/sign-in", "/C/x", "/kiosk", "/look-up", "/api/v1/checks", "/static/css/house.css"):
        with walk.app.test_client().get(path, headers=headers) as answer:
            assert answer.status_code < 500, path


def test_nothing_is_written_outside_the_folder_of_the_installation(
    walk: Walk, everybody: FlaskClient, written: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(walk.app.jinja_env, "bytecode_cache", None)  # the tests' own
    token = csrf_token(everybody)
    for rule in walk.app.url_map.iter_rules():
        with everybody.get(walk.address(rule)) as answer:
            answer.get_data()
    for path in PATHS:
        for address in ("/static/{}", "/programs/{}/roster.pdf", "/patrons/{}/card.pdf", "/desk/signings/{}/copy.pdf"):
            with everybody.get(address.format(path)) as answer:
                assert answer.status_code in {308, 404}, address
        upload = {"csrf_token": token, "file": FileStorage(None, path), "first_name": path, "kiosk-name": path}
        everybody.post("/patrons/marked/correct", data=upload, content_type="multipart/form-data")
    inside = Path(walk.app.instance_path).resolve()
    outside = {path for path in written if not Path(path).resolve().is_relative_to(inside)}
    assert {path for path in outside if "__pycache__" not in path} == set()
