"""What may stand under a key? Each kind of value is read strictly, and written so that it reads back the same."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from consent.domain.exchange.lines import SELF, Wording
from consent.domain.exchange.problems import WrongValue, shown
from consent.domain.vocabulary import Answer, Channel, Language, Relationship, Use

ALL = "all"
EXACT_INTEGERS = 2**53 - 1  # beyond them two JSON readers may disagree (RFC 8259, 6)
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
DAY_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
INSTANT_EXPECTED = "an instant (RFC 3339 with an offset, in the years 1 to 9999 of UTC)"

Pairs = tuple[tuple[str, str], ...]
Words = TypeVar("Words", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is read from JSON, and how it is shown there. Reading raises WrongValue."""

    read: Callable[[object], Any]
    show: Callable[[Any], Any] = lambda value: value


def text(what: str, at_least: int = 0, at_most: int | None = None, *, trimmed: bool = False) -> Kind:
    expected = f"{what} of {at_least} to {at_most} characters" if at_most else what

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise WrongValue(expected)
        written = value.strip() if trimmed else value
        if len(written) < at_least or (at_most is not None and len(written) > at_most):
            raise WrongValue(expected)
        if UNWRITABLE.search(written):
            raise WrongValue(f"{expected}, without NUL and lone surrogates")
        return written

    return Kind(read)


def word_of(words: type[StrEnum]) -> Kind:
    known = {word.value: word.value for word in words}
    expected = f"one of {', '.join(known)}"

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            raise WrongValue(expected)
        return known[value]

    return Kind(read)


def list_of(each: Kind, what: str, *, as_written: bool = False) -> Kind:
    """Never empty; a repeat adds nothing, and the order is nothing unless `as_written`."""
    expected = f"a list of {what} that is not empty"

    def read(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise WrongValue(expected)
        items = dict.fromkeys(each.read(item) for item in value)
        words: tuple[str, ...] = kept_once(tuple(items if as_written else sorted(items)))
        return words

    return Kind(read, list)


def all_or(listed: Kind) -> Kind:
    """None stands for all."""

    def read(value: object) -> tuple[str, ...] | None:
        if value == ALL:
            return None
        try:
            words: tuple[str, ...] = listed.read(value)
        except WrongValue as wrong:
            raise WrongValue(f'"{ALL}" or {wrong.expected}') from None
        return words

    return Kind(read, lambda value: ALL if value is None else list(value))


def pairs_of(keys: Kind, values: Kind, expected: str) -> Kind:
    """An object, kept as pairs in the order of its keys."""

    def read(value: object) -> Pairs:
        if not isinstance(value, Mapping):
            raise WrongValue(expected)
        pairs: list[tuple[str, str]] = []
        for key, item in value.items():
            try:
                pairs.append(kept_once((keys.read(key), values.read(item))))
            except WrongValue as wrong:
                raise WrongValue(wrong.expected, shown(key)) from None
        whole: Pairs = kept_once(tuple(sorted(pairs)))
        return whole

    return Kind(read, dict)


@lru_cache(maxsize=4096)
def kept_once(words: Words) -> Words:
    """A million lines hold the same few combinations; each takes its memory once."""
    return words


def _guardian_id(value: object) -> str:
    if value == SELF:
        raise WrongValue(f'an id other than "{SELF}", which stands for the patron')
    written: str = ID.read(value)
    return written


def _wording(value: object) -> Wording:
    languages = [language.value for language in Language]
    if not isinstance(value, Mapping) or value.keys() != set(languages):
        raise WrongValue('an object with two texts, "en" and "es"')
    return Wording(*(TEXT.read(value[language]) for language in languages))


def _instant(value: object) -> datetime:
    """In UTC; what is finer than a microsecond is left off, as no database here keeps it."""
    written = value.upper() if isinstance(value, str) else ""
    if INSTANT_WRITTEN.fullmatch(written):
        try:
            return datetime.fromisoformat(written).astimezone(UTC)
        except (ValueError, OverflowError):
            raise WrongValue(INSTANT_EXPECTED) from None
    raise WrongValue(INSTANT_EXPECTED)


def show_instant(value: datetime) -> str:
    """In UTC, with as many decimals as the instant has."""
    written = value.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (written.rstrip("0") if value.microsecond else written) + "Z"


def _day(value: object) -> date:
    try:
        if isinstance(value, str) and DAY_WRITTEN.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise WrongValue("a date (YYYY-MM-DD)")


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("true or false")
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > EXACT_INTEGERS:
        raise WrongValue(f"an integer from -{EXACT_INTEGERS} to {EXACT_INTEGERS}")
    return value


ID = text("an id", 1, 64)
GUARDIAN_ID = Kind(_guardian_id)
NAME = text("a name", 1, 128, trimmed=True)
TEXT = text("a text")
EMAIL = text("an email address", 0, 320)
PHONE = text("a phone number", 0, 64)
INSTANT = Kind(_instant, show_instant)
DAY = Kind(_day, date.isoformat)
FLAG = Kind(_flag)
INTEGER = Kind(_integer)
WORDING = Kind(_wording, Wording._asdict)
RELATIONSHIP = word_of(Relationship)
LANGUAGE = word_of(Language)
USES = list_of(word_of(Use), "uses")
USES_ASKED = list_of(word_of(Use), "uses", as_written=True)
ALL_USES_OR = all_or(USES)
CHANNELS = list_of(word_of(Channel), "channels")
ALL_OR_IDS = all_or(list_of(ID, "ids"))
ANSWERS = pairs_of(word_of(Use), word_of(Answer), "an object of uses and answers")
HANDLES = pairs_of(ID, text("an account name", 1, 200), "an object of platforms and account names")
