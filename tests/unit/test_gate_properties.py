"""What is true of every outcome of the gate, whatever is on file and whatever is asked?"""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from consent.domain.authorizations import AccessLevel
from consent.domain.decision import disclose
from consent.domain.facts import Platform, Question
from consent.domain.gate import Outcome, clear, uses_asked
from consent.domain.gate_codes import GateCode, in_order
from consent.domain.gate_facts import (
    Account,
    Acknowledgement,
    Asked,
    Authorization,
    Capture,
    ChecklistItem,
    GateFacts,
    Limit,
    LimitKind,
    PolicyVersion,
    RecordingAuthorization,
    Rule,
    Training,
)
from consent.domain.vocabulary import Channel, Media, Use
from tests.builders.facts import NOW, a_hold, a_no, a_patron, a_withdrawal, a_yes, on
from tests.builders.gate import (
    ACCOUNT,
    ACKNOWLEDGED,
    AUTHORIZED,
    EVERYTHING,
    FILM,
    HER_OWN,
    LONG_AGO,
    MAY_RECORD,
    PHOTO,
    TRAINED,
    a_child,
    asked,
    gate_facts,
)
from tests.unit.test_decision_properties import ANY_FACTS, MAYBE_INSTANTS, thorough, wild_instants

KEYS = st.sampled_from(["ana", "ben", "instagram", "camp", ""])
USE_SETS = st.frozensets(st.sampled_from(Use), max_size=3)
LIMITS = st.frozensets(st.builds(Limit, st.sampled_from(LimitKind), KEYS), max_size=3)
SPAN = {"since": wild_instants(), "until": MAYBE_INSTANTS}


