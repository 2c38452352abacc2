"""Who is in the picture, and where is it to appear? A list that its member of staff alone opens, kept at each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.groups import MOST_PEOPLE
from consent.domain.refusals import UnknownPlatform, UnknownRecord
from consent.domain.vocabulary import Use
from consent.services.checks import Asker
from consent.services.programs import open_program
from consent.storage import groups
from consent.storage.database import begin_writing
from consent.storage.models import GroupCheck, Platform


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with the picture, where and when; no platform means every one approved, no time now."""

    uses: tuple[Use, ...]
    channel: str
    platform: str | None = None
    program: str | None = None
    planned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupListed:
    """One group check that somebody has open. It names nobody."""

    number: int
    uses: tuple[Use, ...]
    platform_name: str | None
    people: int
    changed_at: datetime


def start_group(session: Session, plan: Plan, headcount: int | None, *, asker: Asker, now: datetime) -> int:
    """Its number. Raises UnknownPlatform or UnknownProgram."""
    begin_writing(session)
    group = GroupCheck(staff_id=asker.staff_id, headcount=headcount, unidentified=0, started_at=now, changed_at=now)
    _put(session, group, plan, asker)
    session.add(group)
    session.commit()
    return group.id


def change_plan(session: Session, number: int, plan: Plan, *, asker: Asker, now: datetime) -> None:
    """Raises UnknownRecord, UnknownPlatform or UnknownProgram."""
    group = hold_group(session, number, asker=asker, now=now)
    _put(session, group, plan, asker)
    session.commit()


def declare_headcount(session: Session, number: int, headcount: int | None, *, asker: Asker, now: datetime) -> None:
    """How many people can be recognized in the picture. Raises UnknownRecord."""
    hold_group(session, number, asker=asker, now=now).headcount = headcount
    session.commit()


def count_unidentified(session: Session, number: int, more: int, *, asker: Asker, now: datetime) -> None:
    """So many more people, or fewer, whom nobody could identify. Raises UnknownRecord."""
    group = hold_group(session, number, asker=asker, now=now)
    group.unidentified = min(max(0, group.unidentified + more), MOST_PEOPLE)
    session.commit()


def close_group(session: Session, number: int, *, asker: Asker, now: datetime) -> None:
    """Put it away; nobody opens it any more. Raises UnknownRecord."""
    hold_group(session, number, asker=asker, now=now).closed_at = now
    session.commit()


def list_groups(session: Session, *, asker: Asker) -> Sequence[GroupListed]:
    """Whatever the asker has open, the latest first."""
    return [
        GroupListed(group.id, uses_of(group), platform_name, people, group.changed_at)
        for group, platform_name, people in groups.open_groups(session, staff_id=asker.staff_id or 0)
    ]


def open_group(session: Session, number: int, *, asker: Asker) -> GroupCheck:
    """Raises UnknownRecord, for a colleague's too."""
    group = groups.find_group(session, number, staff_id=asker.staff_id or 0)
    if group is None:
        raise UnknownRecord("No group check with this number is open to you.")
    return group


def hold_group(session: Session, number: int, *, asker: Asker, now: datetime) -> GroupCheck:
    """For a change, which begins here. Raises UnknownRecord."""
    begin_writing(session)
    group = open_group(session, number, asker=asker)
    group.changed_at = max(now, group.started_at)
    return group


def plan_of(session: Session, group: GroupCheck) -> Plan:
    places = groups.places_of(session, group)
    return Plan(uses_of(group), group.channel, places.platform, places.program, group.planned_at)


def uses_of(group: GroupCheck) -> tuple[Use, ...]:
    return tuple(Use(use) for use in group.uses.split())


def _put(session: Session, group: GroupCheck, plan: Plan, asker: Asker) -> None:
    group.uses = " ".join(use.value for use in Use if use in plan.uses)
    group.channel, group.planned_at = plan.channel, plan.planned_at
    group.platform_id = _platform(session, plan.platform) if plan.platform else None
    group.program_id = open_program(session, plan.program, asker=asker).id if plan.program else None


def _platform(session: Session, external_id: str) -> int:
    key = session.scalar(select(Platform.id).where(Platform.external_id == external_id))
    if key is None:
        raise UnknownPlatform("No platform has this id.")
    return key
