"""What may another system ask, and what is wrong with what it asked? Read as strictly as the import file's values.

The shapes that OpenAPI tells stand in `checks_shapes`; reading a question through them takes six times as long.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from consent.domain.exchange import values
from consent.domain.exchange.problems import WrongValue, shown
from consent.domain.vocabulary import Channel, Use

AT_MOST_PATRONS = 500


class NotJson(Exception):
    """What was sent cannot be read at all."""


class WrongField(Exception):
    """What was sent is JSON, but not a question; the message names the field."""


class Listed(NamedTuple):
    """A list that must be there: what stands in it, and how many at most."""

    kind: values.Kind
    at_most: int
    what: str


class Single(NamedTuple):
    """A value that may be left out, or null where that is what is meant without it."""

    kind: values.Kind
    without: str | None = None


LISTS = {
    "patrons": Listed(values.ID, AT_MOST_PATRONS, "ids"),
    "uses": Listed(values.word_of(Use), len(Use), "uses"),
}
SINGLES = {
    "platform": Single(values.ID),
    "channel": Single(values.word_of(Channel), Channel.DEPARTMENT.value),
    "program": Single(values.ID),
    "at": Single(values.INSTANT),
}
FIELDS = LISTS.keys() | SINGLES.keys()


def read_question(body: bytes) -> dict[str, Any]:
    """Every field of a question, those left out too. Raises NotJson or WrongField."""
    try:
        said = JSON.decode(body.decode("utf-8"))
    except RecursionError:
        raise NotJson("The body is nested too deeply to be a question.") from None
    except ValueError:
        raise NotJson("The body is not JSON in UTF-8. Send one JSON object.") from None
    if not isinstance(said, dict):
        raise WrongField("The body is not an object. Send one JSON object with `patrons` and `uses`.")

    wrong: list[str] = []
    question: dict[str, Any] = {name: _list(said, name, wrong) for name in LISTS}
    for name in SINGLES:
        question[name] = _single(said, name, wrong)
    if not said.keys() <= FIELDS:
        wrong += [
            f"{shown(name)}: no such field; expected {', '.join(question)}" for name in said if name not in FIELDS
        ]
    if wrong:
        raise WrongField("; ".join(wrong))
    return question


def _list(said: Mapping[str, Any], name: str, wrong: list[str]) -> list[Any]:
    """A place in a list counts from 0, as JSON's readers do."""
    kind, at_most, what = LISTS[name]
    given = said.get(name)
    if not isinstance(given, list) or not 1 <= len(given) <= at_most:
        wrong.append(f"{name}: expected a list of 1 to {at_most} {what}")
        return []
    items = []
    for place, item in enumerate(given):
        try:
            items.append(kind.read(item))
        except WrongValue as amiss:
            wrong.append(f"{name}[{place}]: expected {amiss.expected}")
    return items


def _single(said: Mapping[str, Any], name: str, wrong: list[str]) -> Any:
    kind, without = SINGLES[name]
    given = said.get(name, without)
    if given is None and without is None:
        return None
    try:
        return kind.read(given)
    except WrongValue as amiss:
        wrong.append(f"{name}: expected {amiss.expected}")
        return None


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise WrongField(f"{shown(twice)}: expected once, was given several times")
    return said


def _no_constant(word: str) -> None:
    raise ValueError(word)


JSON = json.JSONDecoder(object_pairs_hook=_each_key_once, parse_int=float, parse_constant=_no_constant)
