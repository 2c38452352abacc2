"""Who may be meant by a typed name? Beginnings of words first, then the inside of words, then similar spellings."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

from rapidfuzz.distance import OSA
from sqlalchemy import Connection

from consent.domain.names import words_typed
from consent.storage import lookup

FEW = 8
SPELLINGS_MOST = 40
SHORTEST_PART = 3
SHORTEST_BEGINNING = 5
SLIPS = ((4, 1), (8, 2), (64, 3))
"""Up to so many letters typed, so many slips are forgiven."""


class Nearness(IntEnum):
    BEGINS = 0
    INSIDE = 1
    SIMILAR = 2


def meant(connection: Connection, typed: str, *, led_by: int | None, similar: bool = True) -> dict[int, Nearness]:
    """Patrons and how near each is to what was typed; a program lead's own people only, where one is named.

    Without `similar`, nobody whose name is only spelled alike.
    """
    readings = words_typed(typed)
    if led_by is not None:
        return _among(lookup.words_in_programs_led(connection, led_by), readings)
    found: dict[int, Nearness] = {}
    for reading in readings:
        _add(found, {patron_id: Nearness.BEGINS for patron_id, _ in lookup.by_beginnings(connection, reading)})
    if len(found) < FEW and not _is_borne_whole(connection, readings, found):
        for reading in readings:
            _add(found, _spelled_otherwise(connection, reading, similar=similar))
    return found


def nearness(typed: str, word: str) -> Nearness | None:
    """How near a word is to what was typed; None for another word."""
    if word.startswith(typed):
        return Nearness.BEGINS
    if len(typed) < SHORTEST_PART:
        return None
    if typed in word:
        return Nearness.INSIDE
    return Nearness.SIMILAR if _slips(typed, word) <= _forgiven(typed) else None


def _is_borne_whole(connection: Connection, readings: Sequence[tuple[str, ...]], found: Iterable[int]) -> bool:
    """Somebody has every word just as it was typed: there is no slip to forgive."""
    borne = lookup.words_borne(connection, list(found)).values()
    return any(words.issuperset(reading) for words in borne for reading in readings if len(reading) > 1)


def _spelled_otherwise(connection: Connection, reading: Sequence[str], *, similar: bool) -> dict[int, Nearness]:
    if len(reading) == 1:
        [typed] = reading
        inside = _bearers(connection, typed, _inside(connection, typed))
        if len(inside) >= FEW or not similar:
            return inside
        return _bearers(connection, typed, _spellings(connection, typed))
    if not similar:
        return {}
    spellings = [(typed, _spellings(connection, typed)) for typed in reading]
    return {patron_id: Nearness.SIMILAR for patron_id, _ in lookup.by_spellings(connection, spellings)}


def _bearers(connection: Connection, typed: str, words: Sequence[str]) -> dict[int, Nearness]:
    hits = lookup.by_words(connection, words)
    return {patron_id: nearness(typed, word) or Nearness.SIMILAR for patron_id, word in hits}


def _inside(connection: Connection, typed: str) -> list[str]:
    """Words that hold what was typed."""
    return lookup.words_with(connection, typed) if len(typed) >= SHORTEST_PART else []


def _spellings(connection: Connection, typed: str) -> list[str]:
    """Words that hold or resemble what was typed, the nearest first."""
    if len(typed) < SHORTEST_PART:
        return []
    candidates = {*_inside(connection, typed), *lookup.words_like(connection, typed)}
    near = [word for word in candidates if nearness(typed, word) is not None]
    return sorted(near, key=lambda word: (nearness(typed, word), _slips(typed, word), word))[:SPELLINGS_MOST]


def _among(people: Mapping[int, Iterable[str]], readings: Sequence[tuple[str, ...]]) -> dict[int, Nearness]:
    found: dict[int, Nearness] = {}
    for patron_id, words in people.items():
        for reading in readings:
            best = [
                min((near for word in words if (near := nearness(typed, word)) is not None), default=None)
                for typed in reading
            ]
            every = [near for near in best if near is not None]
            if len(every) == len(reading):
                _add(found, {patron_id: max(every)})
    return found


def _add(found: dict[int, Nearness], more: Mapping[int, Nearness]) -> None:
    for patron_id, near in more.items():
        found[patron_id] = min(near, found.get(patron_id, near))


def _slips(typed: str, word: str) -> int:
    """Letters left out, added, changed or swapped; of a longer word that is still being typed, in its beginning."""
    lengths = {len(word)}
    if len(typed) >= SHORTEST_BEGINNING:
        lengths |= {length for length in range(len(typed) - 1, len(typed) + 2) if length < len(word)}
    return min(OSA.distance(typed, word[:length]) for length in lengths)


def _forgiven(typed: str) -> int:
    return next(slips for letters, slips in SLIPS if len(typed) <= letters)
