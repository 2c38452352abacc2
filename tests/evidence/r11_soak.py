"""R11: does it stay as small, open and quick as it was, when it is used for hours?"""

import http.client
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from flask import Flask, Response

from tests.evidence.clients import sign_each, sittings
from tests.evidence.mortal import Life, Line, live
from tests.evidence.r04_busy import QUESTION, BusyStage
from tests.evidence.results import Control, Shown
from tests.evidence.served import listening, worker

MINUTES, MINUTES_IN_SHORT, MINUTES_OF_CONTROL = 5.0, 0.4, 0.4
PATRONS = 1_000
ASKERS, PAUSE_SECONDS = 4, 0.25
SIGNINGS_TOGETHER = 20
MAY_GROW_BY, MORE_HANDLES, LARGEST_LOG = 0.10, 4, 64 * 1024**2
TELLS_EACH: Final = 50
PAGES: Final = "/healthz", "/sign-in", "/kiosk"


def run(*, short: bool, seed: int, minutes: float = MINUTES) -> Shown:
    minutes = MINUTES_IN_SHORT if short else minutes
    with tempfile.TemporaryDirectory(prefix="r11-") as folder:
        soak = Soak(BusyStage(Path(folder), PATRONS))
        used = soak.use(minutes)
        [found] = live(lambda line: line(soak.busy.stored())).told
        forgetful = soak.use(MINUTES_OF_CONTROL, before=lambda: keep_everything(soak.busy.stage.app))
    return Shown(
        "R11",
        "Used without a pause, the server grows by no more than a tenth once it is warm, opens nothing that it does "
        "not close, keeps its log small and refuses nobody, and every record verifies in the end",
        n=used.answered,
        failures=[*used.wrong(), *found["broken"]],
        control=Control("a server that keeps 20 kB and a file of each request", 1, int(bool(forgetful.wrong()))),
        figures={
            "minutes": minutes,
            "answers a second": round(used.answered / used.seconds, 1),
            "signings": used.signed,
            "memory when warm, MB": used.memory[0] // 1024**2,
            "memory in the end, MB": used.memory[1] // 1024**2,
            "open files when warm": used.handles[0],
            "open files in the end": used.handles[1],
            "largest log beside the database, MB": round(used.log / 1024**2, 1),
        },
    )


@dataclass
class Used:
    """What was seen of a server while it was in use."""

    seen: list[tuple[int, int, int]] = field(default_factory=list)
    signed: int = 0
    answered: int = 0
    refused: int = 0
    seconds: float = 0

    @property
    def memory(self) -> tuple[int, int]:
        return self._warm_and_last(0)

    @property
    def handles(self) -> tuple[int, int]:
        return self._warm_and_last(1)

    @property
    def log(self) -> int:
        return max(size for _memory, _handles, size in self.seen)

    def _warm_and_last(self, place: int) -> tuple[int, int]:
        """Of the second and of the last fifth of the time: by then every page was made, and every thread was used."""
        fifth, values = max(len(self.seen) // 5, 1), [seen[place] for seen in self.seen]
        return int(median(values[fifth : 2 * fifth])), int(median(values[-fifth:]))

    def wrong(self) -> list[str]:
        (warm, last), (few, many) = self.memory, self.handles
        faults = {
            f"{self.refused} refused": self.refused > 0,
            f"{warm:,} bytes of memory became {last:,}": last > warm * (1 + MAY_GROW_BY),
            f"{few} open files became {many}": many > few + MORE_HANDLES,
            f"a log of {self.log:,} bytes": self.log >= LARGEST_LOG,
        }
        return [what for what, is_so in faults.items() if is_so]


class Soak:
    """A registry that is asked, looked at and signed at, all at once."""

    def __init__(self, busy: BusyStage) -> None:
        self.busy = busy

    def use(self, minutes: float, *, before: Callable[[], object] = lambda: None) -> Used:
        app, used, began = self.busy.stage.app, Used(), time.monotonic()
        self.busy.stage.close()
        with listening() as at:
            port = at.getsockname()[1]
            serving = worker(app, at, before)
            askers = [Life(lambda line: _ask(self.busy.token, port, line)) for _ in range(ASKERS)]
            for life in askers:
                life.go_on()
            try:
                while time.monotonic() < began + minutes * 60:
                    self._families_sign(port, serving.process, used)
            finally:
                for life in (*askers, serving):
                    life.kill()
            used.seconds = time.monotonic() - began
            told = [tuple(line) for life in askers for line in life.end().told]
            serving.end()
        used.answered = used.signed + sum(answered for answered, _refused in told)
        used.refused += sum(refused for _answered, refused in told)
        return used

    def _families_sign(self, port: int, server: int, used: Used) -> None:
        waiting = sittings(self.busy.stage.app, self.busy.stage.families[0], SIGNINGS_TOGETHER)
        self.busy.stage.close()
        family = Life(lambda line: sign_each(waiting, port, line, pause=PAUSE_SECONDS))
        family.go_on()
        while family.is_running:
            used.seen.append((_memory(server), len([*Path(f"/proc/{server}/fd").iterdir()]), self._log()))
            time.sleep(PAUSE_SECONDS)
        told: Sequence[dict[str, Any]] = family.end().told
        used.signed += len(told)
        used.refused += sum(one["refused"] for one in told)

    def _log(self) -> int:
        file = self.busy.stage.file
        beside = file.with_name(f"{file.name}-wal")
        return beside.stat().st_size if beside.exists() else 0


def _ask(token: str, port: int, line: Line) -> None:
    """For verdicts and for pages, until somebody ends it."""
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Host": "localhost"}
    connection = http.client.HTTPConnection("localhost", port)
    refused = 0
    for number, page in zip(itertools.count(1), itertools.cycle(PAGES)):
        if number % 2:
            connection.request("POST", "/api/v1/checks", json.dumps(QUESTION), sent)
        else:
            connection.request("GET", page, headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        refused += answer.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR
        if number % TELLS_EACH == 0:
            line([TELLS_EACH, refused])
            refused = 0
        time.sleep(PAUSE_SECONDS)


def _memory(process: int) -> int:
    """What of it is in memory."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def keep_everything(app: Flask) -> None:
    kept: list[object] = []

    def keep(response: Response) -> Response:
        kept.append((os.urandom(20_000), os.open(os.devnull, os.O_RDONLY)))
        return response

    # A registry that has answered once takes no more of these by the front door.
    app.after_request_funcs.setdefault(None, []).append(keep)
