"""How do the measured numbers stand against their floors? One table, with the goal beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. `ratio` is what the goal is about where there is one."""

    letter: str
    what: str
    floor: str
    ours: str
    ratio: float | None
    goal: str
    met: bool | None

    def row(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = {True: "met", False: "missed", None: ""}[self.met]
        return self.letter, self.what, self.floor, self.ours, ratio, self.goal, met


HEAD = ("", "operation", "floor", "ours", "ratio", "goal", "")


def of_floor(letter: str, what: str, floor_us: float, ours_us: float, at_least: float | None) -> Result:
    """Processor time for each answer, as a share of the floor's."""
    ratio = floor_us / ours_us
    goal, met = ("", None) if at_least is None else (f">= {at_least:.2f}", ratio >= at_least)
    return Result(letter, what, f"{floor_us:.0f} us", f"{ours_us:.0f} us", ratio, goal, met)


def at_most(letter: str, what: str, ours: float, unit: str, limit: float, *, floor: float | None = None) -> Result:
    """A number that must stay below a limit."""
    told = "" if floor is None else f"{floor:.3g} {unit}"
    ratio = None if floor is None else floor / ours
    return Result(letter, what, told, f"{ours:.3g} {unit}", ratio, f"<= {limit:g} {unit}", ours <= limit)


def middle(values: Sequence[float]) -> float:
    return median(values)


def table(results: Sequence[Result]) -> str:
    rows = [HEAD, *(result.row() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
