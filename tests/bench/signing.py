"""How long does a signing take that is sealed, in the ledger and on the disk, beside one wait for the disk alone?"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from consent.app import create_app
from consent.services.signing import Submission
from consent.settings import Settings
from consent.storage.schema import upgrade_schema
from tests.bench.results import Result, at_most
from tests.builders.camp import a_camp, keep
from tests.builders.sittings import Kiosk, a_sitting

SIGNINGS: Final = 400
WRITERS: Final = (1, 8)
PAGE: Final = bytes(4096)


def sign_at_kiosks(folder: Path) -> Iterator[Result]:
    """Five hundred a second, with one kiosk or eight; the floor is a page written and synced."""
    app = create_app(Settings(instance=folder))
    with app.app_context():
        upgrade_schema()
    keep(app, a_camp())
    kiosk, floor = Kiosk(app), median(_synced(folder / "floor"))
    for writers in WRITERS:
        taps = [kiosk.reviewed(a_sitting()) for _ in range(SIGNINGS)]
        started = time.perf_counter()
        waits = _tap(kiosk.tap, taps, writers)
        each = (time.perf_counter() - started) / SIGNINGS
        told = f"signing, {writers} at once"
        yield at_most("d", f"{told}, each", each * 1_000, "ms", 2.0, floor=floor * 1_000)
        yield at_most("d", f"{told}, 99th percentile", quantiles(waits, n=100)[98] * 1_000, "ms", 60.0)
        yield at_most("d", f"{told}, the longest wait", max(waits) * 1_000, "ms", 250.0)


def _synced(file: Path) -> Iterator[float]:
    with file.open("wb", buffering=0) as stream:
        for _ in range(SIGNINGS):
            started = time.perf_counter()
            stream.write(PAGE)
            os.fsync(stream.fileno())
            yield time.perf_counter() - started


def _tap(tap: Callable[[Submission], object], taps: list[Submission], writers: int) -> list[float]:
    def one_after_another(own: list[Submission]) -> list[float]:
        return [_timed(tap, one) for one in own]

    with ThreadPoolExecutor(writers) as kiosks:
        told = kiosks.map(one_after_another, [taps[first::writers] for first in range(writers)])
        return [wait for waits in told for wait in waits]


def _timed(tap: Callable[[Submission], object], one: Submission) -> float:
    started = time.perf_counter()
    tap(one)
    return time.perf_counter() - started
