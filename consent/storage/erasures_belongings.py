"""What does the registry hold of one person and of those who signed for them, in its tables and in the ledger?"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, exists, or_, select, union
from sqlalchemy.orm import Session, aliased

from consent.domain.erasures import ERASED, TELLS_OF_PEOPLE, Named, told_about
from consent.domain.exchange.lines import LineType
from consent.storage import models as m
from consent.storage.database import Model
from consent.storage.erasures import is_guardian_erased
from consent.storage.families import signers_of
from consent.storage.triggers import EMPTIED

TABLES = Model.metadata.tables
AT_A_TIME: Final = 1_000
SIGNING: Final = "signing"
HASHED_ONLY: Final = frozenset({m.PaperScan.__tablename__, m.StoredCopy.__tablename__})
"""Of these the ledger tells hashes of what is erased, and those stay."""
OF_THE_LEDGER: Final = (m.SealedContent.__tablename__, m.SealedRows.__tablename__)


@dataclass(frozen=True, slots=True)
class Belongings:
    """The rows that are one person's and their signers', by table and key, and what the ledger's events call them."""

    patron_id: int
    guardian_ids: frozenset[int]
    signing_ids: frozenset[int]
    rows: Mapping[str, frozenset[Any]]
    named: frozenset[Named]


def belongings_of(session: Session, patron: m.Patron) -> Belongings:
    """Signers go too who never spoke for anybody whose data is kept."""
    signers = signers_of(session, patron.id)
    guardians = [
        signer
        for signer in signers
        if not _speaks_for_others(session, signer.id, patron.id) and not is_guardian_erased(session, signer.id)
    ]
    consents = session.execute(_consents(patron.id)).all()
    consent_ids, signing_ids = {row.id for row in consents}, {row.signing_id for row in consents} - {None}
    withdrawals = _named(session, m.Withdrawal.id, m.Withdrawal.external_id, m.Withdrawal.patron_id == patron.id)
    holds = _named(session, m.Hold.id, m.Hold.external_id, m.Hold.patron_id == patron.id)
    signings = _named(session, m.Signing.id, m.Signing.reference, m.Signing.id.in_(signing_ids))
    requests = session.scalars(
        select(m.VoidingRequest.id).where(
            or_(m.VoidingRequest.consent_id.in_(consent_ids), m.VoidingRequest.withdrawal_id.in_(withdrawals))
        )
    )
    rows: dict[type[Model], Iterable[Any]] = {
        m.Patron: {patron.id},
        m.PatronHandle: {patron.id},
        m.Guardian: {guardian.id for guardian in guardians},
        m.Consent: consent_ids,
        m.ConsentVoiding: consent_ids,
        m.Hold: holds,
        m.PaperScan: session.scalars(select(m.PaperEntry.scan_sha256).where(m.PaperEntry.signing_id.in_(signing_ids))),
        # What an import was shown is the form's text, and names nobody.
        m.ShownText: {row.shown_sha256 for row in consents if row.signing_id is not None},
        m.SigningRejection: signings,
        m.StoredCopy: signings,
        m.VoidingRequest: requests,
        m.WithdrawalVoiding: withdrawals,
    }
    return Belongings(
        patron.id,
        frozenset(guardian.id for guardian in guardians),
        frozenset(signings),
        {str(model.__tablename__): frozenset(keys) for model, keys in rows.items()},
        frozenset(
            {
                (LineType.PATRON.value, patron.external_id),
                *((LineType.GUARDIAN.value, guardian.external_id) for guardian in guardians),
                *((LineType.CONSENT.value, row.external_id) for row in consents),
                *((LineType.WITHDRAWAL.value, name) for name in withdrawals.values()),
                *((LineType.HOLD.value, name) for name in holds.values()),
                *((SIGNING, name) for name in signings.values()),
            }
        ),
    )


def waits_for_the_desk(session: Session, patron_id: int) -> bool:
    """Whether the front desk has yet to confirm or reject something that was signed for them."""
    theirs = select(m.Consent.signing_id).where(m.Consent.id.in_(select(_consents(patron_id).subquery().c.id)))
    waiting = select(m.Consent.id).where(
        m.Consent.signing_id.in_(theirs),
        ~exists().where(m.Witnessing.consent_id == m.Consent.id),
        ~exists().where(m.ConsentVoiding.consent_id == m.Consent.id),
        ~exists().where(m.SigningRejection.signing_id == m.Consent.signing_id),
    )
    return session.scalar(waiting.limit(1)) is not None


