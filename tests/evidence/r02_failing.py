"""R2, while the power stays on: a sync or a write fails, and the process must not go on as if it had not.

From its first, second, … sync on the disk gives nothing but errors. Nobody is told that anything is saved; once the
disk works again the same process looks the registry through, and saves what the family sends once more.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from consent.services.verification import verify
from consent.storage.database import db
from consent.storage.models import Consent, Signing
from tests.evidence.families import CHILDREN, Stage
from tests.evidence.mortal import Life, Line
from tests.evidence.strace import traced

HTTP_SAVED, HTTP_NOT_SAVED = 303, 503
CALLS = "fsync", "fdatasync", "pwrite64"


class Failing:
    """One family whose signature meets a disk that fails."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        [self.family] = self.stage.families

    def fail_everywhere(self, calls: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
        """What was wrong, for each call from which on every one of its kind fails."""
        for call in calls:
            for number in count(1):
                told = self.fail_from(call, number)
                if told["at once"] == HTTP_SAVED:
                    break
                yield f"{call} {number}", list(_faults(told))

    def fail_from(self, call: str, number: int) -> dict[str, Any]:
        self.stage.put_back()
        life = Life(self._live_through_it)
        with traced(life.process, "-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when={number}+"):
            life.go_on()
            told = life.hear()
        life.go_on()
        [healed] = life.end().told
        return told | healed

    def _live_through_it(self, line: Line) -> None:
        self.stage.app.logger.disabled = True  # each failure is logged, as it should be
        line({"at once": self.family.send().status_code, "again": self.family.send().status_code})
        line.wait()
        reference = self.family.tap()
        with self.stage.app.app_context():
            session = db.session()
            line(
                {
                    "reference": reference,
                    "stored": list(session.scalars(select(Signing.reference))),
                    "consents": session.scalar(select(func.count(Consent.signing_id))),
                    "broken": [str(finding) for finding in verify(session).findings],
                }
            )


def _faults(told: dict[str, Any]) -> Iterator[str]:
    if told["at once"] != HTTP_NOT_SAVED:
        yield f"answered {told['at once']}"
    if told["again"] != HTTP_NOT_SAVED:
        yield f"pretended that it works: {told['again']}"
    if not told["reference"] or told["stored"] != [told["reference"]]:
        yield "did not recover"
    if told["broken"] or told["consents"] != CHILDREN * len(told["stored"]):
        yield "half"
