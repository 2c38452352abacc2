"""Does each answer wear the right face, and keep to itself what a reader may not know?"""

import pytest

from consent.domain.facts import Platform
from consent.domain.permissions import ROLES_WITH, Permission, Role, permissions_of
from consent.domain.shown import face, reason_for, shown_alone
from consent.domain.vocabulary import Reason, Shown, Use
from consent.wording import NEXT_STEPS, NO_OF_PEOPLE, REASONS, USES, VERDICT_MEANINGS, VERDICTS, reason_sentence
from tests.builders.facts import FACEBOOK, FATHER, LONG_APPROVED, a_hold, a_no, a_withdrawal, a_yes, ask, facts, on

EVERYTHING = frozenset(Permission)
NOTHING = frozenset({Permission.LOOK_UP})
HOLD_HIDDEN = EVERYTHING - {Permission.SEE_HOLDS}


@pytest.mark.parametrize(
    ("things", "shown", "reason"),
    [
        ([a_yes()], Shown.YES, None),
        ([a_yes(platforms=FACEBOOK)], Shown.LIMITS, Reason.OUT_OF_SCOPE),
        ([a_no()], Shown.NO, Reason.REFUSED),
        ([a_yes(), a_withdrawal()], Shown.NO, Reason.WITHDRAWN),
        ([a_yes(), a_no(FATHER)], Shown.NO, Reason.SIGNERS_DISAGREE),
        ([a_yes(), a_hold()], Shown.NO, Reason.HOLD),
        ([], Shown.NOT_KNOWN, Reason.NO_RECORD),
        ([a_yes(witnessed_at=None)], Shown.NOT_KNOWN, Reason.AWAITING_WITNESS),
        ([a_yes(expires_at=on("2026-02-01"))], Shown.NOT_KNOWN, Reason.EXPIRED),
    ],
)
def test_an_answer_wears_the_face_of_its_kind(things: list, shown: Shown, reason: Reason | None) -> None:
    told = face(facts(*things), ask(), permissions=EVERYTHING)
    assert (told.shown, told.verdict.reason) == (shown, reason)


def test_limits_say_on_which_platforms_one_may() -> None:
    told = face(facts(a_yes(platforms=FACEBOOK)), ask(), permissions=EVERYTHING)
    assert {key: there.allowed for key, there in told.by_platform.items()} == {"facebook": True, "instagram": False}
    assert {shown_alone(there) for there in told.by_platform.values()} == {Shown.YES, Shown.NOT_KNOWN}


def test_one_platform_asked_about_has_no_limits_of_others() -> None:
    told = face(facts(a_yes(platforms=FACEBOOK)), ask(platform="instagram"), permissions=EVERYTHING)
    assert (told.shown, told.by_platform) == (Shown.NOT_KNOWN, {})


def test_being_recorded_is_asked_on_no_platform() -> None:
    assert face(facts(a_yes()), ask(Use.RECORD), permissions=EVERYTHING).by_platform == {}


def test_a_platform_that_is_not_approved_is_a_plain_no() -> None:
    told = face(facts(a_yes(), platforms={}), ask(), permissions=EVERYTHING)
    assert (told.shown, told.verdict.reason) == (Shown.NO, Reason.PLATFORM_NOT_APPROVED)


def test_a_platform_closed_by_now_is_no_place_to_list() -> None:
    platforms = LONG_APPROVED | {"myspace": Platform(on("2020-01-01"), on("2021-01-01"))}
    assert "myspace" not in face(facts(a_yes(), platforms=platforms), ask(), permissions=EVERYTHING).by_platform


@pytest.mark.parametrize("things", [[a_no()], [a_yes(), a_withdrawal()], [a_yes(), a_no(FATHER)], [a_yes(), a_hold()]])
def test_the_four_reasons_of_people_look_the_same_without_the_right_to_more(things: list) -> None:
    told = face(facts(*things), ask(), permissions=NOTHING)
    assert (told.shown, told.verdict.reason) == (Shown.NO, Reason.REFUSED)
    assert {there.reason for there in told.by_platform.values()} == {Reason.REFUSED}
    assert reason_sentence(told.verdict.reason, NOTHING) == NO_OF_PEOPLE


def test_a_hold_to_come_does_not_show_in_how_long_a_yes_lasts() -> None:
    known = facts(a_yes(), a_hold(since="2026-10-01"))
    assert face(known, ask(), permissions=HOLD_HIDDEN).verdict.valid_until > on("2026-10-01")
    assert face(known, ask(), permissions=EVERYTHING).verdict.valid_until == on("2026-10-01")


def test_a_hold_is_told_from_a_refusal_by_nobody_who_may_not_see_holds() -> None:
    held = face(facts(a_yes(), a_hold()), ask(), permissions=HOLD_HIDDEN)
    refused = face(facts(a_no()), ask(), permissions=HOLD_HIDDEN)
    assert held == refused
    assert reason_sentence(held.verdict.reason, HOLD_HIDDEN) == NO_OF_PEOPLE


def test_only_records_officers_and_administrators_see_holds() -> None:
    assert ROLES_WITH[Permission.SEE_HOLDS] == {Role.RECORDS_OFFICER, Role.ADMINISTRATOR}
    for role in Role:
        told = face(facts(a_yes(), a_hold()), ask(), permissions=permissions_of([role]))
        assert (told.verdict.reason is Reason.HOLD) is (role in ROLES_WITH[Permission.SEE_HOLDS])


@pytest.mark.parametrize("reason", [Reason.EXPIRED, Reason.NO_RECORD, Reason.AWAITING_WITNESS, Reason.CAME_OF_AGE])
def test_a_reason_that_is_about_paper_is_told_to_everybody(reason: Reason) -> None:
    assert reason_for(reason, NOTHING) is reason


def test_everything_that_can_be_shown_has_words() -> None:
    assert set(VERDICTS) == set(VERDICT_MEANINGS) == set(Shown)
    assert set(REASONS) == set(NEXT_STEPS) == set(Reason)
    assert set(USES) == set(Use)
