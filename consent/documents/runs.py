"""In what pieces is a line drawn? Runs of one font and one direction, in the order in which they stand on paper."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from consent.documents import fonts

JOINERS: Final = "\u200c\u200d"
SELECTORS: Final = frozenset(
    map(chr, [0x34F, *range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)])
)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighboring letters of one font and one direction; without a font, letters that nothing can print."""

    text: str
    font: str | None
    leftward: bool


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Composed letters, plain spaces, and no characters that only steer a screen."""
    kept = (_printable(character) for character in unicodedata.normalize("NFC", text))
    return " ".join("".join(kept).split())


@lru_cache(maxsize=1024)
def runs_of(text: str, bold: bool) -> tuple[Run, ...]:
    """The runs from left to right, as they stand on paper."""
    clusters = clusters_of(text)
    leftward = _directions(clusters)
    letters = [
        (way, font, part)
        for cluster, way in zip(clusters, leftward, strict=True)
        for font, part in _fonts(cluster, bold)
    ]
    runs = [
        Run("".join(part for _way, _font, part in group), font, way)
        for (way, font), group in groupby(letters, key=lambda letter: letter[:2])
    ]
    parts = [list(group) for _way, group in groupby(runs, key=lambda run: run.leftward)]
    ordered = [part[::-1] if part[0].leftward else part for part in parts]
    if _first_way(clusters):
        ordered.reverse()
    return tuple(run for part in ordered for run in part)


def clusters_of(text: str) -> list[str]:
    """Each letter with the marks, selectors and joined letters that belong to it."""
    clusters: list[str] = []
    for character in text:
        belongs = unicodedata.category(character).startswith("M") or character in JOINERS or character in SELECTORS
        if clusters and (belongs or clusters[-1].endswith(JOINERS[1])):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def runs_leftward(character: str) -> bool:
    """Whether the character is a letter of a script read from right to left."""
    return bool(_way(character))


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zs", "Zl", "Zp", "Cc"}:
        return " "
    if category == "Cf" and character not in JOINERS and character not in SELECTORS:
        return ""
    return character


def _fonts(cluster: str, bold: bool) -> list[tuple[str | None, str]]:
    seen = "".join(character for character in cluster if character not in JOINERS and character not in SELECTORS)
    if not seen:
        return []
    if font := fonts.font_for(seen, bold=bold):
        return [(font, cluster if fonts.shapes(font) else seen)]
    return [(fonts.font_for(character, bold=bold), character) for character in seen]


def _way(cluster: str) -> bool | None:
    """True for a letter read leftward, False for one read rightward, None for one that follows its neighbors."""
    direction = unicodedata.bidirectional(cluster[0])
    if direction in {"R", "AL"}:
        return True
    return False if direction in {"L", "EN", "AN"} else None


def _first_way(clusters: list[str]) -> bool:
    return next((way for cluster in clusters if (way := _way(cluster)) is not None), False)


def _directions(clusters: list[str]) -> list[bool]:
    """Neutral letters between two of one direction take it; others take the direction of the whole line."""
    ways, base = [_way(cluster) for cluster in clusters], _first_way(clusters)
    before, after = _carried(ways, base), _carried(ways[::-1], base)[::-1]
    return [
        way if way is not None else (left if left == right else base)
        for way, left, right in zip(ways, before, after, strict=True)
    ]


def _carried(ways: list[bool | None], base: bool) -> list[bool]:
    carried, last = [], base
    for way in ways:
        last = last if way is None else way
        carried.append(last)
    return carried
