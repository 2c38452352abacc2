"""Could this name only look like another? Some letters of two alphabets are drawn alike, and some are not drawn at all.

Such a name is another name to the registry, which never joins the two; whoever looks at it is told why.
"""

import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

EAST_ASIAN: Final = frozenset({"BOPOMOFO", "CJK", "HANGUL", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA", "KATAKANA-HIRAGANA"})
"""Written together in one word, in Chinese, Japanese and Korean."""
NO_SCRIPT: Final = "MODIFIER"
DRAWN_LIKE_LATIN: Final = frozenset("аеосрухѕіјһԁԛԝανορυχιАВЕКМНОРСТУХЅІЈҺԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""The letters of Cyrillic and Greek that a reader of Latin takes for their own."""
JOINERS: Final = frozenset("\u200c\u200d")
"""Persian and the scripts of India spell with them."""
BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Signs by their kind, and nothing to see."""
UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Zl", "Zp"})


class Doubt(StrEnum):
    """Why a name may not be the one that a reader takes it for."""

    MIXED_ALPHABETS = "mixed-alphabets"
    DRAWN_LIKE_LATIN = "drawn-like-latin"
    UNSEEN_CHARACTERS = "unseen-characters"


def doubts(name: str) -> tuple[Doubt, ...]:
    """What to say beside this name; nothing about nearly every one."""
    if name.isascii() and name.isprintable():
        return ()
    words = list(_words(name))
    found = {
        Doubt.MIXED_ALPHABETS: any(len(_scripts(word)) > 1 for word in words),
        Doubt.DRAWN_LIKE_LATIN: any(_is_drawn_like_latin(word) for word in words),
        Doubt.UNSEEN_CHARACTERS: any(_is_unseen(sign, name) for sign in name),
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _words(name: str) -> Iterator[str]:
    """Runs of letters, whatever unseen or combining sign stands between them."""
    kept = (sign if unicodedata.category(sign)[0] in "LMC" else " " for sign in unicodedata.normalize("NFKC", name))
    yield from "".join(kept).split()


def _scripts(word: str) -> frozenset[str]:
    """The alphabets of its letters, as Unicode names them."""
    firsts = {unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha()}
    scripts = {"EAST ASIAN" if first in EAST_ASIAN else first for first in firsts}
    return frozenset(scripts - {NO_SCRIPT, ""})


def _is_drawn_like_latin(word: str) -> bool:
    letters = [sign for sign in word if sign.isalpha()]
    return bool(letters) and DRAWN_LIKE_LATIN.issuperset(letters)


def _is_unseen(sign: str, name: str) -> bool:
    if sign in JOINERS:
        return bool(_scripts(name) & {"CYRILLIC", "GREEK", "LATIN"})
    return sign in BLANKS or unicodedata.category(sign) in UNSEEN
