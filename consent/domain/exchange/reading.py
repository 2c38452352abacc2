"""What does this line of the file say, and what is wrong with it? Nothing is looked up here."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from consent.domain.exchange.lines import Line, LineType, Named
from consent.domain.exchange.problems import WrongValue, shown
from consent.domain.exchange.shapes import SHAPES, Key, Shape

DIGITS = 20
UNKNOWN_KEYS_NAMED = 10
OBJECT_EXPECTED = "expected one JSON object in UTF-8"
Faults = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A line, or its faults as key and expectation; `named` as far as a bad line says what it is about."""

    line: Line | None
    faults: Faults
    named: tuple[LineType, Named] | None = None


class _GivenTwice(ValueError):
    pass


def read_line(raw: bytes, *, today: date) -> Reading:
    """Read one line that is not blank. Whatever the bytes, the answer is a line or its faults."""
    try:
        said = json.loads(raw.decode("utf-8"), object_pairs_hook=_each_key_once, parse_int=_integer)
    except _GivenTwice as twice:
        return Reading(None, [(str(twice), "expected each key once")])
    except RecursionError:
        return Reading(None, [("", f"{OBJECT_EXPECTED}, nested less deeply")])
    except ValueError:
        return Reading(None, [("", OBJECT_EXPECTED)])
    if not isinstance(said, dict):
        return Reading(None, [("", OBJECT_EXPECTED)])
    return _read_object(said, today=today)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        [(twice, _)] = Counter(key for key, _ in pairs).most_common(1)
        raise _GivenTwice(_plain(twice))
    return said


def _integer(digits: str) -> float:
    """A number of a thousand digits is no integer that any key holds, and Python refuses to read it."""
    return int(digits) if len(digits) <= DIGITS else math.inf


def _read_object(said: dict[str, Any], *, today: date) -> Reading:
    kind = said.pop("type", None)
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        return Reading(None, [("type", f"expected one of {', '.join(SHAPES)}")])
    unknown = sorted(said.keys() - shape.names())[:UNKNOWN_KEYS_NAMED]
    faults = [(_plain(key), f"unknown key; expected {', '.join(shape.names())}") for key in unknown]
    values: dict[str, Any] = {}
    for key in shape.keys:
        try:
            values[key.name] = _value(said, key)
        except WrongValue as wrong:
            faults.append((f"{key.name}.{wrong.inside}" if wrong.inside else key.name, f"expected {wrong.expected}"))
    faults.extend(_out_of_order(shape, values, today))
    if faults:
        return Reading(None, faults, _named(LineType(kind), values))
    return Reading(shape.line(**values), faults)


def _value(said: Mapping[str, Any], key: Key) -> Any:
    given = said.get(key.name)
    if given is None and key.optional:
        return key.absent
    return key.kind.read(given)


def _out_of_order(shape: Shape, values: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    for order in shape.orders:
        later, earlier = values.get(order.later), values.get(order.earlier)
        if later is None or earlier is None:
            continue
        if later < earlier or (later == earlier and not order.or_equal):
            yield order.later, f"expected an instant {'not before' if order.or_equal else 'after'} {order.earlier}"
    born = values.get("born")
    if born is not None and born > today:
        yield "born", "expected a date that is not in the future"


def _named(kind: LineType, values: Mapping[str, Any]) -> tuple[LineType, Named] | None:
    """So that a wrong line does not make every line that refers to it wrong too."""
    if "id" not in values or (kind is LineType.FORM and "version" not in values):
        return None
    return kind, (values["id"], values["version"]) if kind is LineType.FORM else values["id"]


def _plain(key: str) -> str:
    """A key as it is where it is a plain word, else quoted and escaped."""
    return key if key.isidentifier() and key.isascii() else shown(key)
