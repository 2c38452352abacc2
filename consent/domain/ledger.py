"""What exactly does the ledger commit to? The seal's schema, version 1, for whoever must check it years from now.

Each event has a position (1, 2, 3, …), a kind, an instant, an actor and a content. The content is canonical JSON
(RFC 8785) and is kept beside the log with a salt of 32 random bytes of its own, so that a person's data can be
destroyed lawfully while the log stays whole. The log itself knows of it only

    leaf = SHA-256(salt || content), as 64 hexadecimal digits

Beside an event may stand the rows that its change wrote to the registry's tables, as canonical JSON with a salt of
their own and a `rows` leaf made alike. An event's *entry* is the canonical JSON object

    {"actor": …, "kind": …, "leaf": …, "position": …, "recorded_at": …, "rows": … or null, "schema": "ledger-entry/1"}

with the instant in UTC as `2026-07-01T12:00:00.000000Z`. The entries in order of position are the entries of a Merkle
tree as RFC 6962 defines it (leaf SHA-256(0x00 || entry), node SHA-256(0x01 || left || right)); the entry at position 1
has the index 0. A checkpoint (C2SP tlog-checkpoint, signed with Ed25519) states the tree's size and root.

What the rows say is `{"rows": […], "schema": "registry-rows/1"}`: for each table its name, the `columns` told, the rows
`kept` (their values in the columns' order) and those `gone` (their keys). Instants and days are text, bytes are
hexadecimal, and a long text or a JSON value is told by its SHA-256. The last that was said of a row is what must be
stored; a row of a table that is never edited is said once. Of checks, which are too many, each row is told by its key
and the first half of its SHA-256, under `checks`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from consent.domain.merkle import leaf_hash

ENTRY_SCHEMA: Final = "ledger-entry/1"
ROWS_SCHEMA: Final = "registry-rows/1"


class Entry(NamedTuple):
    """One event as the tree commits to it."""

    position: int
    kind: str
    recorded_at: str
    actor: str
    leaf: str
    rows: str | None

    @property
    def encoded(self) -> bytes:
        return canonical({"schema": ENTRY_SCHEMA, **self._asdict()})

    @property
    def hash(self) -> bytes:
        return leaf_hash(self.encoded)


def canonical(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """RFC 8785 of what has no fraction in it and plain ASCII keys: the same as `rfc8785`, many times faster."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")


def salted(salt: bytes, content: bytes) -> str:
    return hashlib.sha256(salt + content).hexdigest()


def tell_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def told_instant(stored: Any) -> Any:
    """As a database gives it: one of them keeps text in UTC. What is no instant is told as it is."""
    if isinstance(stored, str):
        try:
            stored = datetime.fromisoformat(stored)
        except ValueError:
            return stored
    if not isinstance(stored, datetime):
        return stored
    return tell_instant(stored if stored.tzinfo else stored.replace(tzinfo=UTC))
