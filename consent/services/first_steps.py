"""How far has a new registry come? Each step is done when the registry itself shows it, or somebody has said so."""

from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.first_steps import Step
from consent.services.department import stored_names
from consent.services.ledger import Event, record
from consent.storage.database import begin_writing
from consent.storage.models import Kiosk, Program, Staff
from consent.storage.registry import ESIGN_POLICY, mark, marks
from consent.storage.signings import form_in_use, platforms_approved
from consent.storage.staff import has_administrator

PUT_AWAY: Final = "setup-put-away"
CONFIRMED: Final = {Step.TIME_ZONE: "setup-time-zone", Step.BACKUP: "setup-backup"}
"""What only somebody can say: the mark that remembers it."""


def steps_done(session: Session, *, named: bool, zone: str, now: datetime) -> dict[Step, bool]:
    """`named`: the installation's settings name the department. A zone that changed is looked at again."""
    known = marks(session, ESIGN_POLICY, *CONFIRMED.values())
    colleagues = session.scalar(select(func.count()).select_from(Staff).where(Staff.active)) or 0
    return {
        Step.ADMINISTRATOR: has_administrator(session),
        Step.NAMES: named or stored_names(session) is not None,
        Step.TIME_ZONE: known.get(CONFIRMED[Step.TIME_ZONE]) == zone,
        Step.ESIGN_POLICY: ESIGN_POLICY in known,
        Step.FORM: form_in_use(session, now) is not None,
        Step.PLATFORMS: bool(platforms_approved(session, now)),
        Step.PROGRAMS: bool(session.scalar(select(exists().where(Program.id > 0)))),
        Step.STAFF: colleagues > 1,
        Step.KIOSK: bool(session.scalar(select(exists().where(Kiosk.device_sha256.is_not(None))))),
        Step.BACKUP: CONFIRMED[Step.BACKUP] in known,
    }


def is_put_away(session: Session) -> bool:
    return PUT_AWAY in marks(session, PUT_AWAY)


def confirm_step(session: Session, step: Step, value: str, *, by: str, now: datetime) -> None:
    """`value` is what somebody looked at and found right."""
    begin_writing(session)
    mark(session, CONFIRMED[step], value)
    told = {"step": step.value, "value": value}
    record(session, Event(EventKind.SETUP_STEP_CONFIRMED, told), by=by, now=now)
    session.commit()


def put_away(session: Session, *, by: str, now: datetime) -> None:
    """Show the list on the first page no more. Told twice, done once."""
    begin_writing(session)
    if not is_put_away(session):
        mark(session, PUT_AWAY, now.isoformat())
        record(session, Event(EventKind.SETUP_PUT_AWAY, {"at": now.isoformat()}), by=by, now=now)
    session.commit()
