"""Is every record what was sealed? Recomputes all of it from what is stored, and names each record that does not match.

Nothing here trusts what the registry worked out before. A cut tail, or yesterday's database put back, is whole in
itself: only a checkpoint that stands somewhere else, on paper or in a letter, shows it.
"""

from collections.abc import Generator, Iterator
from contextlib import closing

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from consent.domain.checkpoints import Given
from consent.domain.verification import Finding, Verified
from consent.services.verification_checkpoints import Checkpoints
from consent.services.verification_erased import Orders
from consent.services.verification_ledger import LedgerPass
from consent.services.verification_records import (
    check_acknowledgements,
    check_copies,
    check_name_index,
    check_scans,
    check_signed,
    check_texts,
)
from consent.services.verification_rows import Comparison, tables
from consent.storage.triggers import trigger_names, trigger_names_in_force
from consent.storage.verification import rows_of, snapshot

Steps = Generator[int, None, Verified]


def verify(session: Session, given: Given | None = None) -> Verified:
    """The registry as of now, whoever goes on writing, and held against a checkpoint from elsewhere if one is given.

    Ends the session's transaction.
    """
    return _to_the_end(verify_in_steps(session, given))


def verify_in_steps(session: Session, given: Given | None = None) -> Steps:
    """The same, and after each page of entries how many were read so far."""
    with snapshot(session) as connection:
        return (yield from _verify(connection, given))


def verify_connection(connection: Connection, given: Given | None = None) -> Verified:
    """What this connection sees, in the transaction that it is in."""
    return _to_the_end(_verify(connection, given))


def _verify(connection: Connection, given: Given | None) -> Steps:
    with closing(Comparison()) as comparison:
        checkpoints = Checkpoints(connection, given)
        ledger = LedgerPass(comparison, checkpoints.sizes)
        findings: list[Finding] = []
        for found in ledger.read(connection):
            findings += found
            yield ledger.entries
        findings += [*_check_stored(connection, comparison, ledger.orders), *checkpoints.compare(ledger)]
        erased = tuple(ledger.orders.given)
        return Verified(ledger.entries, comparison.rows, ledger.root, tuple(findings), erased)


def _to_the_end(steps: Steps) -> Verified:
    while True:
        try:
            next(steps)
        except StopIteration as done:
            verified: Verified = done.value
            return verified


def _check_stored(connection: Connection, comparison: Comparison, orders: Orders) -> Iterator[Finding]:
    for table in tables():
        comparison.stored(table, rows_of(connection, table))
    yield from comparison.differences()
    yield from check_texts(connection, orders)
    yield from check_copies(connection, orders)
    yield from check_scans(connection, orders)
    yield from check_acknowledgements(connection)
    yield from check_signed(connection, orders)
    yield from check_name_index(connection)
    yield from _check_triggers(connection)


def _check_triggers(connection: Connection) -> Iterator[Finding]:
    expected = trigger_names(postgresql=connection.dialect.name == "postgresql")
    for name in sorted(expected - trigger_names_in_force(connection)):
        yield Finding(f"trigger {name}", "is not in force, so that the database would let records be changed")
