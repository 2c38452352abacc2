"""How is emptied what an order to erase names? Rows on which verdicts and the ledger rest stay, without their text."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consent.domain.erasures import ERASED
from consent.storage.database import Model
from consent.storage.erasures_belongings import OF_THE_LEDGER, Belongings, keys_told
from consent.storage.models import OutgoingMail, SealedRows
from consent.storage.name_index import index_names
from consent.storage.sealed_rows import Key, note_gone, note_told, sealed_table
from consent.storage.triggers import EMPTIED
from consent.storage.verification import rows_with_keys

TABLES = Model.metadata.tables
NOBODY = {"first_name": ERASED, "last_name": ERASED}
FORGOTTEN = ("patron_handle", "enrollment")
"""Of these whole rows go: nothing rests on them."""


def empty_records(session: Session, records: Mapping[str, Collection[Any]]) -> None:
    """Whatever the order names, but for the ledger's own."""
    for model, columns in EMPTIED.items():
        if model.__tablename__ not in OF_THE_LEDGER:
            _empty(session, str(model.__tablename__), columns, records)


def empty_ledger(session: Session, records: Mapping[str, Collection[Any]]) -> None:
    """Tell every row anew of which the rows to be emptied told, as it stands now; then empty them, and the contents."""
    _tell_anew(session, records.get(SealedRows.__tablename__, ()))
    for model, columns in EMPTIED.items():
        if model.__tablename__ in OF_THE_LEDGER:
            _empty(session, str(model.__tablename__), columns, records)


def forget_people(session: Session, belongings: Belongings, *, now: datetime) -> None:
    """Names, birth date, contacts, accounts, enrollments and mail; what was not sent yet never is."""
    patron, guardian, mail = (TABLES[name] for name in ("patron", "guardian", "outgoing_mail"))
    connection = session.connection()
    themself = patron.c.id == belongings.patron_id
    connection.execute(update(patron).where(themself).values(**NOBODY, born=None, emancipated_on=None))
    signers = guardian.c.id.in_(belongings.guardian_ids)
    connection.execute(update(guardian).where(signers).values(**NOBODY, email=None, phone=None))
    index_names(session, [(belongings.patron_id, ERASED, ERASED)])
    for name in FORGOTTEN:
        table = TABLES[name]
        theirs = table.c.patron_id == belongings.patron_id
        keys = [tuple(row) for row in connection.execute(select(*table.primary_key).where(theirs))]
        connection.execute(delete(table).where(theirs))
        note_gone(session, name, keys)
    letters = mail.c.signing_id.in_(belongings.signing_ids)
    unsent = letters & mail.c.sent_at.is_(None) & mail.c.given_up_at.is_(None)
    connection.execute(update(OutgoingMail).where(unsent).values(given_up_at=now, next_try_at=None))
    connection.execute(update(mail).where(letters).values(to_address=ERASED, text=ERASED, answer=None))


def _empty(session: Session, name: str, columns: tuple[str, ...], records: Mapping[str, Collection[Any]]) -> None:
    table = TABLES[name]
    [key] = table.primary_key.columns
    if keys := records.get(name):
        emptied = {column: None if table.c[column].nullable else ERASED for column in columns}
        session.connection().execute(update(table).where(key.in_(keys)).values(emptied))


def _tell_anew(session: Session, positions: Collection[int]) -> None:
    rows, touched = TABLES[SealedRows.__tablename__], dict[str, set[Key]]()
    for canonical in session.scalars(select(rows.c.canonical).where(rows.c.position.in_(positions))):
        for name, keys in keys_told(canonical):
            touched.setdefault(name, set()).update(keys)
    for name, told in touched.items():
        if sealed := sealed_table(name):
            stored = rows_with_keys(session.connection(), sealed, told)
            note_told(session, sealed, stored)
            note_gone(session, name, told - {row[: sealed.key_length] for row in stored})
