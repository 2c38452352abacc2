"""What did somebody on staff report that should not stand, who sees to it, and is it corrected? (policy 6.5, II.e)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError, SentBefore, UnknownPlatform, UnknownRecord
from consent.domain.reports import ReportState, ReportStep, report_state
from consent.domain.takedowns import days_late
from consent.services.acting import UnknownStaff
from consent.services.ledger import Event, record
from consent.services.takedowns_closed import who_may_own
from consent.storage import reports as stored
from consent.storage.database import begin_writing
from consent.storage.models import Platform, Report, ReportAssignment, ReportProgress

EVENTS = {ReportStep.CORRECTED: EventKind.REPORT_CORRECTED, ReportStep.CLOSED: EventKind.REPORT_CLOSED}


class DoneAlready(ConsentError):
    """Somebody has said so, or has closed the report."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """What somebody says of it. Its number is the form's own."""

    number: str
    platform: str
    url: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Step:
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One report, and how far it is."""

    number: str
    platform_name: str
    url: str
    wrong: str
    reported_by: str
    reported_at: datetime
    due_on: date
    days_late: int
    owner_id: int | None
    owner: str | None
    assigned_at: datetime | None
    corrected: Step | None
    closed: Step | None

    @property
    def state(self) -> ReportState:
        return report_state(
            assigned=self.assigned_at is not None,
            corrected=self.corrected is not None,
            closed=self.closed is not None,
        )

    @property
    def overdue(self) -> bool:
        return self.closed is None and self.days_late > 0


def make_report(session: Session, new: NewReport, *, due_on: date, staff_id: int, by: str, now: datetime) -> None:
    """Sent twice, it is kept once. Raises UnknownPlatform or SentBefore."""
    begin_writing(session)
    if known := stored.report_numbered(session, new.number):
        if (known.Report.reported_by, known.Report.url, known.Report.wrong) != (staff_id, new.url, new.wrong):
            raise SentBefore("This form was saved already, with other answers.")
        session.rollback()
        return
    platform = session.scalar(select(Platform).where(Platform.external_id == new.platform))
    if platform is None:
        raise UnknownPlatform("No platform has this name.")
    session.add(
        Report(
            number=new.number,
            platform_id=platform.id,
            url=new.url,
            wrong=new.wrong,
            reported_by=staff_id,
            reported_at=now,
            due_on=due_on,
        )
    )
    content = {"report": new.number, "platform": new.platform, "url": new.url, "wrong": new.wrong}
    record(session, Event(EventKind.REPORT_MADE, content), by=by, now=now)
    session.commit()


def list_reports(session: Session, *, zone: tzinfo, now: datetime) -> list[Reported]:
    """Those that are not closed, what is most overdue first."""
    return [_reported(row, zone, now) for row in stored.open_reports(session)]


def list_closed(session: Session, *, zone: tzinfo, now: datetime) -> Sequence[Reported]:
    """The latest first."""
    return [_reported(row, zone, now) for row in stored.closed_reports(session)]


def open_report(session: Session, number: str, *, zone: tzinfo, now: datetime) -> Reported:
    """Raises UnknownRecord."""
    return _reported(_find(session, number), zone, now)


def how_many_open(session: Session) -> int:
    return stored.how_many_open(session)


def assign_report(
    session: Session, number: str, staff_id: int, *, assigned_by: int, by: str, today: date, now: datetime
) -> None:
    """From now on they see to it. Raises UnknownRecord, UnknownStaff or DoneAlready."""
    begin_writing(session)
    row = _find_open(session, number)
    if staff_id not in who_may_own(session, now=now, today=today):
        raise UnknownStaff("Nobody who corrects posts has this number.")
    if row.assigned is not None and row.assigned.staff_id == staff_id:
        session.rollback()
        return
    session.add(ReportAssignment(report_id=row.Report.id, staff_id=staff_id, assigned_by=assigned_by, assigned_at=now))
    content = {"report": number, "to": f"staff:{staff_id}"}
    record(session, Event(EventKind.REPORT_ASSIGNED, content), by=by, now=now)
    session.commit()


def take_step(
    session: Session, number: str, step: ReportStep, note: str, *, staff_id: int, by: str, now: datetime
) -> None:
    """It is corrected, or closed whether it was or not. Raises UnknownRecord or DoneAlready."""
    begin_writing(session)
    row = _find_open(session, number)
    if step is ReportStep.CORRECTED and row.corrected is not None:
        raise DoneAlready("Somebody has said so already.")
    session.add(ReportProgress(report_id=row.Report.id, step=step.value, note=note, done_by=staff_id, done_at=now))
    record(session, Event(EVENTS[step], {"report": number, "note": note}), by=by, now=now)
    session.commit()


def _find(session: Session, number: str) -> Row[*tuple[Any, ...]]:
    row = stored.report_numbered(session, number)
    if row is None:
        raise UnknownRecord("No report has this number.")
    return row


def _find_open(session: Session, number: str) -> Row[*tuple[Any, ...]]:
    row = _find(session, number)
    if row.closed is not None:
        raise DoneAlready("Somebody has closed this report already.")
    return row


def _reported(row: Row[*tuple[Any, ...]], zone: tzinfo, now: datetime) -> Reported:
    report, assigned = row.Report, row.assigned
    return Reported(
        number=report.number,
        platform_name=row.Platform.name,
        url=report.url,
        wrong=report.wrong,
        reported_by=row.reported_by,
        reported_at=report.reported_at,
        due_on=report.due_on,
        days_late=days_late(report.due_on, now, zone),
        owner_id=assigned and assigned.staff_id,
        owner=row.owner,
        assigned_at=assigned and assigned.assigned_at,
        corrected=_step(row.corrected, row.corrected_by),
        closed=_step(row.closed, row.closed_by),
    )


def _step(done: ReportProgress | None, by: str) -> Step | None:
    return Step(by, done.done_at, done.note) if done else None
