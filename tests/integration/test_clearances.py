"""Is a post cleared only while everything is in order, frozen when it is, and stopped when something changes?"""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consent.domain.clearances import ClearanceState, RecheckCause
from consent.domain.events import EventKind
from consent.domain.gate_codes import GateCode
from consent.domain.gate_facts import Limit, LimitKind
from consent.domain.permissions import Role
from consent.domain.posts import stands_on
from consent.domain.refusals import (
    InTheFuture,
    SentBefore,
    UnknownPatron,
    UnknownPlatform,
    UnknownProgram,
    UnknownRecord,
)
from consent.domain.vocabulary import AskedHow, Media, Reason, Use
from consent.services.clearances import list_clearances
from consent.services.clearances_decided import PostedAlready
from consent.services.clearances_kept import Recorded
from consent.services.clearances_rechecks import sweep_clearances
from consent.services.holds import NewHold, place_hold
from consent.services.posts import NoLongerClear, NotCleared, NotOnPlatform
from consent.services.withdrawals import TakenBack, record_withdrawal
from consent.storage.models import (
    ClearanceDecision,
    ClearanceRecheck,
    ClearanceVerdict,
    PatronCheck,
    Post,
    PostPerson,
    Training,
)
from tests.builders.camp import NOW, a_consent, a_person
from tests.builders.clearances import ACCOUNT_URL, DEVICE, MORNING, POST_URL, Department, a_department
from tests.builders.colleagues import happened

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def department(app: Flask, session: Session) -> Department:
    return a_department(app, session)


def take_back(department: Department, patron: str = "P-ok", **changes: object) -> None:
    told = {"patron": patron, "signer": f"G-{patron}", "uses": None, "asked_how": AskedHow.BY_PHONE, "reference": "W1"}
    record_withdrawal(
        department.session, TakenBack(**told | changes), staff_id=department.poster, by="staff:1",
        zone=department.zone, now=SOON,
    )  # fmt: skip


def test_a_draft_says_what_stands_against_it_before_anybody_presses_clear(department: Department):
    kept = department.open(department.draft("P-ok", "P-no"))
    assert kept.state is ClearanceState.DRAFT
    assert [(failure.code, failure.person) for failure in kept.against] == [(GateCode.PERSON_NOT_ALLOWED, "P-no")]
    assert [(person.external_id, person.answers[Use.PHOTO].allowed) for person in kept.people] == [
        ("P-no", False), ("P-ok", True),
    ]  # fmt: skip
    assert kept.may_clear
    assert not department.open(kept.number, roles=(Role.RECORDS_OFFICER,)).may_clear


def test_what_is_cleared_is_frozen_with_each_verdict_and_its_place_in_the_ledger(
    department: Department, session: Session
):
    number = department.cleared("P-ok", "P-limits", recorded=_film(department))
    kept = department.open(number)
    assert kept.state is ClearanceState.CLEARED
    assert kept.decision
    verdicts = session.scalars(select(ClearanceVerdict)).all()
    assert {(row.use, row.capture is not None) for row in verdicts} == {
        ("photo", False), ("video", False), ("record", True),
    }  # fmt: skip
    assert {(row.allowed, row.reason) for row in verdicts} == {(True, None)}
    assert {tuple(json.loads(row.basis)) for row in verdicts} == {("C-P-ok",), ("C-P-limits",)}
    *_, (kind, by, told) = happened(session)
    assert (kind, by, told["clearance"]) == (EventKind.CLEARANCE_GIVEN, f"staff:{department.poster}", number)
    assert told["failures"] == []
    assert kept.decision.event_position == session.scalar(select(func.max(ClearanceDecision.event_position)))
    checks = session.scalars(select(PatronCheck).where(PatronCheck.door == "clearance")).all()
    assert {json.loads(row.answers)["photo"] for row in checks} == {"allow"}
    assert len(checks) == 2


def _film(department: Department) -> Recorded:
    return Recorded(frozenset({Media.STILL, Media.MOVING}), MORNING, department.poster, DEVICE)


def test_each_limit_needs_its_own_tick(department: Department):
    number = department.draft("P-ok", "P-limits")
    limit = Limit(LimitKind.NOT_TAGGED, "P-limits")
    assert department.open(number).limits == {LimitKind.NOT_TAGGED: ("P-limits",)}
    assert not department.clear(number, Limit(LimitKind.NOT_TAGGED, "P-ok"))
    refused = department.open(number)
    assert refused.state is ClearanceState.REFUSED
    assert refused.decision
    assert [(failure.code, failure.person) for failure in refused.decision.failures] == [
        (GateCode.LIMIT_NOT_SEEN, "P-limits")
    ]
    assert department.clear(number, limit)
    cleared = department.open(number)
    assert cleared.decision
    assert cleared.decision.ticked.limits == {limit}


@pytest.mark.parametrize("patron", ["P-no", "P-unasked"])
def test_nothing_is_cleared_with_anybody_in_it_who_is_not_a_yes(department: Department, patron: str):
    number = department.draft("P-ok", patron)
    assert not department.clear(number)
    assert department.open(number).state is ClearanceState.REFUSED
    with pytest.raises(NotCleared):
        department.post(number)


