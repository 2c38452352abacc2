"""May this picture go out now, with everybody in it? Asked anew at each look, and each answer recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consent.domain.groups import WORST_FIRST, GroupFace, InVain, group_face, person_shown, platforms_for_all
from consent.domain.shown import Face
from consent.domain.vocabulary import Shown, Use
from consent.services.checks import Ask, Asker, check_patrons
from consent.services.groups import Plan, open_group, plan_of
from consent.services.groups_people import last_removed
from consent.services.lookup_people import Person, people_of
from consent.services.programs import leads_only
from consent.storage import groups
from consent.storage.models import GroupCheckPerson


@dataclass(frozen=True, slots=True)
class InGroup:
    """One person in the picture with their answer; or what means nobody, and why."""

    named: str
    added_at: datetime
    shown: Shown
    person: Person | None = None
    faces: Mapping[Use, Face] | None = None
    in_vain: InVain | None = None

    @property
    def against(self) -> dict[Use, Face]:
        """The uses that are not simply allowed, with their answers."""
        return {use: face for use, face in (self.faces or {}).items() if face.shown is not Shown.YES}


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """The whole group: those who must leave the picture first, then in the order in which they came."""

    number: int
    plan: Plan
    headcount: int | None
    unidentified: int
    people: tuple[InGroup, ...]
    face: GroupFace
    platforms: frozenset[str]
    last_removed: InGroup | None
    at: datetime


def ask_group(
    session: Session, checks: Engine, number: int, *, asker: Asker, zone: tzinfo, now: datetime
) -> GroupAnswer:
    """Everybody's answer at the time planned, or now. A check that cannot be recorded raises; so does UnknownRecord."""
    group = open_group(session, number, asker=asker)
    plan = plan_of(session, group)
    rows = groups.everybody_in(session, number)
    there, gone = [row for row in rows if row.removed_at is None], last_removed(rows)
    people = _people(session, [*there, *([gone] if gone else [])], asker=asker, now=now, zone=zone)
    ask = Ask(tuple(plan.uses), max(now, plan.planned_at or now), plan.platform, plan.channel, plan.program)
    asked = [row.patron_id for row in there if row.patron_id in people]
    faces = check_patrons(checks, asked, ask, asker=asker, zone=zone, now=now)
    in_group = [_in_group(row, people, faces.get(row.patron_id or 0)) for row in there]
    return GroupAnswer(
        number=number,
        plan=plan,
        headcount=group.headcount,
        unidentified=group.unidentified,
        people=tuple(sorted(in_group, key=lambda one: WORST_FIRST.index(one.shown))),
        face=group_face([one.shown for one in in_group], headcount=group.headcount, unidentified=group.unidentified),
        platforms=platforms_for_all(face for by_use in faces.values() for face in by_use.values()),
        last_removed=_in_group(gone, people, None) if gone else None,
        at=now,
    )


def _people(
    session: Session, rows: Sequence[GroupCheckPerson], *, asker: Asker, now: datetime, zone: tzinfo
) -> dict[int, Person]:
    """Those who are open to the asker; somebody may have left a lead's program meanwhile."""
    patrons = {row.patron_id for row in rows if row.patron_id is not None}
    staff_id = leads_only(asker)
    if staff_id is not None:
        patrons &= groups.led_by(session, patrons, staff_id)
    today = now.astimezone(zone).date()
    return {one.id: one for one in people_of(session.connection(), patrons, led_by=staff_id, today=today)}


def _in_group(row: GroupCheckPerson, people: Mapping[int, Person], faces: Mapping[str, Face] | None) -> InGroup:
    person = people.get(row.patron_id or 0)
    if person is None or faces is None:
        in_vain = None if person else InVain(row.in_vain or InVain.NOT_KNOWN)
        return InGroup(row.named, row.added_at, Shown.NOT_KNOWN, person, in_vain=in_vain)
    by_use = {Use(use): face for use, face in faces.items()}
    return InGroup(row.named, row.added_at, person_shown(by_use.values()), person, by_use)
