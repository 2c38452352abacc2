"""Who may sign at the kiosk, what counts as answered, and what is a signature?"""

import json
import math
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.references import new_reference, tidy_reference
from consent.domain.signatures import (
    LONGEST_NAME,
    MOST_BYTES,
    MOST_POINTS,
    Signature,
    SignatureMissing,
    SignatureNotMeant,
    SignatureRefused,
    SignatureTooLarge,
    SignatureTooSimple,
    SignatureUnreadable,
)
from consent.domain.signing import (
    MOST_PATRONS,
    AnswersMissing,
    BirthDateImpossible,
    GuardianNotOfAge,
    LimitWrong,
    MinorSignsAlone,
    NameWrong,
    NobodyToSignFor,
    PatronOfAge,
    SameChildTwice,
    SelfIsOnePerson,
    SigningRefused,
    Sitting,
    TooManyChildren,
    TypedPatron,
    TypedSigner,
    check_patron,
    check_signer,
    expires_at,
    last_day_shown,
    settle,
)
from consent.domain.vocabulary import Answer, Language, Relationship, Use
from tests.builders.sittings import CHILD, MOTHER, NO, TODAY, YES, a_child, a_sitting, by_oneself

PHOENIX = ZoneInfo("America/Phoenix")
SQUIGGLE = [[[20, 80], [60, 20], [100, 90], [180, 30]]]


def settled(sitting: Sitting, today: date = TODAY) -> Sitting:
    return settle(sitting, uses=list(Use), today=today)


def grown(name: str) -> TypedPatron:
    return a_child(name, born=date(2008, 7, 1))


@pytest.mark.parametrize(
    ("sitting", "refusal", "place"),
    [
        (a_sitting(signer=replace(MOTHER, of_age=False)), GuardianNotOfAge, None),
        (a_sitting(signer=replace(MOTHER, first_name=" ")), NameWrong, None),
        (a_sitting(signer=replace(MOTHER, last_name="x" * 129)), NameWrong, None),
        (a_sitting(signer=replace(MOTHER, first_name="Mo\nSmith")), NameWrong, None),
        (a_sitting(signer=replace(MOTHER, first_name="Mo\u202esmith")), NameWrong, None),
        (a_sitting(signer=replace(MOTHER, first_name="Mo\ud800")), NameWrong, None),
        (a_sitting(signer=replace(MOTHER, email="m" * 321)), NameWrong, None),
        (replace(a_sitting(), patrons=()), NobodyToSignFor, None),
        (a_sitting(*(a_child(f"Child {n}") for n in range(MOST_PATRONS + 1))), TooManyChildren, None),
        (a_sitting(a_child("")), NameWrong, 0),
        (a_sitting(CHILD, grown("Max")), PatronOfAge, 1),
        (a_sitting(CHILD, a_child("Max"), a_child("zoe")), SameChildTwice, 2),
        (a_sitting(a_child("Max", born=date(2026, 7, 2))), BirthDateImpossible, 0),
        (a_sitting(a_child("Max", born=date(1895, 6, 30))), BirthDateImpossible, 0),
        (a_sitting(a_child("Max", answers={})), AnswersMissing, 0),
        (a_sitting(a_child("Max", answers=dict.fromkeys(list(Use)[:-1], Answer.YES))), AnswersMissing, 0),
        (a_sitting(a_child("Max", platforms=())), LimitWrong, 0),
        (a_sitting(a_child("Max", programs=())), LimitWrong, 0),
        (a_sitting(a_child("Max", channels=())), LimitWrong, 0),
        (a_sitting(a_child("Max", channels=("billboard",))), LimitWrong, 0),
        (a_sitting(a_child("Max", accounts={"facebook": "x" * 201})), LimitWrong, 0),
        (a_sitting(a_child("Max", accounts={"facebook": "a\u0007b"})), LimitWrong, 0),
        (by_oneself(born=date(2010, 1, 1)), MinorSignsAlone, None),
        (replace(by_oneself(), signer=TypedSigner("Ada", "Okafor", of_age=False)), MinorSignsAlone, None),
        (by_oneself(first_name="Eve"), SelfIsOnePerson, None),
        (replace(by_oneself(), patrons=(by_oneself().patrons[0], CHILD)), SelfIsOnePerson, None),
    ],
)
def test_a_sitting_that_cannot_be_signed_says_why_and_of_which_child(sitting, refusal, place):
    with pytest.raises(refusal) as refused:
        settled(sitting)
    assert (refused.type, refused.value.patron) == (refusal, place)
    assert str(refused.value)


@pytest.mark.parametrize("born", [date(2008, 7, 2), date(2015, 3, 4), date(2026, 7, 1)])
def test_a_guardian_signs_for_whoever_is_not_yet_18(born):
    assert settled(a_sitting(a_child("Max", born=born))).patrons[0].born == born


