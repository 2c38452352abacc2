"""From which instant is this patron of age? (A.R.S. 1-215; emancipation: 12-2454.)"""

from datetime import MAXYEAR, UTC, date, datetime, tzinfo
from functools import lru_cache

from consent.domain.facts import Facts

YEARS_OF_MINORITY = 18
ALWAYS = datetime.min.replace(tzinfo=UTC)
NEVER = None


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of that local day, in UTC; where a clock change skips midnight, the change itself."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return ALWAYS


def birthday(born: date, years: int) -> date | None:
    """That birthday; 1 March stands in for 29 February in a common year. None past the calendar's end."""
    year = born.year + years
    if year > MAXYEAR:
        return None
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def age_in_years(born: date, today: date) -> int:
    """Whole years of age on that local day."""
    years = today.year - born.year
    turned = birthday(born, years)
    return years if turned is None or turned <= today else years - 1


def majority(facts: Facts) -> datetime | None:
    """The instant the patron comes of age, in UTC; None when that is not known or past the calendar's end."""
    patron = facts.patron
    if declared_adult(facts):
        return ALWAYS
    return _of_age_from(patron.born, patron.emancipated_on, facts.zone)


@lru_cache(maxsize=4096)
def _of_age_from(born: date | None, emancipated_on: date | None, zone: tzinfo) -> datetime | None:
    """Asked at each instant at which one patron's answer could change."""
    eighteenth = None if born is None else birthday(born, YEARS_OF_MINORITY)
    known = [day for day in (eighteenth, emancipated_on) if day is not None]
    return midnight(min(known), zone) if known else NEVER


def declared_adult(facts: Facts) -> bool:
    """A declaration counts only where no birth date and no guardian of a minor speaks against it."""
    return (
        facts.patron.adult
        and facts.patron.born is None
        and all(guardianship.beyond_majority for guardianship in facts.guardianships)
    )
