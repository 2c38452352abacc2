"""What is wrong with the file? Which lines, which keys, and what was expected there."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from consent.domain.refusals import ConsentError

AT_MOST = 100
SHOWN_LENGTH = 40


class WrongValue(Exception):
    """One value is not what its key holds; `inside` names the place within the value."""

    def __init__(self, expected: str, inside: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.inside = inside


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is empty where the line as a whole is wrong."""

    line: int
    key: str
    expected: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key + ': ' if self.key else ''}{self.expected}"


@dataclass(slots=True)
class Problems:
    """Every wrong line is counted, and what is wrong with the first hundred of them is kept."""

    kept: dict[int, list[Problem]] = field(default_factory=dict)
    others: set[int] = field(default_factory=set)

    def add(self, line: int, key: str, expected: str) -> None:
        if line in self.kept or len(self.kept) < AT_MOST:
            self.kept.setdefault(line, []).append(Problem(line, key, expected))
        else:
            self.others.add(line)

    @property
    def full(self) -> bool:
        return len(self.kept) >= AT_MOST

    def __len__(self) -> int:
        return len(self.kept) + len(self.others)

    def __iter__(self) -> Iterator[Problem]:
        for line in sorted(self.kept):
            yield from self.kept[line]


class ImportRefused(ConsentError):
    """The file as a whole is refused; `problems` says why, line by line."""

    def __init__(self, problems: Problems) -> None:
        self.problems = tuple(problems)
        self.more = len(problems.others)
        super().__init__("\n".join(self._sentences(len(problems))))

    def _sentences(self, wrong: int) -> Iterator[str]:
        yield f"Nothing was imported: {wrong:,} {'line is' if wrong == 1 else 'lines are'} wrong."
        yield from map(str, self.problems)
        if self.more:
            yield f"… and {self.more:,} more"


def shown(word: object) -> str:
    """A word of the file as a terminal may print it: whatever cannot be seen is escaped, and the end cut off."""
    text = str(word)
    quoted = repr(text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…")
    return f'"{quoted[1:-1]}"'
