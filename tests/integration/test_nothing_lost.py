"""Does what was answered stay, whatever is killed, fails or is full next? `make evidence` tries the same for longer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 300


def evidence_of(promise: str) -> dict[str, Any]:
    """In a process of its own, since it forks and breaks things."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.evidence", promise, "--short"],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize(("promise", "at_least"), [("R1", 40), ("R2", 20), ("R3", 4), ("R4", 32), ("R7", 2_000)])
def test_a_promise_is_kept_at_every_point_and_the_trial_notices_when_it_is_not(promise: str, at_least: int):
    shown = evidence_of(promise)
    assert shown["first_failures"] == []
    assert shown["n"] >= at_least
    assert shown["control"]["failures"] > 0
