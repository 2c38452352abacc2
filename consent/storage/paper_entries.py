"""What was entered from paper, by whom, and what of it can be taken over for the next?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from consent.storage.models import (
    Consent,
    ConsentProgram,
    FormVersion,
    PaperEntry,
    PaperScan,
    Program,
    Signing,
    SigningRejection,
    Staff,
)


def is_paper() -> ColumnElement[bool]:
    """Of a signing."""
    return exists().where(PaperEntry.signing_id == Signing.id).correlate(Signing)


def entry_of(session: Session, signing_id: int) -> Any:
    """(PaperEntry, by whom, how many pages)."""
    return session.execute(
        select(PaperEntry, Staff.name.label("by"), PaperScan.pages)
        .join(PaperScan, PaperScan.sha256 == PaperEntry.scan_sha256)
        .join(Staff, Staff.id == PaperEntry.entered_by)
        .where(PaperEntry.signing_id == signing_id)
    ).one_or_none()


def scan_of(session: Session, reference: str) -> Any:
    """(SHA-256, content) of the paper behind this signing; nothing where it was erased."""
    return session.execute(
        select(PaperScan.sha256, PaperScan.content)
        .join(PaperEntry, PaperEntry.scan_sha256 == PaperScan.sha256)
        .join(Signing, Signing.id == PaperEntry.signing_id)
        .where(Signing.reference == reference, PaperScan.content.is_not(None))
    ).one_or_none()


def is_scan_kept(session: Session, sha256: str) -> bool:
    return session.scalar(select(exists().where(PaperScan.sha256 == sha256))) or False


def signing_with_scan(session: Session, sha256: str) -> str | None:
    """The reference of a signing that stands on this paper: of those that were rejected, none."""
    return session.scalar(
        select(Signing.reference)
        .join(PaperEntry, PaperEntry.signing_id == Signing.id)
        .where(PaperEntry.scan_sha256 == sha256, ~exists().where(SigningRejection.signing_id == Signing.id))
        .limit(1)
    )


def last_entered(session: Session, staff_id: int) -> Any:
    """(language, signed at, form, version, id of the program a yes is limited to) of what they entered last."""
    return session.execute(
        select(Signing.language, Signing.signed_at, FormVersion.form, FormVersion.version, Program.external_id)
        .join(PaperEntry, PaperEntry.signing_id == Signing.id)
        .join(Consent, Consent.signing_id == Signing.id)
        .join(FormVersion, FormVersion.id == Consent.form_version_id)
        .outerjoin(ConsentProgram, ConsentProgram.consent_id == Consent.id)
        .outerjoin(Program, Program.id == ConsentProgram.program_id)
        .where(PaperEntry.entered_by == staff_id)
        .order_by(Signing.id.desc(), Program.id.desc())
        .limit(1)
    ).one_or_none()


def how_many_entered(session: Session, staff_id: int, *, since: datetime) -> int:
    counted = select(func.count()).select_from(PaperEntry)
    return session.scalar(counted.where(PaperEntry.entered_by == staff_id, PaperEntry.entered_at >= since)) or 0
