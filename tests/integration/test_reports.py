"""Does what somebody on staff reports go all the way: reported, assigned, corrected, closed, with who and when?"""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.domain.refusals import SentBefore, UnknownPlatform, UnknownRecord
from consent.domain.reports import ReportState, ReportStep
from consent.services.acting import UnknownStaff
from consent.services.reports import (
    DoneAlready,
    NewReport,
    Reported,
    assign_report,
    how_many_open,
    list_closed,
    list_reports,
    make_report,
    open_report,
    take_step,
)
from tests.builders.camp import FACEBOOK, NOW, keep
from tests.builders.colleagues import TODAY, colleague, happened

NUMBER = "AAAA-BBBB"
COMMENT = NewReport(NUMBER, "facebook", "https://www.facebook.com/cityparks/posts/1?comment=2", "Names a child")
LATER = NOW + timedelta(days=3)


@pytest.fixture
def lead(app: Flask) -> int:
    keep(app, [FACEBOOK])
    return colleague(app, "Le Ader", Role.PROGRAM_LEAD)


@pytest.fixture
def poster(app: Flask) -> int:
    return colleague(app, "Po Ster", Role.POSTER)


def report(session: Session, lead: int, new: NewReport = COMMENT) -> None:
    make_report(session, new, due_on=TODAY + timedelta(days=2), staff_id=lead, by=f"staff:{lead}", now=NOW)


def on_file(app: Flask, session: Session, *, now: Any = LATER) -> Reported:
    session.rollback()
    return open_report(session, NUMBER, zone=app.config["CONSENT"].zone, now=now)


def test_a_report_goes_from_whoever_saw_it_to_whoever_corrects_it(app: Flask, session: Session, lead: int, poster: int):
    report(session, lead)
    report(session, lead)
    assert how_many_open(session) == 1
    told = on_file(app, session)
    assert (told.state, told.reported_by, told.overdue, told.days_late) == (ReportState.REPORTED, "Le Ader", True, 1)
    given = {"assigned_by": poster, "by": "staff:1", "today": TODAY, "now": LATER}
    assign_report(session, NUMBER, poster, **given)
    assign_report(session, NUMBER, poster, **given)
    assert (on_file(app, session).state, on_file(app, session).owner) == (ReportState.ASSIGNED, "Po Ster")
    done = {"staff_id": poster, "by": f"staff:{poster}", "now": LATER}
    take_step(session, NUMBER, ReportStep.CORRECTED, "Hid the comment", **done)
    corrected = on_file(app, session)
    assert corrected.corrected
    assert (corrected.state, corrected.corrected.by) == (ReportState.CORRECTED, "Po Ster")
    with pytest.raises(DoneAlready):
        take_step(session, NUMBER, ReportStep.CORRECTED, "", **done)
    zone = app.config["CONSENT"].zone
    assert [one.number for one in list_reports(session, zone=zone, now=LATER)] == [NUMBER]
    take_step(session, NUMBER, ReportStep.CLOSED, "", **done)
    assert list_reports(session, zone=zone, now=LATER) == []
    [closed] = list_closed(session, zone=zone, now=LATER)
    assert closed.closed
    assert (closed.state, closed.closed.at, closed.overdue) == (ReportState.CLOSED, LATER, False)
    assert [EventKind(kind).value for kind, _, told in happened(session) if "report" in told] == [
        "report-made", "report-assigned", "report-corrected", "report-closed",
    ]  # fmt: skip
    for again in (
        lambda: take_step(session, NUMBER, ReportStep.CLOSED, "", **done),
        lambda: assign_report(session, NUMBER, lead, **given),
    ):
        with pytest.raises(DoneAlready):
            again()


def test_a_report_names_a_platform_and_goes_to_somebody_who_may(session: Session, lead: int, poster: int):
    with pytest.raises(UnknownPlatform):
        report(session, lead, NewReport(NUMBER, "nowhere", COMMENT.url, "Wrong"))
    report(session, lead)
    with pytest.raises(SentBefore):
        report(session, poster)
    with pytest.raises(UnknownStaff):
        assign_report(session, NUMBER, lead, assigned_by=poster, by="staff:1", today=TODAY, now=NOW)
    with pytest.raises(UnknownRecord):
        take_step(session, "ZZZZ-ZZZZ", ReportStep.CLOSED, "", staff_id=poster, by="staff:1", now=NOW)