def test_a_withdrawal_in_another_window_between_draft_and_clear_refuses(department: Department):
    number = department.draft("P-ok")
    assert department.open(number).against == ()
    take_back(department)
    assert not department.clear(number, now=SOON)
    [failure] = department.open(number, now=SOON).decision.failures  # type: ignore[union-attr]  # it was decided
    assert (failure.code, failure.reason) == (GateCode.PERSON_NOT_ALLOWED, Reason.WITHDRAWN)


def test_a_withdrawal_flips_what_was_cleared_at_once_and_in_the_same_change(department: Department, session: Session):
    number, other = department.cleared("P-ok"), department.cleared("P-limits")
    take_back(department)
    assert [row.cause for row in session.scalars(select(ClearanceRecheck))] == [RecheckCause.PERMISSION_CHANGED]
    listed = {row.number: row.state for row in list_clearances(session)}
    assert listed == {number: ClearanceState.RECHECK_NEEDED, other: ClearanceState.CLEARED}
    assert department.open(number, now=SOON).state is ClearanceState.RECHECK_NEEDED
    assert happened(session, EventKind.CLEARANCE_RECHECK_NEEDED)[0][2]["clearance"] == number
    with pytest.raises(NoLongerClear):
        department.post(number, now=SOON)
    assert session.scalar(select(func.count()).select_from(Post)) == 0


def test_a_withdrawal_of_something_else_leaves_it_cleared(department: Department, session: Session):
    number = department.cleared("P-ok")
    take_back(department, uses=frozenset({Use.FOLLOW}))
    assert department.open(number, now=SOON).state is ClearanceState.CLEARED
    assert session.scalars(select(ClearanceRecheck)).all() == []


def test_a_hold_stops_it_too_and_does_not_give_itself_away(department: Department, session: Session):
    number = department.cleared("P-ok")
    place_hold(session, NewHold("P-ok", "Court order", "h1"), by="staff:1", now=SOON)
    assert [row.state for row in list_clearances(session)] == [ClearanceState.RECHECK_NEEDED]
    kept = department.open(number, now=SOON, roles=(Role.POSTER,))
    assert kept.state is ClearanceState.RECHECK_NEEDED
    assert {failure.reason for failure in kept.against} == {Reason.REFUSED}


def test_why_somebody_is_a_no_is_one_sentence_to_those_without_the_right_to_more(department: Department):
    number = department.draft("P-ok")
    take_back(department)
    assert not department.clear(number, now=SOON)
    shown = [department.open(number, now=SOON, roles=(role,)) for role in (Role.POSTER, Role.RECORDS_OFFICER)]
    assert [[failure.reason for failure in kept.against] for kept in shown] == [[Reason.REFUSED], [Reason.WITHDRAWN]]
    kept = [one.decision.failures[0].reason for one in shown if one.decision]
    assert kept == [Reason.REFUSED, Reason.WITHDRAWN]


def test_time_alone_flips_it_when_the_sweep_comes_by(department: Department, session: Session):
    number = department.cleared("P-ok")
    assert sweep_clearances(session, zone=department.zone, now=NOW) is None
    new_year = NOW.replace(year=2027)
    assert department.open(number, now=new_year).state is ClearanceState.RECHECK_NEEDED
    assert "1 clearance" in (sweep_clearances(session, zone=department.zone, now=new_year) or "")
    assert department.open(number, now=new_year).cause is RecheckCause.FOUND_BY_THE_SWEEP
    assert sweep_clearances(session, zone=department.zone, now=new_year) is None


def test_after_a_recheck_it_can_be_cleared_anew(department: Department, session: Session):
    number = department.cleared("P-ok")
    training = session.scalars(select(Training)).one()
    training.ended_at = SOON
    session.commit()
    with pytest.raises(NoLongerClear):
        department.post(number, now=SOON)
    assert department.open(number, now=SOON).cause is RecheckCause.FOUND_AT_THE_POST
    assert not department.clear(number, now=SOON)
    session.add(
        Training(
            staff_id=department.poster, course="Again", taken_on=NOW.date(), valid_until=NOW.date(),
            added_by=department.staff["boss"], added_at=SOON,
        )
    )  # fmt: skip
    session.commit()
    assert department.clear(number, now=SOON)
    department.post(number, now=SOON)
    assert department.open(number, now=SOON).state is ClearanceState.POSTED


def test_pressing_clear_twice_decides_once(department: Department, session: Session):
    number = department.cleared("P-ok")
    assert department.clear(number)
    assert session.scalar(select(func.count()).select_from(ClearanceDecision)) == 1


