"""Which hashes make up the ledger's Merkle tree? Reads a handful of nodes for any root or proof of any size."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from consent.domain.ledger import Entry, told_instant
from consent.domain.merkle import Edge, Node, Span, consistency_spans, inclusion_spans, join, nodes_of
from consent.storage.models import LedgerEvent, LedgerNode, SealedRows


def size_of(connection: Connection) -> int:
    """How many entries there are."""
    return connection.scalar(_LAST) or 0


def edge_at(connection: Connection, size: int) -> Edge:
    """All that the next entry needs to know of the tree of this size.

    Where a node is lost, nobody is kept from signing: the edge is made anew from the entries. Verifying tells of it.
    """
    nodes = nodes_of(Span(0, size))
    known = _hashes(connection, nodes)
    if len(known) == len(nodes):
        return Edge(size, [known[node] for node in nodes])
    edge = Edge()
    for row in connection.execute(_ENTRIES, {"last": size}):
        entry = Entry(row.position, row.kind, told_instant(row.recorded_at), row.actor, row.leaf, row.rows)
        for _ in edge.append(entry.hash):
            """Only the edge is wanted."""
    edge.size = size
    return edge


def root_at(connection: Connection, size: int) -> bytes:
    return edge_at(connection, size).root


def inclusion_proof(connection: Connection, position: int, size: int) -> list[bytes]:
    """That the event at this position is in the tree of this size."""
    return _of_spans(connection, inclusion_spans(position - 1, size))


def consistency_proof(connection: Connection, old: int, new: int) -> list[bytes]:
    """That the tree of the old size is the start of the new one's."""
    return _of_spans(connection, consistency_spans(old, new))


def _of_spans(connection: Connection, spans: Sequence[Span]) -> list[bytes]:
    made_of = [nodes_of(span) for span in spans]
    known = _hashes(connection, [node for nodes in made_of for node in nodes])
    return [join([known[node] for node in nodes]) for nodes in made_of]


def _hashes(connection: Connection, nodes: Iterable[Node]) -> dict[Node, bytes]:
    ends = {node: (node.number + 1 << node.level, node.level) for node in nodes}
    found = connection.execute(_NODES, {"ends": sorted({position for position, _ in ends.values()})})
    known = {(position, level): hash_ for position, level, hash_ in found}
    return {node: known[end] for node, end in ends.items() if end in known}


_LAST: Final = select(func.max(LedgerEvent.position))
_NODES: Final = select(LedgerNode.position, LedgerNode.level, LedgerNode.hash).where(
    LedgerNode.position.in_(bindparam("ends", expanding=True))
)
_ENTRIES: Final = (
    select(
        LedgerEvent.position,
        LedgerEvent.kind,
        LedgerEvent.recorded_at,
        LedgerEvent.actor,
        LedgerEvent.leaf,
        SealedRows.leaf.label("rows"),
    )
    .outerjoin(SealedRows, SealedRows.position == LedgerEvent.position)
    .where(LedgerEvent.position <= bindparam("last"))
    .order_by(LedgerEvent.position)
)
