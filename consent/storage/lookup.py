"""Whom does a typed name, an id or a card's code mean?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from consent.domain.names import inner_trigrams, one_slip_away, trigrams
from consent.storage import lookup_statements as statements
from consent.storage.direct import fill, read_day, read_instant, size_for, sql_of

GRAMS_MOST = 6
END = chr(0x10FFFF)
"""Sorts after every letter: a word and everything that begins with it stand before the word with this added."""

Hit = tuple[int, str]
"""A patron and the word by which they were found."""


def by_beginnings(connection: Connection, words: Sequence[str]) -> list[Hit]:
    """Patrons with a word that begins like each word typed, in whatever order."""
    if len(words) == 1:
        one = sql_of(statements.one_beginning, connection.dialect.name)
        return _hits(connection.exec_driver_sql(one, _range(0, words[0])))
    rarest_first = sorted(words, key=lambda word: _how_many_begin(connection, word))
    values = {name: value for at, word in enumerate(rarest_first) for name, value in _range(at, word).items()}
    return _hits(connection.execute(statements.BEGINNINGS[len(words)], values))


def by_words(connection: Connection, words: Collection[str]) -> list[Hit]:
    """Patrons who bear one of these words whole."""
    return _hits(connection.execute(statements.BEARERS, {"words": sorted(words)})) if words else []


def by_spellings(connection: Connection, typed: Sequence[tuple[str, Collection[str]]]) -> list[Hit]:
    """Patrons who, for each word typed, have one that begins like it or is among the words given with it."""
    counted = [(_how_many_are_spelled(connection, begins, words), begins, sorted(words)) for begins, words in typed]
    values: dict[str, Any] = {}
    for at, (_, begins, words) in enumerate(sorted(counted)):
        values |= _range(at, begins) | {f"words_{at}": words}
    return _hits(connection.execute(statements.SPELLED[len(typed)], values))


def words_borne(connection: Connection, patron_ids: Collection[int]) -> dict[int, set[str]]:
    """All the words of these patrons."""
    words: dict[int, set[str]] = {}
    if patron_ids:
        for patron_id, word in connection.execute(statements.BORNE, {"patrons": list(patron_ids)}):
            words.setdefault(patron_id, set()).add(word)
    return words


def words_with(connection: Connection, part: str) -> list[str]:
    """Words that have this part inside them; it has three letters or more."""
    [rarest, *_] = _rarest(connection, inner_trigrams(part))
    return list(connection.scalars(statements.WITH_PART, {"trigram": rarest, "part": part}))


def words_like(connection: Connection, word: str) -> list[str]:
    """Words that share trigrams with this one, or are one slip away. Which are near enough, others judge."""
    grams = _rarest(connection, trigrams(word))[:GRAMS_MOST]
    sharing = connection.scalars(statements.SHARING, {"trigrams": grams, "least": min(2, len(grams))})
    one_slip = connection.scalars(statements.KNOWN, {"words": sorted(one_slip_away(word))})
    return list(dict.fromkeys([*sharing, *one_slip]))


def words_in_programs_led(connection: Connection, staff_id: int) -> dict[int, list[str]]:
    """All the words of the people of somebody's programs: few enough to be compared one by one."""
    words: dict[int, list[str]] = {}
    for patron_id, word in connection.execute(statements.LED, {"staff": staff_id}):
        words.setdefault(patron_id, []).append(word)
    return words


def is_led(connection: Connection, patron_id: int, staff_id: int) -> bool:
    return connection.scalar(statements.LEADS, {"patron": patron_id, "staff": staff_id}) is not None


def by_external_id(connection: Connection, external_id: str) -> int | None:
    return connection.scalar(statements.BY_EXTERNAL_ID, {"external_id": external_id})


@dataclass(frozen=True, slots=True)
class CardFound:
    patron_id: int
    revoked: bool
    expires_on: date


def by_card(connection: Connection, code_sha256: str) -> CardFound | None:
    row = connection.execute(statements.BY_CARD, {"code_sha256": code_sha256}).first()
    return None if row is None else CardFound(row.patron_id, row.revoked_at is not None, row.expires_on)


