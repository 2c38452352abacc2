"""What is true of every verdict, whatever is on file and whatever is asked?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from consent.domain.decision import Verdict, decide, disclose
from consent.domain.facts import SELF, Consent, Facts, Guardianship, Hold, Patron, Platform, Question, Withdrawal
from consent.domain.vocabulary import Answer, Reason, Use
from tests.builders.facts import MOTHER, a_guardianship, a_yes, ask, facts
from tests.builders.histories import History, a_history
from tests.depth import DEPTH, SEED

ODD_ZONES = [
    ZoneInfo(name)
    for name in (
        "America/Phoenix",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Havana",
        "America/Goose_Bay",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "UTC",
    )
]
BLINK = timedelta(microseconds=1)


def thorough(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    deep = settings(
        max_examples=examples * DEPTH,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    return lambda test: seed(SEED)(deep(test))


@st.composite
def wild_instants(draw: st.DrawFn) -> datetime:
    """Any instant that can be written, the first and the last of all among them."""
    naive = draw(st.one_of(st.datetimes(), st.sampled_from([datetime.min, datetime.max])))  # noqa: DTZ901  # aware below
    hours = st.integers(-23, 23).map(lambda count: timezone(timedelta(hours=count)))
    return naive.replace(tzinfo=draw(st.one_of(st.sampled_from(ODD_ZONES), hours)), fold=draw(st.integers(0, 1)))


WORDS = st.one_of(st.sampled_from([*Use, "department", "personal", "facebook", "", "self"]), st.text(max_size=3))
SIGNERS = st.sampled_from([SELF, "mother", 7])
MAYBE_INSTANTS = st.none() | wild_instants()
WORD_SETS = st.frozensets(WORDS, max_size=3)
USES = st.sampled_from(Use)
CONSENTS = st.builds(
    Consent,
    id=st.text(max_size=3),
    signer=SIGNERS,
    signed_at=wild_instants(),
    answers=st.dictionaries(USES, st.sampled_from(Answer)),
    witnessed_at=MAYBE_INSTANTS,
    channels=WORD_SETS,
    platforms=st.none() | WORD_SETS,
    programs=st.none() | WORD_SETS,
    expires_at=MAYBE_INSTANTS,
    form_withdrawn_at=MAYBE_INSTANTS,
    voided_at=MAYBE_INSTANTS,
)
WITHDRAWALS = st.builds(
    Withdrawal, signer=SIGNERS, at=wild_instants(), uses=st.none() | st.frozensets(USES), voided_at=MAYBE_INSTANTS
)
HOLDS = st.builds(Hold, since=wild_instants(), until=MAYBE_INSTANTS)
ANY_FACTS = st.builds(
    Facts,
    patron=st.builds(Patron, born=st.none() | st.dates(), adult=st.booleans(), emancipated_on=st.none() | st.dates()),
    zone=st.sampled_from(ODD_ZONES),
    guardianships=st.lists(
        st.builds(
            Guardianship,
            guardian=st.sampled_from(["mother", 7]),
            since=wild_instants(),
            until=MAYBE_INSTANTS,
            beyond_majority=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    consents=st.lists(CONSENTS, max_size=3).map(tuple),
    withdrawals=st.lists(WITHDRAWALS, max_size=2).map(tuple),
    holds=st.lists(HOLDS, max_size=1).map(tuple),
    platforms=st.dictionaries(WORDS, st.builds(Platform, wild_instants(), MAYBE_INSTANTS), max_size=3),
)
ANY_QUESTION = st.builds(
    Question, use=WORDS, at=wild_instants(), platform=st.none() | WORDS, channel=WORDS, program=st.none() | WORDS
)
HISTORIES = st.integers(0, 2**48).map(lambda number: a_history(Random(number)))  # noqa: S311  # cases, not secrets


def assert_well_formed(verdict: Verdict, at: datetime) -> None:
    if verdict.allowed:
        assert (verdict.reason, verdict.needs) == (None, None)
        assert verdict.basis
        assert list(verdict.basis) == sorted(set(verdict.basis))
        assert verdict.valid_until is None or verdict.valid_until > at
    else:
        assert verdict.reason in set(Reason) - {Reason.UNKNOWN_PATRON}
        assert (verdict.basis, verdict.valid_until) == ((), None)
        assert verdict.needs in (None, Use.RECORD)


def said(verdict: Verdict) -> tuple[object, ...]:
    return verdict.allowed, verdict.reason, verdict.needs, verdict.basis


@thorough(150)
@given(ANY_FACTS, ANY_QUESTION)
def test_any_facts_and_any_question_get_a_verdict(on_file: Facts, question: Question) -> None:
    assert_well_formed(decide(on_file, question), question.at)
    assert_well_formed(disclose(on_file, question), question.at)


@thorough(150)
@given(HISTORIES)
def test_every_verdict_is_well_formed(history: History) -> None:
    assert_well_formed(decide(*history), history.question.at)


@thorough(150)
@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_of_records_never_matters(history: History, random: Random) -> None:
    on_file, question = history
    shuffled: dict[str, Any] = {
        name: tuple(random.sample(getattr(on_file, name), len(getattr(on_file, name))))
        for name in ("guardianships", "consents", "withdrawals", "holds")
    }
    platforms = dict(random.sample(list(on_file.platforms.items()), len(on_file.platforms)))
    assert decide(replace(on_file, **shuffled, platforms=platforms), question) == decide(on_file, question)


@thorough(200)
@given(HISTORIES, st.sampled_from(ODD_ZONES), st.integers(-3, 3))
def test_in_whichever_zone_the_instant_is_asked_about_the_verdict_is_the_same(
    history: History, zone: ZoneInfo, hours: int
) -> None:
    on_file, question = history
    at = question.at + timedelta(hours=hours)
    assert decide(on_file, question._replace(at=at.astimezone(zone))) == decide(on_file, question._replace(at=at))


def with_statement(on_file: Facts, statement: Consent | Withdrawal) -> Facts:
    if isinstance(statement, Consent):
        return replace(on_file, consents=(*on_file.consents, statement))
    return replace(on_file, withdrawals=(*on_file.withdrawals, statement))


@thorough(200)
@given(HISTORIES, HISTORIES, st.sampled_from([BLINK, timedelta(hours=1), timedelta(days=400)]))
def test_a_statement_made_later_never_changes_the_verdict(history: History, other: History, wait: timedelta) -> None:
    on_file, question = history
    later = question.at + wait
    for record in other.facts.consents:
        signed_later = record._replace(signed_at=later, witnessed_at=record.witnessed_at and later)
        assert said(decide(with_statement(on_file, signed_later), question)) == said(decide(on_file, question))
    for withdrawal in other.facts.withdrawals:
        assert said(decide(with_statement(on_file, withdrawal._replace(at=later)), question)) == said(
            decide(on_file, question)
        )


def as_refusal(record: Consent) -> Consent:
    return record._replace(id="the-no", answers=dict.fromkeys(record.answers, Answer.NO))


@thorough(150)
@given(HISTORIES, HISTORIES)
def test_a_no_a_withdrawal_or_a_hold_more_never_turns_a_deny_into_an_allow(history: History, other: History) -> None:
    on_file, question = history
    assume(not decide(on_file, question).allowed)
    for record in other.facts.consents:
        assert not decide(with_statement(on_file, as_refusal(record)), question).allowed
    for withdrawal in other.facts.withdrawals:
        assert not decide(with_statement(on_file, withdrawal), question).allowed
    for hold in other.facts.holds:
        assert not decide(replace(on_file, holds=(*on_file.holds, hold)), question).allowed


def dates_of(thing: Guardianship | Consent | Withdrawal | Hold | Platform) -> list[datetime]:
    return [value for name in thing.__slots__ if isinstance(value := getattr(thing, name), datetime)]


def instants(on_file: Facts) -> set[datetime]:
    """Each date on file and each midnight near, with the blinks around them."""
    things: tuple[Guardianship | Consent | Withdrawal | Hold | Platform, ...] = (
        *on_file.guardianships,
        *on_file.consents,
        *on_file.withdrawals,
        *on_file.holds,
        *on_file.platforms.values(),
    )
    dates = [moment for thing in things for moment in dates_of(thing)]
    first = min((moment.astimezone(UTC).date() for moment in dates if moment.year > 2000), default=date(2026, 3, 1))
    dates += [datetime.combine(first + timedelta(days=n), time(), on_file.zone) for n in range(-1, 8)]
    in_utc = {moment.astimezone(UTC) for moment in dates}
    return {moment + nudge for moment in in_utc for nudge in (-BLINK, timedelta(0), BLINK)}


@thorough(200)
@given(HISTORIES)
def test_valid_until_is_the_first_instant_without_an_allow(history: History) -> None:
    on_file, question = history
    verdict = decide(on_file, question)
    assume(verdict.allowed)
    until = verdict.valid_until
    ahead = sorted(moment for moment in instants(on_file) if moment > question.at)
    if until is not None:
        assert not decide(on_file, question._replace(at=until)).allowed
        ahead = [moment for moment in {*ahead, until - BLINK} if question.at < moment < until]
    for moment in ahead:
        assert decide(on_file, question._replace(at=moment)).allowed, moment


@thorough(200)
@given(HISTORIES)
def test_only_witnessed_living_yeses_to_the_question_stand_behind_an_allow(history: History) -> None:
    on_file, question = history
    verdict = decide(on_file, question)
    assume(verdict.allowed)
    at, asked = question.at, {question.use, Use.RECORD} if question.use == Use.VIDEO else {question.use}
    for key in verdict.basis:
        [record] = [record for record in on_file.consents if record.id == key]
        assert Answer.YES in {record.answers.get(Use(use)) for use in asked}
        assert record.signed_at <= at
        assert record.witnessed_at is not None
        assert record.witnessed_at <= at
        assert question.channel in record.channels
        assert record.programs is None or question.program in record.programs
        ends = (record.expires_at, record.form_withdrawn_at, record.voided_at)
        assert all(end is None or at < end for end in ends)


@thorough(200)
@given(HISTORIES)
def test_without_a_witness_or_without_a_yes_nothing_is_allowed(history: History) -> None:
    on_file, question = history
    unwitnessed = tuple(record._replace(witnessed_at=None) for record in on_file.consents)
    assert not decide(replace(on_file, consents=unwitnessed), question).allowed
    refused = tuple(as_refusal(record) for record in on_file.consents)
    assert not decide(replace(on_file, consents=refused), question).allowed


@thorough(200)
@given(HISTORIES, HISTORIES)
def test_nobody_says_yes_over_anothers_no(history: History, other: History) -> None:
    """A guardian who had said nothing yet says yes to everything, and each no on file is as strong as before."""
    on_file, question = history
    before = decide(on_file, question)
    assume(before.reason in {Reason.REFUSED, Reason.WITHDRAWN, Reason.SIGNERS_DISAGREE})
    aunt = a_guardianship("aunt", beyond_majority=True)
    signed = [a_yes("aunt", signed_at=moment) for moment in instants(other.facts)]
    with_aunt = replace(on_file, guardianships=(*on_file.guardianships, aunt))
    assert not decide(with_aunt, question).allowed
    for record in signed[:5]:
        assert not decide(with_statement(with_aunt, record), question).allowed


@thorough(200)
@given(HISTORIES)
def test_every_platform_means_each_of_them_and_video_means_record_as_well(history: History) -> None:
    on_file, question = history
    everywhere = decide(on_file, question._replace(platform=None))
    if question.use in tuple(Use) and question.use != Use.RECORD:
        each = {key: decide(on_file, question._replace(platform=key)) for key in sorted(on_file.platforms)}
        approved = [v for v in each.values() if v.reason is not Reason.PLATFORM_NOT_APPROVED]
        assert everywhere.allowed is (bool(approved) and all(verdict.allowed for verdict in approved))
        if everywhere.allowed:
            assert everywhere.basis == tuple(sorted({key for verdict in approved for key in verdict.basis}))
        elif approved:
            assert everywhere.reason is next(verdict.reason for verdict in approved if not verdict.allowed)
    recorded = decide(on_file, question._replace(use=Use.RECORD))
    video = decide(on_file, question._replace(use=Use.VIDEO))
    assert recorded.allowed or said(video) == (False, recorded.reason, Use.RECORD, ())
    assert not video.allowed or set(recorded.basis) <= set(video.basis)


@thorough(200)
@given(HISTORIES)
def test_a_hold_never_shows_to_those_who_may_not_see_it(history: History) -> None:
    on_file, question = history
    whole, shown = decide(on_file, question), disclose(on_file, question)
    if whole.reason is Reason.HOLD:
        assert said(shown) == (False, Reason.REFUSED, whole.needs, ())
    else:
        assert said(shown) == said(whole)
    if whole.allowed:
        assert shown.valid_until == decide(replace(on_file, holds=()), question).valid_until


@pytest.mark.parametrize("zone", ODD_ZONES, ids=str)
@thorough(60)
@given(born=st.dates(date(1950, 1, 1), date(2019, 12, 31)) | st.sampled_from([date(1993, 12, 30), date(2000, 2, 29)]))
def test_a_childs_18th_birthday_begins_with_the_first_instant_of_that_day(zone: ZoneInfo, born: date) -> None:
    leap_day = (born.month, born.day) == (2, 29)
    birthday = date(born.year + 18, 3, 1) if leap_day else born.replace(year=born.year + 18)
    since = datetime(1900, 1, 1, tzinfo=UTC)
    on_file = replace(
        facts(Patron(born), Guardianship(MOTHER, since), a_yes(signed_at=since), parents=False),
        zone=zone,
        platforms={"facebook": Platform(since)},
    )
    until = decide(on_file, ask(at=since + timedelta(days=1))).valid_until
    assert until is not None
    until = until.astimezone(UTC)
    assert (until - BLINK).astimezone(zone).date() < birthday <= until.astimezone(zone).date()


@pytest.mark.parametrize("born", [date(1, 1, 1), date(9981, 12, 31), date(9982, 1, 1), date(9980, 2, 29), date.max])
@pytest.mark.parametrize("zone", ODD_ZONES, ids=str)
def test_the_first_and_the_last_years_are_answered_like_any_other(born: date, zone: ZoneInfo) -> None:
    dawn, end = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=zone)
    on_file = facts(Patron(born), Guardianship(MOTHER, dawn), a_yes(signed_at=dawn), parents=False)
    on_file = replace(on_file, zone=zone, platforms={"facebook": Platform(dawn)})
    expected = None if born.year > 9981 else Reason.CAME_OF_AGE
    assert decide(on_file, ask(at=end)).reason is expected


@pytest.mark.parametrize("zone", ODD_ZONES, ids=str)
def test_who_was_emancipated_on_the_first_day_of_the_calendar_is_of_age_in_every_zone(zone: ZoneInfo) -> None:
    on_file = replace(facts(Patron(None, emancipated_on=date.min), a_yes(SELF)), zone=zone)
    assert decide(on_file, ask()).basis == ("self-yes-2026-01-10",)
