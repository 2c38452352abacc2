"""Does the rule say what it promises? Each worked case, each reason and each sentence of it, one line for each."""

from typing import Any

import pytest

from consent.domain.decision import Verdict, decide, disclose
from consent.domain.facts import SELF, Consent, Facts, Platform, Question
from consent.domain.vocabulary import Reason, Use
from tests.builders.facts import (
    BOTH_CHANNELS,
    CAMP,
    FACEBOOK,
    FATHER,
    LONG_APPROVED,
    MOTHER,
    NOW,
    THIS_MORNING,
    a_guardianship,
    a_hold,
    a_no,
    a_patron,
    a_withdrawal,
    a_yes,
    ask,
    facts,
    on,
)

MOTHERS = "mother-yes-2026-01-10"
FATHERS = "father-yes-2026-01-10"
DISAGREE = Reason.SIGNERS_DISAGREE
FIFTEEN = a_patron("2011-03-10")
SIXTEEN = a_patron("2010-03-10")
EIGHTEEN_YESTERDAY = a_patron("2008-09-14")
GROWN_UP = a_patron("1990-03-10")
WITH_TIKTOK = LONG_APPROVED | {"tiktok": Platform(on("2026-02-01"))}

YEAR_THEN_SUMMER = facts(
    a_yes(signed="2026-01-01", expires_at=on("2027-01-01")),
    a_yes(signed="2026-06-01", expires_at=on("2026-08-01")),
)
YEAR_THEN_CAMP = facts(
    a_yes(signed="2026-01-01", expires_at=on("2027-01-01")),
    a_yes(signed="2026-06-01", expires_at=on("2026-08-01"), programs=CAMP),
)
NO_THEN_YES_FOR_FACEBOOK = facts(a_yes(FATHER), a_no(), a_yes(signed="2026-06-10", platforms=FACEBOOK))
POWER_OF_ATTORNEY_TWICE = facts(
    a_guardianship("uncle", "2026-01-01", "2026-06-01"),
    a_guardianship("uncle", "2026-08-01"),
    a_yes("uncle", "2026-02-01"),
    parents=False,
)

WORKED_CASES = {
    "nothing signed": (facts(), ask(), Reason.NO_RECORD),
    "a yes of this morning that nobody has witnessed": (
        facts(a_yes(signed_at=THIS_MORNING, witnessed_at=None)),
        ask(),
        Reason.AWAITING_WITNESS,
    ),
    "father yes, mother's unwitnessed no of this morning": (
        facts(a_yes(FATHER), a_no(signed_at=THIS_MORNING, witnessed_at=None)),
        ask(),
        DISAGREE,
    ),
    "mother yes, the fifteen-year-old no": (facts(FIFTEEN, a_yes(), a_no(SELF)), ask(), DISAGREE),
    "said no at 15 and yes at 16, mother yes": (
        facts(SIXTEEN, a_no(SELF, "2025-05-10"), a_yes(SELF, "2026-04-10"), a_yes()),
        ask(),
        (MOTHERS,),
    ),
    "yes for Facebook only, asked for Instagram": (
        facts(a_yes(platforms=FACEBOOK)),
        ask(platform="instagram"),
        Reason.OUT_OF_SCOPE,
    ),
    "mother's no on a camp form, father yes to all, asked for swimming": (
        facts(a_no(programs=CAMP), a_yes(FATHER)),
        ask(program="swimming"),
        DISAGREE,
    ),
    "yes to all platforms before TikTok was approved": (
        facts(a_yes(signed="2024-01-10"), platforms=WITH_TIKTOK),
        ask(platform="tiktok"),
        Reason.OUT_OF_SCOPE,
    ),
    "yes for the year, then yes until August, in September": (YEAR_THEN_SUMMER, ask(), Reason.EXPIRED),
    "yes for the year, then for camp until August, at camp in September": (
        YEAR_THEN_CAMP,
        ask(program="camp"),
        Reason.EXPIRED,
    ),
    "yes for the year, then for camp until August, no program": (YEAR_THEN_CAMP, ask(), ("mother-yes-2026-01-01",)),
    "mother yes for a year, 18 yesterday": (
        facts(EIGHTEEN_YESTERDAY, a_yes(expires_at=on("2027-01-10"))),
        ask(),
        Reason.CAME_OF_AGE,
    ),
    "signed for himself at 17, now 18": (facts(EIGHTEEN_YESTERDAY, a_yes(SELF)), ask(), Reason.NOT_ENTITLED),
    "mother withdrew tags, then yes to all again": (
        facts(a_withdrawal(MOTHER, "2026-02-10", Use.TAG), a_yes(signed="2026-03-10")),
        ask(Use.TAG),
        ("mother-yes-2026-03-10",),
    ),
    "mother withdrew, then father yes": (facts(a_withdrawal(), a_yes(FATHER, "2026-06-10")), ask(), DISAGREE),
    "father yes, mother no and later yes for Facebook, on Instagram": (
        NO_THEN_YES_FOR_FACEBOOK,
        ask(platform="instagram"),
        DISAGREE,
    ),
    "father yes, mother no and later yes for Facebook, on Facebook": (
        NO_THEN_YES_FOR_FACEBOOK,
        ask(platform="facebook"),
        (FATHERS, "mother-yes-2026-06-10"),
    ),
    "father yes, mother no in May and yes from June to August": (
        facts(a_yes(FATHER), a_no(), a_yes(signed="2026-06-01", expires_at=on("2026-08-01"))),
        ask(),
        DISAGREE,
    ),
    "father no, his guardianship ended by court, mother yes": (
        facts(a_guardianship(FATHER, until="2026-07-01"), a_no(FATHER), a_yes()),
        ask(),
        (MOTHERS,),
    ),
    "a yes under an earlier power of attorney": (POWER_OF_ATTORNEY_TWICE, ask(), Reason.NOT_ENTITLED),
    "a court hold over both parents' yes": (
        facts(a_yes(), a_yes(FATHER), a_hold(until="2026-12-01")),
        ask(),
        Reason.HOLD,
    ),
    "mother's no voided as entered for the wrong child, her older yes": (
        facts(a_yes(), a_no(voided_at=on("2026-05-11"))),
        ask(),
        (MOTHERS,),
    ),
}