def some(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(kind, max_size=2).map(tuple)


ANY_GATE_FACTS = st.builds(
    GateFacts,
    platforms=st.dictionaries(KEYS, st.builds(Platform, wild_instants(), MAYBE_INSTANTS), max_size=2),
    accounts=st.dictionaries(
        KEYS, st.builds(Account, KEYS, wild_instants(), MAYBE_INSTANTS, st.none() | KEYS), max_size=2
    ),
    authorizations=some(st.builds(Authorization, KEYS, KEYS, st.sampled_from(AccessLevel), **SPAN)),
    trainings=some(st.builds(Training, KEYS, **SPAN)),
    policy_versions=some(st.builds(PolicyVersion, KEYS, wild_instants())),
    acknowledgements=some(st.builds(Acknowledgement, KEYS, KEYS, wild_instants())),
    recordings=some(
        st.builds(
            RecordingAuthorization,
            KEYS,
            KEYS,
            KEYS,
            st.frozensets(st.sampled_from(Media)),
            wild_instants(),
            **SPAN,
            program=st.none() | KEYS,
        )
    ),
    rules=some(
        st.builds(
            Rule, KEYS, USE_SETS, **SPAN, platform=st.none() | KEYS, program=st.none() | KEYS, minors_only=st.booleans()
        )
    ),
    people=st.dictionaries(KEYS, ANY_FACTS, max_size=2),
)
ANYTHING_ASKED = st.builds(
    Asked,
    staff=KEYS,
    platform=KEYS,
    account=KEYS,
    at=wild_instants(),
    people=st.frozensets(KEYS, max_size=2),
    headcount=st.integers(-1, 3),
    uses=USE_SETS,
    captures=some(st.builds(Capture, st.sampled_from(Media), wild_instants(), KEYS, KEYS)),
    planned_at=MAYBE_INSTANTS,
    program=st.none() | KEYS,
    unidentified=st.integers(-1, 1),
    checklist=st.frozensets(st.sampled_from(ChecklistItem)),
    seen=LIMITS,
)


class Case(NamedTuple):
    facts: GateFacts
    asked: Asked


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Everything is right, but for one thing or three."""
    ours = a_child(a_yes(channels=frozenset(Channel)))
    limited = a_child(a_yes(platforms=frozenset({"instagram"})), a_no("father", uses=(Use.NAME,)))
    refused, held = a_child(a_yes(), a_withdrawal()), a_child(a_yes(), a_hold())
    grown = a_child(a_patron("1990-03-10"), a_yes(None))
    wrong_facts: dict[str, Any] = {
        "platforms": {"instagram": Platform(LONG_AGO, NOW)},
        "accounts": {ACCOUNT: Account("instagram", LONG_AGO, owner="ben")},
        "authorizations": (AUTHORIZED, AUTHORIZED._replace(since=on("2027-01-01")))[draw(st.integers(0, 1)) :],
        "trainings": (TRAINED._replace(until=NOW),),
        "policy_versions": (PolicyVersion("2020-12-09", LONG_AGO), PolicyVersion("next", NOW)),
        "acknowledgements": (ACKNOWLEDGED._replace(version="next", at=NOW),),
        "recordings": (MAY_RECORD._replace(media=frozenset({Media.STILL})),),
        "rules": (Rule("no", frozenset({Use.TAG}), LONG_AGO, minors_only=draw(st.booleans())),),
        "people": {key: draw(st.sampled_from([ours, limited, refused, held, grown])) for key in ("ada", "ben")},
    }
    wrong_asked: dict[str, Any] = {
        "account": HER_OWN,
        "headcount": draw(st.integers(1, 3)),
        "uses": draw(USE_SETS),
        "captures": draw(st.sampled_from([(), (PHOTO,), (FILM,), (FILM._replace(at=NOW + timedelta(days=1)),)])),
        "planned_at": draw(st.sampled_from([None, NOW - timedelta(days=1), on("2027-03-01")])),
        "program": draw(st.sampled_from([None, "swimming"])),
        "unidentified": draw(st.integers(0, 1)),
        "checklist": draw(st.frozensets(st.sampled_from(ChecklistItem))),
        "seen": frozenset(Limit(kind, key) for kind in LimitKind for key in ("ada", "ben")),
    }
    broken = draw(st.sets(st.sampled_from([*wrong_facts, *wrong_asked]), max_size=3))
    return Case(
        gate_facts(**{name: value for name, value in wrong_facts.items() if name in broken}),
        asked(**{name: value for name, value in wrong_asked.items() if name in broken}),
    )


def assert_well_formed(outcome: Outcome, question: Asked) -> None:
    assert outcome.allowed is (not outcome.failures)
    assert list(outcome.failures) == sorted(set(outcome.failures), key=in_order)
    assert list(outcome.limits) == sorted(set(outcome.limits))
    posting = [(said.person, said.use) for said in outcome.answers if said.capture is None]
    assert posting == [(key, use) for key in sorted(question.people) for use in sorted(uses_asked(question))]


@thorough(40)
@given(ANY_GATE_FACTS, ANYTHING_ASKED)
def test_any_facts_and_anything_asked_get_an_outcome(facts: GateFacts, question: Asked) -> None:
    assert_well_formed(clear(facts, question), question)


@thorough(60)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_facts_never_matters(case: Case, random: Random) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return dict(random.sample(list(value.items()), len(value)))
        return tuple(random.sample(value, len(value)))

    mixed = GateFacts(**{field.name: shuffled(getattr(case.facts, field.name)) for field in fields(GateFacts)})
    assert_well_formed(clear(mixed, case.asked), case.asked)
    assert clear(mixed, case.asked) == clear(case.facts, case.asked)


@thorough(60)
@given(cases())
def test_an_allow_rests_on_the_consent_rule_for_everybody_and_every_use(case: Case) -> None:
    facts, question = case
    outcome = clear(facts, question)
    assume(outcome.allowed)
    assert question.headcount == len(question.people)
    channel = facts.accounts[question.account].channel
    for person in question.people:
        for use in uses_asked(question):
            where = Question(use, question.posted_at, question.platform, channel, question.program)
            assert disclose(facts.people[person], where).allowed
        for capture in question.captures:
            then = Question(Use.RECORD, capture.at, question.platform, channel, question.program)
            assert capture.media is Media.STILL or disclose(facts.people[person], then).allowed


def worse(case: Case) -> Iterator[Case]:
    """The same with a deny more, or with something less that an allow rests on."""
    facts, question = case
    at = question.posted_at
    for uses in (frozenset({Use.PHOTO}), frozenset({Use.TAG}), frozenset(Use)):
        yield Case(replace(facts, rules=(*facts.rules, Rule("more", uses, at))), question)
    yield Case(replace(facts, policy_versions=(*facts.policy_versions, PolicyVersion("~ more", at))), question)
    for name in ("authorizations", "trainings", "acknowledgements", "recordings"):
        yield Case(replace(facts, **{name: getattr(facts, name)[1:]}), question)
    for name in ("platforms", "accounts", "people"):
        for key in getattr(facts, name):
            yield Case(replace(facts, **{name: {k: v for k, v in getattr(facts, name).items() if k != key}}), question)
    for key, file in facts.people.items():
        said = (a_withdrawal("mother", "2026-09-01", Use.NAME), a_withdrawal("father", "2026-09-01"))
        for withdrawal in said:
            less = replace(file, withdrawals=(*file.withdrawals, withdrawal))
            yield Case(replace(facts, people=facts.people | {key: less}), question)
        held = replace(file, holds=(*file.holds, a_hold("2026-09-01")))
        yield Case(replace(facts, people=facts.people | {key: held}), question)
    for item in question.checklist:
        yield Case(facts, replace(question, checklist=question.checklist - {item}))
    yield Case(facts, replace(question, seen=frozenset()))
    yield Case(facts, replace(question, unidentified=question.unidentified + 1, headcount=question.headcount + 1))


@thorough(40)
@given(cases())
def test_a_deny_more_or_a_proof_less_never_turns_a_refusal_into_an_allow(case: Case) -> None:
    assume(not clear(*case).allowed)
    for harder in worse(case):
        assert not clear(*harder).allowed


@thorough(40)
@given(cases(), st.data())
def test_a_failure_is_named_whatever_else_is_wrong(case: Case, data: st.DataObject) -> None:
    """One more thing taken away adds its own name, and hides no other."""
    facts, question = case
    before = {failure.code for failure in clear(facts, question).failures}
    assume(GateCode.PLATFORM_NOT_APPROVED not in before)
    name = data.draw(st.sampled_from(["authorizations", "trainings", "acknowledgements", "recordings"]))
    after = {failure.code for failure in clear(replace(facts, **{name: ()}), question).failures}
    assert before - after <= {GateCode.TRAINING_LAPSED}
    unlooked = {failure.code for failure in clear(facts, replace(question, checklist=frozenset())).failures}
    assert before < unlooked or EVERYTHING - question.checklist == EVERYTHING


@thorough(40)
@given(cases())
def test_what_is_known_of_somebody_else_changes_nothing(case: Case) -> None:
    """Another employee's papers, another platform's account and another child's file are nobody's business here."""
    facts, question = case
    stranger = replace(
        facts,
        accounts=facts.accounts | {"other": Account("facebook", LONG_AGO)},
        authorizations=(*facts.authorizations, AUTHORIZED._replace(staff="zoe")),
        trainings=(*facts.trainings, TRAINED._replace(staff="zoe")),
        acknowledgements=(*facts.acknowledgements, ACKNOWLEDGED._replace(staff="zoe")),
        recordings=(*facts.recordings, MAY_RECORD._replace(staff="zoe")),
        rules=(*facts.rules, Rule("theirs", frozenset(Use), LONG_AGO, platform="facebook")),
        people=facts.people | {"zoe": a_child(a_yes(), a_hold())},
    )
    assert clear(stranger, question) == clear(facts, question)
