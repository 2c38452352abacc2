"""Does what was cleared still hold? Asked whenever something changes about somebody in it, and when time passes."""

from collections.abc import Collection
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from consent.domain.clearances import RecheckCause
from consent.domain.events import EventKind
from consent.services.clearances_decided import decision_of
from consent.services.clearances_kept import clearance_numbered
from consent.services.clearances_weighed import weigh
from consent.services.ledger import Event, record
from consent.storage import clearances as stored
from consent.storage.database import begin_writing
from consent.storage.models import ClearanceRecheck

BY_TICK = "tick"


def recheck_clearances(session: Session, patron_ids: Collection[int], *, by: str, zone: tzinfo, now: datetime) -> None:
    """Within the change that may have ended a permission, which the caller commits."""
    session.flush()
    _recheck(session, patron_ids, RecheckCause.PERMISSION_CHANGED, by=by, zone=zone, now=now)


def sweep_clearances(session: Session, *, zone: tzinfo, now: datetime) -> str | None:
    """What has ended since the last sweep: by time alone, by a hold, a voiding, or somebody's papers."""
    if not stored.open_with(session, None):
        session.rollback()
        return None
    begin_writing(session)
    found = _recheck(session, None, RecheckCause.FOUND_BY_THE_SWEEP, by=BY_TICK, zone=zone, now=now)
    if not found:
        session.rollback()
        return None
    session.commit()
    return f"Told that {found} clearances must be asked about anew."


def _recheck(
    session: Session,
    patron_ids: Collection[int] | None,
    cause: RecheckCause,
    *,
    by: str,
    zone: tzinfo,
    now: datetime,
) -> int:
    found = 0
    for clearance, _ in stored.open_with(session, patron_ids):
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
