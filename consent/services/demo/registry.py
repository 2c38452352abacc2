"""How does the demo department get into an empty registry, and out again?"""

import io
import json
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.services import ledger
from consent.services.demo.lines import demo_lines
from consent.services.demo.registers import Registers
from consent.services.demo.sign_ins import STAFF, SignIn, forget_sign_ins, keep_sign_ins, make_sign_ins
from consent.services.department import department_name
from consent.services.exchange.importing import import_within_change
from consent.services.kiosks import record_esign_policy
from consent.services.passwords import hash_new_password
from consent.services.policy import Draw
from consent.services.staff import NewStaff, record_staff
from consent.storage.database import begin_writing
from consent.storage.models import LedgerEvent, RegistryMark
from consent.storage.registry import DEMO, is_demo
from consent.storage.schema import empty_schema

BY_DEMO = "demo"
DEMO_ESIGN_POLICY = "DEMO Resolution 2026-01: signatures on a screen are accepted"


class RealRecords(ConsentError):
    """A demo is a whole registry: it goes into an empty one only."""


class NotADemo(ConsentError):
    """Only a demo may be emptied."""


def is_empty(session: Session) -> bool:
    """Whether nothing was ever done here: every change leaves an event."""
    return session.scalar(select(LedgerEvent.position).limit(1)) is None


def add_demo(session: Session, *, instance: Path, zone: tzinfo, draw: Draw, now: datetime) -> list[SignIn]:
    """Put the demo department and its staff in, in one change, and return how they sign in.

    `draw` draws the papers on which some of them have acknowledged the policy.
    """
    sign_ins = make_sign_ins()
    passwords = {sign_in.email: hash_new_password(sign_in.password) for sign_in in sign_ins}
    begin_writing(session)
    if not is_empty(session):
        raise RealRecords("This registry is not empty. The demo department goes into an empty registry only.")

    import_within_change(session, _file(now, zone), zone=zone, now=now, by=BY_DEMO)
    staff = {}
    for member in STAFF:
        new = NewStaff(member.email, member.name, frozenset({member.role}), member.programs, passwords[member.email])
        staff[member.role] = record_staff(session, new, by=BY_DEMO, now=now).id
    record_esign_policy(session, DEMO_ESIGN_POLICY, by=BY_DEMO, now=now)
    session.add(RegistryMark(name=DEMO, value=now.isoformat()))
    registers = Registers(session, staff, by=BY_DEMO, zone=zone, now=now)
    registers.write(draw, department=department_name(session, None))
    ledger.record(session, ledger.Event(EventKind.DEMO_ADDED, {"at": now.isoformat()}), by=BY_DEMO, now=now)
    # Kept first: a file without its demo is overwritten, a demo without its file lets nobody in.
    keep_sign_ins(instance, sign_ins)
    session.commit()
    return sign_ins


def remove_demo(session: Session, *, instance: Path) -> None:
    """Replace the demo by an empty registry."""
    if not is_demo(session):
        raise NotADemo("This registry is no demo, so nothing was removed.")
    session.rollback()
    empty_schema()
    forget_sign_ins(instance)


def _file(now: datetime, zone: tzinfo) -> io.BytesIO:
    return io.BytesIO("\n".join(json.dumps(line) for line in demo_lines(now, zone)).encode())
