"""Is this a signature? Strokes somebody drew, or a name they typed and meant as one; both count the same.

Of a drawing only the line is kept, never how fast or hard it was drawn: that would be a measure of the body.
"""

import json
from dataclasses import dataclass
from itertools import pairwise
from math import dist
from typing import Any, Final, Self

from consent.domain.refusals import ConsentError

Point = tuple[int, int]
Stroke = tuple[Point, ...]

MOST_POINTS: Final = 5_000
MOST_BYTES: Final = 64 * 1024
FARTHEST: Final = 20_000
LONGEST_NAME: Final = 257
SMALLEST_EXTENT: Final = 40
SHORTEST_LINE: Final = 80
"""In the pixels of the pad, which is at least 280 wide."""


class SignatureRefused(ConsentError):
    """What was given cannot be kept as a signature."""


class SignatureMissing(SignatureRefused):
    """Nothing was drawn or typed."""


class SignatureTooSimple(SignatureRefused):
    """A dot or a slip of the finger; nobody could tell it from chance."""


class SignatureUnreadable(SignatureRefused):
    """What the page sent is no drawing."""


class SignatureTooLarge(SignatureRefused):
    """The drawing has more lines than any signature."""


class SignatureNotMeant(SignatureRefused):
    """A name was typed, and it was not said that it is meant as a signature."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Either `strokes` or a `name`."""

    strokes: tuple[Stroke, ...] = ()
    name: str = ""

    @classmethod
    def drawn(cls, payload: str) -> Self:
        """From what the pad sends: a JSON list of strokes, each a list of [x, y] in whole pixels."""
        if not payload.strip():
            raise SignatureMissing("Draw your signature, or type your name.")
        if len(payload.encode("utf-8", "replace")) > MOST_BYTES:
            raise SignatureTooLarge("The drawing is too large. Clear it, and sign again with fewer lines.")
        strokes = _read_strokes(payload)
        if sum(map(len, strokes)) > MOST_POINTS:
            raise SignatureTooLarge("The drawing is too large. Clear it, and sign again with fewer lines.")
        if not any(strokes):
            raise SignatureMissing("Draw your signature, or type your name.")
        if _extent(strokes) < SMALLEST_EXTENT or _length(strokes) < SHORTEST_LINE:
            raise SignatureTooSimple("The drawing is too small for a signature. Clear it, and sign again.")
        return cls(strokes=strokes)

    @classmethod
    def typed(cls, name: str, *, meant: bool) -> Self:
        """From a name, and the tick that says it is meant as a signature."""
        tidied = " ".join(name.split())
        if not tidied:
            raise SignatureMissing("Type your name, or draw your signature.")
        if len(tidied) > LONGEST_NAME:
            raise SignatureTooLarge(f"Type your name in at most {LONGEST_NAME} characters.")
        if not meant:
            raise SignatureNotMeant("Tick that your typed name is your signature.")
        return cls(name=tidied)

    @property
    def kind(self) -> str:
        return "drawn" if self.strokes else "typed"

    def to_json(self) -> dict[str, Any]:
        if self.strokes:
            return {"kind": self.kind, "strokes": [[list(point) for point in stroke] for stroke in self.strokes]}
        return {"kind": self.kind, "name": self.name}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """What `to_json` gave, as it was kept."""
        strokes = tuple(tuple((x, y) for x, y in stroke) for stroke in kept.get("strokes", ()))
        return cls(strokes=strokes, name=kept.get("name", ""))


def _read_strokes(payload: str) -> tuple[Stroke, ...]:
    bent = SignatureUnreadable("The drawing could not be read. Clear it, and sign again.")
    try:
        given = json.loads(payload)
    except (ValueError, RecursionError) as wrong:
        raise bent from wrong
    if not isinstance(given, list) or not all(isinstance(stroke, list) for stroke in given):
        raise bent
    if not all(_is_point(point) for stroke in given for point in stroke):
        raise bent
    return tuple(tuple((x, y) for x, y in stroke) for stroke in given if stroke)


def _is_point(given: object) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(("x", "y"))
        and all(type(place) is int and abs(place) <= FARTHEST for place in given)
    )


def _extent(strokes: tuple[Stroke, ...]) -> int:
    points = [point for stroke in strokes for point in stroke]
    across, down = [x for x, _ in points], [y for _, y in points]
    return max(max(across) - min(across), max(down) - min(down))


def _length(strokes: tuple[Stroke, ...]) -> float:
    return sum(dist(start, end) for stroke in strokes for start, end in pairwise(stroke))
