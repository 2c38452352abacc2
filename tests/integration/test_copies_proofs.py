"""Does a signed copy prove itself, to somebody who has nothing but its file and Python?"""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from consent.app import main
from consent.documents.copies import draw_copy
from consent.domain import copy_check
from consent.domain.checkpoints import Checkpoint
from consent.services.copies import copy_by_reference
from consent.services.copies_proofs import proofs_broken
from consent.services.copies_stored import check_copy, is_ours, paper_of
from consent.services.signing import Signed
from consent.storage.checkpoints import keys
from consent.storage.models import LedgerCheckpoint, LedgerNode
from tests.builders.camp import a_camp, keep
from tests.builders.paper import words
from tests.builders.sittings import CHILD, NOW, Kiosk, a_child, a_sitting

Files = dict[str, bytes]


@pytest.fixture
def kiosk(app: Flask) -> Kiosk:
    keep(app, a_camp())
    return Kiosk(app)


@pytest.fixture
def signed(kiosk: Kiosk) -> Signed:
    """Some families before this one, so that its proofs have something to say."""
    for _ in range(3):
        kiosk.tap(kiosk.reviewed(a_sitting()))
    return kiosk.tap(kiosk.reviewed(a_sitting(CHILD, a_child("Max"))))


@pytest.fixture
def paper(app: Flask, session: Session, kiosk: Kiosk, signed: Signed) -> bytes:
    copy = copy_by_reference(session, signed.reference, zone=kiosk.zone)
    return paper_of(session, copy, draw_copy, settings=app.config["CONSENT"], now=NOW)


def carried(paper: bytes) -> Files:
    """What another program's reader finds in the file."""
    return {name: contents[0] for name, contents in PdfReader(io.BytesIO(paper)).attachments.items()}


def independent_root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 6962's own definition, 2.1.1, read from the root down: each half's hash is the proof's last that is left."""
    if size == 1:
        assert path == []
        return leaf
    split = 1
    while split * 2 < size:
        split *= 2
    if index < split:
        left, right = independent_root(leaf, index, split, path[:-1]), path[-1]
    else:
        left, right = path[-1], independent_root(leaf, index - split, size - split, path[:-1])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_whoever_knows_the_specifications_alone_can_check_every_proof(session: Session, signed: Signed, paper: bytes):
    """By RFC 6962, RFC 8785 and C2SP's tlog-proof and signed note, with nothing of the product's."""
    files, [(name, public)] = carried(paper), keys(session.connection())
    proofs = {place: proof.decode() for place, proof in files.items() if place.endswith(".tlog-proof")}
    assert list(proofs) == [f"{signed.reference}-1.tlog-proof", f"{signed.reference}-2.tlog-proof"]
    hashes = {hashlib.sha256(content).hexdigest() for content in files.values()}
    for proof in proofs.values():
        first, extra, index, *siblings = proof.split("\n\n")[0].split("\n")
        assert first == "c2sp.org/tlog-proof@v1"
        assert re.fullmatch(r"index [1-9][0-9]*", index)
        kept = json.loads(b64decode(extra.removeprefix("extra "), validate=True))
        content = json.loads(kept["content"])
        assert rfc8785.dumps(content).decode() == kept["content"]
        leaf = hashlib.sha256(bytes.fromhex(kept["salt"]) + kept["content"].encode()).hexdigest()
        assert kept["entry"]["leaf"] == leaf
        assert leaf in "".join(words(paper).split())
        assert {content["shown_sha256"], content["signature"]["sha256"]} <= hashes

        checkpoint = proof.split("\n\n", 1)[1]
        body, line = checkpoint.removesuffix("\n").split("\n\n")
        origin, size, root = body.split("\n")
        _dash, signer, encoded = line.split(" ")
        key, raw = bytes.fromhex(public), b64decode(encoded, validate=True)
        assert origin == signer == name
        assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
        Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], f"{body}\n".encode())
        entry = hashlib.sha256(b"\x00" + rfc8785.dumps(kept["entry"])).digest()
        path = [b64decode(sibling, validate=True) for sibling in siblings]
        assert independent_root(entry, int(index.split(" ")[1]), int(size), path) == b64decode(root, validate=True)
        assert f"Ledger when this copy was made: {Checkpoint('', int(size), b64decode(root)).short}" in words(paper)


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """As somebody else's computer would: no package, no setting, nothing of ours."""
    command = [sys.executable, "-I", "-S", "verify_copy.py", *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)
    return ended.returncode, (ended.stdout + ended.stderr).decode()


def unpacked_evidence(app: Flask, folder: Path) -> Path:
    assert app.test_cli_runner().invoke(main, ["evidence", str(folder / "evidence.zip")]).exit_code == 0
    with zipfile.ZipFile(folder / "evidence.zip") as packed:
        packed.extractall(folder / "bundle")
    return folder / "bundle"


