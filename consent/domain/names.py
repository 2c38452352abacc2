"""By which words is a name found, however it is written or typed?

A name is folded: accents, case and the letters that have a plain twin (ø, ł, đ, ß …) make no difference, and a name
joined by a hyphen or an apostrophe is found in one piece and in several.
"""

import unicodedata
from itertools import product
from string import ascii_lowercase

LONGEST_WORD = 64
MOST_WORDS_TYPED = 5
GRAM = 3
EDGE = " "
"""Stands before and after a word in its trigrams, so that how it begins and ends counts."""

PLAIN_TWINS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "ng"}
)
POINTS = range(10, 36)  # Hebrew and Arabic vowel points, which are written or left out at will
ACCENTS = range(200, 241)  # what stands above, below or through a letter
SPACELESS = (("぀", "ヿ"), ("㐀", "鿿"), ("가", "힣"), ("\U00020000", "\U0003fffd"))


def fold(text: str) -> str:
    """The text as it is compared: without case, accents and variants of form."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(mark for mark in apart if not _is_accent(mark))
    return unicodedata.normalize("NFC", bare.translate(PLAIN_TWINS))


def words_of(first_name: str, last_name: str) -> frozenset[str]:
    """Every word under which a person is kept: each piece, each compound and each whole name run together."""
    names = [fold(first_name), fold(last_name)]
    found = {word for name in names for word in _readings(name)}
    first, last = ("".join(_pieces(name)) for name in names)
    if _is_spaceless(first) and _is_spaceless(last):
        found |= {last + first, first + last}
    return frozenset(word[:LONGEST_WORD] for word in found if word)


def words_typed(text: str) -> list[tuple[str, ...]]:
    """What somebody may have meant: all pieces apart, or (where they differ) compounds run together."""
    folded = fold(text)
    apart = tuple(_pieces(folded))
    together = tuple(word for token in folded.split() if (word := "".join(_pieces(token))))
    readings = [apart] if apart == together else [apart, together]
    return [_shortened(reading) for reading in readings if reading]


def trigrams(word: str) -> frozenset[str]:
    """Each three letters in a row, the edges of the word counted as letters."""
    edged = f"{EDGE}{word}{EDGE}"
    return frozenset(edged[at : at + GRAM] for at in range(max(1, len(edged) - GRAM + 1)))


def first_trigram(word: str) -> str:
    """The one by which it is known whether the word has its trigrams already."""
    return f"{EDGE}{word}{EDGE}"[:GRAM]


def inner_trigrams(part: str) -> frozenset[str]:
    """The trigrams that any word with this part inside it has."""
    return frozenset(part[at : at + GRAM] for at in range(len(part) - GRAM + 1))


def one_slip_away(word: str) -> frozenset[str]:
    """Every word that one slip makes of this one: a letter left out, added, changed, or two swapped."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in splits if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1}
    changed = {left + letter + right[1:] for (left, right), letter in product(splits, ascii_lowercase) if right}
    added = {left + letter + right for (left, right), letter in product(splits, ascii_lowercase)}
    return frozenset((missing | swapped | changed | added) - {word, ""})


def _readings(folded: str) -> list[str]:
    compounds = ["".join(_pieces(token)) for token in folded.split()]
    return [*_pieces(folded), *compounds, "".join(compounds)]


def _pieces(folded: str) -> list[str]:
    """Runs of letters, digits and the vowel signs that belong to them."""
    return "".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in folded).split()


def _shortened(reading: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word[:LONGEST_WORD] for word in dict.fromkeys(reading))[:MOST_WORDS_TYPED]


def _is_accent(mark: str) -> bool:
    place = unicodedata.combining(mark)
    return place in POINTS or place in ACCENTS


def _is_spaceless(name: str) -> bool:
    """Written in a script that puts no space between family and given name."""
    return bool(name) and all(any(low <= sign <= high for low, high in SPACELESS) for sign in name)
