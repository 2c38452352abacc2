"""What would a court or a clerk be given, to check without us? Everything sealed, and the program that checks it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from consent.domain import copy_check, evidence_check
from consent.domain.events import EventKind
from consent.domain.ledger import canonical, told_instant
from consent.services.checkpoints import make_checkpoint
from consent.services.ledger import Event, record
from consent.settings import Settings
from consent.storage import checkpoints, verification, verification_records
from consent.storage.database import begin_writing

SCHEMA: Final = "evidence/1"
Piece = tuple[str, Iterable[bytes]]


def export_evidence(session: Session, stream: BinaryIO, settings: Settings, *, by: str, now: datetime) -> str:
    """Write the bundle as a ZIP file, and give the checkpoint that it ends with. The ledger tells of it first."""
    begin_writing(session)
    record(session, Event(EventKind.EVIDENCE_EXPORTED, {"schema": SCHEMA}), by=by, now=now)
    session.commit()
    note = make_checkpoint(session, settings, by=by, now=now)
    hashes: dict[str, str] = {}
    with verification.snapshot(session) as connection, ZipFile(stream, "w", ZIP_DEFLATED) as bundle:
        for name, chunks in _pieces(connection):
            hashes[name] = _write(bundle, name, chunks)
        manifest = {"schema": SCHEMA, "made_at": told_instant(now), "checkpoint": note, "files": hashes}
        told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        _write(bundle, "manifest.json", [told])
        _write(bundle, "manifest.sha256", [hashlib.sha256(told).hexdigest().encode() + b"\n"])
    return note


def _write(bundle: ZipFile, name: str, chunks: Iterable[bytes]) -> str:
    written = hashlib.sha256()
    with bundle.open(name, "w", force_zip64=True) as file:
        for chunk in chunks:
            file.write(chunk)
            written.update(chunk)
    return written.hexdigest()


def _pieces(connection: Connection) -> Iterator[Piece]:
    yield "README.txt", [README.encode()]
    yield "verify.py", [Path(evidence_check.__file__).read_bytes()]
    yield "verify_copy.py", [Path(copy_check.__file__).read_bytes()]
    yield "ledger.jsonl", map(_line, _ledger(connection))
    yield "forms.jsonl", map(_line, _forms(connection))
    yield "signatures.jsonl", map(_line, _signatures(connection))
    for sha256, text in verification_records.shown_texts(connection):
        if text is not None:
            yield f"shown/{sha256}.txt", [text.encode()]
    for _, reference, pdf, _ in verification_records.copies(connection):
        if pdf is not None:
            yield f"copies/{reference}.pdf", [pdf]
    for sha256, scan in verification_records.scans(connection):
        if scan is not None:
            yield f"scans/{sha256}.pdf", [scan]
    keys = [{"name": name, "public_key": public} for name, public in checkpoints.keys(connection)]
    yield "keys.json", [json.dumps(keys, indent=1).encode()]
    for size, _, note in checkpoints.signed(connection):
        yield f"checkpoints/{size}.txt", [note.encode()]


def _ledger(connection: Connection) -> Iterator[dict[str, Any]]:
    for page, _ in verification.events(connection):
        for event in page:
            yield {
                "position": event.position,
                "kind": event.kind,
                "recorded_at": told_instant(event.recorded_at),
                "actor": event.actor,
                "leaf": event.leaf,
                "salt": _hex(event.salt),
                "content": event.content,
                "rows_leaf": event.rows_leaf,
                "rows_salt": _hex(event.rows_salt),
                "rows": event.rows,
            }


def _forms(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in verification_records.form_versions(connection):
        yield {
            "form": row.form,
            "version": row.version,
            "title": {"en": row.title_en, "es": row.title_es},
            "body": {"en": row.body_en, "es": row.body_es},
            "text_sha256": row.text_sha256,
            "published_at": told_instant(row.published_at),
        }


def _signatures(connection: Connection) -> Iterator[dict[str, Any]]:
    for record_id, signature in verification_records.signatures(connection):
        yield {
            "record": record_id,
            "signature": json.loads(signature) if isinstance(signature, str) else signature,
        }


def _hex(salt: bytes | None) -> str | None:
    return None if salt is None else bytes(salt).hex()


def _line(told: dict[str, Any]) -> bytes:
    return canonical(told) + b"\n"


README: Final = """\
EVIDENCE OF THE PATRON CONSENT REGISTRY

This folder holds everything that the registry has sealed, as it was sealed, and a program that checks it. It names
people, minors among them: keep it as confidential as the registry itself.

To check it, unpack it and run

    python verify.py

It needs Python 3.11 or later and nothing else, and asks no other computer. It prints a line for each thing that does
not match, and ends with "Everything matches." when there is none. With the Python package `cryptography` it checks the
checkpoints' signatures too. Whoever brings a signed copy of their own can have it checked against this evidence:

    python verify_copy.py FILE.pdf

WHAT IS IN IT

ledger.jsonl       every event, in order: what happened, when, who did it, what was sealed and with which salt
forms.jsonl        every version of the form, in English and Spanish
shown/             every text exactly as somebody saw it before they signed, under its SHA-256
signatures.jsonl   every signature that was drawn (as lines), typed, or given on paper (the SHA-256 of its scan)
scans/             every paper form that was signed, as it was scanned (PDF), under its SHA-256
copies/            every signer's copy (PDF), as it was given out; each carries its own proof as attachments
checkpoints/       the ledger's length and root, signed, at each time that it was signed (C2SP tlog-checkpoint)
keys.json          the public halves of the keys that signed them
manifest.json      the SHA-256 of each file; manifest.sha256 holds its own

THE FORM OF WHAT IS SEALED

Every form has a version, and a form once used is never changed. All are canonical JSON (RFC 8785).

ledger-entry/1     an event as the tree commits to it: actor, kind, leaf, position, recorded_at, rows, schema
registry-rows/1    the rows that an event's change wrote: for each table its columns and the rows kept or gone
consent-record/1   what somebody signed, in an event consent-signed: id, reference, department, form (id, version,
                   language, text_sha256), shown_sha256, signer and patron as typed with every answer and limit,
                   signature (kind, sha256), signed_at, expires_at, last_day_shown, kiosk, capture, assurance; of a
                   kiosk also agreed_electronic and esign_policy, of paper also scan (sha256, pages) and order_seen
copy-proof/1       the extra line of a signed copy's tlog-proof: content, entry and salt, to make the entry anew

The leaf of an event is the SHA-256 of its salt (32 bytes) and its content, as hexadecimal digits. Records that were
imported from a file have the content that the file had.

WHAT IS CHECKED

Each event is a leaf of a Merkle tree (RFC 6962). What is sealed is SHA-256 over a salt and the content; the entry that
enters the tree is the canonical JSON (RFC 8785) of its actor, kind, leaf, position, time and the leaf of the rows that
it wrote. verify.py makes each of them anew, and the root of every length, and holds them against the checkpoints.

WHAT WAS ERASED

Where two people ordered that somebody's personal data be erased, its content and its salt are gone for good; the leaf
that was made of them stays in the tree. The entry "erased" tells who asked, who approved, when, by which law, and names
each row. verify.py counts them, and reports whatever is missing that no such entry names.

WHAT ONLY YOU CAN CHECK

Whoever holds the registry and its key could make all of this anew. What they cannot change is what left the house: the
line "ledger" on each printed roster, and each checkpoint that somebody kept elsewhere. Hold the numbers there against
the checkpoints here: the same length must have the same root.
"""
