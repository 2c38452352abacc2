"""What does one answer cost, with the server around it? Each variant in turn, several times round."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.load import Load, Served, ask, serving
from tests.bench.registries import Registry, page_script, question_script
from tests.bench.results import Result, at_most, middle, of_floor
from tests.bench.seeding import SYLLABLES

CHECKS = "/api/v1/checks"
GROUPS = {30: 2.0, 300: 12.0}


@dataclass(frozen=True, slots=True)
class Variant:
    """What is asked of which server."""

    served: Served
    path: str
    connections: int = 1
    script: Path | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of a variant's rounds."""

    cpu_us: float
    per_second: float
    p50_ms: float
    p99_ms: float

    @classmethod
    def of(cls, rounds: list[Load]) -> "Measured":
        told: Mapping[str, Callable[[Load], float]] = {
            "cpu_us": lambda load: load.cpu_us,
            "per_second": lambda load: load.per_second,
            "p50_ms": lambda load: load.p50_ms,
            "p99_ms": lambda load: load.p99_ms,
        }
        return cls(**{name: middle([value(load) for load in rounds]) for name, value in told.items()})


def measure(
    small: Registry, large: Registry, postgresql: Registry, folder: Path, *, rounds: int, seconds: float
) -> Iterator[Result]:
    """All that goes over HTTP."""
    with ExitStack() as running:
        variants = _variants(running, small, large, postgresql, folder)
        loads: dict[str, list[Load]] = {name: [] for name in variants}
        for name, variant in variants.items():
            _ask(variant, 1)
            print(f"  warm: {name}", flush=True)
        for turn in range(rounds):
            for name, variant in variants.items():
                loads[name].append(_ask(variant, seconds))
            print(f"  round {turn + 1} of {rounds}", flush=True)
    yield from _results({name: Measured.of(rounds) for name, rounds in loads.items()}, small, large)


def _ask(variant: Variant, seconds: float) -> Load:
    return ask(variant.served, variant.path, connections=variant.connections, seconds=seconds, script=variant.script)


def _variants(
    running: ExitStack, small: Registry, large: Registry, postgresql: Registry, folder: Path
) -> dict[str, Variant]:
    hello = running.enter_context(serving("tests.bench.servers:hello()", {}))
    join = running.enter_context(serving("tests.bench.servers:join()", small.environment))
    of_small, of_large, of_postgresql = (
        running.enter_context(serving("tests.bench.servers:registry()", served.environment))
        for served in (small, large, postgresql)
    )
    random_id = f"math.random(1, {small.patrons})"
    joining = page_script(folder, "join", "/join?patron=P", random_id)
    page = page_script(folder, "page", "/look-up?use=photo&platform=facebook&q=P", random_id, small.cookie)
    names = page_script(folder, "names", "/look-up/people?q=", _a_word_of(SYLLABLES), large.cookie)
    about = {count: question_script(folder, count) for count in {small.patrons, large.patrons}}
    groups = {size: question_script(folder, small.patrons, size) for size in GROUPS}
    return {
        "hello": Variant(hello, "/hello"),
        "hello, 8": Variant(hello, "/hello", 8),
        "join": Variant(join, "/join", 1, joining),
        "check, small": Variant(of_small, CHECKS, 1, about[small.patrons]),
        "check, small, 8": Variant(of_small, CHECKS, 8, about[small.patrons]),
        "check, large": Variant(of_large, CHECKS, 1, about[large.patrons]),
        "check, postgresql": Variant(of_postgresql, CHECKS, 1, about[postgresql.patrons]),
        "check, postgresql, 8": Variant(of_postgresql, CHECKS, 8, about[postgresql.patrons]),
        "page": Variant(of_small, "/look-up", 1, page),
        "names": Variant(of_large, "/look-up/people", 1, names),
        **{f"group {size}": Variant(of_small, CHECKS, 1, script) for size, script in groups.items()},
    }


def _a_word_of(syllables: Sequence[str]) -> str:
    """Lua for two syllables of a name, as far as somebody has typed it."""
    listed = "({" + ", ".join(f'"{syllable}"' for syllable in syllables) + f"}})[math.random(1, {len(syllables)})]"
    return f"{listed} .. {listed}"


def _results(measured: Mapping[str, Measured], small: Registry, large: Registry) -> Iterator[Result]:
    hello, check = measured["hello"], measured["check, small"]
    few, many = f"{small.patrons:,} people", f"{large.patrons:,} people"
    yield of_floor("a", "floor: raw join against hello", hello.cpu_us, measured["join"].cpu_us, None)
    yield of_floor("a", f"verdict as JSON, {few}, against hello", hello.cpu_us, check.cpu_us, 0.70)
    yield of_floor("a", f"verdict as JSON, {few}, against the raw join", measured["join"].cpu_us, check.cpu_us, None)
    yield of_floor(
        "a", "  the same with 8 connections", measured["hello, 8"].cpu_us, measured["check, small, 8"].cpu_us, 0.70
    )
    yield of_floor("a", f"verdict as JSON, {many}, against hello", hello.cpu_us, measured["check, large"].cpu_us, 0.70)
    yield at_most("a", f"verdict as JSON, {few}, p99 at one connection", check.p99_ms, "ms", 5)
    yield _asked_a_second("a", f"verdicts a second, {few}, one connection", check, 7 * 216)
    yield _asked_a_second("a", f"verdicts a second, {many}, one connection", measured["check, large"], 50 * 24)
    grown = measured["check, large"].cpu_us / check.cpu_us
    yield Result(
        "g", f"{many} against {few}", f"{check.cpu_us:.0f} us", f"{measured['check, large'].cpu_us:.0f} us",
        grown, "<= 1.20", grown <= 1.2,
    )  # fmt: skip
    for connections in ("", ", 8"):
        yield of_floor(
            "a''", f"verdict on PostgreSQL, {few}{connections and ', 8 connections'}",
            measured[f"hello{connections}"].cpu_us, measured[f"check, postgresql{connections}"].cpu_us, 0.40,
        )  # fmt: skip
    yield of_floor("a'", f"verdict page, {few}", hello.cpu_us, measured["page"].cpu_us, 0.40)
    yield of_floor("b", f"name search over HTTP, {many}", hello.cpu_us, measured["names"].cpu_us, 0.60)
    for size, goal in GROUPS.items():
        yield at_most(
            "c", f"group check of {size}, p50 at one connection", measured[f"group {size}"].p50_ms, "ms", goal
        )


def _asked_a_second(letter: str, what: str, measured: Measured, at_least: float) -> Result:
    met = measured.per_second >= at_least
    return Result(letter, what, "", f"{measured.per_second:.0f}/s", None, f">= {at_least:.0f}/s", met)
