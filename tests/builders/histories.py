"""What could be on file? Small, dense, random histories in which instants collide as often as they can.

A handful of local midnights (around daylight-saving changes, a skipped day and a leap day) serve for everything:
signing, witnessing, expiry, guardianships, platforms, holds, and the patron's coming of age.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from consent.domain.facts import (
    SELF,
    Consent,
    Facts,
    Guardianship,
    Hold,
    Patron,
    Platform,
    Question,
    Signer,
    Withdrawal,
)
from consent.domain.vocabulary import Answer, Use

OFFSETS: Final = (UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5, minutes=30)))
Word = TypeVar("Word", bound=str)

SIGNERS: Final[tuple[Signer, ...]] = ("mother", "father", SELF)
PLATFORMS: Final = ("facebook", "instagram", "tiktok")
PROGRAMS: Final = ("camp", "swim")
MIND: Final = (Use.PHOTO, Use.RECORD, Use.VIDEO)
WEEKS: Final = (
    ("America/Phoenix", date(2026, 2, 26)),
    ("America/New_York", date(2026, 10, 29)),
    ("America/Sao_Paulo", date(2018, 11, 2)),
    ("Asia/Beirut", date(2023, 3, 23)),
    ("Australia/Lord_Howe", date(2026, 4, 2)),
    ("Pacific/Apia", date(2011, 12, 28)),
)


class History(NamedTuple):
    facts: Facts
    question: Question


class Week:
    """Six days that everything falls on, and the luck that says which."""

    def __init__(self, random: Random) -> None:
        zone, first = random.choice(WEEKS)
        self.random, self.zone = random, ZoneInfo(zone)
        self.days = [first + timedelta(days=count) for count in range(6)]

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def some(self, values: Sequence[Word]) -> frozenset[Word]:
        return frozenset(self.random.sample(values, self.random.randint(1, len(values))))

    def instant(self, *, early: bool = False) -> datetime:
        """One of the midnights, written at any of three offsets that mean the same."""
        days = self.days[: self.random.randint(1, len(self.days))] if early else self.days
        local = datetime.combine(self.random.choice(days), datetime.min.time(), self.zone)
        return local.astimezone(self.random.choice(OFFSETS))

    def maybe(self, percent: int) -> datetime | None:
        return self.instant() if self.chance(percent) else None

    def span(self, always: int) -> tuple[datetime, datetime | None]:
        long_ago = datetime(2000, 1, 1, tzinfo=UTC)
        if self.chance(always):
            return long_ago, None
        since, until = self.instant(), self.maybe(60)
        if until is not None and until.timestamp() <= since.timestamp():
            return long_ago, until
        return since, until


def a_birth(week: Week) -> date | None:
    if week.chance(20):
        return None
    if week.chance(45):
        return date(2015, 7, 1)
    day = week.random.choice(week.days)
    if (day.month, day.day) == (3, 1) and week.chance(50):
        return date(day.year - 18, 2, 29)
    return day.replace(year=day.year - 18)


def a_person(week: Week) -> Patron:
    born = a_birth(week)
    emancipated = week.random.choice(week.days) if week.chance(10) else None
    return Patron(born, adult=week.chance(15 if born else 50), emancipated_on=emancipated)


def some_guardianships(week: Week) -> Iterator[Guardianship]:
    lasting = week.chance(12)
    for guardian in ("mother", "father"):
        for _ in range(week.random.choice((0, 1, 1, 1, 1, 1, 2))):
            yield Guardianship(guardian, *week.span(70), beyond_majority=lasting or week.chance(12))


def some_answers(week: Week) -> dict[Use, Answer]:
    drawn = {use: week.random.choice((*[Answer.YES] * 6, Answer.NO, None)) for use in MIND}
    return {use: answer for use, answer in drawn.items() if answer}


def some_consents(week: Week) -> Iterator[Consent]:
    signer, signed = week.random.choice(SIGNERS), week.instant(early=True)
    for number in range(week.random.choice((0, 1, 2, 2, 3, 3, 4, 5, 6))):
        if week.chance(85):
            signer, signed = week.random.choice(SIGNERS), week.instant(early=True)
        yield Consent(
            id=f"{week.random.choice('cC')}{number}",
            signer=signer,
            signed_at=signed,
            answers=some_answers(week),
            witnessed_at=week.maybe(60) if week.chance(30) else signed,
            channels=week.some(("department", "personal")) if week.chance(25) else frozenset({"department"}),
            platforms=week.some(PLATFORMS) if week.chance(35) else None,
            programs=week.some(PROGRAMS) if week.chance(25) else None,
            expires_at=week.maybe(30),
            form_withdrawn_at=week.maybe(10),
            voided_at=week.maybe(12),
        )


def some_withdrawals(week: Week) -> Iterator[Withdrawal]:
    for _ in range(week.random.choice((0, 0, 0, 0, 1, 2))):
        yield Withdrawal(
            week.random.choice(SIGNERS), week.instant(), week.some(MIND) if week.chance(50) else None, week.maybe(20)
        )


def a_question(week: Week) -> Question:
    nudge = timedelta(microseconds=week.random.choice((0, 0, 0, 0, -1, 1)))
    return Question(
        use=week.random.choice(MIND) if week.chance(97) else week.random.choice(("tag", "livestream")),
        at=week.instant().astimezone(UTC) + nudge,
        platform=week.random.choice((*PLATFORMS, None, None, None)) if week.chance(97) else "myspace",
        channel="department" if week.chance(85) else week.random.choice(("personal", "billboard")),
        program=week.random.choice((None, None, *PROGRAMS)),
    )


def a_history(random: Random) -> History:
    week = Week(random)
    facts = Facts(
        patron=a_person(week),
        zone=week.zone,
        guardianships=tuple(some_guardianships(week)),
        consents=tuple(some_consents(week)),
        withdrawals=tuple(some_withdrawals(week)),
        holds=tuple(Hold(*week.span(0)) for _ in range(week.random.choice((0, 0, 0, 0, 0, 1)))),
        platforms={name: Platform(*week.span(75)) for name in random.sample(PLATFORMS, random.choice((2, 3, 3, 3)))},
    )
    return History(facts, a_question(week))


def simpler(facts: Facts) -> Iterator[Facts]:
    """The same file with one thing taken out of it."""
    for name in ("consents", "withdrawals", "holds", "guardianships"):
        things = getattr(facts, name)
        for place in range(len(things)):
            yield replace(facts, **{name: things[:place] + things[place + 1 :]})
    for platform in facts.platforms:
        yield replace(facts, platforms={name: value for name, value in facts.platforms.items() if name != platform})
