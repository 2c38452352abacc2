"""Who sits at the kiosk, what do they answer for whom, and may they sign it at all?

A refusal names the child it is about by their place in the sitting (`patron`), so that a page can lead there.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final, Self

from consent.domain.majority import YEARS_OF_MINORITY, age_in_years, birthday, midnight
from consent.domain.names import fold
from consent.domain.refusals import ConsentError
from consent.domain.vocabulary import Answer, Channel, Language, Relationship, Use

MOST_PATRONS: Final = 12
LONGEST_NAME: Final = 128
LONGEST_EMAIL: Final = 320
LONGEST_ACCOUNT: Final = 200
OLDEST: Final = 130
YEARS_IN_FORCE: Final = 1
NEEDS_ACCOUNT: Final = (Use.TAG, Use.FRIEND, Use.FOLLOW)
"""Only for these must the department know the patron's account name."""
UNREADABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
TURNS_TEXT_ROUND: Final = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


class SigningRefused(ConsentError):
    """A sitting that cannot be signed as it stands; nothing typed is lost."""

    def __init__(self, sentence: str, *, patron: int | None = None) -> None:
        super().__init__(sentence)
        self.patron = patron


class NameWrong(SigningRefused):
    """A name is missing, too long or made of what nobody can read."""


class BirthDateImpossible(SigningRefused):
    """A birth date in the future, or of somebody older than anybody."""


class PatronOfAge(SigningRefused):
    """Somebody of age signs for themself, unless the desk records a court order."""


class MinorSignsAlone(SigningRefused):
    """A minor's own signature is never enough."""


class GuardianNotOfAge(SigningRefused):
    """A parent or guardian who is a minor cannot sign for another."""


class SameChildTwice(SigningRefused):
    """The same name and birth date stand in this sitting already."""


class SelfIsOnePerson(SigningRefused):
    """Who signs for themself signs for nobody else."""


class NobodyToSignFor(SigningRefused):
    """No child was named."""


class TooManyChildren(SigningRefused):
    """More children than one sitting takes."""


class AnswersMissing(SigningRefused):
    """Each use needs a yes or a no; nothing is answered by silence."""


class LimitWrong(SigningRefused):
    """A yes limited to nothing, or to an account that is none."""


@dataclass(frozen=True, slots=True)
class TypedSigner:
    """Who signs, as they typed it. Without a relationship they sign for themself."""

    first_name: str
    last_name: str
    relationship: Relationship | None = None
    email: str = ""
    of_age: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "relationship": self.relationship.value if self.relationship else "self",
            "email": self.email,
            "of_age": self.of_age,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        relationship = None if kept["relationship"] == "self" else Relationship(kept["relationship"])
        return cls(kept["first_name"], kept["last_name"], relationship, kept["email"], kept["of_age"])


