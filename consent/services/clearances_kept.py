"""What is somebody about to post, with whom, where and when? Kept as it was said; whoever erred starts another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.values import show_instant
from consent.domain.refusals import SentBefore, UnknownPatron, UnknownPlatform, UnknownRecord
from consent.domain.vocabulary import Media, Use
from consent.services.checks import Asker
from consent.services.ledger import Event, record
from consent.services.programs import open_program
from consent.storage import clearances as stored
from consent.storage.database import begin_writing
from consent.storage.models import Clearance, ClearanceCapture, ClearancePerson, PlatformAccount


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded for it: by whom, with which device, when."""

    media: frozenset[Media]
    at: datetime
    staff_id: int
    device: str


@dataclass(frozen=True, slots=True)
class NewClearance:
    """What somebody says of it. Its number is the form's own; no planned time stands for now."""

    number: str
    what: str
    account_id: int
    uses: frozenset[Use]
    people: tuple[str, ...] = ()
    headcount: int = 0
    unidentified: int = 0
    program: str | None = None
    planned_at: datetime | None = None
    recorded: Recorded | None = None
    group_check_id: int | None = None


def start_clearance(session: Session, new: NewClearance, *, asker: Asker, by: str, now: datetime) -> None:
    """Sent twice, it is kept once. Raises UnknownPlatform, UnknownProgram, UnknownPatron or SentBefore."""
    begin_writing(session)
    if known := stored.find_clearance(session, new.number):
        if (known.Clearance.made_by, known.Clearance.what) != (asker.staff_id, new.what):
            raise SentBefore("This form was saved already, with other answers.")
        session.rollback()
        return
    if session.get(PlatformAccount, new.account_id) is None:
        raise UnknownPlatform("No account has this number.")
    people = stored.patrons_by_number(session, new.people)
    if len(people) != len(set(new.people)):
        raise UnknownPatron("Somebody in it is not in the registry.")
    clearance = Clearance(
        number=new.number,
        what=new.what,
        account_id=new.account_id,
        program_id=open_program(session, new.program, asker=asker).id if new.program else None,
        uses=" ".join(use.value for use in Use if use in new.uses),
        planned_at=new.planned_at,
        headcount=new.headcount,
        unidentified=new.unidentified,
        group_check_id=new.group_check_id,
        made_by=asker.staff_id,
        made_at=now,
    )
    session.add(clearance)
    session.flush()
    session.add_all(ClearancePerson(clearance_id=clearance.id, patron_id=key) for key in people.values())
    session.add_all(_captures(clearance.id, new.recorded))
    record(session, Event(EventKind.CLEARANCE_STARTED, _content(new)), by=by, now=now)
    session.commit()


def clearance_numbered(session: Session, number: str) -> Row[*tuple[Any, ...]]:
    """Raises UnknownRecord."""
    kept = stored.find_clearance(session, number)
    if kept is None:
        raise UnknownRecord("No clearance has this number.")
    return kept


def _captures(clearance_id: int, recorded: Recorded | None) -> Sequence[ClearanceCapture]:
    if recorded is None:
        return []
    return [
        ClearanceCapture(
            clearance_id=clearance_id,
            media=media.value,
            captured_at=recorded.at,
            staff_id=recorded.staff_id,
            device=recorded.device,
        )
        for media in sorted(recorded.media)
    ]


def _content(new: NewClearance) -> dict[str, object]:
    return {
        "clearance": new.number,
        "what": new.what,
        "account": new.account_id,
        "uses": [use.value for use in Use if use in new.uses],
        "people": sorted(new.people),
        "headcount": new.headcount,
        "unidentified": new.unidentified,
        "program": new.program,
        "planned_at": new.planned_at and show_instant(new.planned_at),
        "recorded": new.recorded and _told(new.recorded),
    }


def _told(recorded: Recorded) -> dict[str, object]:
    return {
        "media": sorted(recorded.media),
        "at": show_instant(recorded.at),
        "by": f"staff:{recorded.staff_id}",
        "device": recorded.device,
    }
