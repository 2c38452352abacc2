"""Can an outsider check the evidence with nothing but Python, and is one changed byte anywhere named?"""

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.cli.evidence import evidence
from consent.domain import evidence_check
from consent.storage.models import LedgerEvent
from tests.builders.used_registry import a_used_registry
from tests.depth import DEPTH, SEED


@pytest.fixture
def bundle(app: Flask, tmp_path: Path) -> Path:
    """The bundle of a used registry, unpacked."""
    a_used_registry(app)
    file = tmp_path / "evidence.zip"
    ended = app.test_cli_runner().invoke(evidence, [str(file)])
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.startswith("localhost:8000/ledger\n")
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as packed:
        packed.extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def check(folder: Path, *flags: str) -> tuple[int, str]:
    """As somebody else's computer would: no package, no setting, nothing of ours."""
    ended = subprocess.run(
        [sys.executable, "-I", *flags, "verify.py"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_the_bundle_checks_itself_with_python_alone(bundle: Path, session: Session):
    code, said = check(bundle, "-S")
    assert (code, said.splitlines()[1:]) == (
        0,
        [
            "5 records erased by order 2, approved by two people.",
            "Signatures of checkpoints: not checked, needs the package cryptography.",
            "Everything matches.",
        ],
    )
    assert "0 signed records" not in said
    code, said = check(bundle)
    assert (code, "not checked" in said) == (0, False)
    assert "evidence-exported" in session.scalars(select(LedgerEvent.kind)).all()
    names = {file.name for file in bundle.iterdir()}
    assert names == {
        "README.txt", "verify.py", "verify_copy.py", "ledger.jsonl", "forms.jsonl", "signatures.jsonl", "shown",
        "copies", "scans", "keys.json", "checkpoints", "manifest.json", "manifest.sha256",
    }  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"])
def test_one_changed_byte_anywhere_is_named(bundle: Path, capsys: pytest.CaptureFixture[str]):
    pick = random.Random(SEED)  # noqa: S311  # no secret: the bytes to change
    for file in sorted(file for file in bundle.rglob("*") if file.is_file()):
        whole = file.read_bytes()
        for _ in range(2 * DEPTH):
            place = pick.randrange(len(whole))
            file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert evidence_check.main(bundle) == 1, f"{file} at {place}"
            assert said_of(file, bundle) in capsys.readouterr().out
        file.write_bytes(whole)
    assert evidence_check.main(bundle) == 0


def said_of(file: Path, bundle: Path) -> str:
    name = file.relative_to(bundle).as_posix()
    return "manifest.json: " if name.startswith("manifest") else f"{name}: "


@pytest.mark.parametrize("database", ["sqlite"])
def test_whoever_makes_the_manifest_anew_is_still_found(bundle: Path, capsys: pytest.CaptureFixture[str]):
    """The hashes of files are for accidents; against whoever changes a record stand the seals and the checkpoint."""
    for name, told, other, found in (
        ("ledger.jsonl", '\\"photo\\":\\"yes\\"', '\\"photo\\":\\"no\\"', "is not what was sealed"),
        ("ledger.jsonl", '"actor":"kiosk:1"', '"actor":"kiosk:2"', "the ledger is not the one that it was made of"),
        ("forms.jsonl", "You choose", "You chose", "its text is not the one of its SHA-256"),
        ("signatures.jsonl", "[[20,80]", "[[20,81]", "the signature is not the one that was given"),
    ):
        file, manifest = bundle / name, bundle / "manifest.json"
        kept = file.read_bytes(), manifest.read_bytes(), (bundle / "manifest.sha256").read_bytes()
        assert told in kept[0].decode()
        file.write_text(kept[0].decode().replace(told, other, 1), "utf-8")
        make_anew(bundle)
        assert evidence_check.main(bundle) == 1
        assert found in capsys.readouterr().out
        for changed, content in zip((file, manifest, bundle / "manifest.sha256"), kept, strict=True):
            changed.write_bytes(content)
    for lost in ("copies", "scans", "shown", "checkpoints"):
        [gone, *_] = sorted((bundle / lost).iterdir())
        content = gone.read_bytes()
        gone.unlink()
        assert evidence_check.main(bundle) == 1
        assert f"{lost}/{gone.name}: is missing" in capsys.readouterr().out
        gone.write_bytes(content)
    [scan] = (bundle / "scans").iterdir()
    sound = scan.read_bytes()
    scan.write_bytes(sound[:-1])
    make_anew(bundle)
    assert evidence_check.main(bundle) == 1
    assert "the scan of the paper is missing or changed" in capsys.readouterr().out
    scan.write_bytes(sound)
    make_anew(bundle)
    (bundle / "more.txt").write_text("More.")
    assert evidence_check.main(bundle) == 1
    assert "more.txt: was added" in capsys.readouterr().out


def make_anew(bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    manifest["files"] = {name: evidence_check.file_sha256(bundle / name) for name in manifest["files"]}
    told = json.dumps(manifest).encode()
    (bundle / "manifest.json").write_bytes(told)
    (bundle / "manifest.sha256").write_text(evidence_check.hashlib.sha256(told).hexdigest() + "\n")
