"""Does the gate open for a whole clearance only, and name everything that is wrong with any other?"""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consent.domain.authorizations import AccessLevel
from consent.domain.facts import SELF, Platform
from consent.domain.gate import clear, uses_asked
from consent.domain.gate_codes import CHECKLIST, GateCode
from consent.domain.gate_facts import (
    Account,
    Asked,
    ChecklistItem,
    GateFacts,
    Limit,
    LimitKind,
    PolicyVersion,
    Rule,
    Training,
)
from consent.domain.vocabulary import Media, Reason, Use
from consent.wording_gate import CHECKLIST_ITEMS, FAILURES, LIMITS, MEDIA
from tests.builders.facts import LONG_APPROVED, NOW, THIS_MORNING, a_hold, a_no, a_patron, a_withdrawal, a_yes, on
from tests.builders.gate import (
    ACCOUNT,
    ACKNOWLEDGED,
    AUTHORIZED,
    EVERYTHING,
    FILM,
    HER_OWN,
    LONG_AGO,
    MAY_RECORD,
    OUT_OF_DATE,
    PHOTO,
    TRAINED,
    a_child,
    asked,
    gate_facts,
    of_account,
)

NO_TAGS = Rule("no-tags", frozenset({Use.TAG}), LONG_AGO)
TO_TAG = {"uses": frozenset({Use.TAG})}
LATE_YES = a_yes(signed_at=THIS_MORNING + timedelta(hours=1))
NOT_TO_BE_NAMED = a_child(a_yes(), a_no("father", uses=(Use.NAME,)))
MUCH_LATER = NOW + timedelta(days=400)


def codes(facts: GateFacts, asked: Asked) -> list[GateCode]:
    return [failure.code for failure in clear(facts, asked).failures]


def others(**changes: Any) -> dict[str, Any]:
    return {"recordings": (MAY_RECORD._replace(**changes),)}


def people(**changes: Any) -> dict[str, Any]:
    return {"people": {"ada": a_child(), "ben": a_child()} | changes}


def test_a_whole_clearance_is_allowed():
    outcome = clear(gate_facts(), asked())
    assert outcome.allowed
    assert outcome.failures == outcome.limits == ()
    assert len(outcome.answers) == 6
    assert all(answered.verdict.allowed and answered.verdict.basis for answered in outcome.answers)


