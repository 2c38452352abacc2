"""Does this signed copy prove itself? For whoever holds one: `python verify_copy.py copy.pdf`.

It needs Python 3.11 or later and nothing else, least of all the registry that gave the copy out. The copy's file
carries, as attachments, a proof for each record (C2SP tlog-proof), the text that was shown and the signature. It is
checked that they belong together, and that each record is in the ledger whose length and root a checkpoint states.
Beside an unpacked bundle of evidence, that checkpoint is also looked for among the bundle's own. It ends with 0 when
everything matches, and with 1 after a line for each thing that does not.
"""

import hashlib
import json
import re
import sys
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROOF = "c2sp.org/tlog-proof@v1\n"
ATTACHED = re.compile(rb"/Type/EmbeddedFile/Length (\d+)/Filter/FlateDecode>>\s*stream\r?\n")
BROKEN = (KeyError, TypeError, ValueError, IndexError, AttributeError, zlib.error)
"""What reading a file that somebody changed may raise."""
USAGE = "Usage: python verify_copy.py FILE (a signed copy, as the registry gave it out)\n"
NO_PROOF = "It carries no proof. Perhaps another program saved it anew: take the file as it was given out."


@dataclass(frozen=True)
class Proof:
    """One record's place in the ledger, and all that was sealed of it."""

    index: int
    siblings: tuple[bytes, ...]
    checkpoint: str
    entry: dict[str, Any]
    salt: bytes
    content: str

    @property
    def size(self) -> int:
        return int(self.checkpoint.split("\n")[1])

    @property
    def root(self) -> bytes:
        return b64decode(self.checkpoint.split("\n")[2], validate=True)

    @property
    def sealed(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.content)
        return told

    @property
    def short(self) -> str:
        """The checkpoint as it is printed."""
        digits = self.root.hex()[:20].upper()
        return " ".join([str(self.size), *(digits[at : at + 4] for at in range(0, len(digits), 4))])


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write(USAGE)
        return 2
    files = attachments(Path(arguments[0]).read_bytes())
    said = problems = list(problems_of(files, Path(__file__).parent / "checkpoints"))
    if not problems:
        proofs = proofs_in(files)
        said = [
            *(f"Record {one.sealed['id']}: entry {one.index + 1} of the ledger of {one.short}" for one in proofs),
            *("", "What was shown before it was signed:", "", text_shown(files, proofs[0].sealed), ""),
        ]
    said = [*said, f"{len(problems):,} do not match." if problems else "Everything matches."]
    sys.stdout.buffer.write(("\n".join(said) + "\n").encode("utf-8"))
    return 1 if problems else 0


def problems_of(files: list[bytes], checkpoints: Path | None = None) -> Iterator[str]:
    """Each thing that does not match; `checkpoints` is the folder of a bundle of evidence, where there is one."""
    try:
        proofs = proofs_in(files)
        if not proofs:
            yield NO_PROOF
        for proof in proofs:
            yield from _check(proof, files)
            if checkpoints and checkpoints.is_dir():
                yield from _look_up(proof, checkpoints)
    except BROKEN as broken:
        yield f"What it carries cannot be read ({type(broken).__name__})."


def attachments(paper: bytes) -> list[bytes]:
    """The files that a copy carries. What is too broken to be taken out is not among them."""
    found = []
    for place in ATTACHED.finditer(paper):
        try:
            found.append(zlib.decompress(paper[place.end() : place.end() + int(place[1])]))
        except zlib.error:
            continue
    return found


def proofs_in(files: list[bytes]) -> list[Proof]:
    return [read_proof(file.decode("utf-8")) for file in files if file.startswith(PROOF.encode())]


def read_proof(text: str) -> Proof:
    """Raises one of BROKEN for what is no proof of a record."""
    told, _, checkpoint = text.removeprefix(PROOF).partition("\n\n")
    extra, index, *siblings = told.split("\n")
    kept = json.loads(b64decode(extra.removeprefix("extra "), validate=True))
    hashes = tuple(b64decode(sibling, validate=True) for sibling in siblings)
    salt = bytes.fromhex(kept["salt"])
    return Proof(int(index.removeprefix("index ")), hashes, checkpoint, kept["entry"], salt, kept["content"])


def root_reached(leaf: bytes, index: int, size: int, siblings: tuple[bytes, ...]) -> bytes | None:
    """By the algorithm of RFC 9162, 2.1.3.2; none for a proof of the wrong length."""
    last = size - 1
    if not 0 <= index <= last:
        return None
    for sibling in siblings:
        if last == 0:
            return None
        if index & 1 or index == last:
            leaf = _node(sibling, leaf)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            leaf = _node(leaf, sibling)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else None


def text_shown(files: list[bytes], sealed: dict[str, Any]) -> str:
    return next(file for file in files if _sha256(file) == sealed["shown_sha256"]).decode("utf-8", "replace")


def _check(proof: Proof, files: list[bytes]) -> Iterator[str]:
    sealed, hashes = proof.sealed, {_sha256(file) for file in files}
    named = f"Record {sealed['id']}"
    if hashlib.sha256(proof.salt + proof.content.encode("utf-8", "replace")).hexdigest() != proof.entry["leaf"]:
        yield f"{named}: its content is not what was sealed"
    if proof.entry["position"] != proof.index + 1:
        yield f"{named}: it is said to stand elsewhere in the ledger"
    leaf = hashlib.sha256(b"\x00" + canonical(proof.entry)).digest()
    if root_reached(leaf, proof.index, proof.size, proof.siblings) != proof.root:
        yield f"{named}: it is not in the ledger of this checkpoint"
    if sealed["shown_sha256"] not in hashes:
        yield f"{named}: the text that was shown is missing or changed"
    if sealed["signature"]["sha256"] not in hashes:
        yield f"{named}: the signature is missing or changed"


def _look_up(proof: Proof, checkpoints: Path) -> Iterator[str]:
    file = checkpoints / f"{proof.size}.txt"
    if not file.is_file() or file.read_text("utf-8") != proof.checkpoint:
        yield f"Record {proof.sealed['id']}: its checkpoint is not among those of this evidence"


def canonical(value: Any) -> bytes:
    """RFC 8785, for what has no fraction in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
