"""Is each change of a colleague recorded, does nobody change their own, and does an administrator remain?"""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import ConsentError, UnknownProgram
from consent.domain.registers import StaffKind
from consent.services.acting import NoLongerAllowed, OwnAccount, UnknownStaff
from consent.services.staff import NotAProgramLead, StaffNameWrong
from consent.services.staff_changes import (
    LastAdministrator,
    RoleChange,
    change_roles,
    change_staff,
    open_details,
)
from consent.services.staff_standing import reset_staff, restore_staff, suspend_staff
from consent.services.trails import ChangedMeanwhile
from consent.storage.database import db
from consent.storage.models import Program, ProgramLead
from tests.builders.colleagues import TODAY, acting, colleague, details, happened, on_file, roles_of

ADMINISTRATOR, LEAD, POSTER = Role.ADMINISTRATOR, Role.PROGRAM_LEAD, Role.POSTER


@pytest.fixture
def ada(app: Flask) -> int:
    return colleague(app, "Ada Lovelace", ADMINISTRATOR)


@pytest.fixture
def ben(app: Flask) -> int:
    return colleague(app, "Ben Bell", Role.FRONT_DESK)


@pytest.fixture
def camps(session: Session) -> None:
    session.add_all(Program(external_id=f"camp-{n}", name=f"Camp {n}", starts=TODAY, ends=TODAY) for n in (1, 2))
    session.commit()


def test_how_somebody_works_for_the_department_is_told_from_old_to_new(app: Flask, session: Session):
    ada, vera = colleague(app, "Ada Lovelace", Role.ADMINISTRATOR), colleague(app, "Vera Volunteer", Role.POSTER)
    before = open_details(session, vera)
    change_staff(session, vera, before.said, replace(before, kind=StaffKind.VOLUNTEER), acting=acting(ada))
    assert open_details(session, vera).kind is StaffKind.VOLUNTEER
    [(_, _, told)] = happened(session, EventKind.STAFF_CHANGED)
    assert (told["before"], told["after"]) == ({"kind": "employee"}, {"kind": "volunteer"})


def change(session: Session, staff_id: int, becomes, *, by: int) -> None:
    """As somebody does who has just opened the page."""
    change_staff(session, staff_id, open_details(session, staff_id).said, becomes, acting=acting(by))


@pytest.mark.usefixtures("camps")
def test_each_change_is_recorded_from_old_to_new(session: Session, ada: int, ben: int):
    change(session, ben, details("Ben Bell", LEAD, programs=("camp-1",), last_day=TODAY), by=ada)
    change(session, ben, details("Benedict Bell", LEAD, programs=("camp-2",), last_day=TODAY), by=ada)
    assert happened(session, EventKind.STAFF_CHANGED) == [
        (
            "staff-changed",
            f"staff:{ada}",
            {
                "staff": ben,
                "before": {"roles": ["front-desk"], "last_day": None},
                "after": {"roles": ["program-lead"], "last_day": "2026-07-01"},
            },
        ),
        (
            "staff-changed",
            f"staff:{ada}",
            {"staff": ben, "before": {"name": "Ben Bell"}, "after": {"name": "Benedict Bell"}},
        ),
    ]
    leads = happened(session, EventKind.PROGRAM_LEAD_ADDED, EventKind.PROGRAM_LEAD_REMOVED)
    assert [(kind, told["program"]) for kind, _, told in leads] == [
        ("program-lead-added", "camp-1"),
        ("program-lead-added", "camp-2"),
        ("program-lead-removed", "camp-1"),
    ]
    assert len(session.scalars(select(ProgramLead)).all()) == 1


def test_a_change_that_changes_nothing_leaves_no_trace(session: Session, ada: int, ben: int):
    before = happened(session)
    change(session, ben, details("Ben Bell", Role.FRONT_DESK), by=ada)
    assert happened(session) == before


def test_of_their_own_an_administrator_changes_the_name_only(session: Session, ada: int):
    colleague_says = details("Ada King", ADMINISTRATOR)
    change(session, ada, colleague_says, by=ada)
    assert on_file(session, ada).name == "Ada King"
    for grabs in (
        details("Ada King", ADMINISTRATOR, Role.DIRECTOR),
        details("Ada King", ADMINISTRATOR, last_day=TODAY),
    ):
        with pytest.raises(OwnAccount):
            change(session, ada, grabs, by=ada)
    for act in (suspend_staff, restore_staff, reset_staff):
        with pytest.raises(OwnAccount):
            act(session, ada, acting=acting(ada))
    with pytest.raises(OwnAccount):
        change_roles(session, {ada: RoleChange(frozenset({ADMINISTRATOR}), frozenset(Role))}, acting=acting(ada))
    assert roles_of(session, ada) == {"administrator"}


def test_the_last_administrator_who_stays_cannot_be_taken_away(session: Session, app: Flask, ada: int):
    """Whoever is about to leave does not count, even while they act."""
    bea = colleague(app, "Bea Bold", ADMINISTRATOR)
    change(session, bea, details("Bea Bold", ADMINISTRATOR, last_day=TODAY), by=ada)
    for attempt in (
        lambda: change(session, ada, details("Ada Lovelace", POSTER), by=bea),
        lambda: change(session, ada, details("Ada Lovelace", ADMINISTRATOR, last_day=TODAY), by=bea),
        lambda: suspend_staff(session, ada, acting=acting(bea)),
    ):
        with pytest.raises(LastAdministrator):
            attempt()
        session.rollback()
    assert on_file(session, ada).active


