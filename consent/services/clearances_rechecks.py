"""Does what was cleared still hold? Asked whenever something changes about somebody in it, and when time passes."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.clearances import RecheckCause
from consent.domain.events import EventKind
from consent.services.clearances_decided import decision_of
from consent.services.clearances_kept import clearance_numbered
from consent.services.clearances_weighed import weigh
from consent.services.ledger import Change, Event, follows_every_change, record
from consent.services.terms import terms_of
from consent.storage import clearances as stored
from consent.storage.database import begin_writing
from consent.storage.models import ClearanceRecheck

BY_TICK = "tick"


@follows_every_change
def recheck_after(session: Session, change: Change) -> None:
    """Within the change that may have ended a permission: a withdrawal, a hold, a voiding, a later no."""
    if change.about_anybody:
        cleared = stored.still_cleared(session)
    elif change.about_somebody:
        cleared = stored.still_cleared(session, with_people_told_of_after=change.after)
    else:
        return
    zone = terms_of(session).zone
    _recheck(session, cleared, RecheckCause.PERMISSION_CHANGED, by=change.by, zone=zone, now=change.now)


def sweep_clearances(session: Session, *, zone: tzinfo, now: datetime) -> str | None:
    """What has ended since the last sweep: by time alone, or with somebody's papers."""
    if not stored.still_cleared(session):
        session.rollback()
        return None
    begin_writing(session)
    cleared = stored.still_cleared(session)
    found = _recheck(session, cleared, RecheckCause.FOUND_BY_THE_SWEEP, by=BY_TICK, zone=zone, now=now)
    if not found:
        session.rollback()
        return None
    session.commit()
    return f"Told that {found} clearances must be asked about anew."


def _recheck(
    session: Session,
    cleared: Sequence[Row[*tuple[Any, ...]]],
    cause: RecheckCause,
    *,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> int:
    found = 0
    for clearance, _ in cleared:
        decided = stored.latest_decision(session, clearance.id)
        decision = decision_of(decided)  # type: ignore[arg-type]  # what is open was decided
        weighed = weigh(
            session,
            clearance_numbered(session, clearance.number),
            staff_id=decision.decided_by,
            ticked=decision.ticked,
            after_clearing=True,
            zone=zone,
            now=now,
        )
        if weighed.outcome.failures:
            need_recheck(session, clearance.number, decision.key, cause, by=by, now=now)
            found += 1
    return found


def need_recheck(session: Session, number: str, decision: int, cause: RecheckCause, *, by: str, now: datetime) -> None:
    session.add(ClearanceRecheck(decision_id=decision, at=now, cause=cause.value))
    content = {"clearance": number, "decision": decision, "cause": cause.value}
    record(session, Event(EventKind.CLEARANCE_RECHECK_NEEDED, content), by=by, now=now)
