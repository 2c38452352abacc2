"""Which checkpoints were signed, and with which keys?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.storage.ledger_tree import root_at, size_of
from consent.storage.models import LedgerCheckpoint, LedgerEvent, LedgerKey


def head(connection: Connection) -> tuple[int, bytes]:
    """The tree's size and root as this transaction found them."""
    size = size_of(connection)
    return size, root_at(connection, size)


def newest(session: Session) -> LedgerCheckpoint | None:
    return session.scalar(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1))


def has_grown(session: Session, since: int) -> bool:
    """Whether anything happened but that a checkpoint was made."""
    later = select(LedgerEvent.position).where(
        LedgerEvent.position > since, LedgerEvent.kind != EventKind.CHECKPOINT_MADE
    )
    return session.scalar(later.limit(1)) is not None


def log_name(session: Session) -> str | None:
    """What the log is called since its first key."""
    return session.scalar(select(LedgerKey.name).order_by(LedgerKey.id).limit(1))


def is_key_known(session: Session, public_key: str) -> bool:
    return session.scalar(select(LedgerKey.id).where(LedgerKey.public_key == public_key)) is not None


def key_with(session: Session, public_key: str) -> LedgerKey:
    return session.scalars(select(LedgerKey).where(LedgerKey.public_key == public_key)).one()


def keys(connection: Connection) -> Sequence[Any]:
    """(name, public key) of every key that ever signed."""
    return connection.execute(select(LedgerKey.name, LedgerKey.public_key).order_by(LedgerKey.id)).all()


def signed(connection: Connection) -> Sequence[Any]:
    """(size, root, note) of every checkpoint, from the shortest tree on."""
    columns = LedgerCheckpoint.size, LedgerCheckpoint.root, LedgerCheckpoint.note
    return connection.execute(select(*columns).order_by(LedgerCheckpoint.size)).all()
