"""Is every entry of the ledger what was sealed, in its place and in the tree? What is missing, an order must name."""

import hashlib
import json
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from consent.domain.events import EventKind
from consent.domain.ledger import Entry, told_instant
from consent.domain.merkle import EMPTY_ROOT, Edge
from consent.domain.verification import Finding
from consent.services.verification_erased import Orders
from consent.services.verification_rows import Comparison
from consent.storage import verification as stored
from consent.storage.verification import StoredEvent

Nodes = Mapping[tuple[int, int], bytes]


class LedgerPass:
    """One reading of the ledger from its first entry to its last. `roots` are those of the sizes asked for."""

    def __init__(self, comparison: Comparison, sizes: frozenset[int] = frozenset()) -> None:
        self.entries = 0
        self.roots = {0: EMPTY_ROOT} if 0 in sizes else {}
        self._edge: Edge | None = Edge()
        self._last_bad = 0
        self._comparison, self._sizes = comparison, sizes
        self.orders = Orders()
        self._missing: list[tuple[str, int, Finding]] = []

    @property
    def root(self) -> bytes | None:
        """Of the whole tree; none where an entry is gone."""
        return self._edge.root if self._edge else None

    def read(self, connection: Connection) -> Iterator[list[Finding]]:
        """What was found on each page of entries."""
        for page, nodes in stored.events(connection):
            yield [finding for event in page for finding in self._check(event, nodes)]
        # An order comes after what it erases.
        yield [missing for table, key, missing in self._missing if not self.orders.name(table, key)]

    def _check(self, event: StoredEvent, nodes: Nodes) -> Iterator[Finding]:
        named = f"entry {event.position} ({event.kind})"
        if event.position != self.entries + 1:
            yield Finding(f"entry {self.entries + 1}", f"is gone: the next one is entry {event.position}")
            # Without it nobody can tell the tree of those that follow; each is still checked by itself.
            self._edge = None
        self.entries = event.position
        yield from self._check_content(named, event)
        yield from self._check_rows(named, event)
        entry = Entry(
            event.position, event.kind, told_instant(event.recorded_at), event.actor, event.leaf, event.rows_leaf
        )
        yield from self._grow(named, entry, nodes)

    def _check_content(self, named: str, event: StoredEvent) -> Iterator[Finding]:
        if event.content is None or event.salt is None:
            self._missing.append(("sealed_content", event.position, Finding(named, "has lost its content")))
        elif _salted(event.salt, event.content) != event.leaf:
            yield Finding(named, "its content is not what was sealed")
        elif event.kind == EventKind.ERASED:
            yield from self.orders.take(named, event.actor, event.content)

    def _check_rows(self, named: str, event: StoredEvent) -> Iterator[Finding]:
        if event.rows_leaf is None:
            return
        if event.rows is None or event.rows_salt is None:
            self._missing.append(("sealed_rows", event.position, Finding(named, "has lost the rows that it sealed")))
            return
        if _salted(event.rows_salt, event.rows) != event.rows_leaf:
            yield Finding(named, "the rows beside it are not what was sealed")
        try:
            yield from list(self._comparison.tell(event.position, json.loads(event.rows)["rows"]))
        except (KeyError, TypeError, ValueError):
            yield Finding(named, "the rows beside it cannot be read")

    def _grow(self, named: str, entry: Entry, nodes: Nodes) -> Iterator[Finding]:
        """The entry's own node tells a changed entry from its neighbors; the runs above it follow from that one."""
        own = nodes.get((entry.position, 0))
        if own != entry.hash:
            self._last_bad = entry.position
            yield Finding(named, "is not in the tree" if own is None else "is not the entry that went into the tree")
        if self._edge is None:
            return
        for node, hash_ in self._edge.append(entry.hash):
            length = 1 << node.level
            if nodes.get((entry.position, node.level)) != hash_ and self._last_bad <= entry.position - length:
                self._last_bad = entry.position
                yield Finding(named, f"the tree's run of the {length} entries up to here is not theirs")
        if entry.position in self._sizes:
            self.roots[entry.position] = self._edge.root


def _salted(salt: bytes, content: str) -> str:
    return hashlib.sha256(bytes(salt) + content.encode("utf-8", "replace")).hexdigest()
