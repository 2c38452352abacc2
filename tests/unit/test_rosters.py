"""Which mark does an answer get on paper, and in which order do names stand?"""

from datetime import timedelta

import pytest

from consent.domain.decision import Verdict, decide_through
from consent.domain.facts import Hold
from consent.domain.name_order import SortBy, display_name, name_order
from consent.domain.names import fold
from consent.domain.rosters import ROSTER_USES, Mark, Section, mark, section
from consent.domain.vocabulary import Reason, Use
from tests.builders.facts import a_yes, ask, facts

ALL_OK = dict.fromkeys(ROSTER_USES, Mark.OK)


@pytest.mark.parametrize(
    ("verdict", "shown"),
    [
        (Verdict(allowed=True), Mark.OK),
        (Verdict(allowed=False, reason=Reason.NO_RECORD), Mark.NOT_ASKED),
        (Verdict(allowed=False, reason=Reason.EXPIRED), Mark.NOT_OK),
        (Verdict(allowed=False, reason=Reason.HOLD), Mark.NOT_OK),
    ],
)
def test_only_somebody_whom_nobody_asked_is_not_asked(verdict, shown):
    assert mark(verdict) is shown


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({}, Section.OK),
        ({Use.TAG: Mark.NOT_OK}, Section.LIMITS),
        ({Use.PHOTO: Mark.NOT_ASKED}, Section.DO_NOT_PHOTOGRAPH),
        ({Use.PHOTO: Mark.NOT_OK}, Section.DO_NOT_PHOTOGRAPH),
    ],
)
def test_the_photo_decides_the_part(changes, part):
    assert section(ALL_OK | changes) is part


def test_a_mark_that_is_missing_is_no_permission():
    assert section({}) is Section.DO_NOT_PHOTOGRAPH


def test_paper_needs_a_yes_that_lasts_until_the_day_ends():
    question = ask("photo", "facebook")
    evening = question.at + timedelta(hours=6)
    assert decide_through(facts(a_yes()), question, until=evening).allowed
    ends = decide_through(facts(a_yes(expires_at=question.at + timedelta(hours=1))), question, until=evening)
    assert (ends.allowed, ends.reason) == (False, Reason.EXPIRED)
    held = decide_through(facts(a_yes(), Hold(question.at + timedelta(hours=1))), question, until=evening)
    assert held.reason is Reason.HOLD


def test_what_changes_after_the_day_does_not_matter_on_its_paper():
    question = ask("photo", "facebook")
    evening = question.at + timedelta(hours=6)
    assert decide_through(facts(a_yes(expires_at=evening)), question, until=evening).allowed


def test_a_no_stays_a_no_whatever_the_afternoon_brings():
    question = ask("photo", "facebook")
    later = question.at + timedelta(hours=1)
    signed_later = facts(a_yes(signed_at=later, witnessed_at=later))
    assert not decide_through(signed_later, question, until=question.at + timedelta(hours=6)).allowed


def test_names_sort_by_letters_before_accents():
    people = [("Zoë", "Ávila"), ("Ben", "Avilla"), ("Ana", "Zapata"), ("Cy", "Öz"), ("Al", "O'Brien"), ("Bo", "avila")]
    by_last = sorted(people, key=lambda name: name_order(*name, SortBy.LAST))
    assert [last for _, last in by_last] == ["avila", "Ávila", "Avilla", "O'Brien", "Öz", "Zapata"]
    by_first = sorted(people, key=lambda name: name_order(*name, SortBy.FIRST))
    assert [first for first, _ in by_first] == ["Al", "Ana", "Ben", "Bo", "Cy", "Zoë"]


@pytest.mark.parametrize(
    ("name", "twin", "next_name"),
    [
        ("Đặng", "Dang", "Dao"),
        ("Łucja", "Lucja", "Lucy"),
        ("Øst", "Ost", "Ott"),
        ("Æsa", "Aesa", "Afa"),
        ("Ħal", "Hal", "Ham"),
        ("Işık", "Isik", "Isla"),
        ("Weiß", "Weiss", "Weit"),
        ("Núñez", "Nunez", "Nuno"),
    ],
)
def test_a_name_stands_beside_the_one_by_which_it_is_found(name, twin, next_name):
    assert fold(name) == fold(twin)
    listed = sorted(["Zapata", next_name, name, twin], key=lambda last: name_order("Kim", last, SortBy.LAST))
    assert listed == [twin, name, next_name, "Zapata"]


def test_a_name_is_shown_as_its_list_is_sorted():
    assert display_name("Zoë", "Ávila", SortBy.LAST) == "Ávila, Zoë"
    assert display_name("Zoë", "Ávila") == "Zoë Ávila"
