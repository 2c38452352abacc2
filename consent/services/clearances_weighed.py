"""What does the gate say of this clearance at that time, for this employee?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from consent.domain.gate import Outcome, clear
from consent.domain.gate_facts import Asked, Capture, ChecklistItem, GateFacts, Limit
from consent.domain.vocabulary import Media, Use
from consent.storage import clearances as stored
from consent.storage.gate_facts import read_gate_facts


@dataclass(frozen=True, slots=True)
class Ticked:
    """What somebody confirmed: the items of the checklist, and each limit for each person."""

    checklist: frozenset[ChecklistItem] = frozenset()
    limits: frozenset[Limit] = frozenset()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What was asked, on which facts, and what the gate said. `people` gives each patron's external id."""

    asked: Asked
    facts: GateFacts
    outcome: Outcome
    people: Mapping[int, str]


NOTHING_TICKED = Ticked()


def weigh(
    session: Session,
    kept: Row[*tuple[Any, ...]],
    *,
    staff_id: int,
    ticked: Ticked = NOTHING_TICKED,
    after_clearing: bool = False,
    zone: tzinfo,
    now: datetime,
) -> Weighed:
    """What was cleared may be posted later than planned; what is to be cleared lies ahead."""
    clearance = kept.Clearance
    people = stored.people_in(session, clearance.id)
    captures = tuple(
        Capture(Media(row.media), row.captured_at, str(row.staff_id), row.device)
        for row, *_ in stored.captures_in(session, clearance.id)
    )
    planned_at = clearance.planned_at
    if after_clearing and planned_at is not None and planned_at < now:
        planned_at = None
    asked = Asked(
        staff=str(staff_id),
        platform=kept.Platform.external_id,
        account=str(clearance.account_id),
        at=now,
        people=frozenset(people.values()),
        headcount=clearance.headcount,
        uses=frozenset(uses_in(clearance.uses)),
        captures=captures,
        planned_at=planned_at,
        program=kept.program,
        unidentified=clearance.unidentified,
        checklist=ticked.checklist,
        seen=ticked.limits,
    )
    staff = {staff_id, *(int(capture.staff) for capture in captures)}
    facts = read_gate_facts(session, staff, people, zone=zone)
    return Weighed(asked, facts, clear(facts, asked), people)


def uses_in(words: str) -> Iterable[Use]:
    return (Use(word) for word in words.split())