@pytest.mark.parametrize(
    ("facts", "changes", "code"),
    [
        ({"platforms": {}}, {}, GateCode.PLATFORM_NOT_APPROVED),
        ({"platforms": {"instagram": Platform(LONG_AGO, NOW)}}, {}, GateCode.PLATFORM_NOT_APPROVED),
        ({}, {"account": "nobody's"}, GateCode.ACCOUNT_NOT_APPROVED),
        ({"accounts": {ACCOUNT: Account("facebook", LONG_AGO)}}, {}, GateCode.ACCOUNT_NOT_APPROVED),
        ({"accounts": {ACCOUNT: Account("instagram", LONG_AGO, NOW)}}, {}, GateCode.ACCOUNT_NOT_APPROVED),
        ({"accounts": {ACCOUNT: Account("instagram", on("2026-09-16"))}}, {}, GateCode.ACCOUNT_NOT_APPROVED),
        ({"authorizations": ()}, {}, GateCode.NOT_AUTHORIZED),
        ({"authorizations": (AUTHORIZED._replace(staff="ben"),)}, {}, GateCode.NOT_AUTHORIZED),
        ({"authorizations": (AUTHORIZED._replace(platform="facebook"),)}, {}, GateCode.NOT_AUTHORIZED),
        ({"authorizations": (AUTHORIZED._replace(**OUT_OF_DATE),)}, {}, GateCode.NOT_AUTHORIZED),
        ({"trainings": ()}, {}, GateCode.NOT_TRAINED),
        ({"trainings": (TRAINED._replace(staff="ben"),)}, {}, GateCode.NOT_TRAINED),
        ({"trainings": (TRAINED._replace(since=MUCH_LATER),)}, {}, GateCode.NOT_TRAINED),
        ({"trainings": (Training("ana", **OUT_OF_DATE),)}, {}, GateCode.TRAINING_LAPSED),
        ({"policy_versions": ()}, {}, GateCode.POLICY_MISSING),
        ({"policy_versions": (PolicyVersion("next", MUCH_LATER),)}, {}, GateCode.POLICY_MISSING),
        ({"acknowledgements": ()}, {}, GateCode.POLICY_NOT_ACKNOWLEDGED),
        ({"acknowledgements": (ACKNOWLEDGED._replace(staff="ben"),)}, {}, GateCode.POLICY_NOT_ACKNOWLEDGED),
        ({"acknowledgements": (ACKNOWLEDGED._replace(at=MUCH_LATER),)}, {}, GateCode.POLICY_NOT_ACKNOWLEDGED),
        ({"acknowledgements": (ACKNOWLEDGED._replace(version="2018-09-05"),)}, {}, GateCode.POLICY_NOT_ACKNOWLEDGED),
        ({}, {"planned_at": NOW - timedelta(minutes=1)}, GateCode.TIME_HAS_PASSED),
        ({}, {"uses": frozenset(), "captures": ()}, GateCode.NOTHING_ASKED),
        ({}, {"people": frozenset(), "headcount": 0} | TO_TAG, GateCode.NOBODY_NAMED),
        ({}, {"captures": (FILM,)}, GateCode.CAPTURE_NOT_TOLD),
        ({}, {"uses": frozenset({Use.VIDEO}), "captures": (PHOTO,)}, GateCode.CAPTURE_NOT_TOLD),
        ({}, {"planned_at": None, "at": THIS_MORNING - timedelta(hours=1)}, GateCode.CAPTURED_LATER),
        ({"recordings": ()}, {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(media=frozenset({Media.STILL})), {}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(media=frozenset({Media.MOVING})), {}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(staff="ben"), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(supervisor="ana"), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(device="her own phone"), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(program="swimming"), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(given_at=NOW), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(since=NOW), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        (others(until=THIS_MORNING), {"captures": (PHOTO,)}, GateCode.RECORDING_NOT_AUTHORIZED),
        ({}, {"checklist": EVERYTHING - {ChecklistItem.NOTHING_CONFIDENTIAL}}, GateCode.CONFIDENTIAL_NOT_LOOKED_AT),
        ({}, {"checklist": EVERYTHING - {ChecklistItem.NO_PRIVATE_DATA}}, GateCode.PRIVATE_DATA_NOT_LOOKED_AT),
        ({}, {"checklist": EVERYTHING - {ChecklistItem.NO_NON_PUBLIC_PREMISES}}, GateCode.PREMISES_NOT_LOOKED_AT),
        ({}, {"checklist": EVERYTHING - {ChecklistItem.LINKS_LOOKED_AT}}, GateCode.LINKS_NOT_LOOKED_AT),
        ({"rules": (NO_TAGS,)}, TO_TAG, GateCode.RULE_FORBIDS),
        ({"rules": (NO_TAGS._replace(platform="instagram", program="camp"),)}, TO_TAG, GateCode.RULE_FORBIDS),
        ({}, {"unidentified": 1, "headcount": 3}, GateCode.PERSON_UNIDENTIFIED),
        ({}, {"headcount": 3}, GateCode.HEADCOUNT_DIFFERS),
        ({}, {"headcount": 1}, GateCode.HEADCOUNT_DIFFERS),
        ({}, {"unidentified": -1, "headcount": 1}, GateCode.HEADCOUNT_DIFFERS),
        (people(ada=a_child(a_yes(), a_no("father", uses=(Use.PHOTO,)))), {}, GateCode.PERSON_NOT_ALLOWED),
        (people(ada=a_child(a_yes(), a_hold())), {"captures": (PHOTO,)}, GateCode.PERSON_NOT_ALLOWED),
        (people(ada=a_child(LATE_YES)), {}, GateCode.RECORDING_NOT_ALLOWED),
        (people(ada=NOT_TO_BE_NAMED), {}, GateCode.LIMIT_NOT_SEEN),
    ],
)
def test_one_broken_condition_is_enough_to_refuse_and_is_all_that_is_said(
    facts: dict[str, Any], changes: dict[str, Any], code: GateCode
):
    assert set(codes(gate_facts(**facts), asked(**changes))) == {code}


def test_another_employees_own_account_is_not_theirs_to_post_from():
    account = Account("instagram", LONG_AGO, owner="ben")
    assert set(codes(of_account(account), asked())) == {GateCode.ACCOUNT_OF_SOMEBODY_ELSE}


def test_everything_wrong_at_once_is_named_in_one_list():
    nothing = GateFacts(
        accounts={ACCOUNT: Account("instagram", MUCH_LATER, owner="ben")},
        trainings=(Training("ana", **OUT_OF_DATE),),
        policy_versions=(PolicyVersion("2018-09-05", LONG_AGO),),
        rules=(NO_TAGS,),
        people={"ada": a_child(a_yes(), a_no("father", uses=(Use.NAME,)))},
    )
    wrong = asked(
        planned_at=NOW - timedelta(days=1),
        uses=frozenset({Use.TAG, Use.PHOTO}),
        captures=(FILM._replace(at=NOW),),
        checklist=frozenset(),
        people=frozenset({"ada", "ben"}),
        headcount=9,
        unidentified=1,
    )
    apart = {
        GateCode.NOT_TRAINED,  # or the training has lapsed
        GateCode.POLICY_MISSING,  # or it is not acknowledged
        GateCode.NOTHING_ASKED,  # or something is
        GateCode.NOBODY_NAMED,  # or people are
        GateCode.LIMIT_NOT_SEEN,  # of those who may be shown
    }
    assert set(codes(nothing, wrong)) == set(GateCode) - apart


def test_a_list_of_failures_tells_which_person_use_capture_rule_and_limit():
    on_file = gate_facts(
        rules=(NO_TAGS._replace(minors_only=True),),
        **people(ada=a_child(a_yes(), a_withdrawal()), ben=a_child(LATE_YES)),
    )
    failures = clear(on_file, asked(uses=frozenset({Use.PHOTO, Use.TAG}))).failures
    told = {(failure.code, failure.person, failure.use, failure.reason, failure.capture) for failure in failures}
    assert told == {
        (GateCode.RULE_FORBIDS, "ada", Use.TAG, None, None),
        (GateCode.RULE_FORBIDS, "ben", Use.TAG, None, None),
        (GateCode.PERSON_NOT_ALLOWED, "ada", Use.PHOTO, Reason.WITHDRAWN, None),
        (GateCode.PERSON_NOT_ALLOWED, "ada", Use.TAG, Reason.WITHDRAWN, None),
        (GateCode.PERSON_NOT_ALLOWED, "ada", Use.VIDEO, Reason.WITHDRAWN, None),
        (GateCode.RECORDING_NOT_ALLOWED, "ada", Use.RECORD, Reason.WITHDRAWN, 1),
        (GateCode.RECORDING_NOT_ALLOWED, "ben", Use.RECORD, Reason.NO_RECORD, 1),
    }
    assert [failure.rule for failure in failures if failure.rule] == ["no-tags", "no-tags"]


def test_a_rule_about_minors_leaves_adults_alone_and_takes_whoever_is_not_known_for_a_minor():
    grown = a_child(a_patron("1990-03-10"), a_yes(SELF))
    rule = NO_TAGS._replace(minors_only=True)
    to_tag = {"captures": (), **TO_TAG}
    assert codes(gate_facts(rules=(rule,), people={"ada": grown, "ben": grown}), asked(**to_tag)) == []
    assert codes(gate_facts(rules=(rule,), people={"ada": grown}), asked(**to_tag)) == [
        GateCode.RULE_FORBIDS,
        GateCode.PERSON_NOT_ALLOWED,
    ]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"platform": "facebook"},
        {"program": "swimming"},
        {"since": on("2026-09-16")},
        {"until": on("2026-09-15")},
        {"forbids": frozenset({Use.FRIEND})},
    ],
)
def test_a_rule_of_elsewhere_forbids_nothing_here(elsewhere: dict[str, Any]):
    assert codes(gate_facts(rules=(NO_TAGS._replace(**elsewhere),)), asked(**TO_TAG)) == []


