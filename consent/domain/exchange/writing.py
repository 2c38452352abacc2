"""How is a thing written as a line of the file? So that reading it gives the same thing back, byte for byte steady."""

import json
from typing import Any

from consent.domain.exchange.lines import Line
from consent.domain.exchange.shapes import SHAPES, TYPES


def as_said(line: Line) -> dict[str, Any]:
    """The line as a JSON object; keys that would say nothing are left out."""
    kind = TYPES[type(line)]
    said: dict[str, Any] = {"type": kind.value}
    for key in SHAPES[kind].keys:
        value = getattr(line, key.name)
        if not (key.optional and value in (None, ())):
            said[key.name] = key.kind.show(value)
    return said


def write_line(line: Line) -> bytes:
    return json.dumps(as_said(line), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