def test_on_the_18th_birthday_they_sign_for_themself():
    with pytest.raises(PatronOfAge):
        settled(a_sitting(grown("Max")), date(2026, 7, 1))
    assert settled(by_oneself(born=date(2008, 7, 1)), date(2026, 7, 1))


def test_twins_are_two_children():
    assert len(settled(a_sitting(a_child("Ana Lucía"), a_child("Ana Lucila"))).patrons) == 2


def test_namesakes_of_another_age_are_two_children():
    assert len(settled(a_sitting(CHILD, replace(CHILD, born=date(2017, 3, 4)))).patrons) == 2


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "W" * 128,
        "José María",
        "O’Brien-Núñez de la O",
        "محمد",
        "王小明",
        "สมชาย",
        "क्षितिज",
        "نیم\u200cفاصله",
        "👨\u200d👩",
    ],
)
def test_a_name_of_any_length_and_script_is_kept_letter_by_letter(name):
    sitting = a_sitting(replace(CHILD, first_name=name), signer=replace(MOTHER, last_name=name))
    kept = Sitting.from_json(json.loads(json.dumps(settled(sitting).to_json())))
    assert (kept.patrons[0].first_name, kept.signer.last_name) == (name, name)


def test_a_no_to_being_recorded_is_a_no_to_video():
    [patron] = settled(a_sitting(a_child("Max", answers=YES | {Use.RECORD: Answer.NO}))).patrons
    assert patron.said(Answer.NO) == (Use.RECORD, Use.VIDEO)


def test_a_form_that_does_not_ask_for_video_gets_no_answer_to_it():
    asked = [Use.RECORD, Use.PHOTO]
    sitting = a_sitting(a_child("Max", answers={Use.RECORD: Answer.NO, Use.PHOTO: Answer.YES}))
    [patron] = settle(sitting, uses=asked, today=TODAY).patrons
    assert patron.answers == {Use.RECORD: Answer.NO, Use.PHOTO: Answer.YES}


def test_a_no_to_everything_has_no_limits_and_names_no_account():
    limits = {"channels": ("personal",), "platforms": (), "programs": ("camp",), "accounts": {"facebook": "@max"}}
    [patron] = settled(a_sitting(a_child("Max", answers=NO, **limits))).patrons
    assert (patron.channels, patron.platforms, patron.programs, patron.accounts) == (("department",), None, None, {})


def test_channels_stand_in_the_order_in_which_they_are_kept():
    [patron] = settled(a_sitting(a_child("Max", channels=("personal", "department")))).patrons
    assert patron.channels == ("department", "personal")


@pytest.mark.parametrize(
    ("answers", "platforms", "kept"),
    [
        (YES, None, {"facebook": "@max", "x": "max"}),
        (YES, ("x",), {"x": "max"}),
        (NO | {Use.FOLLOW: Answer.YES}, None, {"facebook": "@max", "x": "max"}),
        (NO | {Use.PHOTO: Answer.YES, Use.MESSAGE: Answer.YES}, None, {}),
    ],
)
def test_an_account_is_kept_only_where_a_yes_needs_it(answers, platforms, kept):
    accounts = {"facebook": " @max ", "x": "max", "youtube": "  "}
    [patron] = settled(a_sitting(a_child("Max", answers=answers, platforms=platforms, accounts=accounts))).patrons
    assert patron.accounts == kept


@pytest.mark.parametrize(
    "sitting",
    [
        a_sitting(CHILD, a_child("Max", platforms=("x",), programs=("camp",), accounts={"x": "@m"}, born=None)),
        a_sitting(signer=TypedSigner("Mo", "X", Relationship.POWER_OF_ATTORNEY, "mo@example.org", of_age=True)),
        replace(by_oneself(), language=Language.SPANISH),
    ],
)
def test_a_sitting_comes_back_from_the_draft_as_it_was(sitting):
    assert Sitting.from_json(json.loads(json.dumps(sitting.to_json()))) == sitting


def test_a_page_can_check_the_signer_and_each_child_before_anything_is_answered():
    check_signer(MOTHER)
    unanswered = a_sitting(a_child("Max", answers={}), a_child("max", answers={}))
    check_patron(unanswered, 0, today=TODAY)
    with pytest.raises(SameChildTwice):
        check_patron(unanswered, 1, today=TODAY)


@pytest.mark.parametrize(
    ("signed_on", "until"),
    [
        (date(2026, 7, 1), datetime(2027, 7, 1, 7, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 12, 31, 7, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2029, 3, 1, 7, tzinfo=UTC)),
        (date(2027, 2, 28), datetime(2028, 2, 28, 7, tzinfo=UTC)),
    ],
)
def test_a_yes_ends_at_the_local_midnight_after_twelve_months(signed_on, until):
    assert expires_at(signed_on, PHOENIX) == until


