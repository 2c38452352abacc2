"""Which hashes make up the ledger's Merkle tree? Reads a handful of nodes for any root or proof of any size."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from consent.domain.merkle import Edge, Node, Span, consistency_spans, inclusion_spans, join, nodes_of
from consent.storage.models import LedgerEvent, LedgerNode


def size_of(connection: Connection) -> int:
    """How many entries there are."""
    return connection.scalar(select(func.max(LedgerEvent.position))) or 0


def edge_at(connection: Connection, size: int) -> Edge:
    """All that the next entry needs to know of the tree of this size."""
    nodes = nodes_of(Span(0, size))
    known = _hashes(connection, nodes)
    return Edge(size, [known[node] for node in nodes])


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
    kept = select(LedgerNode.position, LedgerNode.level, LedgerNode.hash)
    found = connection.execute(kept.where(LedgerNode.position.in_(sorted({position for position, _ in ends.values()}))))
    known = {(position, level): hash_ for position, level, hash_ in found}
    return {node: known[end] for node, end in ends.items()}
