"""Does a line say the same again, something new that may be said, or something that contradicts?"""

from dataclasses import replace
from typing import NamedTuple

from consent.domain.exchange.lines import Line
from consent.domain.exchange.shapes import SHAPES, TYPES, Change


class Comparison(NamedTuple):
    """`merged` is what holds when there is no contradiction; `lacking` are gained values that the line leaves out."""

    merged: Line
    contradicting: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def compare(known: Line, said: Line) -> Comparison:
    """Both lines name the same thing."""
    if known == said:
        return Comparison(known)
    contradicting, lacking, merged = [], [], {}
    for key in SHAPES[TYPES[type(known)]].keys:
        before, now = getattr(known, key.name), getattr(said, key.name)
        if _same(before, now):
            continue
        if key.change is Change.CORRECTED or (key.change is Change.GAINED and before is None):
            merged[key.name] = now
        elif key.change is Change.GAINED and now is None:
            lacking.append(key.name)
        else:
            contradicting.append(key.name)
    return Comparison(replace(known, **merged), tuple(contradicting), tuple(lacking))


def _same(before: object, now: object) -> bool:
    """The order of a form's uses is how they are asked, not what was agreed to."""
    if isinstance(before, tuple) and isinstance(now, tuple) and type(before) is tuple:
        return set(before) == set(now)
    return before == now
