"""How is the registry backed up while it runs? In one encrypted file, read through again as soon as it is written."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.backups import BackupNotMade, BackupUnusable, Manifest, kept
from consent.domain.housekeeping import Chore
from consent.services.backups_archive import file_list, make_key, public_half, read_key, seal, unseal
from consent.settings import Settings
from consent.storage.backups import FILES, check_sqlite, take_snapshot
from consent.storage.database import begin_writing
from consent.storage.housekeeping import note_done

KEY_FILE = "backup-key"
SUFFIX = ".consent-backup"
NAMED = f"registry-%Y%m%dT%H%M%SZ{SUFFIX}"
EVERY = timedelta(hours=1)
NOT_IN_IT = frozenset({KEY_FILE, ".gitignore"})
LEFT_OUT = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal", ".lock", ".unfinished", ".log", SUFFIX)


@dataclass(frozen=True, slots=True)
class Made:
    """`opened`: it was decrypted and read through again, which needs the secret half of its key on this machine."""

    file: Path
    manifest: Manifest
    recipient: str
    opened: bool
    new_key: Path | None


def back_up(session: Session, engine: Engine, settings: Settings, file: Path, *, now: datetime) -> Made:
    """Write one verified backup under that name. Raises BackupNotMade, and leaves what stood there before."""
    recipient, new_key = _recipient(settings)
    unfinished = file.with_name(f".{file.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        # Beside the target: where the backup fits, so do its parts, and the rename stays within one file system.
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
            manifest = _gather(engine, settings.instance, Path(folder) / "plain", now=now)
            seal(Path(folder) / "plain", manifest, recipient, unfinished)
            opened = _open_again(unfinished, settings.instance / KEY_FILE, recipient, manifest, Path(folder) / "again")
        unfinished.replace(file)
    except OSError as refused:
        raise BackupNotMade(f"The backup could not be written: {refused.strerror or refused}.") from refused
    finally:
        unfinished.unlink(missing_ok=True)
    note_backup(session, opened=opened, now=now)
    return Made(file, manifest, recipient, opened, new_key)


def note_backup(session: Session, *, opened: bool, now: datetime) -> None:
    """For whoever watches over the registry: when the last one was made, and when one was last opened and read."""
    begin_writing(session)
    note_done(session, Chore.BACKED_UP, now=now)
    if opened:
        note_done(session, Chore.BACKUP_READ_BACK, now=now)
    session.commit()


def made_backups(folder: Path) -> dict[datetime, Path]:
    """The scheduled backups that are there, by when they were made (UTC)."""
    found = {}
    for file in folder.glob(f"registry-*{SUFFIX}"):
        try:
            found[datetime.strptime(f"{file.name}+0000", f"{NAMED}%z")] = file
        except ValueError:
            continue
    return found


def back_up_when_due(session: Session, engine: Engine, settings: Settings, *, now: datetime) -> str | None:
    """One backup an hour into the folder that is set; those that are not kept any longer go."""
    if not settings.backup_folder:
        return None
    folder = Path(settings.backup_folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(now - made < EVERY for made in made_backups(folder)):
        return None
    file = folder / now.strftime(NAMED)
    back_up(session, engine, settings, file, now=now)
    there = made_backups(folder)
    gone = there.keys() - kept(there, days=settings.backup_keep_days, now=now)
    for made in gone:
        there[made].unlink()
    return f"Made the backup {file.name}" + (f", and removed {len(gone)} old ones." if gone else ".")


def _recipient(settings: Settings) -> tuple[str, Path | None]:
    """The public half of the key, as it is set or from the file in the instance folder, which is made once."""
    if settings.backup_recipient:
        return settings.backup_recipient, None
    file = settings.instance / KEY_FILE
    try:
        make_key(file)
    except FileExistsError:
        return public_half(read_key(file)), None
    return public_half(read_key(file)), file


def _gather(engine: Engine, instance: Path, folder: Path, *, now: datetime) -> Manifest:
    folder.mkdir(mode=0o700)
    database = engine.dialect.name
    state = take_snapshot(engine, folder / FILES[database])
    names = [FILES[database]]
    for file in sorted(instance.rglob("*")):
        name = file.relative_to(instance).as_posix()
        if _belongs(file, name):
            (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / name).write_bytes(file.read_bytes())
            names.append(name)
    return Manifest(now, database, state.revision, state.events, state.head, file_list(folder, names))


def _belongs(file: Path, name: str) -> bool:
    """Keys and settings; not the database, which is copied while it runs, and nothing that is of this moment only."""
    private = any(part.startswith(".") for part in Path(name).parts)
    return file.is_file() and not file.is_symlink() and not private and name not in NOT_IN_IT and not _left_out(name)


def _left_out(name: str) -> bool:
    return name.endswith(LEFT_OUT)


def _open_again(file: Path, key_file: Path, recipient: str, manifest: Manifest, folder: Path) -> bool:
    """Read it as a restore would. Without the secret half, all that can be said is that it is on the disk."""
    try:
        key = read_key(key_file) if key_file.exists() else None
        if key is None or public_half(key) != recipient:
            return False
        folder.mkdir(mode=0o700)
        unseal(file, key, folder)
        if manifest.database == "sqlite":
            check_sqlite(folder / FILES["sqlite"])
    except BackupUnusable as broken:
        raise BackupNotMade(f"The backup was written, but does not read back: {broken}") from broken
    return True
