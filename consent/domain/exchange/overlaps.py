"""Which guardianships of one pair overlap? Half-open: where one ends the next may start."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from consent.domain.exchange.lines import GuardianshipLine

ON_FILE = 0


def overlapping(new: Iterable[tuple[int, GuardianshipLine]], others: Iterable[GuardianshipLine]) -> Iterator[int]:
    """The numbers of the lines whose guardianship overlaps an earlier one's; `others` are on file already."""
    by_pair: defaultdict[tuple[str, str], list[tuple[int, GuardianshipLine]]] = defaultdict(list)
    for number, line in new:
        by_pair[line.guardian, line.patron].append((number, line))
    for line in others:
        if (line.guardian, line.patron) in by_pair:
            by_pair[line.guardian, line.patron].append((ON_FILE, line))
    for numbered in by_pair.values():
        yield from _within(numbered)


def _within(numbered: list[tuple[int, GuardianshipLine]]) -> Iterator[int]:
    """One pass in the order of their starts, past the one that reaches furthest."""
    numbered.sort(key=lambda each: each[1].since)
    furthest, reaching = numbered[0]
    for number, line in numbered[1:]:
        if reaching.until is None or reaching.until > line.since:
            yield max(number, furthest)
        if reaching.until is not None and (line.until is None or line.until > reaching.until):
            furthest, reaching = number, line
