"""Which posts and comments were reported, and how far is each?"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from consent.domain.reports import ReportStep
from consent.storage.models import Platform, Report, ReportAssignment, ReportProgress, Staff

CLOSED_MOST = 100


def report_numbered(session: Session, number: str) -> Row[*tuple[Any, ...]] | None:
    return session.execute(_with_everything().where(Report.number == number)).first()


def open_reports(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """What is most overdue first."""
    query = _with_everything().where(~_has_step(ReportStep.CLOSED))
    return session.execute(query.order_by(Report.due_on, Report.id)).all()


def closed_reports(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest first."""
    query = _with_everything().where(_has_step(ReportStep.CLOSED))
    return session.execute(query.order_by(Report.id.desc()).limit(CLOSED_MOST)).all()


def how_many_open(session: Session, *, due_before: date | None = None) -> int:
    """Or of those only the ones that were due before that day."""
    query = select(func.count()).select_from(Report).where(~_has_step(ReportStep.CLOSED))
    if due_before is not None:
        query = query.where(Report.due_on < due_before)
    return session.scalar(query) or 0


def _has_step(step: ReportStep) -> Any:
    return exists().where(ReportProgress.report_id == Report.id, ReportProgress.step == step.value)


def _with_everything() -> Any:
    """(Report, its platform, the latest assignment, each step, and who reported, owns, corrected and closed it)."""
    later, assigned = aliased(ReportAssignment), aliased(ReportAssignment, name="assigned")
    newest = select(func.max(later.id)).where(later.report_id == Report.id).correlate(Report).scalar_subquery()
    corrected, closed = (aliased(ReportProgress, name=step.value) for step in (ReportStep.CORRECTED, ReportStep.CLOSED))
    reporter, owner, corrector, closer = (aliased(Staff) for _ in range(4))
    return (
        select(
            Report,
            Platform,
            assigned,
            corrected,
            closed,
            reporter.name.label("reported_by"),
            owner.name.label("owner"),
            corrector.name.label("corrected_by"),
            closer.name.label("closed_by"),
        )
        .join(Platform, Platform.id == Report.platform_id)
        .join(reporter, reporter.id == Report.reported_by)
        .outerjoin(assigned, and_(assigned.report_id == Report.id, assigned.id == newest))
        .outerjoin(owner, owner.id == assigned.staff_id)
        .outerjoin(corrected, and_(corrected.report_id == Report.id, corrected.step == ReportStep.CORRECTED.value))
        .outerjoin(corrector, corrector.id == corrected.done_by)
        .outerjoin(closed, and_(closed.report_id == Report.id, closed.step == ReportStep.CLOSED.value))
        .outerjoin(closer, closer.id == closed.done_by)
    )
