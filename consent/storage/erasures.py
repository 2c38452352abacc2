"""Who asked for whose data to be erased, what became of it, and who is erased?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, String, cast, func, select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import (
    ErasedRecord,
    Erasure,
    ErasureRefusal,
    ErasureRequest,
    Guardian,
    Patron,
    Staff,
)

UNDECIDED = (Erasure.request_id.is_(None), ErasureRefusal.request_id.is_(None))


def requests(session: Session) -> Sequence[Any]:
    """Those that wait first, then the latest decided."""
    latest = func.coalesce(Erasure.at, ErasureRefusal.at)
    query = _requests().order_by(latest.is_not(None), latest.desc(), ErasureRequest.id)
    return session.execute(query).all()


def how_many_wait(session: Session) -> int:
    return session.scalar(HOW_MANY_WAIT) or 0


def find_request(session: Session, key: int) -> Any:
    """(ErasureRequest, Patron, requested_by, Erasure or None, approved_by, refused_at, refused_by)."""
    return session.execute(_requests().where(ErasureRequest.id == key)).one_or_none()


def open_request_about(session: Session, patron_id: int) -> int | None:
    return session.scalar(_undecided(select(ErasureRequest.id)).where(ErasureRequest.patron_id == patron_id))


def erased_at(session: Session, patron_id: int) -> datetime | None:
    """When this patron's data was erased, if it was."""
    return session.scalar(select(Erasure.at).where(Erasure.patron_id == patron_id))


def is_guardian_erased(session: Session, guardian_id: int) -> bool:
    return session.get(ErasedRecord, (Guardian.__tablename__, str(guardian_id))) is not None


def people_erased(connection: Connection) -> frozenset[tuple[str, str]]:
    """("patron" or "guardian", external id) of everybody whose data was erased."""
    found: set[tuple[str, str]] = set()
    for model in (Patron, Guardian):
        named = (ErasedRecord.table_name == model.__tablename__) & (ErasedRecord.key == cast(model.id, String))
        names = select(model.external_id).join(ErasedRecord, named)
        found.update((model.__tablename__, name) for name in connection.scalars(names))
    return frozenset(found)


def latest(session: Session) -> datetime | None:
    """When the last order was given."""
    return session.scalar(select(func.max(Erasure.at)))


def records_erased(session: Session, key: int) -> int:
    """How many rows this order emptied."""
    return session.scalar(select(func.count()).where(ErasedRecord.order_id == key)) or 0


def _requests() -> Any:
    asked_by, approved_by, refused_by = aliased(Staff), aliased(Staff), aliased(Staff)
    return (
        select(
            ErasureRequest,
            Patron,
            asked_by.name.label("requested_by"),
            Erasure,
            approved_by.name.label("approved_by"),
            ErasureRefusal.at.label("refused_at"),
            refused_by.name.label("refused_by"),
        )
        .join(Patron, Patron.id == ErasureRequest.patron_id)
        .join(asked_by, asked_by.id == ErasureRequest.requested_by)
        .outerjoin(Erasure, Erasure.request_id == ErasureRequest.id)
        .outerjoin(approved_by, approved_by.id == Erasure.approved_by)
        .outerjoin(ErasureRefusal, ErasureRefusal.request_id == ErasureRequest.id)
        .outerjoin(refused_by, refused_by.id == ErasureRefusal.refused_by)
    )


def _undecided(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(ErasureRequest)
        .outerjoin(Erasure, Erasure.request_id == ErasureRequest.id)
        .outerjoin(ErasureRefusal, ErasureRefusal.request_id == ErasureRequest.id)
        .where(*UNDECIDED)
    )


# Asked for each page of the desk, so made once.
HOW_MANY_WAIT = _undecided(select(func.count()))