class Described(NamedTuple):
    """What tells people apart: name, birth date (for the age), and since when a card is out."""

    id: int
    external_id: str
    first_name: str
    last_name: str
    born: date | None
    adult: bool
    issued_at: datetime | None


def describe(connection: Connection, patron_ids: Collection[int]) -> list[Described]:
    if not patron_ids:
        return []
    size = size_for(len(patron_ids))
    people = sql_of(statements.people, connection.dialect.name, size)
    rows = connection.exec_driver_sql(people, fill("patron", size, list(patron_ids)))
    return [
        Described(key, external_id, first, last, read_day(born), bool(adult), read_instant(issued_at))
        for key, external_id, first, last, born, adult, issued_at in rows
    ]


def programs_running(
    connection: Connection, patron_ids: Collection[int], *, led_by: int | None = None, today: date
) -> dict[int, list[str]]:
    """The names of the programs in which each of these people takes part today; of one lead's only, if one is given."""
    names: dict[int, list[str]] = {}
    asked, values = statements.RUNNING, {"patrons": list(patron_ids), "today": today}
    if led_by is not None:
        asked, values = statements.RUNNING_LED, {**values, "staff": led_by}
    if patron_ids:
        for patron_id, name in connection.execute(asked, values):
            names.setdefault(patron_id, []).append(name)
    return names


def records_named(connection: Connection, external_ids: Collection[str]) -> list[Row[Any]]:
    """(external id, form, version, signing instant) of these records, the newest first."""
    return list(connection.execute(statements.RECORDS, {"records": sorted(external_ids)})) if external_ids else []


def platforms(connection: Connection) -> list[Row[Any]]:
    """(external id, name, approved from, approved until) of every platform, by name."""
    return list(connection.execute(statements.PLATFORMS))


def programs_open(connection: Connection, *, asked: str, led_by: int | None, today: date) -> list[Row[Any]]:
    """(external id, name) of the programs that are not over, and of the one asked about; a lead's own only."""
    values = {"today": today, "asked": asked}
    if led_by is None:
        return list(connection.execute(statements.PROGRAMS, values))
    return list(connection.execute(statements.PROGRAMS_LED, {**values, "staff": led_by}))


def accounts(connection: Connection, patron_id: int, platform_ids: Collection[str]) -> dict[str, str]:
    """The patron's account name on each of these platforms, by the platform's external id."""
    if not platform_ids:
        return {}
    rows = connection.execute(statements.ACCOUNTS, {"patron": patron_id, "platforms": sorted(platform_ids)})
    return {row.external_id: row.account for row in rows}


def _hits(rows: Any) -> list[Hit]:
    return [(patron_id, word) for patron_id, word in rows]


def _range(at: int, word: str) -> dict[str, str]:
    return {f"low_{at}": word, f"high_{at}": word + END}


def _how_many_begin(connection: Connection, word: str) -> int:
    return connection.scalar(statements.HOW_MANY_BEGIN, _range(0, word)) or 0


def _how_many_are_spelled(connection: Connection, begins: str, words: Collection[str]) -> int:
    return connection.scalar(statements.HOW_MANY_ARE_SPELLED, _range(0, begins) | {"words_0": sorted(words)}) or 0


def _rarest(connection: Connection, grams: Collection[str]) -> list[str]:
    """These trigrams, the rarest first."""
    given = sorted(grams)
    counted = dict.fromkeys(given, 0)
    for start in range(0, len(given), statements.COUNTED_TOGETHER):
        some = given[start : start + statements.COUNTED_TOGETHER]
        # The last one stands in for those that are missing.
        values = {
            f"trigram_{at}": (some + [some[-1]] * statements.COUNTED_TOGETHER)[at]
            for at in range(statements.COUNTED_TOGETHER)
        }
        counts = connection.execute(statements.HOW_MANY_SHARE, values).one()
        counted |= dict(zip(some, counts, strict=False))
    return sorted(given, key=lambda gram: counted[gram])
