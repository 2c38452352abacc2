"""Where does the ledger stand? Signs its size and root, so that nobody can cut or replace it unnoticed.

The key is a file of the instance folder. A new key is recorded in the ledger, with the old ones' public halves kept.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from consent.domain.checkpoints import Checkpoint, Given, Signature, key_id, signed_note, tlog_proof
from consent.domain.events import EventKind
from consent.domain.refusals import ConsentError
from consent.services.ledger import Event, record
from consent.settings import Settings, instance_secret
from consent.storage import checkpoints as stored
from consent.storage.database import begin_writing
from consent.storage.ledger_tree import inclusion_proof
from consent.storage.models import LedgerCheckpoint, LedgerKey

KEY_FILE: Final = "ledger-key"
INTERVAL: Final = timedelta(minutes=15)


class NothingToSign(ConsentError):
    """Nothing has happened here yet."""


def head(session: Session) -> Checkpoint | None:
    """As of now, unsigned: what a paper says of the ledger. None while nothing has happened."""
    size, root = stored.head(session.connection())
    return Checkpoint("", size, root) if size else None


def make_when_due(session: Session, settings: Settings, *, by: str, now: datetime) -> str | None:
    """A checkpoint each quarter of an hour in which something happened."""
    last = stored.newest(session)
    if last and (now - last.made_at < INTERVAL or not stored.has_grown(session, last.size)):
        session.rollback()
        return None
    if last is None and not stored.has_grown(session, 0):
        session.rollback()
        return None
    note = make_checkpoint(session, settings, by=by, now=now)
    return f"Signed a checkpoint of {note.splitlines()[1]} entries."


def make_checkpoint(session: Session, settings: Settings, *, by: str, now: datetime) -> str:
    """Sign the ledger as it stands, and give the note; where nothing happened since the last one, that one."""
    last = stored.newest(session)
    if not stored.has_grown(session, last.size if last else 0):
        if last is None:
            raise NothingToSign("Nothing has happened in this registry yet, so there is nothing to sign.")
        note = last.note
        session.rollback()
        return note
    private = _private_key(settings)
    _record_key(session, private, settings, by=by, now=now)
    begin_writing(session)
    size, root = stored.head(session.connection())
    public = private.public_key().public_bytes_raw()
    key = stored.key_with(session, public.hex())
    checkpoint = Checkpoint(key.name, size, root)
    signature = Signature(key.name, key_id(key.name, public), private.sign(checkpoint.text.encode()))
    note = signed_note(checkpoint, signature)
    session.add(LedgerCheckpoint(size=size, root=root.hex(), key_id=key.id, note=note, made_at=now))
    told = {"size": size, "root": root.hex(), "key": key.public_key}
    record(session, Event(EventKind.CHECKPOINT_MADE, told), by=by, now=now)
    session.commit()
    return note


def rotate_key(session: Session, settings: Settings, *, by: str, now: datetime) -> None:
    """Sign with a new key from now on. The old one's public half stays, so that what it signed can be checked."""
    file = settings.instance / KEY_FILE
    file.unlink(missing_ok=True)
    _record_key(session, _private_key(settings), settings, by=by, now=now)


def checkpoint_of(session: Session, position: int, settings: Settings, *, by: str, now: datetime) -> str:
    """A signed note of a tree that holds the entry at this position; made now where none is old enough."""
    last = stored.newest(session)
    return last.note if last and last.size >= position else make_checkpoint(session, settings, by=by, now=now)


def prove(connection: Connection, position: int, note: str, extra: bytes = b"") -> str:
    """That the event at this position is in the tree of a signed checkpoint, in C2SP's tlog-proof form."""
    size = int(note.splitlines()[1])
    return tlog_proof(position - 1, inclusion_proof(connection, position, size), note, extra)


def who_signed(given: Given, keys: list[tuple[str, str]]) -> list[bool]:
    """For each signature of a key that this ledger knows, whether it is good."""
    known = {(name, key_id(name, public)): public for name, public in _readable(keys)}
    checked = []
    for one in given.signatures:
        if public := known.get((one.name, one.key_id)):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(one.signature, given.text.encode())
                checked.append(True)
            except (InvalidSignature, ValueError):
                checked.append(False)
    return checked


def _readable(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """One that somebody bent signs nothing any more."""
    for name, public in keys:
        with suppress(ValueError):
            yield name, bytes.fromhex(public)


def _private_key(settings: Settings) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(instance_secret(settings.instance, KEY_FILE)))


def _record_key(session: Session, private: Ed25519PrivateKey, settings: Settings, *, by: str, now: datetime) -> None:
    """A change of its own, before the key signs anything. The log keeps its first name for ever."""
    public = private.public_key().public_bytes_raw().hex()
    begin_writing(session)
    if not stored.is_key_known(session, public):
        name = stored.log_name(session) or f"{urlsplit(settings.base_url).netloc}/ledger"
        session.add(LedgerKey(name=name, public_key=public, added_at=now))
        record(session, Event(EventKind.LEDGER_KEY_ADDED, {"name": name, "public_key": public}), by=by, now=now)
    session.commit()