@pytest.mark.parametrize("database", ["sqlite"])
def test_an_outsider_checks_a_copy_with_the_program_from_the_page_and_python_alone(
    app: Flask, paper: bytes, signed: Signed, tmp_path: Path
):
    got = app.test_client().get("/verify/verify_copy.py")
    assert (got.status_code, got.headers["Content-Disposition"]) == (200, 'attachment; filename="verify_copy.py"')
    (tmp_path / "verify_copy.py").write_bytes(got.data)
    (tmp_path / "copy.pdf").write_bytes(paper)
    code, said = run(tmp_path, "copy.pdf")
    assert code == 0, said
    assert said.endswith("Everything matches.\n")
    assert said.count(f"Record {signed.reference}-") == 2
    assert "Max" in said
    assert run(tmp_path)[0] == 2

    (tmp_path / "copy.pdf").write_bytes(b"%PDF-1.7 of something else")
    assert run(tmp_path, "copy.pdf") == (1, f"{copy_check.NO_PROOF}\n1 do not match.\n")


@pytest.mark.parametrize("database", ["sqlite"])
def test_beside_the_evidence_the_copys_checkpoint_must_be_one_of_it(
    app: Flask, session: Session, paper: bytes, tmp_path: Path
):
    bundle = unpacked_evidence(app, tmp_path)
    (tmp_path / "copy.pdf").write_bytes(paper)
    assert run(bundle, "../copy.pdf")[0] == 0
    size = session.scalars(select(LedgerCheckpoint.size).order_by(LedgerCheckpoint.size)).first()
    (bundle / "checkpoints" / f"{size}.txt").unlink()
    code, said = run(bundle, "../copy.pdf")
    assert (code, "its checkpoint is not among those of this evidence" in said) == (1, True)


def changed(files: Files, ending: str, old: bytes, new: bytes) -> list[bytes]:
    name = next(name for name in files if name.endswith(ending))
    assert old in files[name]
    return list((files | {name: files[name].replace(old, new, 1)}).values())


def another_extra(proof: bytes, key: str, value: object) -> bytes:
    extra = re.search(rb"extra (\S+)\n", proof)[1]
    told = json.loads(b64decode(extra)) | {key: value}
    return proof.replace(extra, b64encode(json.dumps(told).encode()))


@pytest.mark.parametrize("database", ["sqlite"])
def test_whatever_of_its_proof_is_changed_is_named(paper: bytes, signed: Signed):
    files = carried(paper)
    assert list(copy_check.problems_of(list(files.values()))) == []
    proof = files[f"{signed.reference}-1.tlog-proof"]
    one, number = copy_check.read_proof(proof.decode()), re.search(rb"index (\d+)", proof)[1]
    cases = (
        ("-shown.txt", b"Max", b"Moe", "the text that was shown is missing or changed"),
        ("-signature.json", b"kind", b"mind", "the signature is missing or changed"),
        ("-1.tlog-proof", b"index " + number, b"index 0", "it is said to stand elsewhere in the ledger"),
        ("-1.tlog-proof", proof.split(b"\n")[3], bytes(43) + b"=", "cannot be read"),
        ("-1.tlog-proof", proof.split(b"\n")[3], b"A" * 43 + b"=", "it is not in the ledger of this checkpoint"),
        ("-1.tlog-proof", proof.split(b"\n")[3] + b"\n", b"", "it is not in the ledger of this checkpoint"),
        ("-1.tlog-proof", b"\n%d\n" % one.size, b"\n1\n", "it is not in the ledger of this checkpoint"),
        ("-1.tlog-proof", proof, another_extra(proof, "content", one.content.replace("Mo", "Jo")), "what was sealed"),
        ("-1.tlog-proof", proof, another_extra(proof, "salt", "00"), "its content is not what was sealed"),
        ("-1.tlog-proof", proof, another_extra(proof, "entry", None), "cannot be read"),
    )
    for ending, old, new, said in cases:
        assert said in " ".join(copy_check.problems_of(changed(files, ending, old, new))), (ending, new)


def test_the_registry_knows_its_own_copies_and_whether_their_ledger_is_still_this_one(session: Session, paper: bytes):
    assert (check_copy(session, paper), is_ours(session, paper)) == ([], True)
    assert check_copy(session, paper + b"\n") == ["This registry gave out no such file."]
    assert copy_check.NO_PROOF not in proofs_broken(session, b"%PDF from before copies carried proofs")

    on_table = " ON ledger_node" if session.get_bind().dialect.name == "postgresql" else ""
    session.execute(text(f"DROP TRIGGER ledger_node_no_update{on_table}"))
    session.execute(update(LedgerNode).values(hash=bytes(32)))
    [first, second] = check_copy(session, paper)
    assert first == second
    assert first.endswith("it is not one of this ledger")
    assert not is_ours(session, paper)
    session.rollback()


@pytest.mark.parametrize("database", ["sqlite"])
def test_the_command_checks_a_copy(app: Flask, paper: bytes, tmp_path: Path):
    file = tmp_path / "copy.pdf"
    file.write_bytes(paper)
    fine = app.test_cli_runner().invoke(main, ["verify", "--copy", str(file)])
    assert (fine.exit_code, fine.stdout) == (0, "")
    file.write_bytes(bytes([paper[0] ^ 1]) + paper[1:])
    other = app.test_cli_runner().invoke(main, ["verify", "--copy", str(file)])
    assert (other.exit_code, other.stdout) == (1, "This registry gave out no such file.\n")
