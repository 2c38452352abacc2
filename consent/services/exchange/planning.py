"""What would this file change? Finds what the registry holds of it, and every line that cannot stand beside it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from consent.domain.exchange.comparing import compare
from consent.domain.exchange.lines import (
    ConsentLine,
    EnrollmentLine,
    FormLine,
    GuardianshipLine,
    Line,
    LineType,
    Named,
    Reference,
)
from consent.domain.exchange.overlaps import overlapping
from consent.domain.exchange.problems import Problems, shown
from consent.domain.exchange.shapes import TYPES
from consent.services.exchange.parsing import ParsedFile
from consent.storage.erasures import people_erased
from consent.storage.exchange.stored import find_keys, find_lines

PEOPLE = (LineType.PATRON, LineType.GUARDIAN)
ERASED = "expected nobody whose personal data was erased by order; they stay as they are"
LOST = "expected the value on file, which is never taken back"


@dataclass(slots=True)
class Stated:
    """One thing that the file states: what the registry held of it, and what holds when all its lines are read."""

    number: int
    line: Any
    stored: Any = None
    lacking: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """What is new and what changes, by type; `keys` are the rows of all that the file names and the registry holds."""

    problems: Problems
    stated: dict[LineType, dict[Named, Stated]] = field(default_factory=lambda: {kind: {} for kind in LineType})
    keys: dict[LineType, dict[Named, Any]] = field(default_factory=lambda: {kind: {} for kind in LineType})
    held: dict[LineType, dict[Named, Any]] = field(default_factory=lambda: {kind: {} for kind in LineType})
    erased: frozenset[tuple[str, str]] = frozenset()

    def new(self, kind: LineType) -> list[Any]:
        return [stated.line for stated in self.stated[kind].values() if stated.stored is None]

    def changed(self, kind: LineType) -> list[tuple[Line, Line]]:
        """As it was and as it becomes."""
        return [
            (stated.stored, stated.line)
            for stated in self.stated[kind].values()
            if stated.stored is not None and stated.line != stated.stored
        ]

    def form(self, line: ConsentLine) -> FormLine | None:
        named = line.form, line.version
        stated = self.stated[LineType.FORM].get(named)
        form = stated.line if stated else self.held[LineType.FORM].get(named)
        return form if isinstance(form, FormLine) else None

    def form_of(self, line: ConsentLine) -> FormLine:
        """Of a plan without problems, in which each form is known."""
        form = self.form(line)
        assert form is not None
        return form


def make_plan(connection: Connection, parsed: ParsedFile) -> Plan:
    """Reads only. The plan's problems are the file's, those of its shape among them."""
    plan = Plan(parsed.problems)
    if plan.problems.full:
        return plan
    plan.erased = people_erased(connection)
    _look_up(connection, plan, parsed)
    for number, line in parsed.lines:
        _check_references(plan, parsed, number, line)
        _state(plan, number, line)
    for number, key, expected in _found_at_the_end(plan):
        plan.problems.add(number, key, expected)
    return plan


def _look_up(connection: Connection, plan: Plan, parsed: ParsedFile) -> None:
    stated: defaultdict[LineType, set[Named]] = defaultdict(set)
    referred: defaultdict[LineType, set[Named]] = defaultdict(set)
    for _, line in parsed.lines:
        named = line.patron if isinstance(line, GuardianshipLine | EnrollmentLine) else line.named
        stated[TYPES[type(line)]].add(named)
        for reference in line.refers():
            referred[reference.type].add(reference.named)
    stated[LineType.FORM] |= referred.pop(LineType.FORM, set())
    for kind, names in stated.items():
        found = find_lines(connection, kind, names)
        plan.keys[kind] = {named: key for named, (key, _) in found.items()}
        plan.held[kind] = {named: line for named, (_, line) in found.items()}
    for kind, names in referred.items():
        plan.keys[kind] |= find_keys(connection, kind, names - plan.keys[kind].keys())
    unmatched = find_keys(connection, LineType.CONSENT, stated[LineType.CONSENT] - plan.keys[LineType.CONSENT].keys())
    plan.keys[LineType.CONSENT] |= unmatched


def _check_references(plan: Plan, parsed: ParsedFile, number: int, line: Line) -> None:
    for reference in line.refers():
        if not _is_known(plan, parsed, reference):
            expected = f"expected a {reference.type.value} named before; {_shown(reference.named)} is not"
            plan.problems.add(number, reference.key, expected)
    if isinstance(line, ConsentLine) and (form := plan.form(line)):
        unasked = [use for use, _ in line.answers if use not in form.uses]
        if unasked:
            expected = f"expected only uses of the form ({', '.join(form.uses)}), not {', '.join(unasked)}"
            plan.problems.add(number, "answers", expected)


def _is_known(plan: Plan, parsed: ParsedFile, reference: Reference) -> bool:
    kind, named = reference.type, reference.named
    return named in plan.stated[kind] or named in plan.keys[kind] or (kind, named) in parsed.misnamed


def _state(plan: Plan, number: int, line: Line) -> None:
    """Compare with an earlier line about the same thing, else with what the registry holds."""
    kind = TYPES[type(line)]
    before = plan.stated[kind].get(line.named)
    known = before.line if before else plan.held[kind].get(line.named)
    if known is None:
        if line.named in plan.keys[kind]:
            plan.problems.add(number, "id", "expected another id; a signing not yet matched to a patron has this one")
        _refuse_erased(plan, number, line)
        plan.stated[kind][line.named] = Stated(number, line)
        return
    compared = compare(known, line)
    if compared.merged != known:
        _refuse_erased(plan, number, line)
    for key in compared.contradicting:
        plan.problems.add(number, key, f"expected what is on file for this {kind.value}, which never changes")
    if before is None:
        plan.stated[kind][line.named] = Stated(number, compared.merged, known, compared.lacking)
        return
    # A file may state a record before and after it gained a value; the second import of it must find nothing new.
    if lost := [key for key in compared.lacking if key not in before.lacking]:
        _say_lost(plan.problems, number, lost)
    before.lacking = tuple(key for key in before.lacking if key in compared.lacking)
    before.number, before.line = number, compared.merged


def _refuse_erased(plan: Plan, number: int, line: Line) -> None:
    """A file may repeat what is left of somebody who was erased, and bring nothing of them back."""
    kind = TYPES[type(line)]
    people = {kind.value: getattr(line, "id", None)} if kind in PEOPLE else {}
    people |= {person.value: getattr(line, person.value, None) for person in PEOPLE if person is not kind}
    for key, name in people.items():
        if (key, name) in plan.erased:
            plan.problems.add(number, "id" if key == kind.value else key, ERASED)


def _found_at_the_end(plan: Plan) -> Iterator[tuple[int, str, str]]:
    for stated in (stated for named in plan.stated.values() for stated in named.values()):
        for key in stated.lacking:
            yield stated.number, key, LOST
    for number in _overlaps(plan):
        yield number, "since", "expected no overlap with another guardianship of this guardian and patron"


def _overlaps(plan: Plan) -> Iterator[int]:
    """As they stand at the end of the file: an open one may have ended meanwhile."""
    said, held = plan.stated[LineType.GUARDIANSHIP], plan.held[LineType.GUARDIANSHIP]
    new = [(one.number, one.line) for one in said.values() if one.stored is None]
    others = [one.line for one in said.values() if one.stored] + [held[named] for named in held.keys() - said.keys()]
    return overlapping(new, others)


def _say_lost(problems: Problems, number: int, keys: list[str]) -> None:
    for key in keys:
        problems.add(number, key, LOST)


def _shown(named: Named) -> str:
    return " version ".join(shown(part) for part in named) if isinstance(named, tuple) else shown(named)
