"""Which signed copies are stored, and what became of the records on them?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from consent.storage.models import (
    Consent,
    ConsentVoiding,
    LedgerEvent,
    PatronMatch,
    SealedContent,
    SealedRows,
    ShownText,
    Signing,
    SigningRejection,
    StoredCopy,
    Withdrawal,
    WithdrawalVoiding,
    Witnessing,
)


class RecordRow(NamedTuple):
    """One record of a signing and when, if ever, each thing became of it."""

    external_id: str
    expires_at: datetime | None
    confirmed_at: datetime | None
    rejected_at: datetime | None
    voided_at: datetime | None
    withdrawn_at: datetime | None


class SealedEntry(NamedTuple):
    """One record's entry of the ledger, with all that the entry is made of."""

    external_id: str
    position: int
    kind: str
    recorded_at: datetime
    actor: str
    leaf: str
    rows: str | None
    salt: bytes
    canonical: str
    signature: dict[str, Any] | None


def sealed_entries(session: Session, signing_id: int) -> list[SealedEntry]:
    """Of each record of a signing but for those erased, in the order in which the children were named."""
    columns: tuple[Any, ...] = (
        Consent.external_id,
        LedgerEvent.position,
        LedgerEvent.kind,
        LedgerEvent.recorded_at,
        LedgerEvent.actor,
        LedgerEvent.leaf,
        SealedRows.leaf,
        SealedContent.salt,
        SealedContent.canonical,
        Consent.signature,
    )
    rows = session.execute(
        select(*columns)
        .join(LedgerEvent, LedgerEvent.position == Consent.event_position)
        .join(SealedContent, SealedContent.position == Consent.event_position)
        .outerjoin(SealedRows, SealedRows.position == Consent.event_position)
        .where(Consent.signing_id == signing_id, SealedContent.canonical.is_not(None))
        .order_by(Consent.id)
    )
    return [SealedEntry._make(row) for row in rows]


def stored_pdf(session: Session, signing_id: int) -> tuple[bytes, str] | None:
    """The paper, unless it was erased, and the hash that was kept of it."""
    row = session.execute(
        select(StoredCopy.pdf, StoredCopy.pdf_sha256).where(StoredCopy.signing_id == signing_id)
    ).one_or_none()
    return (row.pdf, row.pdf_sha256) if row and row.pdf is not None else None


def is_stored(session: Session, pdf_sha256: str) -> bool:
    return session.scalar(select(exists().where(StoredCopy.pdf_sha256 == pdf_sha256))) or False


def signing_with_status(session: Session, status_sha256: str) -> Signing | None:
    """The signing whose lasting link this is."""
    return session.scalar(
        select(Signing)
        .join(StoredCopy, StoredCopy.signing_id == Signing.id)
        .where(StoredCopy.status_sha256 == status_sha256)
    )


def references_not_stored(session: Session, *, at_most: int) -> Sequence[str]:
    """Signings whose copy nobody has asked for yet, the oldest first; of what was erased there is none."""
    return session.scalars(
        select(Signing.reference)
        .where(~exists().where(StoredCopy.signing_id == Signing.id), _was_shown(Signing.id))
        .order_by(Signing.id)
        .limit(at_most)
    ).all()


def _was_shown(signing_id: Any) -> ColumnElement[bool]:
    return exists().where(
        Consent.signing_id == signing_id, ShownText.sha256 == Consent.shown_sha256, ShownText.text.is_not(None)
    )


def states_of(session: Session, signing_id: int) -> list[RecordRow]:
    """Each record of a signing with when it was confirmed, rejected, voided, and withdrawn by its signer since."""
    latest = select(func.max(PatronMatch.id)).where(PatronMatch.consent_id == Consent.id).correlate(Consent)
    withdrawn_at = (
        select(func.min(Withdrawal.at))
        .where(
            Withdrawal.patron_id == PatronMatch.patron_id,
            Withdrawal.guardian_id.is_not_distinct_from(PatronMatch.guardian_id),
            Withdrawal.at >= Consent.signed_at,
            ~exists().where(WithdrawalVoiding.withdrawal_id == Withdrawal.id),
        )
        .correlate(PatronMatch, Consent)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Consent.external_id,
            Consent.expires_at,
            Witnessing.at.label("confirmed_at"),
            SigningRejection.at.label("rejected_at"),
            ConsentVoiding.at.label("voided_at"),
            withdrawn_at.label("withdrawn_at"),
        )
        .outerjoin(PatronMatch, PatronMatch.id == latest.scalar_subquery())
        .outerjoin(Witnessing, Witnessing.consent_id == Consent.id)
        .outerjoin(SigningRejection, SigningRejection.signing_id == Consent.signing_id)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == Consent.id)
        .where(Consent.signing_id == signing_id)
        .order_by(Consent.id)
    )
    return [RecordRow(*row) for row in rows]
