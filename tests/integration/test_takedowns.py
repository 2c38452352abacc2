"""Does every post come down when a permission ends, whichever way it ends, and does nobody have to think of it?"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.writing import as_said
from consent.domain.permissions import Permission, Role, permissions_of
from consent.domain.refusals import InTheFuture, UnknownRecord
from consent.domain.takedowns import TakedownAction, TakedownOutcome
from consent.domain.vocabulary import AskedHow, Media, Reason, Use
from consent.services.acting import UnknownStaff
from consent.services.clearances_kept import Recorded
from consent.services.corrections import correct_patron, open_patron
from consent.services.guardianships import end_guardianship
from consent.services.holds import NewHold, place_hold
from consent.services.posts import NoLongerClear
from consent.services.takedowns import (
    Task,
    how_many_open,
    how_many_overdue,
    list_closed,
    list_open,
    open_task,
    tasks_about,
)
from consent.services.takedowns_closed import (
    ClosedAlready,
    Closing,
    GoneBeforePosted,
    NotAllowedAgain,
    StaffNotAsked,
    assign_task,
    close_task,
)
from consent.services.takedowns_opened import sweep_takedowns
from consent.services.voidings import RecordKind, request_voiding, second_voiding
from consent.services.withdrawals import TakenBack, record_withdrawal
from consent.storage.models import Guardianship, Takedown
from tests.builders.camp import FORM, NOW, a_consent, a_person, keep
from tests.builders.clearances import ACCOUNT_URL, DEVICE, MORNING, Department, a_department
from tests.builders.colleagues import colleague, happened

SOON = NOW + timedelta(minutes=5)
GONE = Closing(TakedownOutcome.GONE, gone_at=SOON, reposts_asked=True)
WITHDRAWN_FORM = FORM | {"withdrawn_at": "2026-07-01T19:00:00Z"}
A_NO = {"id": "C-later", "signed_at": "2026-07-01T18:00:00Z", "witnessed_at": None}


@pytest.fixture
def department(app: Flask, session: Session) -> Department:
    return a_department(app, session)


def posted(department: Department, *people: str, now: datetime = NOW, **changes: object) -> str:
    number = department.cleared(*people, now=now, **changes)
    department.post(number, f"{ACCOUNT_URL}/posts/{number}", now=now)
    return number


def take_back(department: Department, patron: str = "P-ok", **changes: object) -> None:
    told = {"patron": patron, "signer": f"G-{patron}", "uses": None, "asked_how": AskedHow.BY_PHONE, "reference": "W1"}
    record_withdrawal(
        department.session, TakenBack(**told | changes), staff_id=department.poster, by="staff:1",
        zone=department.zone, now=SOON,
    )  # fmt: skip


def hold(department: Department) -> None:
    place_hold(department.session, NewHold("P-ok", "Court order", "h1"), by="staff:1", now=SOON)


def void(department: Department) -> None:
    session, about = department.session, (RecordKind.CONSENT, "C-P-ok")
    key = request_voiding(session, *about, "Wrong child", staff_id=department.poster, by="staff:1", now=SOON)
    second_voiding(session, key, staff_id=department.staff["boss"], by="staff:2", now=SOON)


def correct_birth_date(department: Department) -> None:
    said = open_patron(department.session, "P-ok")
    after = replace(said, born=date(2008, 1, 2))
    correct_patron(
        department.session, as_said(said), after, reason="Misread", order_seen=False, by="staff:1",
        zone=department.zone, now=SOON,
    )  # fmt: skip


def end_authority(department: Department) -> None:
    query = select(Guardianship.id).order_by(Guardianship.id).limit(1)
    key = department.session.scalars(query).one()
    end_guardianship(department.session, key, until=None, reason="Court order", order_seen=True, by="staff:1", now=SOON)


def tasks(session: Session) -> list[tuple[TakedownAction, Reason, str]]:
    session.rollback()
    rows = session.scalars(select(Takedown).order_by(Takedown.id))
    return [(TakedownAction(row.action), Reason(row.reason), row.uses) for row in rows]


def listed(department: Department, *roles: Role, now: datetime = SOON) -> list[Task]:
    department.session.rollback()
    permissions = permissions_of(roles or [Role.RECORDS_OFFICER])
    return list_open(department.session, permissions=permissions, zone=department.zone, now=now)


def close(department: Department, key: int, closing: Closing = GONE, *, now: datetime = SOON) -> int:
    return close_task(
        department.session, key, closing, staff_id=department.poster, by="staff:1", zone=department.zone, now=now
    )


def test_somebody_in_three_posts_who_withdraws_makes_three_tasks_at_once(department: Department, session: Session):
    for _ in range(3):
        posted(department, "P-ok")
    posted(department, "P-limits")
    assert tasks(session) == []
    take_back(department)
    assert tasks(session) == [(TakedownAction.TAKE_DOWN, Reason.WITHDRAWN, "photo")] * 3
    [withdrawn, *opened] = happened(session)[-4:]
    assert EventKind(withdrawn[0]) is EventKind.WITHDRAWAL_MADE
    assert [(kind, told["patron"]) for kind, _, told in opened] == [(EventKind.TAKEDOWN_OPENED, "P-ok")] * 3
    assert {task.due_on - SOON.astimezone(department.zone).date() for task in listed(department)} == {timedelta(days=2)}
    assert {task.owner_id for task in listed(department)} == {department.poster}
    assert sweep_takedowns(session, now=SOON) is None
    assert len(tasks(session)) == 3


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (take_back, Reason.WITHDRAWN),
        (hold, Reason.HOLD),
        (void, Reason.VOIDED),
        (correct_birth_date, Reason.CAME_OF_AGE),
        (end_authority, Reason.NOT_ENTITLED),
    ],
)
def test_every_way_in_which_a_permission_ends_at_the_desk_opens_the_task_in_the_same_change(
    department: Department, session: Session, ends: Callable[[Department], None], reason: Reason
):
    posted(department, "P-ok", "P-limits")
    ends(department)
    assert tasks(session) == [(TakedownAction.TAKE_DOWN, reason, "photo")]


@pytest.mark.parametrize(
    ("line", "reasons"),
    [
        (a_consent("P-ok", **A_NO, answers={"photo": "no"}), [Reason.REFUSED]),
        (a_consent("P-ok", voided_at="2026-07-01T19:00:00Z"), [Reason.VOIDED]),
        (WITHDRAWN_FORM, [Reason.FORM_WITHDRAWN] * 2),
    ],
)
def test_every_way_in_which_a_file_ends_a_permission_opens_it_too(
    app: Flask, department: Department, session: Session, line: dict[str, object], reasons: list[Reason]
):
    posted(department, "P-ok", "P-limits")
    keep(app, [line], now=SOON)
    assert tasks(session) == [(TakedownAction.TAKE_DOWN, reason, "photo") for reason in reasons]


def test_only_what_is_no_longer_allowed_comes_down(department: Department, session: Session):
    tagged = {"uses": frozenset({Use.TAG, Use.FRIEND, Use.FOLLOW}), "recorded": None}
    posted(department, "P-ok", **tagged)
    posted(department, "P-ok", uses=frozenset({Use.PHOTO, Use.TAG}))
    take_back(department, uses=frozenset({Use.TAG, Use.FRIEND}))
    assert [(action, uses) for action, _, uses in tasks(session)] == [
        (TakedownAction.UNTAG, "tag"),
        (TakedownAction.UNFRIEND, "friend"),
        (TakedownAction.UNTAG, "tag"),
    ]
    take_back(department, uses=frozenset({Use.FOLLOW, Use.PHOTO}), reference="W2")
    assert [(action, uses) for action, _, uses in tasks(session)[3:]] == [
        (TakedownAction.UNFOLLOW, "follow"),
        (TakedownAction.TAKE_DOWN, "photo tag"),
    ]


def test_a_film_comes_down_when_the_permission_to_record_ends(department: Department, session: Session):
    film = Recorded(frozenset({Media.MOVING}), MORNING, department.poster, DEVICE)
    posted(department, "P-ok", uses=frozenset({Use.VIDEO}), recorded=film)
    take_back(department, uses=frozenset({Use.RECORD}))
    assert tasks(session) == [(TakedownAction.TAKE_DOWN, Reason.WITHDRAWN, "video")]


def test_what_was_posted_after_the_withdrawal_is_refused_or_gets_its_task(department: Department, session: Session):
    number = department.cleared("P-ok")
    take_back(department)
    with pytest.raises(NoLongerClear):
        department.post(number, now=SOON)
    assert tasks(session) == []
    department.post(number, now=SOON, already=True)
    assert tasks(session) == [(TakedownAction.TAKE_DOWN, Reason.WITHDRAWN, "photo")]


def test_a_withdrawal_and_a_post_in_the_same_moment_never_leave_a_post_without_its_task(
    department: Department, session: Session
):
    number, together, logged = department.cleared("P-ok"), threading.Barrier(2), []
    engine = session.get_bind()

    def post() -> None:
        with Session(engine) as own:
            other = Department.__new__(Department)
            other.__dict__ |= department.__dict__ | {"session": own}
            together.wait()
            try:
                other.post(number, now=SOON)
                logged.append(number)
            except NoLongerClear:
                pass

    poster = threading.Thread(target=post)
    poster.start()
    together.wait()
    take_back(department)
    poster.join()
    assert len(tasks(session)) == len(logged)


@pytest.mark.parametrize(
    ("child", "after", "reason"),
    [
        (("2015-03-04", "2026-09-01T07:00:00Z"), datetime(2026, 9, 1, 7, tzinfo=UTC), Reason.EXPIRED),
        (("2008-08-02", "2027-01-01T07:00:00Z"), datetime(2026, 8, 2, 7, tzinfo=UTC), Reason.CAME_OF_AGE),
    ],
)
def test_what_time_ends_is_found_first_thing_after_the_registrys_own_midnight(
    app: Flask, session: Session, child: tuple[str, str], after: datetime, reason: Reason
):
    born, expires = child
    family = [*a_person("P-time", "Di", "Dor", born=born), a_consent("P-time", expires_at=expires)]
    department = a_department(app, session, more=family)
    posted(department, "P-time", "P-limits")
    assert sweep_takedowns(session, now=after - timedelta(minutes=1)) is None
    assert sweep_takedowns(session, now=after) == "Opened takedowns: 1."
    assert tasks(session) == [(TakedownAction.TAKE_DOWN, reason, "photo")]
    assert sweep_takedowns(session, now=after + timedelta(minutes=1)) is None
    assert [actor for _, actor, _ in happened(session, EventKind.TAKEDOWN_OPENED)] == ["tick"]


def test_the_sweep_asks_as_often_for_one_person_as_for_many(app: Flask, session: Session):
    many = [line for n in range(30) for line in (*a_person(f"P{n}", "Di", "Dor"), a_consent(f"P{n}"))]
    department = a_department(app, session, more=many)
    posted(department, "P-ok")
    few = _statements(session, lambda: sweep_takedowns(session, now=SOON))
    posted(department, *(f"P{n}" for n in range(30)))
    later = SOON + timedelta(hours=2)
    assert _statements(session, lambda: sweep_takedowns(session, now=later)) == few


def _statements(session: Session, act: Callable[[], object]) -> int:
    told: list[str] = []
    engine = session.get_bind()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(told)


def test_a_hold_is_told_to_nobody_without_the_right_to_it(department: Department):
    posted(department, "P-ok")
    hold(department)
    assert [task.reason for task in listed(department, Role.RECORDS_OFFICER)] == [Reason.HOLD]
    for role in Role:
        if Permission.SEE_HOLDS not in permissions_of([role]):
            assert [task.reason for task in listed(department, role)] == [Reason.REFUSED]


def test_what_is_late_is_said_in_days_and_stands_on_top(department: Department, session: Session):
    posted(department, "P-limits")
    take_back(department, "P-limits")
    later = SOON + timedelta(days=4)
    [task] = listed(department, now=later)
    assert (task.overdue, task.days_late) == (True, 2)
    assert not listed(department, now=SOON + timedelta(days=2))[0].overdue
    assert (how_many_open(session), how_many_overdue(session, zone=department.zone, now=later)) == (1, 1)
    assert how_many_overdue(session, zone=department.zone, now=SOON) == 0


def test_whoever_closes_a_task_says_since_when_it_is_gone(department: Department, session: Session):
    number = posted(department, "P-ok", "P-limits")
    take_back(department)
    take_back(department, "P-limits", reference="W2")
    [first, second] = listed(department)
    for wrong, refusal in (
        (Closing(TakedownOutcome.GONE, SOON + timedelta(days=1), reposts_asked=True), InTheFuture),
        (Closing(TakedownOutcome.GONE, NOW - timedelta(days=1), reposts_asked=True), GoneBeforePosted),
        (Closing(TakedownOutcome.GONE, SOON), StaffNotAsked),
        (Closing(TakedownOutcome.KEPT), NotAllowedAgain),
    ):
        with pytest.raises(refusal):
            close(department, first.key, wrong)
    assert close(department, first.key) == 2, "the post is gone, for everybody in it"
    with pytest.raises(ClosedAlready):
        close(department, second.key)
    with pytest.raises(UnknownRecord):
        close(department, 999)
    assert listed(department) == []
    given = {"permissions": permissions_of([Role.POSTER]), "zone": department.zone, "now": SOON}
    for task in list_closed(session, **given):
        assert task.closed
        assert (task.closed.outcome, task.closed.gone_at, task.closed.by) == (
            TakedownOutcome.GONE,
            SOON,
            "Ada Lovelace",
        )
        assert not task.overdue
    assert len(tasks_about(session, clearance=number, **given)) == 2
    assert [task.patron for task in tasks_about(session, patron="P-ok", **given)] == ["P-ok"]
    assert len(happened(session, EventKind.TAKEDOWN_CLOSED)) == 2
    hold(department)
    assert listed(department) == [], "what is gone need not come down again"


def test_what_cannot_come_down_says_why_and_is_not_asked_for_again(department: Department, session: Session):
    posted(department, "P-ok")
    take_back(department)
    [task] = listed(department)
    assert close(department, task.key, Closing(TakedownOutcome.CANNOT, note="Shared by a newspaper")) == 1
    hold(department)
    assert listed(department) == []
    [closed] = list_closed(session, permissions=frozenset(), zone=department.zone, now=SOON)
    assert closed.closed
    assert closed.closed.note == "Shared by a newspaper"


def test_a_new_permission_marks_a_task_and_closes_none(app: Flask, department: Department, session: Session):
    posted(department, "P-ok")
    take_back(department)
    later = SOON + timedelta(hours=1)
    again = {"id": "C-again", "signed_at": "2026-07-01T19:30:00Z", "witnessed_at": "2026-07-01T19:40:00Z"}
    keep(app, [a_consent("P-ok", **again)], now=later)
    [task] = listed(department, now=later)
    assert task.allowed_again
    assert close(department, task.key, Closing(TakedownOutcome.KEPT), now=later) == 1
    assert listed(department, now=later) == []
    place_hold(session, NewHold("P-ok", "Court order", "h1"), by="staff:1", now=later)
    [held] = listed(department, now=later)
    assert held.key != task.key


def test_a_task_may_be_given_to_whoever_corrects_posts(app: Flask, department: Department, session: Session):
    other = colleague(app, "Cy Olleague", Role.ADMINISTRATOR)
    posted(department, "P-ok")
    take_back(department)
    [task] = listed(department)
    given = {"assigned_by": department.poster, "by": "staff:1", "today": NOW.date(), "now": SOON}
    assign_task(session, task.key, department.poster, **given)
    assert happened(session, EventKind.TAKEDOWN_ASSIGNED) == []
    with pytest.raises(UnknownStaff):
        assign_task(session, task.key, 999, **given)
    assign_task(session, task.key, other, **given)
    assert listed(department)[0].owner == "Cy Olleague"
    [(_, _, told)] = happened(session, EventKind.TAKEDOWN_ASSIGNED)
    assert told == {"takedown": task.key, "to": f"staff:{other}"}


def test_nothing_is_open_under_a_number_that_no_task_has(department: Department):
    with pytest.raises(UnknownRecord):
        open_task(department.session, 999, permissions=frozenset(), zone=department.zone, now=NOW)
