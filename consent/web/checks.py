"""How does another system ask? One question about many people over HTTP, answered from facts read at that moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema
from werkzeug.exceptions import HTTPException, Unauthorized

from consent.domain.refusals import UnknownPlatform, UnknownProgram
from consent.services.checks import Ask, Named, Verdicts, check_names, name_patrons
from consent.services.tokens import token_sha256
from consent.storage.database import CHECKS, db
from consent.web.access import token_holder
from consent.web.answers import answer_http, problem
from consent.web.asking import clock, zone
from consent.web.checks_questions import NotJson, WrongField, read_question
from consent.web.checks_shapes import CheckAnswer, CheckQuestion, Problem
from consent.web.looking import checked
from consent.web.requests import csrf

ALLOWANCE = "consent_checks_allowance"
MINUTE = timedelta(minutes=1)
PROBLEMS = {
    400: "What was sent is not JSON",
    401: "No token, or none in force",
    404: "No such platform or program",
    413: "More than the registry reads at once",
    422: "A wrong or unknown field, named in `detail`",
    429: "Asked too often; `Retry-After` says when to ask again",
    503: "There is no answer now, or it cannot be recorded: do not post",
}

bp = Blueprint("checks", __name__, url_prefix="/api/v1", description="May we, now?")


def _answers(told: str, schema: type[Schema], content_type: str) -> dict[str, object]:
    return {"description": told, "content": {content_type: {"schema": schema}}}


class RegistryApi(Api):
    """The registry's own table says what did not work, here as everywhere."""

    ERROR_SCHEMA = Problem

    def _register_responses(self) -> None:
        """One for whatever is not told beside a view, in place of one for every status of HTTP: a start is faster."""
        told = _answers("What else did not work", Problem, "application/problem+json")
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, told, lazy=True)

    def handle_http_exception(self, error: HTTPException) -> Any:
        return answer_http(error)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question that is none; said only to the holder of a token."""

    status: int
    title: str
    detail: str


class Allowance:
    """So many questions a second for each token, counted by each process for itself."""

    def __init__(self, a_second: int) -> None:
        self.a_second = a_second
        self._asked: dict[int | None, tuple[int, int]] = {}

    def covers(self, token_id: int | None, now: datetime) -> bool:
        this_second = int(now.timestamp())
        second, asked = self._asked.get(token_id, (this_second, 0))
        asked = asked + 1 if second == this_second else 1
        self._asked[token_id] = this_second, asked
        return asked <= self.a_second


def init_checks(app: Flask) -> None:
    app.config.update(
        API_TITLE="Patron consent registry",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = RegistryApi(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.register_blueprint(bp)
    csrf.exempt(bp)
    app.extensions[ALLOWANCE] = Allowance(app.config["CONSENT"].api_checks_per_second)


def _token_in_force() -> bool:
    """The token is looked up together with what is asked, in one statement; a wrong question names nothing."""
    g.question = _question()
    named = {} if isinstance(g.question, Wrong) else g.question
    g.named = name_patrons(
        db.engines[CHECKS],
        token_sha256(_bearer_token()),
        named.get("patrons", ()),
        platform=named.get("platform"),
        program=named.get("program"),
        zone=zone(),
        now=clock(),
    )
    if g.named.found.token_id is not None:
        return True
    refused = problem(401, "No token in force", "Send a token that is in force: `Authorization: Bearer TOKEN`.")
    refused.headers["WWW-Authenticate"] = "Bearer"
    raise Unauthorized(response=refused)


@bp.post("/checks")
@token_holder(_token_in_force)
@bp.doc(
    summary="May we show, tag or message these people, there and then?",
    security=[{"token": []}],
    requestBody={"required": True, "content": {"application/json": {"schema": CheckQuestion}}},
    responses={
        200: _answers("The answer, recorded before it was given", CheckAnswer, "application/json"),
        **{status: _answers(why, Problem, "application/problem+json") for status, why in PROBLEMS.items()},
    },
)
@checked
def check() -> Response:
    """One question about up to 500 people. Ask again when posting: an answer is not a licence."""
    named: Named = g.named
    now = clock()
    allowance: Allowance = current_app.extensions[ALLOWANCE]
    if not allowance.covers(named.found.token_id, now):
        refused = problem(429, "Asked too often", f"A token may ask {allowance.a_second} times a second.")
        refused.headers["Retry-After"] = "1"
        return refused
    if isinstance(g.question, Wrong):
        return problem(g.question.status, g.question.title, g.question.detail)

    question: Mapping[str, Any] = g.question
    at = question["at"] or now
    ask = Ask(tuple(question["uses"]), at, question["platform"], question["channel"], question["program"])
    try:
        verdicts = check_names(db.engines[CHECKS], named, ask, zone=zone(), now=now)
    except (UnknownPlatform, UnknownProgram) as unknown:
        return problem(404, "Not found", str(unknown))
    return current_app.response_class(_written(question["patrons"], verdicts, at, zone()), mimetype="application/json")


def _question() -> dict[str, Any] | Wrong:
    try:
        return read_question(request.get_data(cache=False))
    except NotJson as wrong:
        return Wrong(400, "Not JSON", str(wrong))
    except WrongField as wrong:
        return Wrong(422, "Not a question", str(wrong))


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _written(patrons: list[str], verdicts: Mapping[str, Verdicts], at: datetime, zone: tzinfo) -> str:
    """The answer, in the order of the question."""
    results = {name: _of_patron(name, by_use, zone) for name, by_use in verdicts.items()}
    allowed = all(result["verdict"] == "allow" for result in results.values())
    return json.dumps(
        {"verdict": _word(allowed), "at": _local(at, zone), "results": [results[name] for name in patrons]}
    )


def _of_patron(name: str, by_use: Verdicts, zone: tzinfo) -> dict[str, object]:
    return {
        "patron": name,
        "verdict": _word(all(verdict.allowed for verdict in by_use.values())),
        "uses": {
            use: {
                "verdict": _word(verdict.allowed),
                "reason": verdict.reason,
                "needs": verdict.needs,
                "basis": verdict.basis,
                "valid_until": verdict.valid_until and _local(verdict.valid_until, zone),
            }
            for use, verdict in by_use.items()
        },
    }


def _word(allowed: bool) -> str:
    return "allow" if allowed else "deny"


def _local(instant: datetime, zone: tzinfo) -> str:
    """In the registry's zone; in UTC where that has no such local time, or one that RFC 3339 cannot write."""
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        return instant.astimezone(UTC).isoformat()
    in_minutes = not (local.utcoffset() or MINUTE) % MINUTE
    return (local if in_minutes else instant.astimezone(UTC)).isoformat()
