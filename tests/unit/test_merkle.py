"""Does the log's tree hash and prove as RFC 6962 says?"""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.domain.merkle import (
    EMPTY_ROOT,
    Edge,
    Node,
    Span,
    consistency_spans,
    inclusion_spans,
    is_consistent,
    join,
    leaf_hash,
    nodes_of,
    root_by_inclusion,
)
from tests.depth import DEPTH

VECTORS = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The entries with which certificate-transparency's own implementations test themselves, and the roots of each size."""
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
MANY = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def naive_root(entries: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(entries[:k]) + naive_root(entries[k:])).digest()


class Log:
    """Every node, as a growing tree completes them."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.edge, self.nodes = Edge(), dict[Node, bytes]()
        for entry in entries:
            self.nodes.update(self.edge.append(leaf_hash(entry)))

    def of(self, spans: Sequence[Span]) -> list[bytes]:
        return [join([self.nodes[node] for node in nodes_of(span)]) for span in spans]

    def root(self, size: int) -> bytes:
        return self.of([Span(0, size)])[0]

    def includes(self, index: int, size: int) -> list[bytes]:
        return self.of(inclusion_spans(index, size))

    def grew(self, old: int, new: int) -> list[bytes]:
        return self.of(consistency_spans(old, new))


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_are_those_of_the_published_vectors(size: int):
    assert Log(VECTORS[:size]).edge.root.hex() == ROOTS[size] == naive_root(VECTORS[:size]).hex()


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_proofs_are_those_of_the_published_vectors(index: int, size: int):
    proof = Log(VECTORS).includes(index, size)
    assert [sibling.hex() for sibling in proof] == INCLUSION[index, size]
    assert root_by_inclusion(leaf_hash(VECTORS[index]), index, size, proof) == bytes.fromhex(ROOTS[size])


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_consistency_proofs_are_those_of_the_published_vectors(old: int, new: int):
    proof = Log(VECTORS).grew(old, new)
    assert [sibling.hex() for sibling in proof] == CONSISTENCY[old, new]
    assert is_consistent(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), proof)


@given(entries=MANY)
@settings(max_examples=50 * DEPTH)
def test_the_root_of_every_size_is_what_the_definition_says(entries: list[bytes]):
    log = Log(entries)
    assert [log.root(size) for size in range(len(entries) + 1)] == [
        naive_root(entries[:size]) for size in range(len(entries) + 1)
    ]


@given(entries=MANY, data=st.data())
@settings(max_examples=100 * DEPTH)
def test_every_entry_is_proved_to_be_in_every_later_tree_and_nothing_else_is(entries: list[bytes], data: st.DataObject):
    log, size = Log(entries), data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    proof, root = log.includes(index, size), log.root(size)
    assert root_by_inclusion(leaf_hash(entries[index]), index, size, proof) == root
    assert root_by_inclusion(leaf_hash(entries[index] + b"!"), index, size, proof) != root
    assert root_by_inclusion(leaf_hash(entries[index]), index, size, [*proof, root]) is None
    assert root_by_inclusion(leaf_hash(entries[index]), size, size, proof) is None
    for place in range(len(proof)):
        bent = [*proof[:place], naive_root([proof[place]]), *proof[place + 1 :]]
        assert root_by_inclusion(leaf_hash(entries[index]), index, size, bent) != root


@given(entries=MANY, data=st.data())
@settings(max_examples=200 * DEPTH)
def test_every_tree_is_proved_to_be_the_start_of_every_later_one_and_no_other_is(
    entries: list[bytes], data: st.DataObject
):
    log, new = Log(entries), data.draw(st.integers(0, len(entries)))
    old = data.draw(st.integers(0, new))
    proof, roots = log.grew(old, new), (log.root(old), log.root(new))
    other = naive_root([b"another tree"])
    assert is_consistent(old, roots[0], new, roots[1], proof)
    assert not is_consistent(old, other, new, roots[1], proof)
    assert not is_consistent(old, roots[0], new, roots[1], [*proof, other])
    if old:
        assert not is_consistent(old, roots[0], new, other, proof)
    for place in range(len(proof)):
        assert not is_consistent(old, roots[0], new, roots[1], [*proof[:place], other, *proof[place + 1 :]])
        assert not is_consistent(old, roots[0], new, roots[1], [*proof[:place], *proof[place + 1 :]])


def test_a_longer_tree_is_not_the_start_of_a_shorter_one():
    assert not is_consistent(2, EMPTY_ROOT, 1, EMPTY_ROOT, [])


@given(size=st.integers(0, 1 << 40))
def test_a_root_is_told_from_at_most_one_node_for_each_level(size: int):
    nodes = nodes_of(Span(0, size))
    assert len({node.level for node in nodes}) == len(nodes) <= size.bit_length()
    assert sum(1 << node.level for node in nodes) == size