def test_an_authorization_to_administer_lets_post_as_well():
    assert codes(gate_facts(authorizations=(AUTHORIZED._replace(level=AccessLevel.ADMINISTER),)), asked()) == []


def test_a_new_version_of_the_policy_asks_everybody_again():
    versions = (*gate_facts().policy_versions, PolicyVersion("2026-09-15", NOW))
    assert codes(gate_facts(policy_versions=versions), asked()) == [GateCode.POLICY_NOT_ACKNOWLEDGED]
    again = (ACKNOWLEDGED, ACKNOWLEDGED._replace(version="2026-09-15", at=NOW))
    assert codes(gate_facts(policy_versions=versions, acknowledgements=again), asked()) == []


def test_her_own_account_needs_a_yes_for_personal_accounts():
    own = asked(account=HER_OWN)
    assert codes(gate_facts(), own) == []
    department_only = people(ada=a_child(a_yes()))
    refused = clear(gate_facts(**department_only), own).failures
    assert {(failure.code, failure.reason) for failure in refused} >= {
        (GateCode.PERSON_NOT_ALLOWED, Reason.OUT_OF_SCOPE),
        (GateCode.RECORDING_NOT_ALLOWED, Reason.OUT_OF_SCOPE),
    }


def test_a_still_picture_may_be_older_than_the_yes_that_lets_it_be_posted():
    assert codes(gate_facts(**people(ada=a_child(LATE_YES))), asked(captures=(PHOTO,))) == []


