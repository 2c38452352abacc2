"""By what does a signed copy prove itself? By what was sealed of each record, and where in the ledger that stands."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import rfc8785
from sqlalchemy.orm import Session

from consent.domain import copy_check
from consent.domain.checkpoints import read_given
from consent.domain.copies import Attached, SignedCopy
from consent.domain.ledger import ENTRY_SCHEMA, Entry, canonical, told_instant
from consent.services.checkpoints import checkpoint_of, prove
from consent.settings import Settings
from consent.storage import copies
from consent.storage.ledger_tree import root_at, size_of

SCHEMA = "copy-proof/1"


def prove_copy(
    session: Session, copy: SignedCopy, signing_id: int, settings: Settings, *, by: str, now: datetime
) -> SignedCopy:
    """The copy with its proofs, against a checkpoint that holds all of its records."""
    records = copies.sealed_entries(session, signing_id)
    note = checkpoint_of(session, max(record.position for record in records), settings, by=by, now=now)
    connection = session.connection()
    proofs = [
        Attached(f"{record.external_id}.tlog-proof", prove(connection, record.position, note, _extra(record)).encode())
        for record in records
    ]
    shown = Attached(f"{copy.reference}-shown.txt", copy.sheet.text.encode())
    signature = Attached(f"{copy.reference}-signature.json", rfc8785.dumps(records[0].signature))
    checkpoint = copy_check.read_proof(proofs[0].content.decode()).short
    return replace(copy, checkpoint=checkpoint, proofs=(*proofs, shown, signature))


def proofs_broken(session: Session, paper: bytes) -> list[str]:
    """What does not match of the proofs that this paper carries; nothing for one from before there were any."""
    files = copy_check.attachments(paper)
    return list(copy_check.problems_of(files)) or list(_elsewhere(session, files)) if files else []


def _elsewhere(session: Session, files: list[bytes]) -> Iterator[str]:
    """Whose checkpoints are those of another ledger, or of one that was cut or changed since."""
    connection = session.connection()
    for proof in copy_check.proofs_in(files):
        given = read_given(proof.checkpoint)
        if given.size > size_of(connection) or root_at(connection, given.size) != proof.root:
            yield f"{given.named}: it is not one of this ledger"


def _extra(record: copies.SealedEntry) -> bytes:
    told = told_instant(record.recorded_at)
    entry = Entry(record.position, record.kind, told, record.actor, record.leaf, record.rows)
    sealed = {
        "schema": SCHEMA,
        "entry": {"schema": ENTRY_SCHEMA, **entry._asdict()},
        "salt": bytes(record.salt).hex(),
        "content": record.canonical,
    }
    return canonical(sealed)
