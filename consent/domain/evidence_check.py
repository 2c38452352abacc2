"""Does this bundle of evidence hold together? Run it beside the bundle's files: `python verify.py`.

It needs Python 3.11 or later and nothing else, least of all the registry that made the bundle; README.txt says what it
checks. It ends with 0 when everything matches, and with 1 after a line for each thing that does not. Where the package
`cryptography` is installed, it checks the checkpoints' signatures too, and otherwise says that it did not.
"""

import hashlib
import json
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    CHECKS_SIGNATURES = False
else:
    CHECKS_SIGNATURES = True

ED25519 = b"\x01"
UNCHECKED = "Signatures of checkpoints: not checked, needs the package cryptography."
BROKEN = (KeyError, TypeError, ValueError, IndexError, AttributeError, OSError)
"""What reading a file that somebody changed may raise."""


def main(folder: Path) -> int:
    bundle = Bundle(folder)
    problems = list(bundle.problems())
    said = [
        *problems,
        f"{bundle.entries:,} entries, {bundle.records:,} signed records and {bundle.files:,} files checked.",
        *bundle.orders,
        "Signatures of checkpoints: checked." if CHECKS_SIGNATURES else UNCHECKED,
        f"{len(problems):,} do not match." if problems else "Everything matches.",
    ]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if problems else 0