@dataclass(frozen=True, slots=True)
class TypedPatron:
    """One person and the answers for them. Limits narrow a yes only: None stands for all."""

    first_name: str
    last_name: str
    born: date | None = None
    answers: dict[Use, Answer] = field(default_factory=dict)
    channels: tuple[str, ...] = (Channel.DEPARTMENT.value,)
    platforms: tuple[str, ...] | None = None
    programs: tuple[str, ...] | None = None
    accounts: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "born": self.born.isoformat() if self.born else None,
            "answers": {use.value: answer.value for use, answer in self.answers.items()},
            "channels": list(self.channels),
            "platforms": None if self.platforms is None else list(self.platforms),
            "programs": None if self.programs is None else list(self.programs),
            "accounts": dict(self.accounts),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(
            kept["first_name"],
            kept["last_name"],
            date.fromisoformat(kept["born"]) if kept["born"] else None,
            {Use(use): Answer(answer) for use, answer in kept["answers"].items()},
            tuple(kept["channels"]),
            None if kept["platforms"] is None else tuple(kept["platforms"]),
            None if kept["programs"] is None else tuple(kept["programs"]),
            dict(kept["accounts"]),
        )

    def said(self, answer: Answer) -> tuple[Use, ...]:
        """The uses answered so, in the order of the form."""
        return tuple(use for use in Use if self.answers.get(use) is answer)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One signer, one signature, one record for each patron."""

    language: Language
    signer: TypedSigner
    patrons: tuple[TypedPatron, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "language": self.language.value,
            "signer": self.signer.to_json(),
            "patrons": [patron.to_json() for patron in self.patrons],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(
            Language(kept["language"]),
            TypedSigner.from_json(kept["signer"]),
            tuple(TypedPatron.from_json(patron) for patron in kept["patrons"]),
        )


def check_signer(signer: TypedSigner) -> None:
    """Raises NameWrong, GuardianNotOfAge or MinorSignsAlone."""
    _check_name(signer.first_name, signer.last_name)
    if len(signer.email) > LONGEST_EMAIL:
        raise NameWrong(f"An e-mail address has at most {LONGEST_EMAIL} characters.")
    if not signer.of_age and signer.relationship:
        raise GuardianNotOfAge("A parent or guardian must be 18 or older to sign for somebody else.")
    if not signer.of_age:
        raise MinorSignsAlone("Somebody under 18 cannot sign alone. A parent or guardian signs for them.")


def check_patron(sitting: Sitting, place: int, *, today: date) -> None:
    """Who they are, not yet what was answered. Raises a SigningRefused that names the place."""
    patron, signer = sitting.patrons[place], sitting.signer
    _check_name(patron.first_name, patron.last_name, place)
    if patron.born and not 0 <= age_in_years(patron.born, today) <= OLDEST:
        raise BirthDateImpossible("The date of birth must be in the past. Check it.", patron=place)
    of_age = patron.born is not None and age_in_years(patron.born, today) >= YEARS_OF_MINORITY
    if signer.relationship and of_age:
        raise PatronOfAge("Somebody of 18 or older signs for themself. A court order is for the desk.", patron=place)
    if signer.relationship is None and patron.born and not of_age:
        raise MinorSignsAlone("Somebody under 18 cannot sign alone. A parent or guardian signs for them.")
    here = name_key(patron.first_name, patron.last_name), patron.born
    if here in [(name_key(other.first_name, other.last_name), other.born) for other in sitting.patrons[:place]]:
        raise SameChildTwice("A child of this name and date of birth is here already.", patron=place)


def settle(sitting: Sitting, *, uses: Collection[Use], today: date) -> Sitting:
    """The sitting as it is signed: checked whole, and each answer and limit as it counts. Raises SigningRefused."""
    check_signer(sitting.signer)
    if not sitting.patrons:
        raise NobodyToSignFor("Name at least one child.")
    if len(sitting.patrons) > MOST_PATRONS:
        raise TooManyChildren(f"At most {MOST_PATRONS} children are signed for at once. Sign for the others after.")
    _check_self(sitting)
    for place in range(len(sitting.patrons)):
        check_patron(sitting, place, today=today)
    settled = tuple(settle_answers(patron, uses=uses, place=place) for place, patron in enumerate(sitting.patrons))
    return replace(sitting, patrons=settled)


def settle_answers(patron: TypedPatron, *, uses: Collection[Use], place: int | None = None) -> TypedPatron:
    """The answers as they count: a no to being recorded makes video a no, and a no needs no limits."""
    if set(patron.answers) != set(uses):
        raise AnswersMissing("Answer yes or no to each question.", patron=place)
    answers = dict(patron.answers)
    if answers.get(Use.RECORD) is Answer.NO and Use.VIDEO in answers:
        answers[Use.VIDEO] = Answer.NO
    if Answer.YES not in answers.values():
        limits: dict[str, Any] = {
            "channels": (Channel.DEPARTMENT.value,), "platforms": None, "programs": None, "accounts": {}
        }  # fmt: skip
        return replace(patron, answers=answers, **limits)
    channels = tuple(channel.value for channel in Channel if channel in patron.channels)
    if not channels or patron.platforms == () or patron.programs == ():
        raise LimitWrong("Choose at least one, or all.", patron=place)
    return replace(patron, answers=answers, channels=channels, accounts=_accounts(patron, answers, place))


def name_key(first_name: str, last_name: str) -> tuple[str, str]:
    """Two people of equal keys bear the same name, however it is written."""
    return " ".join(fold(first_name).split()), " ".join(fold(last_name).split())


def last_day(signed_on: date) -> date:
    """The last day on which a yes signed on that day can count: the twelve months with their first day."""
    return (birthday(signed_on, YEARS_IN_FORCE) or date.max) - timedelta(days=1)


def expires_at(signed_on: date, zone: tzinfo) -> datetime:
    """The local midnight after the last day."""
    return midnight(last_day(signed_on) + timedelta(days=1), zone)


def last_day_shown(signed_on: date, born: date | None) -> date:
    """The last day that a signer is told: of a minor, no later than the day before the 18th birthday."""
    eighteenth = birthday(born, YEARS_OF_MINORITY) if born else None
    if eighteenth is None or eighteenth <= signed_on:
        return last_day(signed_on)
    return min(last_day(signed_on), eighteenth - timedelta(days=1))


def _check_self(sitting: Sitting) -> None:
    if sitting.signer.relationship:
        return
    signer = name_key(sitting.signer.first_name, sitting.signer.last_name)
    if [signer] != [name_key(patron.first_name, patron.last_name) for patron in sitting.patrons]:
        raise SelfIsOnePerson("Who signs for themself signs for nobody else.")


def _check_name(first_name: str, last_name: str, place: int | None = None) -> None:
    for name in (first_name, last_name):
        if not name.strip() or len(name) > LONGEST_NAME:
            raise NameWrong(f"A name has 1 to {LONGEST_NAME} characters.", patron=place)
        if any(unicodedata.category(sign) in UNREADABLE or sign in TURNS_TEXT_ROUND for sign in name):
            raise NameWrong("A name stands on one line, in letters.", patron=place)


def _accounts(patron: TypedPatron, answers: dict[Use, Answer], place: int | None) -> dict[str, str]:
    """The account names that a yes needs, on the platforms it is limited to."""
    if not any(answers.get(use) is Answer.YES for use in NEEDS_ACCOUNT):
        return {}
    named = {platform: account.strip() for platform, account in patron.accounts.items()}
    kept = {
        platform: account
        for platform, account in named.items()
        if account and (patron.platforms is None or platform in patron.platforms)
    }
    if any(len(account) > LONGEST_ACCOUNT or not account.isprintable() for account in kept.values()):
        raise LimitWrong(f"An account name has at most {LONGEST_ACCOUNT} characters.", patron=place)
    return kept
