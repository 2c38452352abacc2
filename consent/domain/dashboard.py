"""Where does a program stand, whose permission ends soon, and what will be true on a day to come?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from consent.domain.decision import Verdict, decide, disclose
from consent.domain.entitlement import covers
from consent.domain.facts import Facts, Hold, Question
from consent.domain.refusals import ConsentError
from consent.domain.rosters import Section, mark, section
from consent.domain.shown import PLAIN_NO
from consent.domain.turning_points import turns_before
from consent.domain.vocabulary import Reason, Shown, Use

STANDINGS: Final = (Shown.YES, Shown.LIMITS, Shown.NO, Shown.NOT_KNOWN)
DAYS_AHEAD: Final = 60
DAYS_IN_A_BAR: Final = 10
EXPIRING_SOON: Final = timedelta(days=30)
WEEKS_BACK: Final = 12
FORECAST_AT_MOST: Final = timedelta(days=366)


class Ending(StrEnum):
    """Why somebody's permission will end."""

    LAPSES = "lapses"
    COMES_OF_AGE = "comes-of-age"


class Outlook(StrEnum):
    """What becomes of somebody's permission by a day to come, the first to act on first."""

    LAPSED = "lapsed"
    CAME_OF_AGE = "came-of-age"
    CONFLICT = "conflict"
    NO = "no"
    NOT_KNOWN = "not-known"
    LIMITS = "limits"
    YES = "yes"


class NotThatFar(ConsentError):
    """A day that is over, or more than a year ahead."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The first instant at which a photo that may be posted now may be posted no more, and why."""

    at: datetime
    ending: Ending


LAPSES: Final = frozenset({Reason.EXPIRED, Reason.FORM_WITHDRAWN, Reason.NOT_ENTITLED, Reason.OUT_OF_SCOPE})


def standing(answers: Mapping[Use, Verdict]) -> Shown:
    """The part of the roster in which somebody stands; of its first part, whether somebody said no."""
    part = section({use: mark(verdict) for use, verdict in answers.items()})
    if part is not Section.DO_NOT_PHOTOGRAPH:
        return Shown.YES if part is Section.OK else Shown.LIMITS
    return Shown.NO if answers[Use.PHOTO].reason in PLAIN_NO else Shown.NOT_KNOWN


def ends(facts: Facts, question: Question, *, before: datetime) -> Ends | None:
    """When a yes to this question ends, if before that instant. A hold that is dated ahead gives nothing away."""
    if not turns_before(facts, after=question.at, before=before):
        return None
    at = disclose(facts, question).valid_until
    if at is None or at >= before:
        return None
    then = decide(facts.without_holds(), question._replace(at=at))
    return Ends(at, Ending.COMES_OF_AGE if then.reason is Reason.CAME_OF_AGE else Ending.LAPSES)


def foreseen(facts: Facts, *, now: datetime) -> Facts:
    """For those who may not know of a hold: that one begins or ends on a day ahead would give it away."""
    if not facts.holds:
        return facts
    stands = any(covers(hold.since, hold.until, now) for hold in facts.holds)
    return replace(facts, holds=(Hold(now),) if stands else ())


def outlook(answers: Mapping[Use, Verdict], reason: Reason | None) -> Outlook:
    """`reason` is that of the photo, as whoever asks may know it."""
    stands = standing(answers)
    if stands in {Shown.YES, Shown.LIMITS}:
        return Outlook(stands.value)
    if reason is Reason.CAME_OF_AGE:
        return Outlook.CAME_OF_AGE
    if reason is Reason.SIGNERS_DISAGREE:
        return Outlook.CONFLICT
    return Outlook.LAPSED if reason in LAPSES else Outlook(stands.value)


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