def assert_says(verdict: Verdict, expected: Reason | tuple[str, ...]) -> None:
    if isinstance(expected, Reason):
        assert (verdict.allowed, verdict.reason) == (False, expected)
        assert (verdict.basis, verdict.valid_until) == ((), None)
    else:
        assert (verdict.allowed, verdict.reason, verdict.basis) == (True, None, expected)
    assert verdict.needs is None


@pytest.mark.parametrize(("on_file", "question", "expected"), WORKED_CASES.values(), ids=WORKED_CASES)
def test_each_worked_case_of_the_rule(on_file: Facts, question: Question, expected: Reason | tuple[str, ...]) -> None:
    assert_says(decide(on_file, question), expected)


def test_yes_to_video_but_no_to_record_is_a_no_to_video() -> None:
    verdict = decide(facts(a_yes(uses=(Use.VIDEO,)), a_no(uses=(Use.RECORD,))), ask(Use.VIDEO))
    assert verdict == Verdict(allowed=False, reason=Reason.REFUSED, needs=Use.RECORD, basis=(), valid_until=None)


NEARLY: dict[str, tuple[dict[str, Any], Reason]] = {
    "not witnessed": ({"witnessed_at": None}, Reason.AWAITING_WITNESS),
    "witnessed only tomorrow": ({"witnessed_at": on("2026-09-16")}, Reason.AWAITING_WITNESS),
    "another platform": ({"platforms": frozenset({"instagram"})}, Reason.OUT_OF_SCOPE),
    "another channel": ({"channels": frozenset({"personal"})}, Reason.OUT_OF_SCOPE),
    "another program": ({"programs": frozenset({"swimming"})}, Reason.OUT_OF_SCOPE),
    "a faulty form": ({"form_withdrawn_at": on("2026-08-01")}, Reason.FORM_WITHDRAWN),
    "run out": ({"expires_at": on("2026-08-01")}, Reason.EXPIRED),
    "signed by a stranger": ({"signer": "aunt"}, Reason.NOT_ENTITLED),
    "signed by a child": ({"signer": SELF}, Reason.NOT_ENTITLED),
    "voided": ({"voided_at": on("2026-08-01")}, Reason.VOIDED),
    "signed this instant and not witnessed": ({"signed_at": NOW, "witnessed_at": None}, Reason.AWAITING_WITNESS),
    "signed only tomorrow": ({"signed_at": on("2026-09-16")}, Reason.NO_RECORD),
    "about another use": ({"uses": (Use.TAG,)}, Reason.NO_RECORD),
}


@pytest.mark.parametrize(("change", "reason"), NEARLY.values(), ids=NEARLY)
def test_one_broken_condition_is_enough_to_refuse(change: dict[str, Any], reason: Reason) -> None:
    question = ask(platform="facebook", program="camp")
    assert_says(decide(facts(a_yes()), question), (MOTHERS,))
    assert_says(decide(facts(a_yes(**change)), question), reason)