def filled_rows(session: Session, belongings: Belongings) -> dict[str, list[Any]]:
    """The keys of the rows that hold something to be emptied, and the people themselves."""
    found: dict[str, list[Any]] = {
        name: sorted(belongings.rows[name]) for name in (m.Patron.__tablename__, m.Guardian.__tablename__)
    }
    for model, columns in EMPTIED.items():
        table = TABLES[model.__tablename__]
        [key] = table.primary_key.columns
        if keys := belongings.rows.get(table.name):
            filled = or_(*(_is_filled(table.c[name]) for name in columns))
            found[table.name] = list(session.scalars(select(key).where(key.in_(keys), filled).order_by(key)))
    return {name: keys for name, keys in found.items() if keys}


def told_in(connection: Connection, belongings: Belongings) -> dict[str, list[int]]:
    """The positions whose content, or whose rows beside it, tell of them."""
    contents, rows = _contents(connection, belongings), _rows(connection, belongings)
    return {name: list(found) for name, found in zip(OF_THE_LEDGER, (contents, rows), strict=True)}


def keys_told(canonical: str) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
    """Of which rows, by table, the rows beside an event tell."""
    for batch in json.loads(canonical)["rows"]:
        table = TABLES.get(batch["table"])
        if table is not None and "checks" not in batch:
            length = len(table.primary_key)
            yield table.name, (tuple(row[:length]) for row in batch.get("gone") or batch["kept"])


def _contents(connection: Connection, belongings: Belongings) -> Iterator[int]:
    event, content = TABLES["ledger_event"], TABLES["sealed_content"]
    kinds = sorted(kind.value for kind in TELLS_OF_PEOPLE)
    query = select(content.c.position, content.c.canonical).join(event, event.c.position == content.c.position)
    mentioned = [json.dumps(name, ensure_ascii=False) for _, name in belongings.named]
    for position, canonical in _each(connection, query.where(event.c.kind.in_(kinds)), content.c.canonical):
        # Reading a million of them as JSON would take a minute.
        if any(name in canonical for name in mentioned) and told_about(json.loads(canonical)) in belongings.named:
            yield position


def _rows(connection: Connection, belongings: Belongings) -> Iterator[int]:
    rows = TABLES["sealed_rows"]
    telling = {name: keys for name, keys in belongings.rows.items() if keys and name not in HASHED_ONLY}
    mentioned = [json.dumps({"table": name})[1:-1].replace(" ", "") for name in telling]
    for position, canonical in _each(connection, select(rows.c.position, rows.c.canonical), rows.c.canonical):
        if any(name in canonical for name in mentioned) and any(
            key[0] in telling.get(name, ()) for name, keys in keys_told(canonical) for key in keys
        ):
            yield position


def _each(connection: Connection, query: Select[Any], canonical: ColumnElement[Any]) -> Iterator[Any]:
    found = connection.execute(query.where(canonical.is_not(None)), execution_options={"stream_results": True})
    while page := found.fetchmany(AT_A_TIME):
        yield from page


def _consents(patron_id: int) -> Any:
    """Those that are matched to this patron now: the latest match holds."""
    later = aliased(m.PatronMatch)
    overruled = select(later.id).where(later.consent_id == m.PatronMatch.consent_id, later.id > m.PatronMatch.id)
    return (
        select(m.Consent.id, m.Consent.external_id, m.Consent.signing_id, m.Consent.shown_sha256)
        .join(m.PatronMatch, m.PatronMatch.consent_id == m.Consent.id)
        .where(m.PatronMatch.patron_id == patron_id, ~overruled.exists())
    )


def _speaks_for_others(session: Session, guardian_id: int, patron_id: int) -> bool:
    """Whether they signed, withdrew or might sign for somebody else whose data is kept."""
    spoken_for = union(
        *(
            select(model.patron_id).where(model.guardian_id == guardian_id, model.patron_id != patron_id)
            for model in (m.Guardianship, m.PatronMatch, m.Withdrawal)
        )
    ).subquery()
    kept = select(spoken_for.c.patron_id).where(spoken_for.c.patron_id.not_in(select(m.Erasure.patron_id)))
    return session.scalar(kept.limit(1)) is not None


def _named(session: Session, key: Any, name: Any, among: ColumnElement[bool]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(key, name).where(among))}


def _is_filled(column: Column[Any]) -> ColumnElement[bool]:
    return column.is_not(None) if column.nullable else column != ERASED
