"""When does somebody come of age, and how old are they on a local day?"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from consent.domain.facts import Facts, Guardianship, Patron
from consent.domain.majority import ALWAYS, age_in_years, birthday, majority, midnight

PHOENIX = ZoneInfo("America/Phoenix")
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2016, 2, 29), date(2020, 2, 29), 4),
        (date(2015, 7, 1), date(2026, 6, 30), 10),
        (date(2015, 7, 1), date(2026, 7, 1), 11),
        (date(2026, 7, 1), date(2026, 7, 1), 0),
    ],
)
def test_age_turns_on_the_birthday(born, today, age):
    assert age_in_years(born, today) == age


def test_a_birthday_past_the_calendars_end_never_comes():
    assert birthday(date(9990, 1, 1), 18) is None
    assert majority(Facts(Patron(born=date(9990, 1, 1)), PHOENIX)) is None


def test_majority_starts_at_local_midnight():
    assert majority(Facts(Patron(born=date(2008, 7, 1)), PHOENIX)) == datetime(2026, 7, 1, 7, tzinfo=UTC)


def test_emancipation_counts_where_it_is_earlier():
    patron = Patron(born=date(2010, 7, 1), emancipated_on=date(2026, 1, 1))
    assert majority(Facts(patron, PHOENIX)) == datetime(2026, 1, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("patron", "guardianships", "of_age_from"),
    [
        (Patron(adult=True), (), ALWAYS),
        (Patron(adult=True), (Guardianship(1, SINCE, beyond_majority=True),), ALWAYS),
        (Patron(adult=True), (Guardianship(1, SINCE),), None),
        (Patron(), (), None),
    ],
)
def test_a_declared_adult_is_one_unless_somebody_guards_a_minor(patron, guardianships, of_age_from):
    assert majority(Facts(patron, PHOENIX, guardianships)) == of_age_from


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        # Clocks went from midnight to one o'clock: the day begins with the change.
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
        ("Asia/Beirut", date(2022, 3, 27), datetime(2022, 3, 26, 22, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        ("Asia/Tokyo", date(1, 1, 1), ALWAYS),
    ],
)
def test_a_day_begins_at_its_first_instant(zone, day, begins):
    assert midnight(day, ZoneInfo(zone)) == begins
