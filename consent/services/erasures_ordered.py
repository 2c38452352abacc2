"""How is somebody's personal data erased? By two people, in one change, so that the ledger still verifies.

What was signed stays as a row without its text, so that verdicts keep their history; a hold without an end makes every
answer about the person a no. The ledger's entry names each row that was emptied, and rows of other people that were
told together with theirs are told anew. All records are verified first: nothing that somebody changed behind the
registry's back is told anew as if it were right.
"""

from typing import Any

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.permissions import Permission
from consent.domain.references import new_reference
from consent.domain.refusals import ConsentError
from consent.services.acting import Acting, begin_as
from consent.services.erasures import Asked, Rule, decidable, refuse_if_forbidden, standing_of
from consent.services.families import patron_named
from consent.services.ledger import Event, record
from consent.services.verification import verify
from consent.storage.erasures_belongings import belongings_of, filled_rows, told_in
from consent.storage.erasures_emptied import empty_ledger, empty_records, forget_people
from consent.storage.models import ErasedRecord, Erasure, Hold

Records = dict[str, list[Any]]


class RecordsDoNotMatch(ConsentError):
    """Some record is not what was sealed; first somebody must find out why."""


class DespiteWhat(ConsentError):
    """A permission is in force or the retention is not over, and nobody said why it is erased all the same."""


def approve_erasure(session: Session, key: int, rule: Rule, *, despite: str | None, acting: Acting) -> None:
    """Erase what the request names.

    Raises UnknownRecord, OwnAccount, DecidedAlready, ErasureForbidden, DespiteWhat or RecordsDoNotMatch.
    """
    _check(session, decidable(session, key, acting), rule, despite, acting)
    if not verify(session).all_matches:
        raise RecordsDoNotMatch("Some records are not what was sealed, so nothing is erased. Verify the records.")
    begin_as(session, acting, Permission.APPROVE_ERASURES)
    asked = decidable(session, key, acting)
    _check(session, asked, rule, despite, acting)
    _erase(session, asked, despite, acting)
    session.commit()


def _check(session: Session, asked: Asked, rule: Rule, despite: str | None, acting: Acting) -> None:
    against = standing_of(session, patron_named(session, asked.patron), rule, now=acting.now)
    refuse_if_forbidden(against)
    if against.needs_a_reason and not despite:
        raise DespiteWhat("Say why it is erased before its time.")


def _erase(session: Session, asked: Asked, despite: str | None, acting: Acting) -> None:
    patron = patron_named(session, asked.patron)
    belongings = belongings_of(session, patron)
    records: Records = filled_rows(session, belongings) | told_in(session.connection(), belongings)
    order = Erasure(
        request_id=asked.key,
        patron_id=patron.id,
        requested_by=asked.requester,
        approved_by=acting.staff_id,
        at=acting.now,
        despite=despite,
    )
    session.add(order)
    session.flush()
    named = {name: [str(key) for key in keys] for name, keys in records.items()}
    session.add_all(
        ErasedRecord(table_name=name, key=key, order_id=asked.key) for name, keys in named.items() for key in keys
    )
    # Nobody is shown whose consents nobody can read any more.
    session.add(Hold(external_id=f"H-{new_reference()}", patron_id=patron.id, since=acting.now, reason=asked.reason))
    _record(session, asked, named, despite, acting)
    session.flush()
    session.expire_all()
    empty_records(session, records)
    forget_people(session, belongings, now=acting.now)
    empty_ledger(session, records)


def _record(session: Session, asked: Asked, named: dict[str, list[str]], despite: str | None, acting: Acting) -> None:
    told = {
        "order": asked.key,
        "patron": asked.patron,
        "reason": asked.reason,
        "legal_basis": asked.legal_basis,
        "despite": despite,
        "requested_by": f"staff:{asked.requester}",
        "approved_by": acting.by,
        "erased": named,
    }
    record(session, Event(EventKind.ERASED, told), by=acting.by, now=acting.now)
