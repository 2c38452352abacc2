"""What does the file say, line by line? Reads and checks the shape of each line before anybody's turn to write."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from consent.domain.exchange.lines import Line, LineType, Named
from consent.domain.exchange.problems import Problems
from consent.domain.exchange.reading import read_line

LONGEST_LINE = 10 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BLANK = b" \t\r\n"
TELL_EVERY = 10_000

Progress = Callable[[str, int], None]
"""Told now and then what is being done and how many lines of it are done."""


@dataclass(slots=True)
class ParsedFile:
    """The lines that are well formed, with their numbers; and of the others, what they name."""

    lines: list[tuple[int, Line]] = field(default_factory=list)
    misnamed: set[tuple[LineType, Named]] = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)


def parse(source: BinaryIO, *, today: date, progress: Progress) -> ParsedFile:
    parsed = ParsedFile()
    for number, raw in _numbered(source):
        if number % TELL_EVERY == 0:
            progress("read", number)
        if len(raw) > LONGEST_LINE:
            parsed.problems.add(number, "", f"expected a line of at most {LONGEST_LINE:,} bytes")
            continue
        reading = read_line(raw, today=today)
        if reading.line is not None:
            parsed.lines.append((number, reading.line))
        for key, expected in reading.faults:
            parsed.problems.add(number, key, expected)
        if reading.named is not None:
            parsed.misnamed.add(reading.named)
    return parsed


def _numbered(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Every line that is not blank. Of one that is too long, no more than shows it."""
    for number, raw in enumerate(_bounded(source), start=1):
        line = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
        if line.strip(BLANK):
            yield number, line


def _bounded(source: BinaryIO) -> Iterable[bytes]:
    while line := source.readline(LONGEST_LINE + 1):
        rest = line
        while not rest.endswith(b"\n") and len(rest) > LONGEST_LINE:
            rest = source.readline(LONGEST_LINE + 1)
        yield line
