"""How does a line of the log look? One JSON object in ASCII, which no text can break in two, and nobody's data in it.

What a library says may hold whatever somebody sent to it, so of its records only the place in the code is kept.
"""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Final

OURS: Final = "consent"
TOLD: Final = "told"
"""The attribute of a record under which a module of ours gives what else the line holds."""


class JsonLines(logging.Formatter):
    """For a handler of any stream."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_said(record),
            **getattr(record, TOLD, {}),
        }
        if failure := _failure(record):
            line["failure"] = failure
        return json.dumps(line)


def write_journal() -> None:
    """To standard error, from every logger of this process; for a program that is ours from its first line."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler])


def without_people(record: logging.LogRecord) -> bool:
    """A failure is logged by its kind and its lines of code: its message and the address may name somebody."""
    if failure := _failure(record):
        record.msg, record.args = failure, None
        record.exc_info = record.exc_text = None
    return True


def _said(record: logging.LogRecord) -> dict[str, object]:
    if record.name.partition(".")[0] == OURS:
        return {"said": record.getMessage()}
    place: dict[str, object] = {"where": f"{record.module}.{record.funcName}:{record.lineno}"}
    return place | ({"said": record.msg} if record.args and isinstance(record.msg, str) else {})


def _failure(record: logging.LogRecord) -> str:
    if not record.exc_info or not record.exc_info[0]:
        return ""
    kind, _error, trace = record.exc_info
    return f"{kind.__name__} at {_steps(trace)}"


def _steps(trace: TracebackType | None) -> str:
    return " > ".join(f"{Path(step.filename).stem}.{step.name}:{step.lineno}" for step in extract_tb(trace))
