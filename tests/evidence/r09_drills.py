"""R9: does each backup that is made while families sign become the registry again, and is a spoilt one refused?"""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pysqlite3

from consent.app import create_app
from consent.services.backups import back_up
from consent.services.backups_archive import make_key
from consent.settings import Settings
from consent.storage.backups import FILES
from consent.storage.database import db
from consent.storage.schema import upgrade_schema
from tests.builders.camp import a_camp, keep
from tests.builders.registries import dispose
from tests.builders.sittings import Kiosk, a_sitting
from tests.builders.terminal import typed
from tests.evidence.mortal import Life
from tests.evidence.results import Control, Shown

DRILLS, DRILLS_IN_SHORT = 100, 2
SPOILT_EACH = 10
COPIES = 10
SIGNING = 2
PAUSE_SECONDS = 0.5
COMPARED = 50
RECORDS = """
    SELECT consent.*, group_concat(use || ' ' || answer, ', ' ORDER BY use)
    FROM consent JOIN consent_answer ON consent_id = id GROUP BY id ORDER BY id
"""


def run(*, short: bool, seed: int, drills: int = DRILLS) -> Shown:
    drills = DRILLS_IN_SHORT if short else drills
    lot = random.Random(seed)  # noqa: S311  # which records are compared is no secret
    with tempfile.TemporaryDirectory(prefix="r9-") as folder:
        drill = Drill(Path(folder), lot)
        try:
            failures = [f"drill {n}: {what}" for n in range(drills) for what in drill.run()]
            spoilt = [*drill.spoilt_ones_that_open(tries=-(-drills // SPOILT_EACH))]
            copies = [bool(drill.of_a_plain_copy()) for _ in range(COPIES)]
        finally:
            signed = drill.end()
    return Shown(
        "R9",
        "Each backup that is made while families sign is restored, verified, and a beginning of the registry that goes "
        "on, with all that was signed before it began; one that is cut, rotten or another key's is refused",
        n=drills + len(spoilt),
        failures=[*failures, *(what for what in spoilt if what)],
        control=Control("a plain copy of the database's file", COPIES, sum(copies)),
        seed=seed,
        figures={"restored": drills, "spoilt": len(spoilt), "events in the ledger": signed},
    )


@dataclass(frozen=True, slots=True)
class Registry:
    """What a database holds, as it is read without the program."""

    leaves: Sequence[bytes]
    records: Mapping[int, tuple[Any, ...]]
    sound: bool

    @classmethod
    def at(cls, file: Path) -> "Registry":
        with closing(pysqlite3.dbapi2.connect(file)) as connection:
            leaves = [row[0] for row in connection.execute("SELECT leaf FROM ledger_event ORDER BY position")]
            records = {row[0]: row for row in connection.execute(RECORDS)}
            return cls(leaves, records, connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


class Drill:
    """A registry in which families sign without end."""

    def __init__(self, folder: Path, lot: random.Random) -> None:
        self.folder, self.lot = folder, lot
        self.settings = Settings(instance=folder / "instance")
        self.app = create_app(self.settings)
        with self.app.app_context():
            upgrade_schema()
        keep(self.app, a_camp())
        kiosk = Kiosk(self.app)
        self.backup, self.restored = folder / "made.consent-backup", folder / "restored"
        self._back_up()
        dispose(self.app)
        self.signing = [Life(lambda _line: _sign_without_end(kiosk)) for _ in range(SIGNING)]
        for life in self.signing:
            life.go_on()

    @property
    def file(self) -> Path:
        return self.settings.instance / FILES["sqlite"]

    def run(self) -> Iterator[str]:
        before = Registry.at(self.file)
        self._back_up()
        done = self._restore(self.backup)
        if done:
            yield f"not restored: {done}"
            return
        yield from self._faults(before, self.restored / FILES["sqlite"])
        with mock.patch.dict(os.environ, CONSENT_INSTANCE=str(self.restored)):
            verified = typed("verify")
        if verified.exit_code:
            yield verified.output
        shutil.rmtree(self.restored)

    def spoilt_ones_that_open(self, *, tries: int) -> Iterator[str]:
        """Nothing for each that is refused, as it should be."""
        whole, spoilt, other = self.backup.read_bytes(), self.folder / "spoilt", self.folder / "another-key"
        make_key(other)
        for _ in range(tries):
            place = self.lot.randrange(len(whole))
            rotten = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
            for what, given, key in (
                (f"cut at {place}", whole[:place], ()),
                (f"rotten at {place}", rotten, ()),
                ("another's key", whole, ("--key", str(other))),
            ):
                spoilt.write_bytes(given)
                refused = self._restore(spoilt, *key)
                yield "" if refused and not self.restored.exists() else f"opened all the same: {what}"

    def of_a_plain_copy(self) -> list[str]:
        before, copy = Registry.at(self.file), self.folder / "copy.sqlite"
        shutil.copy(self.file, copy)
        time.sleep(PAUSE_SECONDS)
        try:
            return [*self._faults(before, copy)]
        except pysqlite3.dbapi2.DatabaseError as broken:
            return [str(broken)]

    def end(self) -> int:
        for life in self.signing:
            life.kill()
            life.end()
        return len(Registry.at(self.file).leaves)

    def _back_up(self) -> None:
        with self.app.app_context():
            back_up(db.session(), db.engine, self.settings, self.backup, now=datetime.now(UTC))

    def _restore(self, file: Path, *more: str) -> str:
        """What it said, if it refused."""
        with mock.patch.dict(os.environ, CONSENT_INSTANCE=str(self.settings.instance)):
            done = typed("restore", str(file), "--into", str(self.restored), *more)
        return done.output if done.exit_code else ""

    def _faults(self, before: Registry, file: Path) -> Iterator[str]:
        found, after = Registry.at(file), Registry.at(self.file)
        if not found.sound:
            yield "the file is not sound"
        if len(found.leaves) < len(before.leaves):
            yield f"{len(before.leaves)} events before it began, {len(found.leaves)} in it"
        if found.leaves != after.leaves[: len(found.leaves)]:
            yield "it is no beginning of the registry that goes on"
        for key in self.lot.sample(sorted(found.records), min(COMPARED, len(found.records))):
            if found.records[key] != after.records[key]:
                yield f"record {key} differs"


def _sign_without_end(kiosk: Kiosk) -> None:
    while True:
        kiosk.tap(kiosk.reviewed(a_sitting()))
        time.sleep(PAUSE_SECONDS)