NOON = NOW
THE_INSTANT_ITSELF = {
    "a yes counts from its signing": (facts(a_yes(signed_at=NOON)), True),
    "and from its witnessing": (facts(a_yes(witnessed_at=NOON)), True),
    "a no is heard from its signing": (facts(a_yes(), a_no(signed_at=NOON, witnessed_at=None)), False),
    "a withdrawal is heard at once": (facts(a_yes(), a_withdrawal(at=NOON)), False),
    "a consent has ended when it expires": (facts(a_yes(expires_at=NOON)), False),
    "a form's text is faulty when it is withdrawn": (facts(a_yes(form_withdrawn_at=NOON)), False),
    "a voided yes is gone": (facts(a_yes(voided_at=NOON)), False),
    "a voided no is gone": (facts(a_yes(), a_no(voided_at=NOON)), True),
    "a voided withdrawal is gone": (facts(a_yes(), a_withdrawal(voided_at=NOON)), True),
}


@pytest.mark.parametrize(("on_file", "allowed"), THE_INSTANT_ITSELF.values(), ids=THE_INSTANT_ITSELF)
def test_what_happens_at_the_instant_asked_about_has_happened(on_file: Facts, *, allowed: bool) -> None:
    assert decide(on_file, ask()).allowed is allowed


def test_holds_guardianships_and_platforms_begin_on_the_instant_and_have_ended_on_the_instant() -> None:
    at_start, at_end = ask(at=on("2026-08-01")), ask(at=on("2026-09-01"))
    held = facts(a_yes(), a_hold("2026-08-01", "2026-09-01"))
    assert [decide(held, question).allowed for question in (at_start, at_end)] == [False, True]
    entrusted = facts(a_guardianship(MOTHER, "2026-08-01", "2026-09-01"), a_yes(signed="2026-08-01"))
    assert [decide(entrusted, question).allowed for question in (at_start, at_end)] == [True, False]
    approved = facts(a_yes(platforms=FACEBOOK), platforms={"facebook": Platform(on("2026-08-01"), on("2026-09-01"))})
    assert [decide(approved, question).allowed for question in (at_start, at_end)] == [True, False]


A_NO_EVERYWHERE = {
    "on another platform": a_no(platforms=FACEBOOK),
    "in another program": a_no(programs=CAMP),
    "on the other channel": a_no(channels=frozenset({"personal"})),
    "on a form run out": a_no(expires_at=on("2026-06-01")),
    "on a faulty form": a_no(form_withdrawn_at=on("2026-06-01")),
    "that nobody witnessed": a_no(witnessed_at=None),
    "older than the other's yes": a_no(signed="2025-01-01"),
}


@pytest.mark.parametrize("no", A_NO_EVERYWHERE.values(), ids=A_NO_EVERYWHERE)
def test_a_no_is_a_no_everywhere(no: Consent) -> None:
    assert_says(decide(facts(no, a_yes(FATHER)), ask(platform="instagram", program="swimming")), DISAGREE)
    assert_says(decide(facts(no), ask(platform="instagram", program="swimming")), Reason.REFUSED)


LATER_YES = {
    "that covers the question lifts it": (a_yes(signed="2026-06-10"), None),
    "that has run out lifts nothing": (a_yes(signed="2026-06-10", expires_at=on("2026-08-01")), Reason.REFUSED),
    "on a faulty form lifts nothing": (a_yes(signed="2026-06-10", form_withdrawn_at=on("2026-08-01")), Reason.REFUSED),
    "for another platform lifts nothing": (a_yes(signed="2026-06-10", platforms=frozenset({"x"})), Reason.REFUSED),
    "for the other channel lifts nothing": (
        a_yes(signed="2026-06-10", channels=frozenset({"personal"})),
        Reason.REFUSED,
    ),
    "for one program does not speak here": (a_yes(signed="2026-06-10", programs=CAMP), Reason.REFUSED),
    "unwitnessed is not heard": (a_yes(signed="2026-06-10", witnessed_at=None), Reason.REFUSED),
    "voided is not heard": (a_yes(signed="2026-06-10", voided_at=on("2026-06-11")), Reason.REFUSED),
    "of the same instant loses to it": (a_yes(signed="2026-05-10"), Reason.REFUSED),
}


@pytest.mark.parametrize(("yes", "reason"), LATER_YES.values(), ids=LATER_YES)
def test_ones_own_later_yes(yes: Consent, reason: Reason | None) -> None:
    assert decide(facts(a_no(), yes), ask(platform="facebook")).reason is reason


