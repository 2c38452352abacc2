"""How long was the ledger, and what was its root? Said so that it can be signed, printed, typed and compared.

The signed form is C2SP's: a tlog-checkpoint is a signed note of three lines (origin, size, root), and a tlog-proof
shows that one entry is in it. The short form is for paper: the size and the first eighty bits of the root, in groups
of four.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from typing import Final, NamedTuple

from consent.domain.refusals import ConsentError

ED25519: Final = b"\x01"
KEY_ID_BYTES: Final = 4
GROUP: Final = 4
SHORT_DIGITS: Final = 20
LEAST_DIGITS: Final = 16
SHORT: Final = re.compile(r"([1-9][0-9]*)\s+([0-9a-f]{16,64})")
NOTE: Final = re.compile(r"^\S+\n[1-9][0-9]*\n[A-Za-z0-9+/]{43}=\n\n(?:— \S+ \S+(?:\n|$))+", re.MULTILINE)
SIGNED_LINE: Final = re.compile(r"— (\S+) (\S+)")
PROOF: Final = "c2sp.org/tlog-proof@v1"


class CheckpointUnreadable(ConsentError):
    """What was given is neither a signed checkpoint nor the short form of one."""


class Checkpoint(NamedTuple):
    """The tree at one size."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode('ascii')}\n"

    @property
    def short(self) -> str:
        digits = self.root.hex()[:SHORT_DIGITS].upper()
        return " ".join([str(self.size), *(digits[at : at + GROUP] for at in range(0, SHORT_DIGITS, GROUP))])


class Signature(NamedTuple):
    """One line under a note; which key, and what it made of the text."""

    name: str
    key_id: bytes
    signature: bytes


class Given(NamedTuple):
    """A checkpoint that somebody holds against the ledger; of its root perhaps only the beginning.

    Without signatures it was typed from paper, or is no note.
    """

    size: int
    root_begins: str
    text: str = ""
    signatures: tuple[Signature, ...] = ()

    @property
    def named(self) -> str:
        return f"checkpoint of {self.size:,} entries"


def key_id(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:KEY_ID_BYTES]


def signed_note(checkpoint: Checkpoint, signature: Signature) -> str:
    return (
        f"{checkpoint.text}\n— {signature.name} {b64encode(signature.key_id + signature.signature).decode('ascii')}\n"
    )


def tlog_proof(index: int, proof: Sequence[bytes], note: str, extra: bytes = b"") -> str:
    """That the entry of this index (its position less one) is in the tree of the signed checkpoint.

    `extra` is what a reader needs to make the entry anew.
    """
    told = f"extra {b64encode(extra).decode('ascii')}\n" if extra else ""
    hashes = "".join(f"{b64encode(sibling).decode('ascii')}\n" for sibling in proof)
    return f"{PROOF}\n{told}index {index}\n{hashes}\n{note}"


def read_given(text: str) -> Given:
    """A signed note, a mail's text with one in it, or the short form from paper. Raises CheckpointUnreadable."""
    text = text.replace("\r\n", "\n")
    lines = (found[0] if (found := NOTE.search(text)) else text).strip("\n").split("\n")
    if len(lines) >= len(("origin", "size", "root")) and lines[1].isascii() and lines[1].isdigit():
        return _read_note(lines)
    size, _, digits = " ".join(text.split()).lower().replace(",", "").partition(" ")
    short = SHORT.fullmatch(f"{size} {digits.replace(' ', '').replace('-', '')}")
    if not short:
        raise CheckpointUnreadable(
            "This is no checkpoint. Give the file of a signed one, or the line from a paper: the number of entries and "
            f"then at least {LEAST_DIGITS} of the digits and letters after it."
        )
    return Given(int(short[1]), short[2])


def _read_note(lines: list[str]) -> Given:
    try:
        root = b64decode(lines[2], validate=True)
        found = [SIGNED_LINE.fullmatch(line) for line in lines[3:]]
        signed = [(line[1], b64decode(line[2], validate=True)) for line in found if line]
    except NotBase64 as wrong:
        raise CheckpointUnreadable("This checkpoint was changed or cut off: a part of it cannot be read.") from wrong
    signatures = tuple(Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:]) for name, raw in signed)
    return Given(int(lines[1]), root.hex(), "\n".join(lines[:3]) + "\n", signatures)
