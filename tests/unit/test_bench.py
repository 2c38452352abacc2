"""Does the bench still start? What it measures is no matter of pass and fail."""

import subprocess
import sys
from pathlib import Path

from tests.bench.results import Result, of_floor, table


def test_the_bench_says_how_it_is_used():
    asked = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--help"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "--quick" in asked.stdout


def test_half_as_fast_as_the_floor_misses_a_goal_of_seven_tenths():
    result = of_floor("a", "verdict", 100, 200, 0.70)
    assert (result.ratio, result.met) == (0.5, False)
    assert of_floor("a", "verdict", 100, 125, 0.70).met


def test_the_table_shows_the_goal_beside_each_number():
    told = table([Result("a", "verdict", "100 us", "200 us", 0.5, ">= 0.70", met=False)]).splitlines()
    assert told[-1].split() == ["a", "verdict", "100", "us", "200", "us", "0.50", ">=", "0.70", "missed"]