def test_a_no_stays_when_the_yes_that_lifted_it_was_replaced_by_a_narrower_one() -> None:
    on_file = facts(a_no(), a_yes(signed="2026-06-10"), a_yes(signed="2026-07-10", platforms=FACEBOOK))
    assert_says(decide(on_file, ask(platform="instagram")), Reason.REFUSED)
    assert_says(decide(on_file, ask(platform="facebook")), ("mother-yes-2026-07-10",))


def test_the_latest_of_the_older_noes_is_the_one_that_stays() -> None:
    narrow = a_yes(signed="2026-06-10", platforms=frozenset({"x"}))
    no_then_withdrawn = facts(a_no(signed="2026-04-10"), a_withdrawal(), narrow)
    assert_says(decide(no_then_withdrawn, ask(platform="facebook")), Reason.WITHDRAWN)
    withdrawn_then_no = facts(a_withdrawal(day="2026-04-10"), a_no(), narrow)
    assert_says(decide(withdrawn_then_no, ask(platform="facebook")), Reason.REFUSED)


def test_at_one_instant_a_withdrawal_beats_a_no_and_a_no_beats_a_yes() -> None:
    day = "2026-05-10"
    assert_says(decide(facts(a_yes(signed=day), a_no(signed=day)), ask()), Reason.REFUSED)
    assert_says(decide(facts(a_yes(signed=day), a_withdrawal(day=day)), ask()), Reason.WITHDRAWN)
    assert_says(decide(facts(a_no(signed=day), a_withdrawal(day=day)), ask()), Reason.WITHDRAWN)


def test_equal_yes_statements_stand_together() -> None:
    both = facts(a_yes(id="B"), a_yes(id="A"))
    assert_says(decide(both, ask()), ("A", "B"))
    one_for_facebook = facts(a_yes(id="B"), a_yes(id="A", platforms=FACEBOOK))
    assert_says(decide(one_for_facebook, ask(platform="instagram")), ("B",))
    either_lifts = facts(a_no(signed="2025-01-01"), a_yes(id="B"), a_yes(id="A", platforms=FACEBOOK))
    assert_says(decide(either_lifts, ask(platform="instagram")), ("B",))


def test_an_older_yes_never_comes_back_when_a_newer_one_fails() -> None:
    newer_is_faulty = facts(a_yes(), a_yes(signed="2026-02-10", form_withdrawn_at=on("2026-08-01")))
    assert_says(decide(newer_is_faulty, ask()), Reason.FORM_WITHDRAWN)
    newer_is_for_facebook = facts(a_yes(), a_yes(signed="2026-02-10", platforms=FACEBOOK))
    assert_says(decide(newer_is_for_facebook, ask(platform="instagram")), Reason.OUT_OF_SCOPE)


def test_a_yes_limited_to_programs_never_speaks_to_a_question_without_one() -> None:
    for_camp = facts(a_yes(programs=CAMP))
    assert_says(decide(for_camp, ask(program="camp")), (MOTHERS,))
    assert_says(decide(for_camp, ask()), Reason.OUT_OF_SCOPE)


def test_an_unwitnessed_yes_replaces_nothing() -> None:
    assert_says(decide(facts(a_yes(), a_yes(signed="2026-06-10", witnessed_at=None)), ask()), (MOTHERS,))


def test_a_withdrawal_is_said_to_be_one_also_beside_anothers_no() -> None:
    assert_says(decide(facts(a_no(FATHER), a_withdrawal()), ask()), Reason.WITHDRAWN)


def test_parents_disagree_only_while_the_yes_would_do_by_itself() -> None:
    assert_says(decide(facts(a_no(), a_yes(FATHER, expires_at=on("2026-08-01"))), ask()), Reason.REFUSED)
    assert_says(decide(facts(a_no(), a_yes("aunt")), ask()), Reason.REFUSED)


def test_a_strangers_no_stops_nobody() -> None:
    assert_says(decide(facts(a_yes(), a_no("aunt"), a_withdrawal("aunt")), ask()), (MOTHERS,))
    assert_says(decide(facts(a_no("aunt")), ask()), Reason.NO_RECORD)


def test_a_withdrawal_of_some_uses_leaves_the_others() -> None:
    on_file = facts(a_yes(), a_withdrawal(MOTHER, "2026-05-10", Use.TAG))
    assert_says(decide(on_file, ask(Use.TAG)), Reason.WITHDRAWN)
    assert_says(decide(on_file, ask(Use.PHOTO)), (MOTHERS,))


