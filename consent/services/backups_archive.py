"""How do a registry's files become one encrypted file, and come out of it again just as they were?

The file is a tar archive inside age encryption (age-encryption.org/v1), so that it opens with this program, or with
the tools `age` and `tar` alone, years from now. Whoever makes a backup needs only the public half of its key.
"""

import hashlib
import os
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pyrage

from consent.domain.backups import BackupKeyMissing, BackupNotMade, BackupUnusable, Filed, Manifest

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
NEW_PRIVATE_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def make_key(file: Path) -> None:
    """A new key in a private file. Raises FileExistsError where one is."""
    with os.fdopen(os.open(file, NEW_PRIVATE_FILE, 0o600), "w") as private:
        private.write(f"{pyrage.x25519.Identity.generate()}\n")
        private.flush()
        os.fsync(private.fileno())


def read_key(file: Path) -> pyrage.x25519.Identity:
    """The secret half. Raises BackupKeyMissing."""
    try:
        lines = (line.strip() for line in file.read_text("ascii").splitlines())
        return pyrage.x25519.Identity.from_str(next(line for line in lines if line and not line.startswith("#")))
    except OSError as missing:
        raise BackupKeyMissing(f"The key to open backups with is not at {file}: {missing.strerror}.") from missing
    except (UnicodeDecodeError, StopIteration, pyrage.IdentityError) as wrong:
        raise BackupKeyMissing(f"{file} holds no key of a backup; one starts with AGE-SECRET-KEY-.") from wrong


def public_half(key: pyrage.x25519.Identity) -> str:
    return str(key.to_public())


def file_list(folder: Path, names: Iterable[str]) -> tuple[Filed, ...]:
    return tuple(Filed(name, (folder / name).stat().st_size, sha256_of(folder / name)) for name in sorted(names))


def seal(folder: Path, manifest: Manifest, recipient: str, into: Path) -> None:
    """Write the folder's files as one encrypted file, on the disk for good. Raises BackupNotMade."""
    try:
        public = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as wrong:
        raise BackupNotMade("CONSENT_BACKUP_RECIPIENT is no public key; one starts with age1.") from wrong
    (folder / MANIFEST).write_bytes(manifest.as_json())
    plain = folder.with_suffix(".tar")
    with tarfile.open(plain, "w") as archive:
        for name in (MANIFEST, *(file.name for file in manifest.files)):
            archive.add(folder / name, arcname=name, filter=_without_owner)
    with plain.open("rb") as reader, into.open("xb") as writer:
        os.fchmod(writer.fileno(), 0o600)
        pyrage.encrypt_io(reader, writer, [public])
        writer.flush()
        os.fsync(writer.fileno())
    plain.unlink()


def unseal(file: Path, key: pyrage.x25519.Identity, into: Path) -> Manifest:
    """Take every file out into a folder and compare each with what the manifest says. Raises BackupUnusable."""
    plain = into.with_suffix(".tar")
    with file.open("rb") as reader, plain.open("xb") as writer:
        _decrypt(reader, writer, key)
    try:
        with tarfile.open(plain) as archive:
            manifest = Manifest.from_json(_read(archive, MANIFEST))
            for filed in manifest.files:
                _take_out(archive, filed, into)
    except (tarfile.TarError, KeyError) as wrong:
        raise BackupUnusable("This is no backup of a registry: a file that it names is not in it.") from wrong
    plain.unlink()
    return manifest


def sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _decrypt(reader: BinaryIO, writer: BinaryIO, key: pyrage.x25519.Identity) -> None:
    try:
        pyrage.decrypt_io(reader, writer, [key])
    except pyrage.DecryptError as refused:
        if "No matching keys" in str(refused):
            raise BackupUnusable("This backup was made for another key. Name that one.") from refused
        raise BackupUnusable("This file is no backup, or its beginning is damaged.") from refused
    except OSError as broken:
        if broken.errno is not None:
            raise
        raise BackupUnusable("This backup is damaged or cut short: it does not decrypt to its end.") from broken


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    stream = archive.extractfile(name)
    if stream is None:
        raise BackupUnusable(f"This is no backup of a registry: {name} is no file in it.")
    return stream.read()


def _take_out(archive: tarfile.TarFile, filed: Filed, into: Path) -> None:
    member = archive.getmember(filed.name)
    place = into / filed.name
    if not member.isfile() or not place.resolve().is_relative_to(into.resolve()):
        raise BackupUnusable(f"This backup names a file that does not belong in a registry: {filed.name}.")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    archive.extract(member, into, filter="data")
    place.chmod(0o600)
    if place.stat().st_size != filed.size or sha256_of(place) != filed.sha256:
        raise BackupUnusable(f"{filed.name} is not what it was when the backup was made.")


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
