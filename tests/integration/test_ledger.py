"""Does every change leave its event, in order and without a gap?"""

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.services.ledger import Event, record, record_all
from consent.storage.database import begin_writing
from consent.storage.models import LedgerEvent, SealedContent

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_positions_follow_one_another_without_a_gap(session: Session) -> None:
    begin_writing(session)
    first = record(session, Event(EventKind.PATRON_ADDED, {"id": "P1"}), by="import", now=NOW)
    more = record_all(session, [Event(EventKind.PATRON_ADDED, {"id": f"P{n}"}) for n in (2, 3)], by="import", now=NOW)
    session.commit()
    assert [first, *more] == [1, 2, 3]
    assert session.scalars(select(LedgerEvent.position).order_by(LedgerEvent.position)).all() == [1, 2, 3]


def test_a_leaf_is_the_hash_of_salt_and_canonical_content(session: Session) -> None:
    begin_writing(session)
    record(session, Event(EventKind.PATRON_ADDED, {"b": "é", "a": 1}), by="import", now=NOW)
    session.commit()
    leaf = session.scalars(select(LedgerEvent.leaf)).one()
    sealed = session.scalars(select(SealedContent)).one()
    assert sealed.canonical == '{"a":1,"b":"é"}'
    assert json.loads(sealed.canonical) == {"a": 1, "b": "é"}
    assert hashlib.sha256(sealed.salt + sealed.canonical.encode()).hexdigest() == leaf


def test_an_undone_change_leaves_no_event(session: Session) -> None:
    begin_writing(session)
    record(session, Event(EventKind.PATRON_ADDED, {"id": "P1"}), by="import", now=NOW)
    session.rollback()
    assert session.scalars(select(LedgerEvent)).all() == []


def test_nothing_to_record_records_nothing(session: Session) -> None:
    begin_writing(session)
    assert list(record_all(session, [], by="import", now=NOW)) == []
