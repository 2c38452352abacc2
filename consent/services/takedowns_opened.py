"""Which posts must come down because of what just changed, or because time has passed?

Whatever changes about a person leaves an event in the ledger, so every change is followed from there: none of the
services that record a withdrawal, a hold or a voiding need think of it, and none can forget it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy.orm import Session

from consent.domain.events import EventKind
from consent.domain.facts import Facts
from consent.domain.housekeeping import Chore
from consent.domain.takedowns import Owed, Standing, due_on, owed, still_owed
from consent.services.ledger import Change, Event, follows_every_change, record_all
from consent.services.sealed_checks import BY_TICK
from consent.services.terms import terms_of
from consent.storage import takedowns as stored
from consent.storage.database import begin_writing
from consent.storage.housekeeping import last_done_at, note_done
from consent.storage.models import Takedown
from consent.storage.patron_facts import read_facts
from consent.storage.takedowns import Stands, standing_of

AT_A_TIME: Final = 1_000
IN_A_POST: Final = attrgetter("patron_id", "post_id")
SWEEP_EVERY: Final = timedelta(hours=1)


@follows_every_change
def open_after(session: Session, change: Change) -> None:
    """Tasks for whatever stands with the people whom a change was about; where it does not name them, with anybody."""
    if change.about_anybody:
        standing = stored.everything_standing(session)
    elif change.about_somebody:
        standing = stored.standing_about(session, after=change.after)
    else:
        return
    _open(session, standing, by=change.by, now=change.now)


def open_in_post(session: Session, post_id: int, *, by: str, now: datetime) -> None:
    """Of what was posted although it no longer was allowed. The caller commits."""
    _open(session, stored.standing_in(session, [post_id]), by=by, now=now)


def sweep_takedowns(session: Session, *, now: datetime) -> str | None:
    """What time alone has ended: an expiry, a birthday, a guardianship's end, a hold that was to begin later.

    Once an hour, and first thing on each day of the registry's own clock.
    """
    last, zone = last_done_at(session, Chore.TAKEDOWNS_SWEPT), terms_of(session).zone
    if last and now - last < SWEEP_EVERY and last.astimezone(zone).date() == now.astimezone(zone).date():
        session.rollback()
        return None
    # Everything is looked at before the writer's turn, and whoever is found once more within it.
    found = {stands.patron_id for stands, _ in _owing(session, stored.everything_standing(session), now=now)}
    begin_writing(session)
    opened = _open(session, stored.standing_with(session, found), by=BY_TICK, now=now) if found else 0
    note_done(session, Chore.TAKEDOWNS_SWEPT, now=now)
    session.commit()
    return f"Opened takedowns: {opened}." if opened else None


def _open(session: Session, standing: Sequence[Stands], *, by: str, now: datetime) -> int:
    if not standing:
        return 0
    terms = terms_of(session)
    owing = list(_owing(session, standing, now=now))
    session.add_all(
        Takedown(
            post_id=stands.post_id,
            patron_id=stands.patron_id,
            action=task.action.value,
            uses=" ".join(task.uses),
            reason=task.reason.value,
            opened_at=now,
            due_on=due_on(now, terms.days, terms.zone),
        )
        for stands, task in owing
    )
    record_all(session, [_event(stands, task) for stands, task in owing], by=by, now=now)
    return len(owing)


def _owing(session: Session, standing: Iterable[Stands], *, now: datetime) -> Iterator[tuple[Stands, Owed]]:
    """Somebody in a post, and each task that is owed about them and not there yet."""
    by_person = groupby(sorted(standing, key=IN_A_POST), attrgetter("patron_id"))
    people = [(key, list(theirs)) for key, theirs in by_person]
    for first in range(0, len(people), AT_A_TIME):
        some = people[first : first + AT_A_TIME]
        uses = {stands.uses for _, theirs in some for stands in theirs}
        facts = read_facts(session.connection(), [key for key, _ in some], uses, zone=terms_of(session).zone)
        yield from _not_there_yet(
            session, [found for key, theirs in some for found in _owed_about(theirs, facts[key], now)]
        )


def _owed_about(theirs: Iterable[Stands], facts: Facts, now: datetime) -> Iterator[tuple[Stands, tuple[Owed, ...]]]:
    """Of one person, each post; what is asked about alike is decided once."""
    known: dict[Standing, tuple[Owed, ...]] = {}
    for _, uses in groupby(theirs, IN_A_POST):
        rows = list(uses)
        standing = standing_of(rows)
        if standing not in known:
            known[standing] = owed(facts, standing, at=now)
        if known[standing]:
            yield rows[0], known[standing]


def _not_there_yet(session: Session, owing: Sequence[tuple[Stands, tuple[Owed, ...]]]) -> Iterator[tuple[Stands, Owed]]:
    for first in range(0, len(owing), AT_A_TIME):
        some = owing[first : first + AT_A_TIME]
        latest = stored.latest_about(session, {stands.post_id for stands, _ in some})
        for stands, tasks in some:
            for task in still_owed(tasks, latest.get((stands.post_id, stands.patron_id), {})):
                yield stands, task


def _event(stands: Stands, task: Owed) -> Event:
    content = {
        "post": stands.post_id,
        "patron": stands.patron,
        "action": task.action.value,
        "uses": list(task.uses),
        "reason": task.reason.value,
    }
    return Event(EventKind.TAKEDOWN_OPENED, content)
