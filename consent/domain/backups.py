"""What does a backup say of itself, which of them are kept, and why can one not be used?"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from consent.domain.refusals import ConsentError

FORMAT = "patron-consent-registry/backup"
VERSION = 1
EVERY_ONE_FOR = timedelta(hours=48)


class BackupUnusable(ConsentError):
    """The file cannot be restored, for the reason given."""


class BackupKeyMissing(ConsentError):
    """A backup is opened with its key and with nothing else."""


class BackupNotMade(ConsentError):
    """The backup was not made; whatever stood under its name before still does."""


class PlaceTaken(ConsentError):
    """A backup is restored into a new folder, never over what is there."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One file of a backup, as it must come out again."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: of which database, at which schema, with how many events in the ledger."""

    made_at: datetime
    database: str
    revision: str
    events: int
    head: str
    files: tuple[Filed, ...]

    def as_json(self) -> bytes:
        told = asdict(self) | {"format": FORMAT, "version": VERSION, "made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, written: bytes) -> "Manifest":
        """Raises BackupUnusable for anything but a manifest of this version."""
        try:
            told = json.loads(written)
            if (told["format"], told["version"]) != (FORMAT, VERSION):
                raise BackupUnusable("A later version of this program made this backup. Restore it with that version.")
            return cls(
                made_at=datetime.fromisoformat(told["made_at"]),
                database=told["database"],
                revision=told["revision"],
                events=told["events"],
                head=told["head"],
                files=tuple(Filed(**file) for file in told["files"]),
            )
        except (ValueError, KeyError, TypeError) as wrong:
            raise BackupUnusable("This is no backup of a registry: it does not say what it holds.") from wrong


def kept(made_at: Iterable[datetime], *, days: int, now: datetime) -> frozenset[datetime]:
    """Which backups stay: the newest, every one of two days, and the last of each day (in UTC) for that many days."""
    newest_first = sorted(made_at, reverse=True)
    last_of_day: dict[object, datetime] = {}
    for made in newest_first:
        last_of_day.setdefault(made.date(), made)
    daily = {made for made in last_of_day.values() if now - made < timedelta(days=days)}
    recent = {made for made in newest_first if now - made < EVERY_ONE_FOR}
    return frozenset(daily | recent | set(newest_first[:1]))
