"""How does a test get a department's staff, and what the ledger tells of them?"""

import json
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Role
from consent.services.acting import Acting
from consent.services.staff_changes import Details
from consent.storage.models import LedgerEvent, SealedContent, Staff
from tests.builders.staff import hire

NOW = datetime(2026, 7, 1, 19, tzinfo=UTC)
TODAY = date(2026, 7, 1)


def colleague(app: Flask, name: str, *roles: Role, password: bool = True) -> int:
    """Hired under an address made of the name."""
    email = f"{name.split(maxsplit=1)[0].lower()}@city.example"
    return hire(app, *roles, email=email, name=name, password=password)


def acting(staff_id: int, *, now: datetime = NOW, today: date = TODAY) -> Acting:
    return Acting(staff_id, now, today)


def on_file(session: Session, staff_id: int) -> Staff:
    session.rollback()
    return session.get_one(Staff, staff_id)


def roles_of(session: Session, staff_id: int) -> set[str]:
    return {role.name for role in on_file(session, staff_id).roles}


def happened(session: Session, *kinds: EventKind) -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, by whom, content) of what was recorded, in order; of these kinds only, if any are named."""
    session.rollback()
    query = select(LedgerEvent.kind, LedgerEvent.actor, SealedContent.canonical).join(
        SealedContent, SealedContent.position == LedgerEvent.position
    )
    rows = session.execute(query.order_by(LedgerEvent.position)).all()
    return [(kind, actor, json.loads(told)) for kind, actor, told in rows if not kinds or EventKind(kind) in kinds]


def details(name: str, *roles: Role, programs: tuple[str, ...] = (), last_day: date | None = None) -> Details:
    return Details(name, frozenset(roles), frozenset(programs), last_day)
