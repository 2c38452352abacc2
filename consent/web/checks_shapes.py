"""What does OpenAPI tell of a question and its answer? Shapes alone: `checks_questions` reads, `checks` writes."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, validate

from consent.domain.vocabulary import Channel, Reason, Use
from consent.web.checks_questions import AT_MOST_PATRONS

VERDICTS = ("allow", "deny")


def _one_of(words: type[StrEnum], **options: Any) -> fields.String:
    return fields.String(metadata={"enum": [word.value for word in words]}, **options)


def _id(told: str, **options: Any) -> fields.String:
    described = {"description": told, "minLength": 1, "maxLength": 64, "pattern": "^[^\\u0000]*$"}
    return fields.String(metadata=described, **options)


def _instant(told: str, **options: Any) -> fields.String:
    return fields.String(metadata={"description": told, "format": "date-time"}, **options)


class CheckQuestion(Schema):
    """May we show these people, there and then?"""

    patrons = fields.List(
        _id("an external id, or a card's code"), required=True, validate=validate.Length(1, AT_MOST_PATRONS)
    )
    uses = fields.List(_one_of(Use), required=True, validate=validate.Length(1, len(Use)))
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
