"""Which page of a sitting comes next, and which came before? One list of stops, made from what was answered so far."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for

from consent.domain.refusals import ConsentError
from consent.domain.signing import NEEDS_ACCOUNT, MinorSignsAlone, PatronOfAge, check_patron, check_signer
from consent.domain.vocabulary import Answer, Use
from consent.web.kiosk_family import Family

Uses = tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A page, and whose turn it is: the first child is number 1."""

    page: str
    number: int | None = None

    @property
    def path(self) -> str:
        endpoint = ENDPOINTS[self.page]
        return url_for(endpoint) if self.number is None else url_for(endpoint, number=self.number)


ENDPOINTS = {
    "who": "kiosk_questions.who",
    "signer": "kiosk_questions.signer",
    "child": "kiosk_questions.child",
    "answers": "kiosk_answers.answers",
    "limits": "kiosk_answers.limits",
    "accounts": "kiosk_answers.accounts",
    "another": "kiosk_questions.another",
    "review": "kiosk_sign.review",
    "sign": "kiosk_sign.sign_form",
    "of_age": "kiosk_questions.of_age",
    "done": "kiosk_sign.done",
    "under_age": "kiosk_questions.under_age",
}


def stops(family: Family) -> Iterator[Stop]:
    """All pages of this sitting, in order. A child who is not there yet has their first page."""
    yield Stop("who")
    if not family.for_self:
        yield Stop("signer")
    for number in range(1, max(len(family.patrons), 1) + 1):
        yield from _of_patron(family, number)
    if not family.for_self:
        yield Stop("another")
    yield Stop("review")
    yield Stop("sign")


def next_path(family: Family, stop: Stop) -> str:
    way = list(stops(family))
    return way[way.index(stop) + 1].path


def path_back(family: Family, stop: Stop) -> str | None:
    """None on the first page. From a child being added it leads back to the question whether there is another."""
    if stop.page == "child" and stop.number == len(family.patrons) + 1 and stop.number > 1:
        return Stop("another").path
    way = list(stops(family))
    at = way.index(stop)
    return way[at - 1].path if at else None


def unanswered(family: Family, uses: Uses, today: date) -> Stop | None:
    """The first page that still needs an answer before the form can be read and signed."""
    if family.whom is None:
        return Stop("who")
    signer = family.signer
    if signer is None:
        return Stop("child", 1) if family.for_self else Stop("signer")
    if not family.for_self and _refused(lambda: check_signer(signer)):
        return Stop("signer")
    for number in range(1, max(len(family.patrons), 1) + 1):
        if stop := _unanswered_of_patron(family, number, uses, today):
            return stop
    return None if family.for_self or family.no_more else Stop("another")


def _of_patron(family: Family, number: int) -> Iterator[Stop]:
    yield Stop("child", number)
    yield Stop("answers", number)
    answers = family.patrons[number - 1].answers if number <= len(family.patrons) else {}
    if Answer.YES in answers.values():
        yield Stop("limits", number)
    if any(answers.get(use) is Answer.YES for use in NEEDS_ACCOUNT):
        yield Stop("accounts", number)


def _unanswered_of_patron(family: Family, number: int, uses: Uses, today: date) -> Stop | None:
    if number > len(family.patrons):
        return Stop("child", number)
    try:
        check_patron(family.sitting, number - 1, today=today)
    except PatronOfAge:
        return Stop("of_age", number)
    except MinorSignsAlone:
        return Stop("under_age")
    except ConsentError:
        return Stop("child", number)
    return None if set(family.patrons[number - 1].answers) == set(uses) else Stop("answers", number)


def _refused(check: Callable[[], None]) -> bool:
    try:
        check()
    except ConsentError:
        return True
    return False
