"""Who else comes to the demo department? Families and grown-ups as ordinary as they come, by weighted chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final

from consent.domain.vocabulary import Use
from consent.services.demo.book import EVERY_USE, Book
from consent.services.demo.department import (
    CAMP,
    DANCE,
    FACEBOOK,
    INSTAGRAM,
    SOCCER,
    STROLLERS,
    SWIM,
    TEENS,
    TIKTOK_DAYS,
)
from consent.services.demo.names import FIRST_NAMES, GROWN_UP_NAMES, LAST_NAMES
from consent.services.demo.starter_form import FIRST

TEEN: Final = 13
OLD_ENOUGH_TO_STROLL: Final = 55
CONTACT: Final = frozenset({Use.TAG, Use.FRIEND, Use.FOLLOW, Use.MESSAGE})
NO_CONTACT: Final = tuple(use for use in EVERY_USE if use not in CONTACT)
NO_RECORDING: Final = tuple(use for use in EVERY_USE if use not in {Use.RECORD, Use.VIDEO})
PHOTO_ONLY: Final = (Use.PHOTO,)
NOTHING: Final = ()
NEVER_SIGNED: Final = None

ANSWERS: Final[tuple[tuple[tuple[Use, ...] | None, int], ...]] = (
    (EVERY_USE, 60),
    (NO_CONTACT, 14),
    (PHOTO_ONLY, 6),
    (NO_RECORDING, 5),
    (NOTHING, 6),
    (NEVER_SIGNED, 9),
)
AT_LEAST_BETWEEN_CHILDREN: Final = 400
OLDEST_CHILD: Final = 17 * 365
"""Both in days: who is born together or comes of age has a story of their own."""


@dataclass(slots=True)
class Chance:
    """The same choices every time, so that one demo is like another."""

    book: Book
    dice: Random

    def one_in(self, number: int) -> bool:
        return self.dice.randrange(number) == 0

    def answers(self) -> tuple[Use, ...] | None:
        choices, weights = zip(*ANSWERS, strict=True)
        return self.dice.choices(choices, weights)[0]  # type: ignore[no-any-return]  # zip forgets the types

    def family_name(self) -> str:
        names = self.dice.sample(LAST_NAMES, 2)
        return " ".join(names) if self.one_in(4) else names[0]

    def signed(self) -> datetime:
        """Nine in ten signed for this season, after TikTok was approved."""
        days = self.dice.randrange(3, TIKTOK_DAYS - 5)
        if self.one_in(10):
            days += TIKTOK_DAYS
        return self.book.ago(days, minutes=self.dice.randrange(480))

    def limits(self, programs: Sequence[str]) -> dict[str, Any]:
        limits: dict[str, Any] = {"language": "es" if self.one_in(4) else "en"}
        if self.one_in(12):
            limits["platforms"] = [FACEBOOK, INSTAGRAM]
        if self.one_in(12):
            limits["programs"] = list(programs)
        if self.one_in(20):
            limits["channels"] = ["department", "personal"]
        return limits


def write_families(book: Book, dice: Random, *, until_patrons: int) -> None:
    """Families until the department has so many patrons, with a few grown-ups among them."""
    chance = Chance(book, dice)
    grown_ups = 0
    while (patrons := sum(line["type"] == "patron" for line in book.lines)) < until_patrons:
        if patrons > (grown_ups + 1) * 8:
            _grown_up(chance)
            grown_ups += 1
        else:
            _family(chance, children=min(dice.choices((1, 2, 3), (5, 4, 2))[0], until_patrons - patrons))


def _family(chance: Chance, *, children: int) -> None:
    book, dice = chance.book, chance.dice
    last_name = chance.family_name()
    parents = [book.guardian(name, last_name) for name in dice.sample(GROWN_UP_NAMES, dice.choice((1, 1, 2)))]
    age_in_days = dice.randrange(5 * 365, 14 * 365)
    for first_name in dice.sample(FIRST_NAMES, children):
        born = book.day(-age_in_days)
        child = book.patron(first_name, last_name, born, handles=_handles(chance, first_name, age_in_days))
        for parent in parents:
            book.guardianship(parent, child, since=born)
        programs = _programs_for(chance, age_in_days // 365)
        book.enroll(child, *programs)
        _sign(chance, child, parents[0], programs)
        age_in_days += AT_LEAST_BETWEEN_CHILDREN + dice.randrange(900)
        if age_in_days > OLDEST_CHILD:
            break


def _handles(chance: Chance, first_name: str, age_in_days: int) -> dict[str, str] | None:
    if age_in_days < TEEN * 365 or not chance.one_in(2):
        return None
    return {INSTAGRAM: f"@demo_{first_name.lower()}_{chance.dice.randrange(100, 1000)}"}


def _programs_for(chance: Chance, age: int) -> list[str]:
    if age >= TEEN:
        return [TEENS, *chance.dice.sample((SOCCER, DANCE, SWIM), 1)]
    return chance.dice.sample((SWIM, SOCCER, DANCE, CAMP), chance.dice.choice((1, 1, 2)))


def _sign(chance: Chance, patron: str, signer: str, programs: Sequence[str]) -> None:
    answers = chance.answers()
    if answers is NEVER_SIGNED:
        return
    signed = chance.signed()
    limits = chance.limits(programs)
    if signed < chance.book.ago(TIKTOK_DAYS + 15):
        limits["version"] = FIRST
    chance.book.consent(patron, signer, signed=signed, yes=answers, **limits)


def _grown_up(chance: Chance) -> None:
    """Some never told their birth date and are on file as adults."""
    book, dice = chance.book, chance.dice
    first_name, last_name = dice.choice(GROWN_UP_NAMES), chance.family_name()
    if chance.one_in(4):
        patron = book.patron(first_name, last_name, adult=True)
    else:
        patron = book.patron(first_name, last_name, book.day(-dice.randrange(OLD_ENOUGH_TO_STROLL * 366, 80 * 365)))
    book.enroll(patron, STROLLERS)
    _sign(chance, patron, "self", [STROLLERS])
