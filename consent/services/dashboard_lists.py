"""Who is behind a number of the dashboard? Each list has as many lines as its number said, and leaves its checks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from consent.domain.dashboard import FORECAST_AT_MOST, Ending, Ends, NotThatFar, Outlook, foreseen, outlook, standing
from consent.domain.decision import Verdict
from consent.domain.facts import Facts
from consent.domain.majority import age_in_years, midnight
from consent.domain.name_order import SortBy, name_order
from consent.domain.permissions import Permission
from consent.domain.rosters import ROSTER_USES, answers_through
from consent.domain.shown import reason_for
from consent.domain.vocabulary import Reason, Shown, Use
from consent.services.checks import Ask, Asker, record_verdicts
from consent.services.dashboard import Week, answers_today, last_of_bar, photo_in, read_everybody, who_ends
from consent.services.programs import leads_only, open_program
from consent.storage import dashboard as stored
from consent.storage.database import begin_writing
from consent.storage.models import Program
from consent.storage.patron_facts import read_facts
from consent.storage.programs import people_of

USES = tuple(use.value for use in ROSTER_USES)


@dataclass(frozen=True, slots=True)
class Counted:
    """One person on a list. `reason` is why their photo may not be posted, as whoever asks may know it."""

    external_id: str
    name: str
    age: int | None
    standing: Shown
    reason: Reason | None = None
    outlook: Outlook | None = None
    ends_on: date | None = None
    program_name: str = ""


@dataclass(frozen=True, slots=True)
class ProgramList:
    """A program's people who stand in one way, by last name."""

    program: str
    program_name: str
    standing: Shown
    people: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will be true of a program's people through the whole of that day, if nobody signs or withdraws before."""

    program: str
    program_name: str
    day: date
    people: tuple[Counted, ...]

    def count(self, outlook: Outlook) -> int:
        return Counter(person.outlook for person in self.people)[outlook]

    def part(self, outlook: Outlook) -> list[Counted]:
        return [person for person in self.people if person.outlook is outlook]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One withdrawal of a week."""

    external_id: str
    at: datetime
    patron: str
    name: str


def list_standing(
    session: Session, program: str, stands: Shown, *, asker: Asker, zone: tzinfo, now: datetime
) -> ProgramList:
    """Raises UnknownProgram."""
    begin_writing(session)
    opened = open_program(session, program, asker=asker)
    rows, known = _people_of(session, opened, zone=zone)
    answers = answers_today(known, opened.external_id, zone=zone, now=now)
    chosen = {patron_id: said for patron_id, said in answers.items() if standing(said) is stands}
    _record(session, chosen, opened.external_id, now, asker=asker, now=now)
    today = now.astimezone(zone).date()
    people = tuple(
        _counted(row, chosen[row.id], asker=asker, today=today) for row in by_last_name(rows) if row.id in chosen
    )
    told = ProgramList(opened.external_id, opened.name, stands, people)
    session.commit()
    return told


def list_ending(
    session: Session, ending: Ending, first: date, *, asker: Asker, zone: tzinfo, now: datetime
) -> list[Counted]:
    """Whose permission ends within the ten days from that one on, the first to end first."""
    begin_writing(session)
    everybody = read_everybody(session, asker=asker, zone=zone, now=now)
    chosen = {
        patron_id: (program, end)
        for patron_id, program, end in who_ends(everybody)
        if end.ending is ending and first <= _day(end, zone) <= last_of_bar(first)
    }
    people = []
    for row in by_last_name(stored.people_named(session, chosen.keys())):
        program, end = chosen[row.id]
        answers = program.answers[row.id]
        people.append(
            _counted(
                row, answers, asker=asker, today=everybody.today, ends_on=_day(end, zone), program_name=program.name
            )
        )
    for program in everybody.programs:
        listed = {key: program.answers[key] for key, (of, _end) in chosen.items() if of is program}
        _record(session, listed, program.external_id, now, asker=asker, now=now)
    session.commit()
    return sorted(people, key=lambda person: person.ends_on or date.max)


def list_withdrawals(session: Session, week: Week, *, asker: Asker, zone: tzinfo) -> list[TakenBack]:
    """The latest first."""
    since, before = midnight(week.first, zone), midnight(week.first + timedelta(weeks=1), zone)
    rows = stored.withdrawals_between(session, since, before, led_by=leads_only(asker))
    return [TakenBack(row.external_id, row.at, row.patron, f"{row.first_name} {row.last_name}") for row in rows]


def forecast(session: Session, program: str, day: date, *, asker: Asker, zone: tzinfo, now: datetime) -> Forecast:
    """Raises UnknownProgram, or NotThatFar."""
    today = now.astimezone(zone).date()
    if not today <= day <= today + FORECAST_AT_MOST:
        raise NotThatFar("A day from today to one year ahead can be foreseen.")
    begin_writing(session)
    opened = open_program(session, program, asker=asker)
    rows, known = _people_of(session, opened, zone=zone)
    if Permission.SEE_HOLDS not in asker.permissions:
        known = {patron_id: foreseen(facts, now=now) for patron_id, facts in known.items()}
    at, until = max(now, midnight(day, zone)), midnight(day + timedelta(days=1), zone)
    question = photo_in(opened.external_id, at)
    answers = {patron_id: answers_through(facts, question, until=until) for patron_id, facts in known.items()}
    _record(session, answers, opened.external_id, at, asker=asker, now=now)
    people = tuple(_counted(row, answers[row.id], asker=asker, today=day) for row in by_last_name(rows))
    told = Forecast(opened.external_id, opened.name, day, people)
    session.commit()
    return told


def by_last_name(rows: Iterable[Any]) -> Sequence[Any]:
    return sorted(rows, key=lambda row: name_order(row.first_name, row.last_name, SortBy.LAST))


def _people_of(session: Session, program: Program, *, zone: tzinfo) -> tuple[Sequence[Any], dict[int, Facts]]:
    rows = people_of(session, program.id)
    return rows, read_facts(session.connection(), [row.id for row in rows], USES, zone=zone)


def _counted(
    row: Any,
    answers: Mapping[Use, Verdict],
    *,
    asker: Asker,
    today: date,
    ends_on: date | None = None,
    program_name: str = "",
) -> Counted:
    reason = _reason(answers[Use.PHOTO].reason, asker.permissions)
    return Counted(
        row.external_id,
        f"{row.first_name} {row.last_name}",
        None if row.born is None else age_in_years(row.born, today),
        standing(answers),
        reason,
        outlook(answers, reason),
        ends_on,
        program_name,
    )


def _reason(reason: Reason | None, permissions: frozenset[Permission]) -> Reason | None:
    if reason is None:
        return None
    if reason is Reason.HOLD and Permission.SEE_HOLDS not in permissions:
        return Reason.REFUSED
    return reason_for(reason, permissions)


def _record(
    session: Session,
    answers: Mapping[int, Mapping[Use, Verdict]],
    program: str,
    at: datetime,
    *,
    asker: Asker,
    now: datetime,
) -> None:
    """That these were named with their answers is a check like any other."""
    told = {patron_id: {use.value: verdict for use, verdict in said.items()} for patron_id, said in answers.items()}
    record_verdicts(session.connection(), told, Ask(USES, at, program=program), asker=asker, now=now)


def _day(end: Ends, zone: tzinfo) -> date:
    return end.at.astimezone(zone).date()