def test_a_guardians_word_ends_with_childhood_and_the_patrons_begins() -> None:
    """18 on 15 September: the mother's word holds until that midnight, the patron's own from it."""
    eighteen_today = a_patron("2008-09-15")
    last_minute, midnight = ask(at=on("2026-09-14", 23)), ask(at=on("2026-09-15"))
    mothers = facts(eighteen_today, a_yes())
    assert decide(mothers, last_minute).valid_until == on("2026-09-15")
    assert_says(decide(mothers, midnight), Reason.CAME_OF_AGE)
    assert_says(decide(facts(eighteen_today, a_no(), a_yes(SELF, "2026-09-15")), midnight), ("self-yes-2026-09-15",))
    too_early = facts(eighteen_today, a_yes(SELF, signed_at=on("2026-09-14", 23)))
    assert_says(decide(too_early, midnight), Reason.NOT_ENTITLED)


def test_the_patrons_own_no_counts_at_any_age() -> None:
    for patron in (a_patron(), a_patron(None), GROWN_UP):
        assert_says(decide(facts(patron, a_no(SELF, "2020-05-10")), ask()), Reason.REFUSED)
        assert_says(decide(facts(patron, a_withdrawal(SELF)), ask()), Reason.WITHDRAWN)


def test_a_leap_day_child_comes_of_age_on_the_first_of_march() -> None:
    on_file = facts(a_patron("2008-02-29"), a_yes(signed="2025-01-10"))
    assert decide(on_file, ask(at=on("2026-02-28", 12))).valid_until == on("2026-03-01")


def test_emancipation_comes_early_but_never_late() -> None:
    early = facts(a_patron(emancipated="2026-05-01"), a_yes(SELF, "2026-05-01"))
    assert_says(decide(early, ask()), ("self-yes-2026-05-01",))
    late = facts(a_patron("2008-03-10", emancipated="2030-05-01"), a_yes(SELF, "2026-05-01"))
    assert_says(decide(late, ask()), ("self-yes-2026-05-01",))
    assert_says(decide(facts(a_patron(None, emancipated="2026-05-01"), a_yes()), ask()), Reason.CAME_OF_AGE)


AGE = {
    "of no known age is a minor": (facts(a_patron(None), a_yes(SELF)), Reason.AGE_UNKNOWN),
    "declared adult may sign": (facts(a_patron(None, adult=True), a_yes(SELF), parents=False), None),
    "declared adult with a parent on file is a minor": (
        facts(a_patron(None, adult=True), a_guardianship(until="2001-01-01"), a_yes(SELF), parents=False),
        Reason.NOT_ENTITLED,
    ),
    "declared adult but born in 2016 is a minor": (
        facts(a_patron(adult=True), a_yes(SELF), parents=False),
        Reason.NOT_ENTITLED,
    ),
    "declared adult under a court order that has ended may sign": (
        facts(
            a_patron(None, adult=True),
            a_guardianship("court", until="2025-01-01", beyond_majority=True),
            a_yes(SELF),
            parents=False,
        ),
        None,
    ),
    "emancipated after signing has not signed": (
        facts(a_patron(None, emancipated="2026-05-01"), a_yes(SELF)),
        Reason.NOT_ENTITLED,
    ),
    "of no known age keeps their parents' word": (facts(a_patron(None), a_yes()), None),
}


@pytest.mark.parametrize(("on_file", "reason"), AGE.values(), ids=AGE)
def test_a_person(on_file: Facts, reason: Reason | None) -> None:
    assert decide(on_file, ask()).reason is reason


def test_a_court_order_past_18_gives_the_guardian_the_word_and_takes_it_from_the_patron() -> None:
    order = a_guardianship("court", "2025-01-01", beyond_majority=True)
    assert_says(decide(facts(GROWN_UP, order, a_yes("court")), ask()), ("court-yes-2026-01-10",))
    assert_says(decide(facts(GROWN_UP, order, a_no("court")), ask()), Reason.REFUSED)
    assert_says(decide(facts(GROWN_UP, order, a_yes(SELF)), ask()), Reason.NOT_ENTITLED)
    assert_says(decide(facts(GROWN_UP, order, a_yes(SELF, "2024-01-10")), ask()), Reason.NOT_ENTITLED)
    ended = a_guardianship("court", "2025-01-01", "2026-02-01", beyond_majority=True)
    assert_says(decide(facts(GROWN_UP, ended, a_yes(SELF, "2026-01-31")), ask()), Reason.NOT_ENTITLED)
    assert_says(decide(facts(GROWN_UP, ended, a_yes(SELF, "2026-02-01")), ask()), ("self-yes-2026-02-01",))
    assert_says(decide(facts(GROWN_UP, order, a_yes()), ask()), Reason.CAME_OF_AGE)


