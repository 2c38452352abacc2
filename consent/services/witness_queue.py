"""Which signings wait for the front desk, and which were finished today?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.majority import midnight
from consent.domain.vocabulary import Answer, Language
from consent.services.witness_sealed import Sealed, read_sealed
from consent.storage import witness

ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """One signing as the queue shows it: what was typed, and how often no was said."""

    reference: str
    kiosk: str | None
    language: Language
    signed_at: datetime
    signer: str
    children: tuple[str, ...]
    for_self: bool
    noes: int
    entered_by: str | None = None
    entered_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """One signing that was confirmed or rejected."""

    reference: str
    signer: str
    children: tuple[str, ...]
    at: datetime
    by: str | None
    rejected: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits. `mark` changes whenever anything in the registry does."""

    waiting: tuple[Waiting, ...]
    finished: tuple[Finished, ...]
    total: int
    page: int
    pages: int
    mark: int


def open_queue(session: Session, *, page: int, zone: tzinfo, now: datetime, paper: bool = False) -> Queue:
    """Those with a no first, then the oldest first. A page past the last one is the last.

    Families at a kiosk stand at the desk while they wait, papers lie in a pile: each has a queue of its own.
    """
    mark, total = witness.head_of_ledger(session), witness.how_many_wait(session, paper=paper)
    pages = max(1, -(-total // ON_A_PAGE))
    shown = min(max(1, page), pages)
    rows = witness.waiting(session, paper=paper, at_most=ON_A_PAGE, past=(shown - 1) * ON_A_PAGE)
    done = witness.finished_since(session, midnight(now.astimezone(zone).date(), zone), paper=paper)
    sealed = _sealed(session, [*rows, *done])
    return Queue(
        waiting=tuple(_waiting(row, sealed[row.Signing.id]) for row in rows),
        finished=tuple(_finished(row, sealed[row.Signing.id]) for row in done),
        total=total,
        page=shown,
        pages=pages,
        mark=mark,
    )


def how_many_wait(session: Session, *, paper: bool = False) -> int:
    return witness.how_many_wait(session, paper=paper)


def anything_new(session: Session, mark: int) -> bool:
    """Whether a queue read at that mark may have changed since."""
    return witness.head_of_ledger(session) != mark


def _sealed(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> Mapping[int, list[Sealed]]:
    sealed: dict[int, list[Sealed]] = {}
    for row in witness.consents_in(session, [row.Signing.id for row in rows]):
        sealed.setdefault(row.Consent.signing_id, []).append(read_sealed(row.canonical))
    return sealed


def _waiting(row: Row[*tuple[Any, ...]], sealed: Sequence[Sealed]) -> Waiting:
    return Waiting(
        reference=row.Signing.reference,
        kiosk=row.kiosk,
        language=Language(row.Signing.language),
        signed_at=row.Signing.signed_at,
        signer=sealed[0].signer_name,
        children=tuple(record.patron_name for record in sealed),
        for_self=sealed[0].signer.relationship is None,
        noes=sum(answer is Answer.NO for record in sealed for answer in record.patron.answers.values()),
        entered_by=row.entered_by,
        entered_by_id=row.entered_by_id,
    )


def _finished(row: Row[*tuple[Any, ...]], sealed: Sequence[Sealed]) -> Finished:
    rejected = row.rejected_at is not None
    return Finished(
        reference=row.Signing.reference,
        signer=sealed[0].signer_name,
        children=tuple(record.patron_name for record in sealed),
        at=row.rejected_at if rejected else row.witnessed_at,
        by=row.rejected_by if rejected else row.witnessed_by,
        rejected=rejected,
    )
