"""Can a checkpoint be signed, printed, typed and read back, and is nothing else taken for one?"""

from base64 import b64decode
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consent.domain.checkpoints import (
    Checkpoint,
    CheckpointUnreadable,
    Signature,
    key_id,
    read_given,
    signed_note,
    tlog_proof,
)

ROOT = sha256(b"a root").digest()
STANDS = Checkpoint("registry.city.example/ledger", 12431, ROOT)


def a_note(private: Ed25519PrivateKey) -> str:
    public = private.public_key().public_bytes_raw()
    signature = Signature(STANDS.origin, key_id(STANDS.origin, public), private.sign(STANDS.text.encode()))
    return signed_note(STANDS, signature)


def test_whoever_knows_the_specification_alone_can_check_the_signature():
    private = Ed25519PrivateKey.generate()
    text, _, lines = a_note(private).rpartition("\n\n")
    dash, name, encoded = lines.removesuffix("\n").split(" ")
    raw, public = b64decode(encoded, validate=True), private.public_key().public_bytes_raw()
    assert (dash, name) == ("—", STANDS.origin)
    assert raw[:4] == sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], (text + "\n").encode())
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], (text + "x\n").encode())
    origin, size, root = text.split("\n")
    assert (origin, size, b64decode(root, validate=True)) == (STANDS.origin, "12431", ROOT)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n"])
def test_a_signed_checkpoint_is_read_back_however_it_was_mailed(ending: str):
    private = Ed25519PrivateKey.generate()
    given = read_given(a_note(private).replace("\n", ending) if ending == "\r\n" else a_note(private) + ending)
    assert (given.size, given.root_begins, given.text) == (12431, ROOT.hex(), STANDS.text)
    assert [signature.name for signature in given.signatures] == [STANDS.origin]


def test_the_short_form_is_read_back_as_it_may_be_typed():
    for typed in (STANDS.short, STANDS.short.lower(), STANDS.short.replace(" ", "  "), f" {STANDS.short}\n"):
        assert read_given(typed) == (12431, ROOT.hex()[:20], "", ())
    size, *groups = STANDS.short.split(" ")
    assert read_given(f"12,431 {'-'.join(groups)}").size == int(size)
    assert read_given(STANDS.short).named == "checkpoint of 12,431 entries"


@pytest.mark.parametrize(
    "typed",
    ["", "12431", "12431 ABCD", "0 0000 0000 0000 0000 0000", "hello there", "a\n1\nnot base64!\n", "-5 " + "A" * 20],
)
def test_whatever_else_is_given_is_refused_in_words(typed: str):
    with pytest.raises(CheckpointUnreadable, match="checkpoint"):
        read_given(typed)


def test_a_proof_stands_in_the_form_of_its_specification():
    assert tlog_proof(7, [ROOT], "note\n") == (
        f"c2sp.org/tlog-proof@v1\nindex 7\n{STANDS.text.splitlines()[2]}\n\nnote\n"
    )
