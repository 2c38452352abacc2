"""What may another system ask, and what is wrong with what it asked? The shapes are also what OpenAPI tells of them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from consent.domain.exchange import values
from consent.domain.exchange.problems import WrongValue, shown
from consent.domain.vocabulary import Channel, Reason, Use

AT_MOST_PATRONS = 500
VERDICTS = ("allow", "deny")
FIELD_ERRORS: dict[str, Any] = {"required": "this field must be there", "null": "expected a value, was given null"}
LIST_ERRORS = FIELD_ERRORS | {"invalid": "expected a list"}


class NotJson(Exception):
    """What was sent cannot be read at all."""


class WrongField(Exception):
    """What was sent is JSON, but not a question; the message names the field."""


class Told(fields.String):
    """A value read as strictly as the import file's, and told in the same words."""

    def __init__(self, kind: values.Kind, **options: Any) -> None:
        super().__init__(error_messages=FIELD_ERRORS, **options)
        self.kind = kind

    def _deserialize(self, value: object, *_where: Any, **_options: Any) -> Any:
        try:
            return self.kind.read(value)
        except WrongValue as wrong:
            raise ValidationError(f"expected {wrong.expected}") from None


def _one_of(words: Any, **options: Any) -> Told:
    return Told(values.word_of(words), metadata={"enum": [word.value for word in words]}, **options)


def _id(told: str, **options: Any) -> Told:
    return Told(
        values.ID,
        metadata={"description": told, "minLength": 1, "maxLength": 64, "pattern": "^[^\\u0000]*$"},
        **options,
    )


def _instant(told: str, **options: Any) -> Told:
    return Told(values.INSTANT, metadata={"description": told, "format": "date-time"}, **options)


class CheckQuestion(Schema):
    """May we show these people, there and then?"""

    error_messages = {  # noqa: RUF012  # marshmallow's way to say it; nothing changes it
        "unknown": "no such field; expected patrons, uses, platform, channel, program or at"
    }

    patrons = fields.List(
        _id("an external id, or a card's code"),
        required=True,
        error_messages=LIST_ERRORS,
        validate=validate.Length(1, AT_MOST_PATRONS, error=f"expected 1 to {AT_MOST_PATRONS} ids"),
    )
    uses = fields.List(
        _one_of(Use),
        required=True,
        error_messages=LIST_ERRORS,
        validate=validate.Length(1, len(Use), error=f"expected 1 to {len(Use)} uses"),
    )
    platform = _id("none: every platform approved then", allow_none=True, load_default=None)
    channel = _one_of(Channel, load_default=Channel.DEPARTMENT.value)
    program = _id("none: not tied to a program", allow_none=True, load_default=None)
    at = _instant("none: now", allow_none=True, load_default=None)


class UseAnswer(Schema):
    """The verdict on one use."""

    verdict = fields.String(required=True, validate=validate.OneOf(VERDICTS))
    reason = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([reason.value for reason in Reason if reason is not Reason.HOLD]),
    )
    needs = fields.String(
        required=True, allow_none=True, metadata={"description": "the use for whose sake a video is denied"}
    )
    basis = fields.List(fields.String(), required=True, metadata={"description": "the records that an allow rests on"})
    valid_until = _instant("an upper limit, never a licence: ask again when posting", required=True, allow_none=True)


class PatronAnswer(Schema):
    """Allow only if every use asked is."""

    patron = fields.String(required=True, metadata={"description": "as it was asked"})
    verdict = fields.String(required=True, validate=validate.OneOf(VERDICTS))
    uses = fields.Dict(_one_of(Use), fields.Nested(UseAnswer), required=True)


class CheckAnswer(Schema):
    """Allow only if every person is; in the order of the question."""

    verdict = fields.String(required=True, validate=validate.OneOf(VERDICTS))
    at = _instant("the instant asked about, in the registry's time zone", required=True)
    results = fields.List(fields.Nested(PatronAnswer), required=True)


class Problem(Schema):
    """What did not work (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "what to do about it"})


QUESTION = CheckQuestion(unknown=RAISE)


def read_question(body: bytes) -> dict[str, Any]:
    """The question as `CheckQuestion` has it. Raises NotJson or WrongField."""
    try:
        said = json.loads(
            body.decode("utf-8"), object_pairs_hook=_each_key_once, parse_int=float, parse_constant=_no_constant
        )
    except RecursionError:
        raise NotJson("The body is nested too deeply to be a question.") from None
    except ValueError:
        raise NotJson("The body is not JSON in UTF-8. Send one JSON object.") from None
    if not isinstance(said, dict):
        raise WrongField("The body is not an object. Send one JSON object with `patrons` and `uses`.")
    try:
        question: dict[str, Any] = QUESTION.load(said)
    except ValidationError as wrong:
        raise WrongField("; ".join(_sentences(wrong.messages))) from None
    return question


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise WrongField(f"{shown(twice)}: expected once, was given several times")
    return said


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _sentences(messages: Mapping[Any, Any] | list[str], place: str = "") -> Iterator[str]:
    """Each wrong field with what was expected there; a place in a list counts from 0, as JSON's readers do."""
    if isinstance(messages, list):
        yield from (f"{place}: {message.rstrip('.')}" for message in messages)
        return
    for key, inside in messages.items():
        here = f"[{key}]" if isinstance(key, int) else key if key in QUESTION.fields else shown(key)
        yield from _sentences(inside, f"{place}{here}")
