"""R4: does everybody get a turn? Eight kiosks, four who ask for verdicts, an export and a backup at once."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from consent.services.tokens import add_token
from consent.services.verification import verify
from consent.storage import database
from consent.storage.database import db
from consent.storage.models import Consent, PatronCheck, Signing
from consent.storage.writer_lock import WriterLock
from tests.builders.camp import keep
from tests.builders.small_registry import person
from tests.evidence.clients import Sitting, sign_each, sittings
from tests.evidence.families import CHILDREN, Stage
from tests.evidence.mortal import Life, Line, live
from tests.evidence.results import Control, Shown
from tests.evidence.served import listening, workers

KIOSKS, WORKERS, LOOK_UPS = 8, 2, 4
SIGNINGS, SIGNINGS_IN_SHORT, SIGNINGS_OF_CONTROL = 2_000, 32, 16
PATRONS, PATRONS_IN_SHORT = 10_000, 100
AT_ONCE = 500
"""So many families are made ready together: what they typed is kept for ten minutes."""
QUESTION = {"patrons": ["old-1"], "uses": ["photo"], "platform": "facebook"}


@dataclass
class Seen:
    """What every client saw."""

    signed: list[dict[str, Any]]
    verdicts: list[tuple[int, float]]
    commands: dict[str, int]

    def refused(self) -> int:
        unanswered = sum(status != http.HTTPStatus.OK for status, _seconds in self.verdicts)
        return unanswered + sum(told["refused"] for told in self.signed)


def run(*, short: bool, seed: int) -> Shown:
    busy_before = round(os.getloadavg()[0], 1)
    with tempfile.TemporaryDirectory(prefix="r4-") as folder:
        stage = BusyStage(Path(folder), PATRONS_IN_SHORT if short else PATRONS)
        signings = SIGNINGS_IN_SHORT if short else SIGNINGS
        seen = Seen([], [], {})
        for first in range(0, signings, AT_ONCE):
            stage.everybody_comes(min(AT_ONCE, signings - first), seen)
        [found] = live(lambda line: line(stage.stored())).told
        control = Seen([], [], {})
        stage.everybody_comes(SIGNINGS_OF_CONTROL, control, before=out_of_turn)
    waits, asked = [told["seconds"] for told in seen.signed], [seconds for _status, seconds in seen.verdicts]
    return Shown(
        "R4",
        "Eight kiosks sign, four others ask for verdicts, an export and a backup run: everything is saved once, and "
        "nobody is refused",
        n=signings,
        failures=_faults(seen, found, signings),
        control=Control("no turns, and a change that begins as a reading", SIGNINGS_OF_CONTROL, control.refused()),
        figures={
            "saved": len(seen.signed),
            "verdicts": len(seen.verdicts),
            "refused (5xx)": seen.refused(),
            "patrons on file": stage.patrons,
            "signing, 95th percentile, ms": _percentile(waits, 0.95),
            "signing, longest, ms": _percentile(waits, 1),
            "verdict, 95th percentile, ms": _percentile(asked, 0.95),
            "verdict, longest, ms": _percentile(asked, 1),
            "load of the machine before": busy_before,
        },
    )


class BusyStage:
    """A registry of so many patrons, served by two processes."""

    def __init__(self, folder: Path, patrons: int) -> None:
        self.folder, self.patrons = folder, patrons
        self.stage = Stage(folder)
        now = datetime.now(UTC)
        on_file = [line for n in range(patrons) for line in person(f"old-{n + 1}", f"Ada {n}", "Okafor")]
        keep(self.stage.app, on_file, now=now)
        with self.stage.app.app_context():
            self.token = add_token(db.session(), "scheduler", by="command-line", now=now)

    def everybody_comes(self, families: int, seen: Seen, *, before: Callable[[], object] | None = None) -> None:
        waiting = sittings(self.stage.app, self.stage.families[0], families)
        self.stage.close()
        app = self.stage.app
        with listening() as at, workers(app, at, WORKERS, lambda: before(app) if before else None):
            port = at.getsockname()[1]
            kiosks = [Life(_kiosk(waiting[n::KIOSKS], port, again=before is None)) for n in range(KIOSKS)]
            askers = [Life(lambda line: self._ask_until_told(port, line)) for _ in range(LOOK_UPS)]
            for life in (*kiosks, *askers):
                life.go_on()
            commands = {} if before else self._start_commands()
            seen.signed += [told for kiosk in kiosks for told in kiosk.end().told]
            for asker in askers:
                asker.kill()
                seen.verdicts += [(told[0], told[1]) for told in asker.end().told]
            seen.commands |= {name: command.wait() for name, command in commands.items()}

    def _start_commands(self) -> dict[str, subprocess.Popen[bytes]]:
        consent = str(Path(sys.executable).with_name("consent"))
        environment = os.environ | {"CONSENT_INSTANCE": str(self.stage.instance)}
        named = time.monotonic_ns()
        commands = {"export": f"{named}.ndjson", "backup": f"{named}.backup"}
        return {
            name: subprocess.Popen(
                [consent, name, str(self.folder / file)],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for name, file in commands.items()
        }  # fmt: skip

    def _ask_until_told(self, port: int, line: Line) -> None:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Host": "localhost"}
        connection = http.client.HTTPConnection("localhost", port)
        while True:
            started = time.monotonic()
            connection.request("POST", "/api/v1/checks", json.dumps(QUESTION), headers)
            answer = connection.getresponse()
            answer.read()
            line([answer.status, time.monotonic() - started])
            time.sleep(0.02)

    def stored(self) -> dict[str, Any]:
        with self.stage.app.app_context():
            session = db.session()
            return {
                "signed": [[*row] for row in session.execute(select(Signing.idempotency_key, Signing.reference))],
                "consents": session.scalar(select(func.count(Consent.signing_id))),
                "checks": session.scalar(select(func.count()).select_from(PatronCheck)),
                "broken": [str(finding) for finding in verify(session).findings],
            }


def out_of_turn(app: Any) -> None:
    """Nobody waits for a turn, and a change begins as a reading: SQLite then refuses whoever is second."""
    database.BUSY_MILLISECONDS = 200
    WriterLock.acquire = WriterLock.__enter__ = WriterLock.release = lambda _lock: None

    def begin_reading(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> Any:
        return statement.replace("BEGIN IMMEDIATE", "BEGIN"), parameters

    with app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", begin_reading, retval=True)


def _kiosk(share: Sequence[Sitting], port: int, *, again: bool) -> Callable[[Line], None]:
    return lambda line: sign_each(share, port, line, again=again)


def _faults(seen: Seen, found: dict[str, Any], signings: int) -> list[str]:
    answered = sorted([told["key"], told["reference"]] for told in seen.signed)
    wrong = [f"{seen.refused()} refused"] * bool(seen.refused())
    if len(answered) != signings or answered != sorted(found["signed"]):
        wrong.append(f"{len(answered)} answered, {len(found['signed'])} stored")
    if found["consents"] != CHILDREN * signings:
        wrong.append(f"{found['consents']} records")
    if found["checks"] < len(seen.verdicts):
        wrong.append(f"{len(seen.verdicts)} verdicts, {found['checks']} recorded")
    wrong += [f"{name} ended with {status}" for name, status in seen.commands.items() if status]
    return wrong + found["broken"]


def _percentile(seconds: Sequence[float], share: float) -> int:
    listed = sorted(seconds)
    return round(listed[min(int(len(listed) * share), len(listed) - 1)] * 1000)
