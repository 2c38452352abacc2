"""Is this entry in the log, and is the log of today that of yesterday, only longer? RFC 6962's tree and its proofs.

A span is a run of entries that has a hash of its own. A node is a complete one: 2 ** level entries, the number-th such
run from the left, counted from zero. Every span is made of at most one node for each level, so that whoever keeps the
nodes can tell the root of any size, and prove it, from a handful of them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

EMPTY_ROOT = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    level: int
    number: int


class Span(NamedTuple):
    """The entries from `start` up to, not including, `end`, counted from zero."""

    start: int
    end: int


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_of(span: Span) -> list[Node]:
    """The complete runs that a span is made of, from left to right, the longest first."""
    nodes, start = [], span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def join(hashes: Sequence[bytes]) -> bytes:
    """The hash of a span, from those of its nodes."""
    if not hashes:
        return EMPTY_ROOT
    joined = hashes[-1]
    for left in reversed(hashes[:-1]):
        joined = node_hash(left, joined)
    return joined


class Edge:
    """The right edge of a growing tree: all that the next entry needs to know of those before it."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """`hashes` are those of `nodes_of(Span(0, size))`."""
        self.size = size
        self.hashes = list(hashes)

    @property
    def root(self) -> bytes:
        return join(self.hashes)

    def append(self, leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Add one entry by its leaf hash; yields each node that it completes, the leaf itself first."""
        index, level = self.size, 0
        self.size += 1
        yield Node(level, index), leaf
        while index & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            index, level = index >> 1, level + 1
            yield Node(level, index), leaf
        self.hashes.append(leaf)


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Whose hashes prove that the entry is in the tree of this size: its sibling's first (RFC 6962, 2.1.1)."""
    start, end, siblings = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append(Span(middle, end))
            end = middle
        else:
            siblings.append(Span(start, middle))
            start = middle
    return siblings[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Whose hashes prove that the tree of the old size is the start of the new one's (RFC 6962, 2.1.2)."""
    if old in {0, new}:
        return []
    start, end, siblings = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            siblings.append(Span(middle, end))
            end = middle
        else:
            siblings.append(Span(start, middle))
            start = middle
    return [*([Span(start, end)] if start else []), *siblings[::-1]]


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that the proof leads to; none for a proof of the wrong length."""
    spans = inclusion_spans(index, size) if 0 <= index < size else None
    if spans is None or len(spans) != len(proof):
        return None
    for span, sibling in zip(spans, proof, strict=True):
        leaf = node_hash(sibling, leaf) if span.end <= index else node_hash(leaf, sibling)
    return leaf


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the old tree to be the start of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and old_root == (EMPTY_ROOT if old == 0 else new_root)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    last_old, last_new = old - 1, new - 1
    while last_old & 1:
        last_old, last_new = last_old >> 1, last_new >> 1
    seen_old = seen_new = path[0]
    for sibling in path[1:]:
        if last_new == 0:
            return False
        if last_old & 1 or last_old == last_new:
            seen_old, seen_new = node_hash(sibling, seen_old), node_hash(sibling, seen_new)
            while last_old and not last_old & 1:
                last_old, last_new = last_old >> 1, last_new >> 1
        else:
            seen_new = node_hash(seen_new, sibling)
        last_old, last_new = last_old >> 1, last_new >> 1
    return last_new == 0 and (seen_old, seen_new) == (old_root, new_root)


def _split(count: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << (count - 1).bit_length() - 1
