"""What did a run show? One JSON file for each promise: how often it was tried, how often it failed, and its control."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pysqlite3

FOLDER = Path(__file__).parent
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Control:
    """The same trial without what keeps the promise. It must fail, or the trial would not notice anything."""

    what: str
    n: int
    failures: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What was tried for one promise. `figures` are numbers by what they count."""

    promise: str
    claim: str
    n: int
    failures: Sequence[str]
    control: Control
    seed: int | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        return not self.failures and self.control.failures > 0

    def as_json(self) -> dict[str, Any]:
        return {
            "promise": self.promise,
            "claim": self.claim,
            "kept": self.kept,
            "n": self.n,
            "failures": len(self.failures),
            "first_failures": list(self.failures[:SHOWN]),
            "control": asdict(self.control),
            "seed": self.seed,
            "figures": dict(self.figures),
            "versions": versions(),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def write(self, folder: Path = FOLDER) -> None:
        told = json.dumps(self.as_json(), indent=2, ensure_ascii=False)
        (folder / f"{self.promise}.json").write_text(f"{told}\n", "utf-8")

    def line(self) -> str:
        word = "kept" if self.kept else "NOT KEPT"
        return (
            f"{self.promise}  {word}: {len(self.failures)} of {self.n} failed; "
            f"control ({self.control.what}): {self.control.failures} of {self.control.n}"
        )


def versions() -> dict[str, str]:
    named = ("flask", "sqlalchemy", "psycopg", "waitress", "patron-consent-registry")
    return {
        "python": platform.python_version(),
        "sqlite": pysqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        **{name: version(name) for name in named},
    }