def test_of_two_administrators_who_demote_each_other_at_once_one_remains(app: Flask, session: Session, ada: int):
    bea = colleague(app, "Bea Bold", ADMINISTRATOR)
    colleague(app, "Cem Calm", ADMINISTRATOR)
    both_opened, answers = threading.Barrier(2), []

    def demote(by: int, whom: int) -> None:
        with app.app_context(), Session(db.engine) as own:
            opened = open_details(own, whom).said
            both_opened.wait()
            try:
                change_staff(own, whom, opened, details("Demoted", POSTER), acting=acting(by))
                answers.append("done")
            except ConsentError as refused:
                answers.append(type(refused).__name__)

    racing = [threading.Thread(target=demote, args=pair) for pair in ((ada, bea), (bea, ada))]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    assert sorted(answers) == ["NoLongerAllowed", "done"]
    assert sorted([roles_of(session, ada), roles_of(session, bea)], key=min) == [{"administrator"}, {"poster"}]


@pytest.mark.parametrize("how", ["suspended", "demoted", "ended"])
def test_who_is_no_administrator_any_more_changes_nothing(session: Session, app: Flask, ada: int, ben: int, how: str):
    bea = colleague(app, "Bea Bold", ADMINISTRATOR)
    if how == "suspended":
        suspend_staff(session, bea, acting=acting(ada))
    elif how == "demoted":
        change(session, bea, details("Bea Bold", POSTER), by=ada)
    else:
        change(session, bea, details("Bea Bold", ADMINISTRATOR, last_day=TODAY), by=ada)
    later = acting(bea, today=TODAY + timedelta(days=1))
    with pytest.raises(NoLongerAllowed):
        suspend_staff(session, ben, acting=later)
    assert on_file(session, ben).active


def test_all_roles_of_the_matrix_are_saved_or_none(session: Session, app: Flask, ada: int, ben: int):
    cem = colleague(app, "Cem Calm", LEAD)
    desk, poster, lead = frozenset({Role.FRONT_DESK}), frozenset({POSTER}), frozenset({LEAD})
    stale = {ben: RoleChange(desk, poster), cem: RoleChange(poster, desk)}
    with pytest.raises(ChangedMeanwhile):
        change_roles(session, stale, acting=acting(ada))
    assert roles_of(session, ben) == {"front-desk"}
    change_roles(session, {ben: RoleChange(desk, poster), cem: RoleChange(lead, desk)}, acting=acting(ada))
    assert (roles_of(session, ben), roles_of(session, cem)) == ({"poster"}, {"front-desk"})
    assert len(happened(session, EventKind.STAFF_CHANGED)) == 2


@pytest.mark.usefixtures("camps")
def test_who_is_no_program_lead_any_more_leads_no_program(session: Session, ada: int, ben: int):
    change(session, ben, details("Ben Bell", LEAD, Role.FRONT_DESK, programs=("camp-1",)), by=ada)
    was, becomes = frozenset({LEAD, Role.FRONT_DESK}), frozenset({Role.FRONT_DESK})
    change_roles(session, {ben: RoleChange(was, becomes)}, acting=acting(ada))
    assert session.scalars(select(ProgramLead)).all() == []
    assert happened(session, EventKind.PROGRAM_LEAD_REMOVED)


@pytest.mark.parametrize(
    ("becomes", "refusal"),
    [
        (details("Ben Bell", POSTER, programs=("camp-1",)), NotAProgramLead),
        (details("Ben Bell", LEAD, programs=("zoo",)), UnknownProgram),
        (details(" ", POSTER), StaffNameWrong),
        (details("Ben\u202eBell", POSTER), StaffNameWrong),
    ],
)
@pytest.mark.usefixtures("camps")
def test_what_cannot_be_is_refused_and_changes_nothing(session: Session, ada: int, ben: int, becomes, refusal):
    with pytest.raises(refusal):
        change(session, ben, becomes, by=ada)
    assert roles_of(session, ben) == {"front-desk"}


def test_nobody_writes_over_what_a_colleague_changed_meanwhile(session: Session, ada: int, ben: int):
    opened = open_details(session, ben).said
    change(session, ben, details("Ben Bell", POSTER), by=ada)
    with pytest.raises(ChangedMeanwhile) as refused:
        change_staff(session, ben, opened, details("Benedict", Role.FRONT_DESK), acting=acting(ada))
    assert refused.value.now["roles"] == ["poster"]


def test_who_is_let_go_and_taken_back_keeps_their_roles(session: Session, ada: int, ben: int):
    mark = on_file(session, ben).fs_uniquifier
    for _ in range(2):  # told twice, done once
        suspend_staff(session, ben, acting=acting(ada))
    assert on_file(session, ben).fs_uniquifier != mark
    for _ in range(2):
        restore_staff(session, ben, acting=acting(ada))
    assert roles_of(session, ben) == {"front-desk"}
    told = happened(session, EventKind.STAFF_SUSPENDED, EventKind.STAFF_RESTORED)
    assert told == [(kind, f"staff:{ada}", {"staff": ben}) for kind in ("staff-suspended", "staff-restored")]


def test_a_reset_takes_the_password_and_every_session_away(session: Session, ada: int, ben: int):
    mark = on_file(session, ben).fs_uniquifier
    reset_staff(session, ben, acting=acting(ada))
    reset_staff(session, ben, acting=acting(ada))
    assert on_file(session, ben).password is None
    assert on_file(session, ben).fs_uniquifier != mark
    assert [kind for kind, _, _ in happened(session)][-2:] == ["staff-reset", "staff-invited"]


def test_nobody_unknown_is_changed(session: Session, ada: int):
    with pytest.raises(UnknownStaff):
        suspend_staff(session, 999, acting=acting(ada))
