"""R1 by lot: a server that is killed at any time, while eight kiosks sign and tap again until they hold a reference."""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from consent.services.verification import verify
from consent.storage.database import db
from consent.storage.models import Signing
from tests.evidence.clients import Sitting, sign_each, sittings
from tests.evidence.families import Stage
from tests.evidence.mortal import Life, live
from tests.evidence.served import listening, worker

KIOSKS = 8
FAMILIES = 240
"""In each round: what they typed is kept for ten minutes, and a round must be over by then."""
LIVES_SECONDS = 0.02, 0.4


@dataclass
class Killed:
    """How it ended."""

    kills: int
    answered: int
    failures: list[str]
    ready_again_seconds: float = 0.0


def kill_at_random(kills: int, *, seed: int) -> Killed:
    """Rounds of signing families until the server was killed so often."""
    lot = random.Random(seed)  # noqa: S311  # when it is killed is no secret
    total = Killed(0, 0, failures=[])
    while total.kills < kills:
        with tempfile.TemporaryDirectory(prefix="r1-") as folder:
            stage = Stage(Path(folder))
            waiting = sittings(stage.app, stage.families[0], FAMILIES)
            stage.close()
            _round(stage, waiting, total, lot, at_most=kills)
            total.ready_again_seconds = max(total.ready_again_seconds, _ready_again(stage))
    return total


def _round(stage: Stage, waiting: list[Sitting], total: Killed, lot: random.Random, *, at_most: int) -> None:
    with listening() as at:
        port = at.getsockname()[1]
        clients = [
            Life(lambda tell, share=waiting[number::KIOSKS]: sign_each(share, port, tell)) for number in range(KIOSKS)
        ]
        for client in clients:
            client.go_on()
        while any(client.is_running for client in clients):
            server = worker(stage.app, at)
            until = time.monotonic() + lot.uniform(*LIVES_SECONDS)
            while any(client.is_running for client in clients) and (total.kills >= at_most or time.monotonic() < until):
                time.sleep(0.005)
            server.kill()
            server.end()
            total.kills += total.kills < at_most
        answered = [(told["key"], told["reference"]) for client in clients for told in client.end().told]
    total.answered += len(answered)
    [found] = live(lambda tell: tell(_stored(stage))).told
    total.failures += _faults(answered, found)


def _ready_again(stage: Stage) -> float:
    """How long the whole program takes to start on what was left."""
    started = time.monotonic()
    serving = [Path(sys.executable).with_name("consent"), "serve", "--port", "0"]
    with subprocess.Popen(
        serving,
        env=os.environ | {"CONSENT_INSTANCE": str(stage.instance), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as server:
        assert server.stdout is not None
        ready = server.stdout.readline()
        taken = time.monotonic() - started
        server.terminate()
    assert ready, "It did not start again"
    return round(taken, 1)


def _stored(stage: Stage) -> dict[str, Any]:
    with stage.app.app_context():
        session = db.session()
        signed = [[*row] for row in session.execute(select(Signing.idempotency_key, Signing.reference))]
        return {"signed": signed, "broken": [str(finding) for finding in verify(session).findings]}


def _faults(answered: list[tuple[str, str]], found: dict[str, Any]) -> list[str]:
    stored = Counter((key, reference) for key, reference in found["signed"])
    lost = [f"lost: {reference}" for key, reference in answered if not stored[key, reference]]
    extra = [f"not asked for, or twice: {reference}" for (_key, reference) in (stored - Counter(answered)).elements()]
    return lost + extra + found["broken"]
