"""Does every change leave its event, in order and without a gap?"""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, delete, select, text
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.ledger import Entry, tell_instant
from consent.domain.merkle import Edge, is_consistent, root_by_inclusion
from consent.services.ledger import Event, record, record_all
from consent.storage.database import WRITES, begin_writing
from consent.storage.ledger_tree import consistency_proof, edge_at, inclusion_proof, root_at
from consent.storage.models import LedgerEvent, LedgerNode, RegistryMark, SealedContent, SealedRows, StaffRole

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


def test_the_rows_that_a_change_wrote_are_sealed_beside_its_last_event(session: Session) -> None:
    begin_writing(session)
    record(session, Event(EventKind.PATRON_ADDED, {"id": "P1"}), by="import", now=NOW)
    mark = RegistryMark(name="mine", value="one")
    session.add(mark)
    session.flush()
    mark.value = "two"
    record(session, Event(EventKind.PATRON_ADDED, {"id": "P2"}), by="import", now=NOW)
    session.commit()
    beside = session.scalars(select(SealedRows)).one()
    assert beside.position == 2
    assert json.loads(beside.canonical or "") == {
        "schema": "registry-rows/1",
        "rows": [
            {
                "table": "registry_mark",
                "columns": ["name", "value"],
                "kept": [["mine", {"sha256": hashlib.sha256(b"two").hexdigest()}]],
            }
        ],
    }
    assert hashlib.sha256((beside.salt or b"") + (beside.canonical or "").encode()).hexdigest() == beside.leaf


def test_what_is_deleted_is_told_as_gone(session: Session) -> None:
    for change in (session.add, session.delete):
        begin_writing(session)
        change(session.get(StaffRole, 7) or StaffRole(id=7, name="director"))
        record(session, Event(EventKind.PATRON_ADDED, {"id": "P1"}), by="import", now=NOW)
        session.commit()
    told = session.scalars(select(SealedRows.canonical).order_by(SealedRows.position)).all()
    assert json.loads(told[1] or "")["rows"] == [{"table": "staff_role", "gone": [[7]]}]


def test_the_tree_grows_by_every_event_and_tells_the_root_of_every_size(session: Session) -> None:
    for count in (1, 3, 2, 7, 1):
        begin_writing(session)
        events = [Event(EventKind.PATRON_ADDED, {"id": f"P{n}"}) for n in range(count)]
        record_all(session, events[:1], by="import", now=NOW)
        record_all(session, events[1:], by="import", now=NOW)
        session.commit()
    connection = session.connection()
    stored = [
        Entry(event.position, event.kind, tell_instant(event.recorded_at), event.actor, event.leaf, None)
        for event in session.scalars(select(LedgerEvent).order_by(LedgerEvent.position))
    ]
    assert [entry.position for entry in stored] == list(range(1, 15))
    edge, roots = Edge(), [Edge().root]
    for entry in stored:
        assert len(list(edge.append(entry.hash))) >= 1
        roots.append(edge.root)
    assert [root_at(connection, size) for size in range(15)] == roots
    for size in (1, 5, 14):
        for entry in stored[:size]:
            proof = inclusion_proof(connection, entry.position, size)
            assert root_by_inclusion(entry.hash, entry.position - 1, size, proof) == roots[size]
        assert is_consistent(size, roots[size], 14, roots[14], consistency_proof(connection, size, 14))


def test_a_change_of_many_events_is_closed_a_part_at_a_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.services.ledger.MOST_AT_ONCE", 3)
    begin_writing(session)
    for number in range(9):
        session.add(RegistryMark(name=f"mark-{number}", value="yes"))
        session.flush()
        record(session, Event(EventKind.PATRON_ADDED, {"id": f"P{number}"}), by="import", now=NOW)
    session.commit()
    told = session.scalars(select(SealedRows.canonical).order_by(SealedRows.position)).all()
    kept = [row[0] for text in told for row in json.loads(text or "")["rows"][0]["kept"]]
    assert kept == [f"mark-{number}" for number in range(9)]
    assert len(told) > 1


def test_a_node_that_somebody_deleted_keeps_nobody_from_signing(session: Session) -> None:
    begin_writing(session)
    record_all(session, [Event(EventKind.PATRON_ADDED, {"id": f"P{n}"}) for n in range(6)], by="import", now=NOW)
    session.commit()
    connection = session.connection(execution_options={WRITES: True})
    before = root_at(connection, 6)
    make_triggers_give_way(connection)
    connection.execute(delete(LedgerNode).where(LedgerNode.position == 4))
    assert root_at(connection, 6) == before
    assert edge_at(connection, 6).size == 6
    session.rollback()


def make_triggers_give_way(connection: Connection) -> None:
    on = " ON ledger_node" if connection.dialect.name == "postgresql" else ""
    connection.execute(text(f"DROP TRIGGER ledger_node_no_delete{on}"))


def test_an_undone_change_leaves_no_event(session: Session) -> None:
    begin_writing(session)
    record(session, Event(EventKind.PATRON_ADDED, {"id": "P1"}), by="import", now=NOW)
    session.rollback()
    assert session.scalars(select(LedgerEvent)).all() == []


def test_nothing_to_record_records_nothing(session: Session) -> None:
    begin_writing(session)
    assert list(record_all(session, [], by="import", now=NOW)) == []