def test_a_guardianship_that_ended_at_18_is_not_only_a_matter_of_age() -> None:
    on_file = facts(EIGHTEEN_YESTERDAY, a_guardianship(until="2026-09-14"), a_yes())
    assert_says(decide(on_file, ask()), Reason.NOT_ENTITLED)


NEAREST_FIRST = [
    (Reason.AWAITING_WITNESS, a_yes(id="1", witnessed_at=None)),
    (Reason.OUT_OF_SCOPE, a_yes(id="2", programs=CAMP)),
    (Reason.FORM_WITHDRAWN, a_yes(id="3", form_withdrawn_at=NOW)),
    (Reason.EXPIRED, a_yes(id="4", expires_at=NOW)),
    (Reason.NOT_ENTITLED, a_yes("aunt", id="5")),
    (Reason.VOIDED, a_yes(id="6", voided_at=NOW)),
]


@pytest.mark.parametrize("place", range(len(NEAREST_FIRST)))
def test_the_reason_is_the_one_nearest_to_a_yes(place: int) -> None:
    reason = NEAREST_FIRST[place][0]
    assert_says(decide(facts(*(record for _, record in NEAREST_FIRST[place:])), ask()), reason)


def test_unknown_age_and_coming_of_age_are_nearer_than_a_strangers_word() -> None:
    of_no_known_age = facts(a_patron(None), a_yes(SELF), a_yes("aunt"))
    assert_says(decide(of_no_known_age, ask()), Reason.AGE_UNKNOWN)
    assert_says(decide(facts(GROWN_UP, a_yes(), a_yes("aunt")), ask()), Reason.CAME_OF_AGE)


SHORTFALLS_IN_ORDER: list[tuple[Reason, dict[str, Any]]] = [
    (Reason.NOT_ENTITLED, {"signer": "aunt"}),
    (Reason.EXPIRED, {"expires_at": NOW}),
    (Reason.FORM_WITHDRAWN, {"form_withdrawn_at": NOW}),
    (Reason.OUT_OF_SCOPE, {"programs": CAMP}),
    (Reason.AWAITING_WITNESS, {"witnessed_at": None}),
]


@pytest.mark.parametrize("place", range(len(SHORTFALLS_IN_ORDER)))
def test_one_record_with_many_shortfalls_names_the_gravest(place: int) -> None:
    changes = {name: value for _, change in SHORTFALLS_IN_ORDER[place:] for name, value in change.items()}
    assert_says(decide(facts(a_yes(**changes)), ask()), SHORTFALLS_IN_ORDER[place][0])


def test_a_replaced_record_gives_no_reason() -> None:
    replaced = a_yes(witnessed_at=None)
    assert_says(decide(facts(replaced, a_no("aunt")), ask()), Reason.AWAITING_WITNESS)
    assert_says(decide(facts(replaced, a_yes(signed="2026-02-10", expires_at=NOW)), ask()), Reason.EXPIRED)
    aunt_took_it_back = facts(a_yes("aunt"), a_withdrawal("aunt"))
    assert_says(decide(aunt_took_it_back, ask()), Reason.NO_RECORD)
    aunt_took_it_back_in_the_same_breath = facts(a_yes("aunt"), a_withdrawal("aunt", "2026-01-10"))
    assert_says(decide(aunt_took_it_back_in_the_same_breath, ask()), Reason.NO_RECORD)


def test_a_record_is_not_replaced_by_a_statement_that_does_not_speak_to_the_question() -> None:
    on_file = facts(a_yes(expires_at=NOW), a_yes(FATHER, witnessed_at=None), a_yes(FATHER, "2026-02-10", programs=CAMP))
    assert_says(decide(on_file, ask(program="camp")), (FATHERS.replace("-01-", "-02-"),))
    assert_says(decide(on_file, ask()), Reason.AWAITING_WITNESS)


def test_recording_comes_before_any_platform() -> None:
    assert_says(decide(facts(a_yes(platforms=frozenset({"x"}))), ask(Use.RECORD, "nowhere")), (MOTHERS,))
    assert_says(decide(facts(a_yes(), platforms={}), ask(Use.RECORD)), (MOTHERS,))
    assert_says(decide(facts(a_yes(), a_hold()), ask(Use.RECORD)), Reason.HOLD)
    other_channel = facts(a_yes(channels=frozenset({"personal"})))
    assert_says(decide(other_channel, ask(Use.RECORD)), Reason.OUT_OF_SCOPE)


