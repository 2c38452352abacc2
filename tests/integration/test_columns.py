"""Does a value come back from either database as the value that was stored, and in the same order?"""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import StatementError

from consent.storage.models import Consent, Patron, Platform, WordTrigram
from tests.builders.rows import a_row

PHOENIX = ZoneInfo("America/Phoenix")


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 30, tzinfo=PHOENIX),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(connection: Connection, instant: datetime):
    row = a_row(connection, Platform, approved_from=instant)
    stored = connection.execute(select(Platform.approved_from).where(Platform.id == row["id"])).scalar_one()
    assert stored == instant
    assert stored.tzinfo is UTC
    found = select(func.count()).where(Platform.id == row["id"], Platform.approved_from <= instant)
    assert connection.execute(found).scalar_one() == 1


def test_a_time_without_a_zone_is_no_instant(connection: Connection):
    with pytest.raises(StatementError, match="names no time zone"):
        a_row(connection, Platform, approved_from=datetime(2026, 7, 1, 12))  # noqa: DTZ001  # the wrong value


def test_what_was_signed_comes_back_to_the_letter(connection: Connection):
    signature = {"strokes": [[0, 1], [2, 3.5]], "typed": "Zoë “Ω” 李小龍 🙂 \\ '"}
    row = a_row(connection, Consent, signature=signature)
    assert connection.execute(select(Consent.signature).where(Consent.id == row["id"])).scalar_one() == signature


def test_words_are_ordered_letter_by_letter_so_that_a_prefix_is_a_range(connection: Connection):
    words = ["a", "ab", "a-b", "abz", "ac", "B", "z", "ñ", "李"]
    connection.execute(insert(WordTrigram), [{"trigram": "abc", "word": word} for word in reversed(words)])
    ordered = connection.execute(select(WordTrigram.word).order_by(WordTrigram.word)).scalars().all()
    assert ordered == sorted(words)
    ranged = (
        select(WordTrigram.word).where(WordTrigram.word >= "ab", WordTrigram.word < "ac").order_by(WordTrigram.word)
    )
    assert connection.execute(ranged).scalars().all() == ["ab", "abz"]


def test_a_day_is_a_day_in_every_zone(connection: Connection):
    row = a_row(connection, Patron)
    assert (
        connection.execute(select(Patron.born).where(Patron.id == row["id"])).scalar_one().isoformat() == "2016-03-10"
    )
