"""Does the table of security requirements name only tests that are there, and hide nothing that is not met?"""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROWS = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in (TESTS / "security.md").read_text("utf-8").splitlines()
    if line.startswith("| V")
]


def test_every_test_that_it_names_is_there():
    named = {name for row in ROWS for name in re.findall(r"`(test_\w+\.py(?:::test_\w+)?)`", row[-1])}
    there = set()
    for path in TESTS.glob("*/test_*.py"):
        tests = re.findall(r"^ *def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
        there |= {path.name, *(f"{path.name}::{test}" for test in tests)}
    assert named - there == set()
    assert len(named) > 40


def test_what_is_met_names_its_proof():
    assert {row[2] for row in ROWS} == {"met", "in part", "does not apply", "by the web server in front"}
    assert [row[0] for row in ROWS if row[2] == "met" and "test_" not in row[-1]] == []
