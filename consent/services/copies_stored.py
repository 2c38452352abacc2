"""Which paper is *the* signed copy? It is drawn the first time that it is asked for, stored, and never drawn again."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from consent.domain.copies import RecordState, SignedCopy, Standing
from consent.domain.events import EventKind
from consent.services.copies import CopyDoesNotMatch, copy_by_reference
from consent.services.copies_proofs import proofs_broken, prove_copy
from consent.services.ledger import Event, record
from consent.settings import Settings
from consent.storage import copies, signings
from consent.storage.database import begin_writing
from consent.storage.models import Signing, StoredCopy

BY_REGISTRY = "registry"
"""Who stores a copy, in the ledger: nobody in particular asked for it."""
AT_ONCE = 100
STATUS_BYTES = 32

Draw = Callable[[SignedCopy], bytes]

log = logging.getLogger(__name__)


def paper_of(session: Session, copy: SignedCopy, draw: Draw, *, settings: Settings, now: datetime) -> bytes:
    """The paper that was given to the first who asked.

    Raises CopyDoesNotMatch where what is stored is no longer what was.
    """
    signing = signings.signing_named(session, copy.reference)
    if signing is None:
        raise CopyDoesNotMatch("What is kept of this signing is not what was sealed. Tell a records officer.")
    if (stored := _stored(session, signing.id)) is not None:
        return stored
    token = secrets.token_urlsafe(STATUS_BYTES)
    base_url = settings.lasting_base_url
    address = status_address(token, base_url=base_url) if base_url else None
    proven = prove_copy(session, replace(copy, status_address=address), signing.id, settings, by=BY_REGISTRY, now=now)
    # Drawing takes its time, so it is done before the writer's turn; whoever was faster has drawn the one that counts.
    return _store(session, signing, draw(proven), _sha256(token.encode()), now=now)


def store_missing_copies(session: Session, draw: Draw, *, settings: Settings, now: datetime) -> str | None:
    """Draw the copies that nobody has asked for, as the tick does each minute."""
    stored = 0
    for reference in copies.references_not_stored(session, at_most=AT_ONCE):
        try:
            copy = copy_by_reference(session, reference, zone=settings.zone)
            paper_of(session, copy, draw, settings=settings, now=now)
        except CopyDoesNotMatch:
            log.warning("The copy of signing %s was not drawn: what is kept is not what was sealed", reference)
            session.rollback()
            continue
        stored += 1
    session.rollback()
    return f"Stored signed copies: {stored}." if stored else None


def is_ours(session: Session, paper: bytes) -> bool:
    """Whether this is, to the last byte, a copy that the registry gave out, and its proofs are of this ledger."""
    return not check_copy(session, paper)


def check_copy(session: Session, paper: bytes) -> list[str]:
    """What does not match of a paper that is said to be a signed copy."""
    unknown = [] if copies.is_stored(session, _sha256(paper)) else ["This registry gave out no such file."]
    return unknown + proofs_broken(session, paper)


def status_of(session: Session, token: str, *, now: datetime) -> tuple[Signing, list[RecordState]] | None:
    """What became of the records on the copy with this lasting link; None for a link that never was one."""
    signing = copies.signing_with_status(session, _sha256(token.encode("utf-8", "replace")))
    if signing is None:
        return None
    return signing, [_state(row, now) for row in copies.states_of(session, signing.id)]


def status_address(token: str, *, base_url: str) -> str:
    return f"{base_url.rstrip('/')}/signed/{token}"


def _store(session: Session, signing: Signing, paper: bytes, status_sha256: str, *, now: datetime) -> bytes:
    begin_writing(session)
    if (stored := _stored(session, signing.id)) is not None:
        session.rollback()
        return stored
    pdf_sha256 = _sha256(paper)
    session.add(
        StoredCopy(signing_id=signing.id, pdf_sha256=pdf_sha256, status_sha256=status_sha256, stored_at=now, pdf=paper)
    )
    told = {"signing": signing.reference, "pdf_sha256": pdf_sha256, "bytes": len(paper)}
    record(session, Event(EventKind.COPY_STORED, told), by=BY_REGISTRY, now=now)
    session.commit()
    return paper


def _stored(session: Session, signing_id: int) -> bytes | None:
    found = copies.stored_pdf(session, signing_id)
    if found is None:
        return None
    paper, pdf_sha256 = found
    if _sha256(paper) != pdf_sha256:
        raise CopyDoesNotMatch("The stored copy is not the one that was given out. Tell a records officer.")
    return paper


def _state(row: copies.RecordRow, now: datetime) -> RecordState:
    """The first that is so, of what ends a record and of what it waits for."""
    ends = (
        (Standing.VOIDED, row.voided_at),
        (Standing.REJECTED, row.rejected_at),
        (Standing.WITHDRAWN, row.withdrawn_at),
        (Standing.ENDED, row.expires_at),
        (Standing.CONFIRMED, row.confirmed_at),
    )
    for standing, at in ends:
        if at is not None and at <= now:
            return RecordState(row.external_id, standing, at)
    return RecordState(row.external_id, Standing.WAITING, None)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
