"""Is this installation fit to keep records? Each check tells what it saw, and the rest is a remedy."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from consent.domain.doctor import (
    BACKUP_AT_LEAST_EVERY,
    FREE_SPACE_AT_LEAST,
    MAIL_WAITS_AT_MOST,
    RESTORE_AT_LEAST_EVERY,
    SECRET_AT_LEAST,
    Check,
    Finding,
)
from consent.domain.housekeeping import Chore
from consent.domain.verification import AT_LEAST_EVERY
from consent.services.backups import KEY_FILE
from consent.services.verification_kept import last_verified
from consent.settings import Settings
from consent.storage import doctor, registry
from consent.storage.housekeeping import last_done_at
from consent.storage.mail import waiting_since
from consent.storage.schema import newest_revision

MOUNTS = Path("/proc/mounts")
ON_THE_NETWORK = frozenset({"afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "nfs", "nfs4", "smb3", "smbfs", "9p"})
MOST_TOLD = 5
MEBIBYTE = 1024 * 1024
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=2)
"""Several web machines record, each by its own clock."""


@dataclass(frozen=True, slots=True)
class Installation:
    settings: Settings
    session: Session
    debug: bool
    now: datetime

    @property
    def embedded(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"


def examine(session: Session, settings: Settings, *, debug: bool, now: datetime) -> list[Finding]:
    """Everything that is not as it should be. Reads, writes nothing but a file that it deletes again."""
    installation = Installation(settings, session, debug, now)
    found: dict[Check, str] = {}
    for check, look in LOOKS.items():
        if check in OF_ITS_ROWS and Check.SCHEMA_CURRENT in found:
            continue
        if (detail := look(installation)) is not None:
            found[check] = detail
    session.rollback()
    return [Finding(check, detail) for check, detail in found.items()]


def _folder_writable(installation: Installation) -> str | None:
    trial = installation.settings.instance / f".doctor-{os.getpid()}"
    try:
        trial.write_text("written by the doctor")
        trial.unlink()
    except OSError as refused:
        return f"{installation.settings.instance}: {refused.strerror}"
    return None


def _files_private(installation: Installation) -> str | None:
    instance = installation.settings.instance
    files = (file for file in sorted(instance.iterdir()) if file.is_file() and file.name != ".gitignore")
    open_to_others = [file.name for file in files if stat.S_IMODE(file.stat().st_mode) & 0o077]
    return ", ".join(open_to_others) or None


def _folder_local(installation: Installation) -> str | None:
    """SQLite's locks are not to be trusted over a network."""
    if not installation.embedded:
        return None
    kind = _file_system_of(installation.settings.instance.resolve())
    return kind if kind in ON_THE_NETWORK else None


def _space_left(installation: Installation) -> str | None:
    free = shutil.disk_usage(installation.settings.instance).free
    return f"{free // MEBIBYTE} MB" if free < FREE_SPACE_AT_LEAST else None


def _database_durable(installation: Installation) -> str | None:
    return doctor.not_durable(installation.session.connection())


def _schema_current(installation: Installation) -> str | None:
    revision = doctor.schema_revision(installation.session.connection())
    return None if revision == newest_revision() else revision or "no tables"


def _triggers_in_force(installation: Installation) -> str | None:
    return ", ".join(doctor.missing_triggers(installation.session.connection())) or None


def _clock_right(installation: Installation) -> str | None:
    last = doctor.last_recorded_at(installation.session.connection())
    if last is None or last <= installation.now + CLOCKS_MAY_DIFFER_BY:
        return None
    return f"the last record is of {last:%Y-%m-%d %H:%M} UTC, and here it is {installation.now:%Y-%m-%d %H:%M} UTC"


def _secrets_strong(installation: Installation) -> str | None:
    secret = installation.settings.instance / "secret-key"
    length = len(secret.read_text("ascii").strip()) // 2 if secret.is_file() else 0
    return f"{length} bytes" if length < SECRET_AT_LEAST else None


def _debug_off(installation: Installation) -> str | None:
    return "debug is on" if installation.debug else None