def test_video_needs_record_before_anything_else() -> None:
    assert decide(facts(), ask(Use.VIDEO, "nowhere")).reason is Reason.NO_RECORD
    assert decide(facts(), ask(Use.VIDEO, "nowhere")).needs is Use.RECORD
    assert decide(facts(a_yes(), a_hold()), ask(Use.VIDEO)).needs is Use.RECORD
    assert_says(decide(facts(a_yes(uses=(Use.RECORD,))), ask(Use.VIDEO)), Reason.NO_RECORD)
    assert_says(decide(facts(a_yes(uses=(Use.RECORD,))), ask(Use.VIDEO, "nowhere")), Reason.PLATFORM_NOT_APPROVED)
    apart = facts(a_yes(uses=(Use.VIDEO,)), a_yes(FATHER, uses=(Use.RECORD,)))
    assert_says(decide(apart, ask(Use.VIDEO)), (FATHERS, MOTHERS))


def test_without_a_platform_every_approved_one_must_allow() -> None:
    for_facebook = facts(a_yes(platforms=FACEBOOK))
    assert_says(decide(for_facebook, ask()), Reason.OUT_OF_SCOPE)
    both = facts(a_yes(platforms=FACEBOOK), a_yes(FATHER, platforms=frozenset({"instagram"})))
    assert_says(decide(both, ask()), (FATHERS, MOTHERS))
    only_facebook_is_approved = {"facebook": LONG_APPROVED["facebook"], "x": Platform(on("2027-01-01"))}
    assert_says(decide(facts(a_yes(platforms=FACEBOOK), platforms=only_facebook_is_approved), ask()), (MOTHERS,))
    assert_says(decide(facts(a_yes(), platforms={}), ask()), Reason.PLATFORM_NOT_APPROVED)


def test_the_first_platform_that_denies_gives_the_reason_capitals_before_small_letters() -> None:
    long_ago = Platform(on("2020-01-01"))
    on_file = facts(
        a_no(),
        a_yes(signed="2026-06-10", platforms=frozenset({"a", "b"})),
        a_yes(FATHER, platforms=frozenset({"Z"})),
        platforms={"b": long_ago, "a": long_ago, "Z": long_ago},
    )
    assert_says(decide(on_file, ask(platform="a")), ("mother-yes-2026-06-10",))
    assert_says(decide(on_file, ask()), DISAGREE)
    on_file = facts(
        a_yes(platforms=frozenset({"a"}), expires_at=NOW),
        a_yes(FATHER, platforms=frozenset({"Z"}), witnessed_at=None),
        platforms={"a": long_ago, "Z": long_ago},
    )
    assert_says(decide(on_file, ask(platform="a")), Reason.OUT_OF_SCOPE)
    assert_says(decide(on_file, ask()), Reason.AWAITING_WITNESS)


def test_the_order_of_the_great_refusals() -> None:
    everything_wrong = facts(a_no(), a_withdrawal(FATHER), a_hold())
    assert_says(decide(everything_wrong, ask(platform="nowhere")), Reason.PLATFORM_NOT_APPROVED)
    assert_says(decide(everything_wrong, ask()), Reason.HOLD)


WORDS_NOBODY_KNOWS = {
    "use": (ask("livestream"), Reason.NO_RECORD),
    "empty use": (ask(""), Reason.NO_RECORD),
    "platform": (ask(platform="myspace"), Reason.PLATFORM_NOT_APPROVED),
    "empty platform": (ask(platform=""), Reason.PLATFORM_NOT_APPROVED),
    "channel": (ask(channel="billboard"), Reason.OUT_OF_SCOPE),
    "empty channel": (ask(channel=""), Reason.OUT_OF_SCOPE),
    "program": (ask(program="falconry"), None),
    "empty program": (ask(program=""), None),
}


@pytest.mark.parametrize(("question", "reason"), WORDS_NOBODY_KNOWS.values(), ids=WORDS_NOBODY_KNOWS)
def test_a_word_that_the_registry_does_not_know_is_answered(question: Question, reason: Reason | None) -> None:
    assert decide(facts(a_yes(channels=BOTH_CHANNELS)), question).reason is reason


def test_an_unknown_use_is_no_record_whatever_else_is_on_file() -> None:
    on_file = facts(a_withdrawal(), a_hold(), platforms={})
    assert_says(decide(on_file, ask("livestream", "nowhere")), Reason.NO_RECORD)


def test_a_yes_for_one_channel_says_nothing_of_the_other() -> None:
    assert_says(decide(facts(a_yes()), ask(channel="personal")), Reason.OUT_OF_SCOPE)
    on_file = facts(a_yes(channels=BOTH_CHANNELS))
    assert_says(decide(on_file, ask(channel="personal")), (MOTHERS,))