def test_a_post_is_logged_once_with_everybody_in_it(department: Department, session: Session):
    number = department.cleared("P-ok", "P-limits")
    department.post(number, now=SOON)
    department.post(number, now=SOON)
    post = session.scalars(select(Post)).one()
    assert (post.url, post.posted_at, post.still_allowed) == (POST_URL, SOON, True)
    assert session.scalar(select(func.count()).select_from(PostPerson)) == 2
    kept = department.open(number, now=SOON)
    assert kept.post
    assert kept.post.url == POST_URL
    with pytest.raises(PostedAlready):
        department.clear(number, now=SOON)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.facebook.com/p/1",
        "https://facebook.com.evil.example/p/1",
        "https://evil.example/facebook.com",
        "https://www.instagram.com/p/1",
        "https://user@www.facebook.com/p/1",
        "javascript:alert(1)",
        "/p/1",
    ],
)
def test_a_post_stands_on_the_platforms_own_host(department: Department, url: str):
    number = department.cleared("P-ok")
    with pytest.raises(NotOnPlatform):
        department.post(number, url)


def test_nothing_is_posted_in_the_future(department: Department):
    number = department.cleared("P-ok")
    with pytest.raises(InTheFuture):
        department.post(number, at=SOON)


def test_what_is_out_already_is_logged_even_if_it_is_no_longer_clear(department: Department, session: Session):
    number = department.cleared("P-ok")
    take_back(department)
    department.post(number, now=SOON, already=True)
    assert session.scalars(select(Post.still_allowed)).all() == [False]
    kept = department.open(number, now=SOON)
    assert kept.post
    assert not kept.post.still_allowed
    assert kept.state is ClearanceState.POSTED


def test_an_account_is_shown_only_where_it_may_be_used(app: Flask, session: Session):
    tagged = [*a_person("P-tag", "Di", "Dor", handles={"facebook": "@di"}), a_consent("P-tag")]
    hidden = [*a_person("P-not", "Ed", "Eck", handles={"facebook": "@ed"}), a_consent("P-not", answers={"tag": "no"})]
    department = a_department(app, session, more=[*tagged, *hidden])
    nothing = {"recorded": None, "uses": frozenset({Use.TAG, Use.FOLLOW})}
    allowed = department.open(department.cleared("P-tag", **nothing))
    assert [person.account for person in allowed.people] == ["@di"]
    refused = department.open(department.draft("P-tag", "P-not", **nothing))
    assert {person.external_id: person.account for person in refused.people} == {"P-tag": "@di", "P-not": None}
    photo = department.open(department.cleared("P-tag"))
    assert [person.account for person in photo.people] == [None]


def test_only_whoever_is_authorized_for_the_platform_clears(department: Department):
    number = department.draft("P-ok")
    assert not department.clear(number, staff_id=department.staff["boss"])
    refused = department.open(number).decision
    assert refused
    assert GateCode.NOT_AUTHORIZED in {failure.code for failure in refused.failures}


def test_the_same_form_sent_twice_is_one_draft(department: Department):
    number = department.draft("P-ok", number="AAAA-BBBB")
    assert department.draft("P-ok", number="AAAA-BBBB") == number
    with pytest.raises(SentBefore):
        department.draft("P-ok", number="AAAA-BBBB", what="Another one")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"account_id": 999}, UnknownPlatform),
        ({"program": "nowhere"}, UnknownProgram),
        ({"people": ("P-ok", "nobody")}, UnknownPatron),
    ],
)
def test_a_draft_names_only_what_is_there(department: Department, wrong: dict[str, object], refusal: type[Exception]):
    with pytest.raises(refusal):
        department.draft(**wrong)


def test_nothing_is_open_under_a_number_that_nobody_gave(department: Department):
    with pytest.raises(UnknownRecord):
        department.open("ZZZZ-ZZZZ")


def test_on_a_platform_that_few_know_a_post_stands_on_the_accounts_own_host():
    ours = {"platform": "Townsquare", "account_url": "https://www.townsquare.example/city"}
    assert stands_on("https://townsquare.example/city/1", **ours)
    assert stands_on("https://m.townsquare.example/city/1", **ours)
    assert not stands_on("https://othersquare.example/city/1", **ours)
    assert stands_on(POST_URL, platform="Facebook", account_url=ACCOUNT_URL)


def test_what_was_planned_may_be_posted_later_and_cleared_only_ahead(department: Department):
    number = department.cleared("P-ok", planned_at=SOON)
    late = SOON + timedelta(hours=1)
    assert department.open(number, now=late).state is ClearanceState.CLEARED
    department.post(number, now=late)
    passed = department.draft("P-ok", planned_at=SOON)
    assert [failure.code for failure in department.open(passed, now=late).against] == [GateCode.TIME_HAS_PASSED]


def test_a_film_with_sound_asks_twice_whether_somebody_may_be_recorded_and_one_no_is_shown(department: Department):
    both = Recorded(frozenset({Media.MOVING, Media.VOICE}), MORNING, department.poster, DEVICE)
    kept = department.open(department.draft("P-no", recorded=both))
    recording = [failure.capture for failure in kept.against if failure.code is GateCode.RECORDING_NOT_ALLOWED]
    assert recording == [0, 1]
    assert not kept.people[0].answers[Use.RECORD].allowed