class Bundle:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries = self.records = self.files = 0
        self.roots: dict[int, bytes] = {}
        self.forms: set[str] = set()
        self.signed: dict[str, tuple[int, dict[str, Any]]] = {}
        self.copies: dict[str, tuple[int, Any]] = {}
        self.missing: list[tuple[str, int, str]] = []
        self.erased: dict[str, set[str]] = {}
        self.orders: list[str] = []

    def problems(self) -> Iterator[str]:
        for name, check in (
            ("manifest.json", self.check_manifest),
            ("forms.jsonl", self.check_forms),
            ("ledger.jsonl", self.check_ledger),
            ("signatures.jsonl", self.check_signed),
            ("copies", self.check_copies),
            ("checkpoints", self.check_checkpoints),
        ):
            try:
                yield from check()
            except BROKEN as broken:
                yield f"{name}: cannot be read ({type(broken).__name__})"

    def check_manifest(self) -> Iterator[str]:
        """Each file is there to the last byte, and no other."""
        manifest = (self.folder / "manifest.json").read_bytes()
        if (self.folder / "manifest.sha256").read_bytes() != hashlib.sha256(manifest).hexdigest().encode() + b"\n":
            yield "manifest.json: is not the one of manifest.sha256"
        listed = json.loads(manifest)["files"]
        there = {file.relative_to(self.folder).as_posix() for file in self.folder.rglob("*") if file.is_file()}
        for name, sha256 in listed.items():
            self.files += 1
            if name not in there:
                yield f"{name}: is missing"
            elif file_sha256(self.folder / name) != sha256:
                yield f"{name}: is not the file that was written"
        for name in sorted(there - listed.keys() - {"manifest.json", "manifest.sha256"}):
            yield f"{name}: was added"

    def check_forms(self) -> Iterator[str]:
        for form in self.lines("forms.jsonl"):
            text = hashlib.sha256(canonical({"title": form["title"], "body": form["body"]})).hexdigest()
            self.forms.add(text)
            if text != form["text_sha256"]:
                yield f"form {form['form']} {form['version']}: its text is not the one of its SHA-256"

    def check_ledger(self) -> Iterator[str]:
        """Every seal, and the Merkle tree (RFC 6962) of all entries, from the first to the last."""
        edge: list[bytes] = []
        for event in self.lines("ledger.jsonl"):
            named = f"entry {event['position']} ({event['kind']})"
            if event["position"] != self.entries + 1:
                yield f"{named}: stands where entry {self.entries + 1} should"
            self.entries += 1
            for what, leaf, salt in (("content", "leaf", "salt"), ("rows", "rows_leaf", "rows_salt")):
                if event[leaf] is not None and event[what] is None:
                    table = "sealed_content" if what == "content" else "sealed_rows"
                    self.missing.append((table, event["position"], f"{named}: its {what} was destroyed"))
                elif event[leaf] is not None and salted(event[salt], event[what]) != event[leaf]:
                    yield f"{named}: its {what} is not what was sealed"
            self.note(event)
            if event["kind"] == "erased" and event["content"] is not None:
                yield from self.note_order(event)
            told = {key: event[key] for key in ("actor", "kind", "leaf", "position", "recorded_at")}
            entry = {**told, "rows": event["rows_leaf"], "schema": "ledger-entry/1"}
            reached, index = hashlib.sha256(b"\x00" + canonical(entry)).digest(), self.entries - 1
            while index & 1:
                reached, index = parent(edge.pop(), reached), index >> 1
            edge.append(reached)
            self.roots[self.entries] = root_of(edge)
        yield from (said for table, key, said in self.missing if not self.is_erased(table, key))

    def note_order(self, event: dict[str, Any]) -> Iterator[str]:
        """Whatever two people ordered to be erased may be missing."""
        order = json.loads(event["content"])
        if order["requested_by"] == order["approved_by"] or order["approved_by"] != event["actor"]:
            yield f"entry {event['position']} (erased): was not approved by two people"
            return
        for table, keys in order["erased"].items():
            self.erased.setdefault(table, set()).update(keys)
        count = sum(map(len, order["erased"].values()))
        self.orders.append(f"{count:,} records erased by order {order['order']}, approved by two people.")

    def is_erased(self, table: str, key: object) -> bool:
        return str(key) in self.erased.get(table, ())

    def note(self, event: dict[str, Any]) -> None:
        """What the other files are held against."""
        if event["kind"] == "consent-signed" and event["content"] is not None:
            content = json.loads(event["content"])
            self.signed[content["id"]] = event["position"], content
        for batch in json.loads(event["rows"] or '{"rows": []}')["rows"]:
            if batch["table"] == "stored_copy" and "kept" in batch:
                place, key = (batch["columns"].index(column) for column in ("pdf_sha256", "signing_id"))
                self.copies |= {row[place]: (event["position"], row[key]) for row in batch["kept"]}

    def check_signed(self) -> Iterator[str]:
        """Each signed record has the text that was shown, and the signature that was given."""
        kept = {line["record"]: line["signature"] for line in self.lines("signatures.jsonl")}
        for record, (position, content) in self.signed.items():
            self.records += 1
            named = f"record {record} (entry {position})"
            form, signature = content["form"], content.get("signature")
            if (form["text_sha256"] if isinstance(form, dict) else content["text_sha256"]) not in self.forms:
                yield f"{named}: the form that was signed is not in forms.jsonl"
            shown = self.folder / "shown" / f"{content['shown_sha256']}.txt"
            if self.is_erased("shown_text", content["shown_sha256"]):
                pass
            elif not shown.is_file() or file_sha256(shown) != content["shown_sha256"]:
                yield f"{named}: the text that was shown is missing or changed"
            if signature and hashlib.sha256(canonical(kept.pop(record, None))).hexdigest() != signature["sha256"]:
                yield f"{named}: the signature is not the one that was given"
            if (scan := content.get("scan")) and not self.is_erased("paper_scan", scan["sha256"]):
                paper = self.folder / "scans" / f"{scan['sha256']}.pdf"
                if not paper.is_file() or file_sha256(paper) != scan["sha256"]:
                    yield f"{named}: the scan of the paper is missing or changed"
        for record in kept:
            yield f"record {record}: has a signature, and no entry of the ledger"

    def check_copies(self) -> Iterator[str]:
        found = {file_sha256(file): file.name for file in sorted((self.folder / "copies").glob("*"))}
        for sha256, (position, signing) in self.copies.items():
            if sha256 not in found and not self.is_erased("stored_copy", signing):
                yield f"signed copy of entry {position}: is missing or changed"
        for sha256, name in found.items():
            if sha256 not in self.copies:
                yield f"copies/{name}: no entry of the ledger tells of it"

    def check_checkpoints(self) -> Iterator[str]:
        keys = json.loads((self.folder / "keys.json").read_text("utf-8"))
        notes = sorted((self.folder / "checkpoints").glob("*.txt"))
        if not notes:
            yield "checkpoints: there is none"
        for file in notes:
            named = f"checkpoints/{file.name}"
            text, _, signatures = file.read_text("utf-8").rpartition("\n\n")
            _origin, size, root = text.split("\n")
            if self.roots.get(int(size)) != b64decode(root, validate=True):
                yield f"{named}: the ledger is not the one that it was made of"
            if CHECKS_SIGNATURES and not any(good(keys, text + "\n", line) for line in signatures.splitlines()):
                yield f"{named}: is signed by no key of keys.json"

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        with (self.folder / name).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def good(keys: list[dict[str, str]], text: str, line: str) -> bool:
    _dash, name, encoded = line.split(" ")
    raw = b64decode(encoded, validate=True)
    for key in keys:
        public = bytes.fromhex(key["public_key"])
        if (key["name"], hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]) == (name, raw[:4]):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
            except InvalidSignature:
                return False
            return True
    return False


def canonical(value: Any) -> bytes:
    """RFC 8785, for what has no fraction in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")


def salted(salt: str, content: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + content.encode("utf-8", "replace")).hexdigest()


def parent(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(edge: list[bytes]) -> bytes:
    reached = edge[-1]
    for left in reversed(edge[:-1]):
        reached = parent(left, reached)
    return reached


def file_sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent))
