"""What becomes of a question that is none? A refusal that names what is wrong, and never an answer."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from consent.app import create_app
from consent.services.tokens import add_token
from consent.settings import Settings
from consent.storage.database import db
from consent.storage.models import PatronCheck
from consent.web.checks import PROBLEMS, Allowance
from tests.builders.facts import NOW
from tests.builders.registries import dispose

PATH = "/api/v1/checks"
GOOD = {"patrons": ["ada"], "uses": ["photo"]}


@pytest.fixture
def token(app: Flask) -> str:
    with app.app_context():
        return add_token(db.session(), "a test", by="a test", now=NOW)


@pytest.fixture
def send(app: Flask, token: str):
    client = app.test_client()

    def send(
        body: bytes | str | object, authorization: str | None = f"Bearer {token}", content_type="application/json"
    ):
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        headers = {} if authorization is None else {"Authorization": authorization}
        return client.post(PATH, data=data, content_type=content_type, headers=headers)

    return send


def problem(answer, status: int) -> str:
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    told = answer.json
    assert told.keys() == {"type", "title", "status", "detail"}
    assert told["status"] == status
    assert told["title"]
    return told["detail"]


NOT_JSON = {
    "nothing": b"",
    "half an object": b'{"patrons": ["ada"], "uses": ["photo"]',
    "a form": b"patrons=ada&uses=photo",
    "bytes that are no UTF-8": b'{"patrons": ["\xff"], "uses": ["photo"]}',
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
    "a word that JSON lacks": b'{"patrons": ["ada"], "uses": ["photo"], "at": NaN}',
    "a bare NUL": b'{"patrons": ["a\0"], "uses": ["photo"]}',
    "a comment": b"{} // nothing",
    "two objects": json.dumps(GOOD).encode() * 2,
    "a pit of brackets": b"[" * 200_000,
    "a pit of objects": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_json_is_refused(send, body: bytes):
    assert problem(send(body), 400)


WRONG = {
    "a list": ([], "object"),
    "a number": (7, "object"),
    "null": (None, "object"),
    "nobody": (GOOD | {"patrons": []}, "patrons"),
    "no list of people": (GOOD | {"patrons": "ada"}, "patrons"),
    "people missing": ({"uses": ["photo"]}, "patrons"),
    "people null": (GOOD | {"patrons": None}, "patrons"),
    "501 people": (GOOD | {"patrons": ["ada"] * 501}, "patrons"),
    "a number for a person": (GOOD | {"patrons": ["ada", 7]}, "patrons[1]"),
    "a null for a person": (GOOD | {"patrons": [None]}, "patrons[0]"),
    "an empty id": (GOOD | {"patrons": [""]}, "patrons[0]"),
    "an id of 65 characters": (GOOD | {"patrons": ["a" * 65]}, "patrons[0]"),
    "a NUL": (GOOD | {"patrons": ["a\0b"]}, "patrons[0]"),
    "half a character": (GOOD | {"patrons": ["\ud800"]}, "patrons[0]"),
    "no use": (GOOD | {"uses": []}, "uses"),
    "uses missing": ({"patrons": ["ada"]}, "uses"),
    "an unknown use": (GOOD | {"uses": ["photo", "livestream"]}, "uses[1]"),
    "a use in capitals": (GOOD | {"uses": ["Photo"]}, "uses[0]"),
    "an object for a use": (GOOD | {"uses": [{}]}, "uses[0]"),
    "ten uses": (GOOD | {"uses": ["photo"] * 10}, "uses"),
    "a number for a platform": (GOOD | {"platform": 7}, "platform"),
    "an empty platform": (GOOD | {"platform": ""}, "platform"),
    "a NUL in a platform": (GOOD | {"platform": "\0"}, "platform"),
    "an unknown channel": (GOOD | {"channel": "billboard"}, "channel"),
    "a null channel": (GOOD | {"channel": None}, "channel"),
    "a list for a program": (GOOD | {"program": ["camp"]}, "program"),
    "half a character in a program": (GOOD | {"program": "\udfff"}, "program"),
    "a field that does not exist": (GOOD | {"when": "now"}, "when"),
    "a field in capitals": (GOOD | {"Patrons": ["ada"]}, "Patrons"),
}


@pytest.mark.parametrize(("said", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_field_is_refused_by_its_name(send, said, named: str):
    assert named in problem(send(said), 422)


NO_INSTANTS = (
    "", "now", "2026-07-01", "2026-07-01T12:00:00", "2026-07-01 12:00:00Z", "2026-07-01T12:00Z", "20260701T120000Z",
    "2026-02-29T12:00:00Z", "2026-07-01T24:00:00Z", "2026-07-01T12:00:60Z", "2026-07-01T12:00:00+07",
    "2026-07-01T12:00:00+0700", "2026-07-01T12:00:00+24:00", "2026-07-01T12:00:00.Z",
    "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-W27-3T12:00:00Z",
    "٢٠٢٦-07-01T12:00:00Z", " 2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z\n", 1_782_900_000, True, {}, ["now"],
)  # fmt: skip


@pytest.mark.parametrize("at", NO_INSTANTS, ids=repr)
def test_an_instant_is_read_strictly(send, at):
    assert problem(send(GOOD | {"at": at}), 422).startswith("at: expected an instant")


@pytest.mark.parametrize("at", ["2026-07-01t19:00:00z", "2026-07-01T12:00:00.000000123-07:00", "2026-07-01T19:00:00Z"])
def test_any_rfc_3339_spelling_of_an_instant_is_read(send, at: str):
    assert send(GOOD | {"at": at}).json["at"] == "2026-07-01T12:00:00-07:00"


def test_a_key_given_twice_is_refused_by_its_name(send):
    assert "uses" in problem(send('{"patrons": ["ada"], "uses": ["tag"], "uses": ["photo"]}'), 422)
    assert '"a"' in problem(send('{"patrons": ["ada"], "uses": [{"a": 1, "a": 2}]}'), 422)


def test_a_number_that_no_program_can_count_is_refused_like_any_number(send):
    assert "patrons[0]" in problem(send('{"patrons": [%s], "uses": ["photo"]}' % ("9" * 10_000)), 422)
    assert "patrons[0]" in problem(send('{"patrons": [1e999999], "uses": ["photo"]}'), 422)


def test_everything_wrong_is_said_at_once(send):
    told = problem(send({"patrons": [""], "uses": ["x"], "at": "now", "who": 1}), 422)
    assert all(field in told for field in ("patrons[0]", "uses[0]", "at", "who"))


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic YTpi", "Bearer \xff", "{token}"])
@pytest.mark.parametrize("body", [GOOD, "not JSON"], ids=["a question", "none"])
def test_without_a_token_in_force_nothing_else_is_said(send, token, authorization, body):
    answer = send(body, authorization and authorization.format(token=token))
    assert "Bearer TOKEN" in problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_words_bearer_and_json_are_not_what_matters(send, token):
    assert send(GOOD, f"bearer {token}").status_code == 200
    assert send(GOOD, content_type="text/plain").status_code == 200


def test_five_hundred_people_of_the_longest_names_can_be_asked_about(send):
    names = [f"{number:03}" + "𝒜" * 61 for number in range(500)]
    answer = send(GOOD | {"patrons": names, "uses": ["record", "photo", "video", "name", "tag"]})
    assert [result["patron"] for result in answer.json["results"]] == names


def test_more_than_a_mebibyte_is_too_much(send):
    assert problem(send(b" " * 2**20 + json.dumps(GOOD).encode()), 413)


def test_no_refusal_is_recorded_as_a_check(send, session):
    for body in (b"", b"[]", GOOD | {"platform": "nowhere"}):
        assert send(body).status_code in PROBLEMS
    assert session.scalar(select(func.count()).select_from(PatronCheck)) == 0


def test_a_token_that_asks_too_often_is_told_when_to_ask_again(settings: Settings):
    few = Settings(instance=settings.instance, database_url=settings.database_url, api_checks_per_second=3)
    app = create_app(few)
    with app.app_context():
        tokens = [add_token(db.session(), name, by="a test", now=NOW) for name in ("busy", "calm")]
    client = app.test_client()
    busy, calm = (
        lambda token=token: client.post(PATH, json=GOOD, headers={"Authorization": f"Bearer {token}"})
        for token in tokens
    )
    answers = [busy() for _ in range(30)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(answers) - len(refused) >= 3
    assert refused
    for answer in refused:
        assert "3 times a second" in problem(answer, 429)
        assert answer.headers["Retry-After"] == "1"
    assert calm().status_code == 200
    dispose(app)


def test_the_allowance_is_for_one_second_and_one_token():
    allowance = Allowance(2)
    told = [allowance.covers(token, NOW.replace(second=second)) for token, second in ((1, 0), (1, 0), (1, 0), (2, 0))]
    assert told == [True, True, False, True]
    assert allowance.covers(1, NOW.replace(second=1))


def test_a_hundred_checks_a_second_are_always_allowed():
    assert Settings().api_checks_per_second >= 100


def test_other_methods_and_paths_are_refused_in_the_same_form(app: Flask):
    client = app.test_client()
    assert problem(client.get(PATH), 405)
    assert problem(client.post("/api/v1/nothing"), 404)


def test_openapi_describes_the_question_the_answer_and_every_refusal(app: Flask, send):
    described = app.test_client().get("/api/v1/openapi.json")
    assert (described.status_code, described.content_type) == (200, "application/json")
    spec = described.json
    operation = spec["paths"][PATH]["post"]
    assert {int(status) for status in operation["responses"] if status.isdigit()} == {200, *PROBLEMS}
    assert spec["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    assert operation["security"] == [{"token": []}]
    schemas = spec["components"]["schemas"]
    assert schemas["CheckQuestion"]["required"] == ["patrons", "uses"]
    assert schemas["CheckQuestion"]["additionalProperties"] is False
    answer = send(GOOD).json
    assert schemas["CheckAnswer"]["properties"].keys() == answer.keys()
    assert schemas["PatronAnswer"]["properties"].keys() == answer["results"][0].keys()
    assert schemas["UseAnswer"]["properties"].keys() == answer["results"][0]["uses"]["photo"].keys()
    for name in re.findall(r'"#/components/schemas/(\w+)"', described.text):
        assert name in schemas