def _tls_used(installation: Installation) -> str | None:
    settings = installation.settings
    return None if settings.secure or settings.loopback else settings.base_url


def _backup_recent(installation: Installation) -> str | None:
    return _too_long_ago(installation, Chore.BACKED_UP, BACKUP_AT_LEAST_EVERY)


def _restore_tried(installation: Installation) -> str | None:
    return _too_long_ago(installation, Chore.BACKUP_READ_BACK, RESTORE_AT_LEAST_EVERY)


def _records_verified(installation: Installation) -> str | None:
    last = last_verified(installation.session)
    if last and last.mismatches:
        return f"{last.mismatches:,} do not match: {', '.join(last.named[:MOST_TOLD])}"
    return _too_long_ago(installation, Chore.VERIFIED, AT_LEAST_EVERY)


def _mail_leaves(installation: Installation) -> str | None:
    since = waiting_since(installation.session) if installation.settings.mails else None
    late = since is not None and installation.now - since > MAIL_WAITS_AT_MOST
    return f"since {since:%Y-%m-%d %H:%M} UTC" if late else None


def _backup_key_elsewhere(installation: Installation) -> str | None:
    """Whoever takes the machine would take its backups too."""
    settings = installation.settings
    beside = settings.backup_folder and (settings.instance / KEY_FILE).exists()
    return str(settings.instance / KEY_FILE) if beside else None


def _too_long_ago(installation: Installation, chore: Chore, at_most: timedelta) -> str | None:
    """A registry that was begun within that time, or a demo, has nothing to lose yet."""
    session, now = installation.session, installation.now
    begun = doctor.first_recorded_at(session.connection())
    if begun is None or now - begun <= at_most or registry.is_demo(session):
        return None
    at = last_done_at(session, chore)
    if at is None:
        return "never"
    return f"{at:%Y-%m-%d %H:%M} UTC" if now - at > at_most else None


def _file_system_of(folder: Path) -> str:
    """The kind of the mount that the folder lies on; empty where the machine does not tell."""
    return max(_mounts(folder), default=(0, ""))[1]


def _mounts(folder: Path) -> Iterator[tuple[int, str]]:
    if not MOUNTS.is_file():
        return
    for line in MOUNTS.read_text("utf-8", "replace").splitlines():
        _device, place, kind, *_rest = line.split(" ")
        mounted = Path(place.replace("\\040", " "))
        if folder == mounted or mounted in folder.parents:
            yield len(mounted.parts), kind


LOOKS: dict[Check, Callable[[Installation], str | None]] = {
    Check.FOLDER_WRITABLE: _folder_writable,
    Check.FILES_PRIVATE: _files_private,
    Check.FOLDER_LOCAL: _folder_local,
    Check.SPACE_LEFT: _space_left,
    Check.SECRETS_STRONG: _secrets_strong,
    Check.DATABASE_DURABLE: _database_durable,
    Check.SCHEMA_CURRENT: _schema_current,
    Check.TRIGGERS_IN_FORCE: _triggers_in_force,
    Check.CLOCK_RIGHT: _clock_right,
    Check.BACKUP_RECENT: _backup_recent,
    Check.RESTORE_TRIED: _restore_tried,
    Check.BACKUP_KEY_ELSEWHERE: _backup_key_elsewhere,
    Check.RECORDS_VERIFIED: _records_verified,
    Check.MAIL_LEAVES: _mail_leaves,
    Check.DEBUG_OFF: _debug_off,
    Check.TLS_USED: _tls_used,
}
"""In the order in which they are told: the machine, the database, what is kept of it, the way to it."""
OF_ITS_ROWS = frozenset(
    {
        Check.TRIGGERS_IN_FORCE,
        Check.CLOCK_RIGHT,
        Check.BACKUP_RECENT,
        Check.RESTORE_TRIED,
        Check.RECORDS_VERIFIED,
        Check.MAIL_LEAVES,
    }
)
"""These read tables, which another version may have made otherwise."""
