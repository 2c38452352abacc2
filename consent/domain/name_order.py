"""In which order do names stand on a list? By letters first and accents second, as the Unicode root order has it.

The letters are those by which a name is found: Đặng stands beside Dang, Łucja beside Lucja, and Ñ beside N.
"""

import unicodedata
from enum import StrEnum

from consent.domain.names import fold


class SortBy(StrEnum):
    FIRST = "first"
    LAST = "last"


def name_order(first_name: str, last_name: str, by: SortBy) -> tuple[str, ...]:
    """A sort key: Ávila stands beside Avila, not behind Zapata; the other name decides between equals."""
    names = (last_name, first_name) if by is SortBy.LAST else (first_name, last_name)
    return (*map(letters, names), *names)


def letters(name: str) -> str:
    """The bare letters and figures of a name, without accents, case, blanks or punctuation."""
    apart = unicodedata.normalize("NFKD", fold(name))
    return "".join(sign for sign in apart if sign.isalnum())


def display_name(first_name: str, last_name: str, by: SortBy = SortBy.FIRST) -> str:
    """The whole name as a list sorted that way shows it."""
    return f"{last_name}, {first_name}" if by is SortBy.LAST else f"{first_name} {last_name}"
