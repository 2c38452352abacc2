"""R2: is what was answered still there after the power was cut?"""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, func, select

from consent.services.verification import verify_connection
from consent.storage import database
from consent.storage.database import engine_options, prepare_engines
from consent.storage.models import Consent, Signing
from tests.evidence.families import CHILDREN, Stage
from tests.evidence.modes import Mode
from tests.evidence.mortal import Line, live
from tests.evidence.power import ANSWERED, LOGGED, Disk, Step, steps
from tests.evidence.r02_failing import CALLS, Failing
from tests.evidence.results import Control, Shown

FAMILIES, FAMILIES_IN_SHORT = 24, 4
IMAGES, IMAGES_IN_SHORT = 2_000, 20
CONTROLS = 100


def run(*, short: bool, seed: int, images: int = IMAGES) -> Shown:
    lot = random.Random(seed)  # noqa: S311  # where it is cut is no secret
    images, families = (IMAGES_IN_SHORT, FAMILIES_IN_SHORT) if short else (images, FAMILIES)
    modes = [Mode.WAL] if short else list(Mode)
    failures: list[str] = []
    figures: Counter[str] = Counter()
    for mode in modes:
        with tempfile.TemporaryDirectory(prefix="r2-") as folder, mode.chosen():
            recording = record(Path(folder), families)
            for number in range(images // len(modes)):
                found = cut(recording, lot)
                failures += [f"{mode.name}, image {number}: {what}" for what in found.wrong()]
                figures["answered before the cut"] += len(found.answered)
                figures["answered and lost"] += len(found.lost)
        with tempfile.TemporaryDirectory(prefix="r2-") as folder, mode.chosen():
            tried = list(Failing(Path(folder)).fail_everywhere(CALLS[:1] if short else CALLS))
            failures += [f"{mode.name}, failing from {point}: {what}" for point, told in tried for what in told]
            figures["points from which the disk failed"] += len(tried)
    with tempfile.TemporaryDirectory(prefix="r2-") as folder:
        careless = record(Path(folder), families, synchronous="NORMAL")
        lost = [False]
        while len(lost) <= CONTROLS and not (short and lost[-1]):
            lost.append(bool(cut(careless, lot, at=len(careless.did)).lost))
    return Shown(
        "R2",
        "The power is cut at any time and unsynced sectors of 512 bytes are lost by lot, or every sync fails from some "
        "point on: nothing answered is lost or half, and nothing is said to be saved that is not",
        n=images // len(modes) * len(modes) + figures["points from which the disk failed"],
        failures=failures,
        control=Control("synchronous = NORMAL, which does not wait for the disk", len(lost) - 1, sum(lost)),
        seed=seed,
        figures=figures,
    )


@dataclass(frozen=True)
class Recording:
    """What a process did to the disk while families signed one after the other, and what each was answered."""

    kept: Path
    did: Sequence[Step]
    answered: Sequence[str]


@dataclass(frozen=True)
class Found:
    """What a registry holds after a cut, and what had been answered before it."""

    answered: frozenset[str]
    stored: frozenset[str]
    consents: int
    broken: Sequence[str]

    @property
    def lost(self) -> frozenset[str]:
        return self.answered - self.stored

    def wrong(self) -> Iterator[str]:
        if self.lost:
            yield f"{len(self.lost)} of {len(self.answered)} answered are lost"
        if self.consents != CHILDREN * len(self.stored):
            yield f"{len(self.stored)} signings have {self.consents} records"
        yield from self.broken


def record(folder: Path, families: int, *, synchronous: str = "") -> Recording:
    stage = Stage(folder, families)

    def sign_each(tell: Line) -> None:
        if synchronous:
            database.durability = lambda **_for: ("WAL", synchronous)
        for family in stage.families:
            tell(family.tap())

    log = folder / "calls"
    answered = live(sign_each, *LOGGED, log=log).told
    assert all(answered), "Nothing was signed even where no power was cut"
    return Recording(stage.kept, steps(log, stage.instance), answered)


def cut(recording: Recording, lot: random.Random, *, at: int = 0) -> Found:
    """Stop at any step, or at this one, and look through what is left."""
    disk, answered = Disk(recording.kept), 0
    for step in recording.did[: at or lot.randint(1, len(recording.did))]:
        answered += step.what == ANSWERED
        disk.follow(step)
    with tempfile.TemporaryDirectory(prefix="r2-cut-") as folder:
        disk.cut(lot, Path(folder))
        return _look(Path(folder), frozenset(recording.answered[:answered]))


def _look(folder: Path, answered: frozenset[str]) -> Found:
    url = f"sqlite:///{folder / 'registry.sqlite'}"
    engine = create_engine(url, **engine_options(url))
    prepare_engines({None: engine}, folder)
    try:
        with engine.connect() as connection:
            told = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            broken = [line for line in told if line != "ok"]
            stored = frozenset(connection.scalars(select(Signing.reference)))
            consents = connection.scalar(select(func.count(Consent.signing_id))) or 0
            findings = [str(finding) for finding in verify_connection(connection).findings]
    finally:
        engine.dispose()
    return Found(answered, stored, consents, broken + findings)
