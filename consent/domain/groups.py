"""May this picture go out, with everybody in it? The rule for the whole group, from each person's own answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from consent.domain.shown import Face
from consent.domain.vocabulary import Shown

MOST_PEOPLE: Final = 500


class AddedBy(StrEnum):
    """How somebody came into a group check."""

    SCAN = "scan"
    ROSTER = "roster"
    SEARCH = "search"


class InVain(StrEnum):
    """Why what was scanned or typed means nobody."""

    NOT_KNOWN = "not-known"
    CARD_REPLACED = "card-replaced"
    CARD_EXPIRED = "card-expired"


@dataclass(frozen=True, slots=True)
class GroupFace:
    """What the whole group is answered, in numbers.

    `refused` counts the people who may not be shown, with those nobody could identify; `missing` those who are in the
    picture and were not checked yet; `surplus` those checked beyond the number declared.
    """

    shown: Shown
    total: int
    refused: int
    limited: int
    missing: int
    surplus: int
    declared: bool


WORST_FIRST: Final = (Shown.CANNOT_CHECK, Shown.NO, Shown.NOT_KNOWN, Shown.LIMITS, Shown.YES)


def group_face(people: Sequence[Shown], *, headcount: int | None, unidentified: int) -> GroupFace:
    """Yes only if everybody in the picture was counted, identified and allowed."""
    counted = len(people) + unidentified
    missing, surplus = max(0, (headcount or 0) - counted), max(0, counted - (headcount or counted))
    limited = sum(shown is Shown.LIMITS for shown in people)
    refused = unidentified + sum(shown not in {Shown.YES, Shown.LIMITS} for shown in people)
    if refused:
        shown = Shown.NO
    elif not counted or headcount is None or missing or surplus:
        shown = Shown.NOT_KNOWN
    else:
        shown = Shown.LIMITS if limited else Shown.YES
    return GroupFace(shown, counted + missing, refused, limited, missing, surplus, declared=headcount is not None)


def person_shown(faces: Iterable[Face]) -> Shown:
    """One person's answer to all that is to be done with them: the worst, for a post does it all at once."""
    faces = tuple(faces)
    worst = min((face.shown for face in faces), key=WORST_FIRST.index)
    return Shown.NOT_KNOWN if worst is Shown.LIMITS and not platforms_for_all(faces) else worst


def platforms_for_all(faces: Iterable[Face]) -> frozenset[str]:
    """The platforms on which each of these is allowed; those that were asked about no platform narrow nothing."""
    allowed = [
        frozenset(key for key, there in face.by_platform.items() if there.allowed) for face in faces if face.by_platform
    ]
    return frozenset.intersection(*allowed) if allowed else frozenset()
