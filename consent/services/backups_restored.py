"""How does a backup become a registry again? In a new place, under its name only once everything in it was checked."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyrage
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.backups import BackupUnusable, Manifest, PlaceTaken
from consent.domain.checkpoints import Given
from consent.services.backups_archive import unseal
from consent.services.verification import verify
from consent.storage.backups import FILES, State, check_sqlite, restore_postgresql, state_of

FINDINGS_TOLD = 10


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An instance folder that is not yet where it will be served from."""

    instance: Path
    manifest: Manifest


@contextmanager
def unpacked(file: Path, key: pyrage.x25519.Identity, into: Path) -> Iterator[Unpacked]:
    """The backup's files in a folder beside the new place, which becomes that place when the block ends well.

    Raises PlaceTaken where something is already, and BackupUnusable for a file that is damaged, cut or another's.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise PlaceTaken(f"{into} is not empty. A backup is restored into a new folder; name one.")
    into.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=into.parent, prefix=f".{into.name}-"))
    instance = folder / "instance"
    try:
        instance.mkdir(mode=0o700)
        manifest = unseal(file, key, instance)
        if manifest.database not in FILES:
            raise BackupUnusable(f"This program cannot restore a {manifest.database} database.")
        yield Unpacked(instance, manifest)
        if into.exists():
            into.rmdir()
        instance.rename(into)
    finally:
        shutil.rmtree(folder)


def check_database(restored: Unpacked) -> None:
    """Before anything opens it: a SQLite file is read through. Raises BackupUnusable."""
    if restored.manifest.database == "sqlite":
        _compare(check_sqlite(restored.instance / FILES["sqlite"]), restored.manifest)


def fill_postgresql(restored: Unpacked, url: str, engine: Engine) -> None:
    """Put the dump into the empty database. Raises PlaceTaken where there are tables, and BackupUnusable."""
    dump = restored.instance / FILES["postgresql"]
    restore_postgresql(url, dump, engine)
    with engine.connect() as connection:
        _compare(state_of(connection), restored.manifest)
    dump.unlink()


def refuse_unless_verified(session: Session, given: Given | None) -> None:
    """Every seal, row and text in it, and the checkpoint that somebody kept. Raises BackupUnusable."""
    verified = verify(session, given)
    if not verified.all_matches:
        told = "\n".join(str(finding) for finding in verified.findings[:FINDINGS_TOLD])
        raise BackupUnusable(
            "The records in it do not match what was sealed, so nothing was restored. "
            f"{len(verified.findings):,} do not:\n{told}"
        )


def _compare(state: State, manifest: Manifest) -> None:
    if state != State(manifest.revision, manifest.events, manifest.head):
        raise BackupUnusable(
            f"The database has {state.events:,} events where the backup's own list says {manifest.events:,}, "
            "or another last one. It is not what was backed up."
        )
