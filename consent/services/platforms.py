"""On which platforms may the department post at all? (policy 6.5, II.c) Closed once, never deleted."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.exchange.lines import PlatformLine
from consent.domain.exchange.writing import as_said
from consent.domain.refusals import ConsentError, UnknownPlatform
from consent.services.ledger import Event, record
from consent.services.trails import trail
from consent.storage.columns import EXTERNAL_ID_LENGTH, NAME_LENGTH
from consent.storage.database import begin_writing
from consent.storage.models import Platform

NUMBERED = 4
"""So much room an id leaves for a number, where another one is made of the same name."""


class PlatformNameWrong(ConsentError):
    """A platform's name is empty or too long."""


class PlatformThere(ConsentError):
    """A platform of this name is not closed yet."""


def list_platforms(session: Session) -> Sequence[Platform]:
    """Those not closed first, each by name."""
    found = session.scalars(select(Platform).order_by(Platform.name, Platform.id)).all()
    return sorted(found, key=lambda platform: platform.approved_until is not None)


def add_platform(session: Session, name: str, approved_on: date, *, zone: tzinfo, by: str, now: datetime) -> str:
    """From the midnight that begins that day; gives its id. Raises PlatformNameWrong or PlatformThere."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise PlatformNameWrong(f"A platform's name has 1 to {NAME_LENGTH} characters on one line.")
    begin_writing(session)
    known = list_platforms(session)
    if any(one.name.casefold() == name.casefold() and _is_open(one, now) for one in known):
        raise PlatformThere(f"A platform called {name!r} is approved already.")

    line = PlatformLine(
        _free_id(name, {one.external_id for one in known}),
        name,
        approved_from=datetime.combine(approved_on, time(), zone),
        approved_until=None,
    )
    session.add(Platform(external_id=line.id, name=line.name, approved_from=line.approved_from))
    record(session, Event(EventKind.PLATFORM_ADDED, as_said(line)), by=by, now=now)
    session.commit()
    return line.id


def open_platform(session: Session, external_id: str) -> Platform:
    """Raises UnknownPlatform."""
    platform = session.scalar(select(Platform).where(Platform.external_id == external_id))
    if platform is None:
        raise UnknownPlatform("No platform has this id.")
    return platform


def close_platform(session: Session, external_id: str, *, by: str, now: datetime) -> None:
    """From now on nobody posts there. What was signed for it stays, and counts nowhere. Raises UnknownPlatform."""
    begin_writing(session)
    platform = open_platform(session, external_id)
    if _is_open(platform, now):
        before = PlatformLine(
            platform.external_id, platform.name, platform.approved_from, approved_until=platform.approved_until
        )
        platform.approved_until = now
        told = trail(before, replace(before, approved_until=now))
        record(session, Event(EventKind.PLATFORM_CHANGED, told), by=by, now=now)
    session.commit()


def _is_open(platform: Platform, now: datetime) -> bool:
    return platform.approved_until is None or now < platform.approved_until


def _free_id(name: str, taken: set[str]) -> str:
    """A word to name it by in files and to other systems, made of the name once and for all."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: EXTERNAL_ID_LENGTH - NUMBERED] or "platform"
    numbered = (f"{word}-{number}" for number in count(2))
    return word if word not in taken else next(one for one in numbered if one not in taken)
