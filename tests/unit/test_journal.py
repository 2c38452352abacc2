"""Can a line of the log be forged, and can it name somebody whom it should not?"""

import json
import logging
import sys

import pytest

from consent.journal import TOLD, JsonLines

MARKER = "Zoe Marker"
FORGED = "fine\n\x1b[2J\r{} ERROR root: \u2028\u202eall is well \ud800"


def record(name: str, message: str, *args: object, **told: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.ERROR, "/srv/consent/door.py", 7, message, args, None, "open_door")
    made.__dict__.update(told)
    return made


def written(made: logging.LogRecord) -> dict[str, object]:
    line = JsonLines().format(made)
    assert line.isascii()
    assert line.isprintable()
    return json.loads(line)


def test_a_line_says_when_where_and_what():
    made = record("consent.web", "refused", **{TOLD: {"who": "staff:7", "page": "patrons.patron", "status": 403}})
    made.created = 0
    assert written(made) == {
        "at": "1970-01-01T00:00:00.000+00:00", "level": "error", "logger": "consent.web", "said": "refused",
        "who": "staff:7", "page": "patrons.patron", "status": 403,
    }  # fmt: skip


def test_no_text_makes_a_second_line():
    assert written(record("consent", "%s", FORGED))["said"] == FORGED
    assert written(record("waitress", "Task %s", FORGED))["said"] == "Task %s"


@pytest.mark.parametrize(
    ("message", "args", "said"),
    [
        (f"Exception while serving /patrons/{MARKER}", (), None),
        ("Exception when servicing %r", (MARKER,), "Exception when servicing %r"),
        (MARKER, (), None),
        ({"name": MARKER}, (1,), None),
    ],
)
def test_what_a_library_says_of_a_request_is_left_out(message: str, args: tuple[object, ...], said: str | None):
    line = written(record("waitress", message, *args))
    assert line.get("said") == said
    assert line["where"] == "door.open_door:7"
    assert MARKER not in str(line)


@pytest.mark.parametrize("logger", ["consent", "waitress"])
def test_a_failure_is_told_by_its_kind_and_place_alone(logger: str):
    try:
        {}[MARKER]
    except KeyError:
        made = record(logger, "It went wrong", exc_info=sys.exc_info())
    line = written(made)
    assert MARKER not in str(line)
    assert str(line["failure"]).startswith("KeyError at test_journal.test_a_failure")
    assert MARKER in logging.Formatter().format(made)
