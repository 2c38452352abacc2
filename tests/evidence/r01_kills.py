"""R1: is a family's reference number on record, whole and once, whichever instant the registry is killed at?

The real application signs on a real file, and strace kills it at its first write to the disk, its second, … until
nothing is left to kill it at. Each time it starts again, is looked through, and the family taps once more.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select

from consent.services.verification import verify
from consent.storage.database import db
from consent.storage.models import Consent, Signing
from consent.web import kiosk_sign
from tests.evidence.families import CHILDREN, Stage, begin_anew
from tests.evidence.modes import Mode
from tests.evidence.mortal import Line, live
from tests.evidence.r01_random import kill_at_random
from tests.evidence.results import Control, Shown

KILLS = 1_000
SYNCS = "fdatasync", "fsync"
CALLS = ("pwrite64", *SYNCS, "ftruncate", "unlink")


def run(*, short: bool, seed: int) -> Shown:
    """One mode of SQLite in short; else both, and a thousand kills by lot."""
    figures: dict[str, float] = {}
    doubled: list[bool] = []
    failures: list[str] = []
    for mode in [Mode.WAL] if short else Mode:
        with tempfile.TemporaryDirectory(prefix="r1-") as folder, mode.chosen():
            sweep = Sweep(Path(folder))
            points = list(sweep.kill_everywhere())
            failures += [f"{mode.name}, {point.call} {point.number}: {what}" for point, told in points for what in told]
            doubled += ["doubled" in told for _point, told in sweep.kill_everywhere(SYNCS, forget_key=True)]
            figures[f"points in {mode.name} mode"] = len(points)
    n = int(sum(figures.values()))
    if not short:
        by_lot = kill_at_random(KILLS, seed=seed)
        n += by_lot.kills
        failures += by_lot.failures
        figures |= {
            "kills by lot": by_lot.kills,
            "signings answered meanwhile": by_lot.answered,
            "seconds until it served again": by_lot.ready_again_seconds,
        }
    return Shown(
        "R1",
        "Killed at every write and sync of a signing request, or at any time: "
        "nothing answered is lost, nothing is half or doubled",
        n=n,
        failures=failures,
        control=Control("a second tap without the key of the first", len(doubled), sum(doubled)),
        seed=None if short else seed,
        figures=figures,
    )


class Point(NamedTuple):
    """The so-manieth call of its kind in the request."""

    call: str
    number: int

    def kill(self) -> tuple[str, ...]:
        return "-e", f"trace={self.call}", "-e", f"inject={self.call}:signal=SIGKILL:when={self.number}"


class Sweep:
    """One signing request, killed at every point, after another family's was answered."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder, families=2)
        earlier, self.family = self.stage.families
        # The process ends without closing the database, so that what was signed is still where it was written first.
        [self.earlier] = live(lambda tell: tell(earlier.tap())).told
        self.stage.keep()

    def kill_everywhere(
        self, calls: Sequence[str] = CALLS, *, forget_key: bool = False
    ) -> Iterator[tuple[Point, list[str]]]:
        """What was wrong after the first call of each kind, the second, … until a request has no such call any more."""
        for call in calls:
            for number in count(1):
                told = self.kill_at(point := Point(call, number), forget_key=forget_key)
                if told is None:
                    break
                yield point, list(faults(told, self.earlier))

    def kill_at(self, point: Point, *, forget_key: bool = False) -> dict[str, Any] | None:
        """What the family was shown before the end, what was there after it, and what their second tap gives."""
        self.stage.put_back()
        ended = live(self.sign, *point.kill())
        if not ended.killed:
            return None
        [found] = live(lambda tell: self.look(tell, forget_key=forget_key)).told
        return {"shown": ended.told[0] if ended.told else "", **found}

    def sign(self, tell: Line) -> None:
        tell(self.family.tap())

    def look(self, tell: Line, *, forget_key: bool) -> None:
        before = self._stored()
        if forget_key:
            # Without the key, a second tap would be what the same answers in a second sitting are.
            kiosk_sign.APART = timedelta()
            begin_anew(self.stage.app, self.family)
        again = self.family.tap()
        tell({"before": before, "again": again, "after": self._stored()})

    def _stored(self) -> dict[str, Any]:
        with self.stage.app.app_context():
            session = db.session()
            whole = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
            return {
                "signings": list(session.scalars(select(Signing.reference))),
                "consents": session.scalar(select(func.count(Consent.signing_id))),
                "broken": [whole] * (whole != "ok") + [str(finding) for finding in verify(session).findings],
            }


def faults(told: dict[str, Any], earlier: str) -> Iterator[str]:
    """What the promise forbids."""
    before, after, shown, again = told["before"], told["after"], told["shown"], told["again"]
    new = {*before["signings"]} - {earlier}
    if not {earlier, shown} - {""} <= {*before["signings"]}:
        yield "lost"
    if before["broken"] or before["consents"] != CHILDREN * len(before["signings"]):
        yield "half"
    if len(after["signings"]) > 2:
        yield "doubled"
    if not again or not {shown, again, *new} - {""} <= {again} or {*after["signings"]} != {earlier, again}:
        yield "another reference"
    if after["broken"] or after["consents"] != CHILDREN * len(after["signings"]):
        yield "not whole after the second tap"