def test_a_yes_that_ends_before_the_planned_time_is_no_yes():
    ends = people(ada=a_child(a_yes(expires_at=NOW + timedelta(hours=1))))
    assert codes(gate_facts(**ends), asked(captures=(PHOTO,), planned_at=None)) == []
    assert codes(gate_facts(**ends), asked(captures=(PHOTO,))) == [GateCode.PERSON_NOT_ALLOWED]


def test_a_hold_shows_as_refused_and_in_no_date():
    held = people(ada=a_child(a_yes(), a_hold()), ben=a_child(a_yes(), a_hold("2026-12-01")))
    outcome = clear(gate_facts(**held), asked(captures=(PHOTO,)))
    assert {failure.reason for failure in outcome.failures} == {Reason.REFUSED}
    assert {answered.verdict.valid_until for answered in outcome.answers} <= {None, on("2034-03-10")}


def test_what_may_not_be_done_beside_a_picture_is_a_limit_that_each_needs_its_own_tick():
    only_here = a_yes(platforms=frozenset({"instagram"}), uses=(Use.PHOTO, Use.TAG))
    limited = gate_facts(**people(ada=NOT_TO_BE_NAMED, ben=a_child(only_here)))
    photo = asked(captures=(PHOTO,))
    expected = {
        Limit(LimitKind.NOT_NAMED, "ada"),
        Limit(LimitKind.NOT_NAMED, "ben"),
        Limit(LimitKind.NOT_ELSEWHERE, "ben"),
    }
    assert set(clear(limited, photo).limits) == expected
    for limit in expected:
        [failure] = clear(limited, replace(photo, seen=frozenset(expected - {limit}))).failures
        assert (failure.code, failure.person, failure.limit) == (GateCode.LIMIT_NOT_SEEN, limit.person, limit.kind)
    assert clear(limited, replace(photo, seen=frozenset(expected))).allowed


def test_a_platform_that_is_closed_limits_nobody():
    closed = LONG_APPROVED | {"facebook": Platform(LONG_AGO, NOW)}
    only_here = replace(a_child(a_yes(platforms=frozenset({"instagram"}))), platforms=closed)
    assert clear(gate_facts(platforms=closed, **people(ada=only_here)), asked(captures=(PHOTO,))).limits == ()


def test_a_picture_of_nobody_needs_everything_but_people():
    nobody = asked(people=frozenset(), headcount=0, captures=(PHOTO,))
    assert codes(gate_facts(), nobody) == []
    assert codes(gate_facts(trainings=()), nobody) == [GateCode.NOT_TRAINED]


def test_a_text_without_people_needs_neither_a_capture_nor_a_use():
    assert codes(gate_facts(), asked(people=frozenset(), headcount=0, captures=(), uses=frozenset())) == []


def test_what_a_capture_shows_is_asked_about_whether_it_was_ticked_or_not():
    voice = FILM._replace(media=Media.VOICE)
    assert uses_asked(asked(uses=frozenset({Use.NAME}), captures=(PHOTO,))) == {Use.NAME, Use.PHOTO}
    assert uses_asked(asked(uses=frozenset(), captures=(voice,))) == uses_asked(
        asked(uses=frozenset(), captures=(FILM,))
    )


def test_a_recording_authorization_without_a_program_is_for_every_program():
    anywhere = (MAY_RECORD._replace(program=None),)
    assert codes(gate_facts(recordings=anywhere), asked(program="swimming")) == []


def test_every_failure_says_which_clause_asks_for_it_who_can_mend_it_and_how():
    assert list(FAILURES) == list(GateCode)
    assert set(CHECKLIST) == set(CHECKLIST_ITEMS) == set(ChecklistItem)
    assert set(LIMITS) == set(LimitKind)
    assert set(MEDIA) == set(Media)
    for remedy in FAILURES.values():
        assert all(remedy)
        assert re.fullmatch(r"(II|III|IV)\.[a-k](\.[iv]+)?", remedy.clause)
