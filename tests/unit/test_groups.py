"""Does one face stand for everybody in the picture, and never a kinder one than the worst of them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.decision import Verdict
from consent.domain.groups import GroupFace, group_face, person_shown, platforms_for_all
from consent.domain.shown import Face
from consent.domain.vocabulary import Reason, Shown

YES, NO, LIMITS, NOT_KNOWN = Shown.YES, Shown.NO, Shown.LIMITS, Shown.NOT_KNOWN
ALLOWED, DENIED = Verdict(allowed=True), Verdict(allowed=False, reason=Reason.OUT_OF_SCOPE)


def a_face(shown: Shown, *allowed: str) -> Face:
    there = {platform: ALLOWED if platform in allowed else DENIED for platform in ("facebook", "instagram")}
    return Face(shown, ALLOWED if shown is YES else DENIED, there if allowed else {})


@pytest.mark.parametrize(
    ("people", "headcount", "unidentified", "shown"),
    [
        ([YES] * 14, 14, 0, YES),
        ([YES] * 13 + [NO], 14, 0, NO),
        ([YES] * 13 + [NOT_KNOWN], 14, 0, NO),
        ([YES] * 13 + [LIMITS], 14, 0, LIMITS),
        ([YES] * 13, 14, 1, NO),
        ([YES] * 13, 14, 0, NOT_KNOWN),
        ([YES] * 15, 14, 0, NOT_KNOWN),
        ([YES] * 14, None, 0, NOT_KNOWN),
        ([LIMITS] * 14, None, 0, NOT_KNOWN),
        ([NO], None, 0, NO),
        ([], 14, 0, NOT_KNOWN),
        ([], None, 0, NOT_KNOWN),
        ([], None, 2, NO),
    ],
)
def test_the_group_may_be_posted_only_if_everybody_was_counted_identified_and_allowed(
    people: list[Shown], headcount: int | None, unidentified: int, shown: Shown
) -> None:
    assert group_face(people, headcount=headcount, unidentified=unidentified).shown is shown


def test_the_numbers_say_how_many_are_in_the_picture_and_how_many_must_leave_it() -> None:
    told = group_face([YES, YES, NO, NOT_KNOWN, LIMITS], headcount=9, unidentified=1)
    assert told == GroupFace(NO, total=9, refused=3, limited=1, missing=3, surplus=0, declared=True)
    assert group_face([YES] * 3, headcount=2, unidentified=0).surplus == 1


@given(st.lists(st.sampled_from(list(Shown))), st.none() | st.integers(1, 40), st.integers(0, 3))
def test_nobody_is_shown_with_a_group_in_which_one_may_not_be(
    people: list[Shown], headcount: int | None, unidentified: int
) -> None:
    told = group_face(people, headcount=headcount, unidentified=unidentified)
    if told.shown in {YES, LIMITS}:
        assert {*people} <= {YES, LIMITS}
        assert (headcount, unidentified) == (len(people), 0)
    assert told.total >= len(people) + unidentified
    assert 0 <= told.refused + told.missing <= told.total


@pytest.mark.parametrize(
    ("faces", "shown"),
    [
        ([a_face(YES)], YES),
        ([a_face(YES, "facebook", "instagram"), a_face(LIMITS, "facebook")], LIMITS),
        ([a_face(LIMITS, "facebook"), a_face(LIMITS, "instagram")], NOT_KNOWN),
        ([a_face(YES), a_face(NO)], NO),
        ([a_face(NOT_KNOWN), a_face(LIMITS, "facebook")], NOT_KNOWN),
    ],
)
def test_whoever_may_not_be_shown_for_one_use_is_not_shown(faces: list[Face], shown: Shown) -> None:
    assert person_shown(faces) is shown


def test_a_platform_is_for_all_where_each_is_allowed() -> None:
    faces = [a_face(YES, "facebook", "instagram"), a_face(LIMITS, "facebook"), a_face(YES)]
    assert platforms_for_all(faces) == {"facebook"}
    assert platforms_for_all([]) == frozenset()