def test_midnight_is_that_of_the_place_and_of_its_summer_time():
    assert expires_at(date(2026, 7, 1), ZoneInfo("Europe/Madrid")) == datetime(2027, 6, 30, 22, tzinfo=UTC)
    assert expires_at(date(2026, 1, 1), ZoneInfo("Europe/Madrid")) == datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2015, 3, 4), date(2027, 6, 30)),
        (date(2009, 6, 30), date(2027, 6, 29)),
        (date(2009, 7, 1), date(2027, 6, 30)),
        (date(2009, 1, 1), date(2026, 12, 31)),
        (date(1990, 1, 1), date(2027, 6, 30)),
        (None, date(2027, 6, 30)),
    ],
)
def test_the_last_day_told_is_never_after_the_18th_birthday(born, last):
    assert last_day_shown(date(2026, 7, 1), born) == last


def test_a_signature_may_be_drawn_or_typed():
    assert Signature.drawn(json.dumps(SQUIGGLE)).kind == "drawn"
    assert Signature.typed("  María   José ", meant=True) == Signature(name="María José")


@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        ("", SignatureMissing),
        ("  ", SignatureMissing),
        ("[]", SignatureMissing),
        ("[[],[]]", SignatureMissing),
        ("[[[5,5]]]", SignatureTooSimple),
        ("[[[5,5],[6,6],[7,5],[8,6]]]", SignatureTooSimple),
        ("[[[5,5],[45,5]]]", SignatureTooSimple),
        ("[[[5,5]],[[300,200]]]", SignatureTooSimple),
        ("{}", SignatureUnreadable),
        ("null", SignatureUnreadable),
        ("[1]", SignatureUnreadable),
        ("[[1]]", SignatureUnreadable),
        ("[[[1]]]", SignatureUnreadable),
        ("[[[1,2,3]]]", SignatureUnreadable),
        ("[[[1.5,2]]]", SignatureUnreadable),
        ("[[[NaN,2]]]", SignatureUnreadable),
        ("[[[true,2]]]", SignatureUnreadable),
        ('[[["1",2]]]', SignatureUnreadable),
        ("[[[1,999999]]]", SignatureUnreadable),
        ("[[[1,2]", SignatureUnreadable),
        ("[" * 60_000, SignatureUnreadable),
        (json.dumps([[[n % 500, n % 300] for n in range(MOST_POINTS + 1)]], separators=(",", ":")), SignatureTooLarge),
        (" " * MOST_BYTES + "[]", SignatureTooLarge),
    ],
)
def test_what_is_no_signature_is_refused_in_words(payload, refusal):
    with pytest.raises(refusal) as refused:
        Signature.drawn(payload)
    assert re.fullmatch(r"[A-Z].+\.", str(refused.value))


@pytest.mark.parametrize(
    ("name", "meant", "refusal"),
    [
        ("", True, SignatureMissing),
        ("   ", True, SignatureMissing),
        ("Mo", False, SignatureNotMeant),
        ("x" * (LONGEST_NAME + 1), True, SignatureTooLarge),
    ],
)
def test_a_typed_name_is_a_signature_only_if_it_is_meant_as_one(name, meant, refusal):
    with pytest.raises(refusal):
        Signature.typed(name, meant=meant)


def test_a_cross_is_the_mark_of_somebody_who_cannot_write():
    assert Signature.drawn("[[[20,20],[120,120]],[[120,20],[20,120]]]").strokes


def test_the_largest_signature_is_taken():
    points = [[int(300 + 200 * math.cos(n / 9)), n % 300] for n in range(MOST_POINTS)]
    assert len(Signature.drawn(json.dumps([points], separators=(",", ":"))).strokes[0]) == MOST_POINTS


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=30))
def test_whatever_is_sent_is_a_signature_or_refused(sent):
    try:
        kept = Signature.drawn(json.dumps(sent))
    except SignatureRefused:
        return
    assert Signature.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_every_refusal_of_a_sitting_has_a_case_here():
    [cases] = [mark.args[1] for mark in test_a_sitting_that_cannot_be_signed_says_why_and_of_which_child.pytestmark]
    assert {case[1] for case in cases} == set(SigningRefused.__subclasses__())


def test_a_reference_can_be_read_aloud_and_typed_in_any_way():
    reference = new_reference()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", reference)
    assert tidy_reference(f" {reference.lower().replace('-', ' ')} ") == reference
    assert tidy_reference("koq1-ilo0") == "K0Q1-1100"


def test_references_do_not_repeat():
    assert len({new_reference() for _ in range(1000)}) == 1000