VALID_UNTIL = {
    "nothing dated": (facts(a_yes()), "2034-03-10"),
    "its expiry": (facts(a_yes(expires_at=on("2026-12-01"))), "2026-12-01"),
    "a guardianship's end": (facts(a_guardianship(until="2026-11-01"), a_yes()), "2026-11-01"),
    "a voiding": (facts(a_yes(voided_at=on("2026-10-10"))), "2026-10-10"),
    "a hold": (facts(a_yes(), a_hold("2026-10-11")), "2026-10-11"),
    "a withdrawal": (facts(a_yes(), a_withdrawal(day="2026-10-12")), "2026-10-12"),
    "a no": (facts(a_yes(), a_no(FATHER, "2026-10-13")), "2026-10-13"),
    "the end of a no's voiding is no fact, its signer's new guardianship is": (
        facts(a_guardianship(FATHER, "2026-10-14"), a_yes(), a_no(FATHER)),
        "2026-10-14",
    ),
    "a witness due to a narrower yes": (
        facts(a_yes(), a_yes(signed="2026-06-10", platforms=FACEBOOK, witnessed_at=on("2026-10-15"))),
        "2026-10-15",
    ),
    "a form's withdrawal": (facts(a_yes(form_withdrawn_at=on("2026-10-16"))), "2026-10-16"),
    "a platform's start": (
        facts(a_yes(), platforms=LONG_APPROVED | {"x": Platform(on("2026-10-17"))}),
        "2026-10-17",
    ),
    "emancipation": (facts(a_patron(emancipated="2026-10-18"), a_yes()), "2026-10-18"),
    "another good yes goes on": (
        facts(a_yes(expires_at=on("2026-12-01")), a_yes(FATHER, expires_at=on("2027-12-01"))),
        "2027-12-01",
    ),
    "an end and a start at one instant leave no gap": (
        facts(a_yes(expires_at=on("2026-12-01")), a_yes(signed="2026-12-01", expires_at=on("2027-05-01"))),
        "2027-05-01",
    ),
    "a past hold and a past expiry are over": (facts(a_yes(), a_hold("2026-02-01", "2026-03-01")), "2034-03-10"),
}


@pytest.mark.parametrize(("on_file", "day"), VALID_UNTIL.values(), ids=VALID_UNTIL)
def test_an_allow_says_until_when_it_may_last(on_file: Facts, day: str) -> None:
    verdict = decide(on_file, ask())
    assert verdict.allowed
    assert verdict.valid_until == on(day)


def test_an_allow_without_any_date_ahead_has_no_end() -> None:
    assert decide(facts(GROWN_UP, a_yes(SELF)), ask()).valid_until is None


def test_a_platforms_end_ends_it_there_but_not_over_every_platform() -> None:
    leaving = LONG_APPROVED | {"x": Platform(on("2020-01-01"), on("2026-10-01"))}
    on_file = facts(a_yes(expires_at=on("2026-12-01")), platforms=leaving)
    assert decide(on_file, ask(platform="x")).valid_until == on("2026-10-01")
    assert decide(on_file, ask()).valid_until == on("2026-12-01")


def test_a_video_lasts_no_longer_than_the_recording() -> None:
    on_file = facts(a_yes(uses=(Use.VIDEO,)), a_yes(FATHER, uses=(Use.RECORD,), expires_at=on("2026-12-01")))
    assert decide(on_file, ask(Use.VIDEO)).valid_until == on("2026-12-01")


def test_a_hold_is_shown_as_a_plain_refusal_to_those_who_may_not_see_it() -> None:
    on_file = facts(a_yes(), a_hold())
    assert_says(disclose(on_file, ask()), Reason.REFUSED)
    assert disclose(on_file, ask(Use.VIDEO)) == Verdict(
        allowed=False, reason=Reason.REFUSED, needs=Use.RECORD, basis=(), valid_until=None
    )


def test_a_hold_to_come_never_shows_in_valid_until() -> None:
    on_file = facts(a_yes(expires_at=on("2026-12-01")), a_hold("2026-10-01"))
    assert decide(on_file, ask()).valid_until == on("2026-10-01")
    assert disclose(on_file, ask()).valid_until == on("2026-12-01")


def test_a_past_instant_is_answered_from_the_facts_of_then() -> None:
    on_file = facts(a_yes(), a_withdrawal(day="2026-08-01"))
    assert_says(decide(on_file, ask(at=on("2026-07-31"))), (MOTHERS,))
    assert decide(on_file, ask(at=on("2026-07-31"))).valid_until == on("2026-08-01")
    assert_says(decide(on_file, ask(at=on("2026-01-09"))), Reason.NO_RECORD)
