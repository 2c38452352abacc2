"""Where must somebody act today? Numbers over everybody in the programs that are not over, each with a list behind."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from consent.domain.dashboard import (
    DAYS_AHEAD,
    DAYS_IN_A_BAR,
    WEEKS_BACK,
    Ending,
    Ends,
    ends,
    monday,
    standing,
)
from consent.domain.decision import Verdict
from consent.domain.facts import Facts, Question
from consent.domain.majority import midnight
from consent.domain.name_order import SortBy
from consent.domain.rosters import ROSTER_USES, answers_through, mark
from consent.domain.vocabulary import Shown, Use
from consent.services.checks import Asker
from consent.services.programs import leads_only
from consent.services.rosters import Listed, Roster
from consent.storage import dashboard as stored
from consent.storage.patron_facts_enrolled import many_at_once, read_facts_of_enrolled


@dataclass(frozen=True, slots=True)
class InProgram:
    """One program that is not over, and what a roster answers about each of its people today."""

    key: int
    external_id: str
    name: str
    starts: date
    answers: Mapping[int, Mapping[Use, Verdict]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Everybody:
    """The people of the programs that are open to whoever asks."""

    now: datetime
    zone: tzinfo
    led_by: int | None
    facts: Mapping[int, Facts] = field(repr=False)
    programs: tuple[InProgram, ...]

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def of_unknown_age(self) -> int:
        """Of them nobody knows when they come of age."""
        patrons = (facts.patron for facts in self.facts.values())
        return sum(patron.born is None and not patron.adult for patron in patrons)


@dataclass(frozen=True, slots=True)
class Covered:
    """How a program's people stand."""

    program: str
    name: str
    starts: date
    people: int
    counts: Mapping[Shown, int]

    @property
    def worst_first(self) -> tuple[bool, float, float, str]:
        """By the share of those who may be shown at all; a program without people comes last."""
        people = self.people or 1
        yes = self.counts[Shown.YES]
        return not self.people, yes / people, (yes + self.counts[Shown.LIMITS]) / people, self.name


@dataclass(frozen=True, slots=True)
class EndingSoon:
    """How many permissions end between two days, both included."""

    first: date
    last: date
    counts: Mapping[Ending, int]


@dataclass(frozen=True, slots=True)
class Week:
    """How many permissions were taken back in the week that begins on that Monday."""

    first: date
    withdrawals: int

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


@dataclass(frozen=True, slots=True)
class StaleSheet:
    """A sheet of today that tells the truth no longer."""

    serial: str
    program: str
    program_name: str
    printed_at: datetime
    printed_by: str | None


def read_everybody(session: Session, *, asker: Asker, zone: tzinfo, now: datetime) -> Everybody:
    """Three statements, however many programs and people there are."""
    led_by, today = leads_only(asker), now.astimezone(zone).date()
    with many_at_once():
        programs = stored.programs_not_over(session, led_by=led_by, today=today)
        members: dict[int, list[int]] = {row.id: [] for row in programs}
        for program_id, patron_id in stored.enrolled(session, led_by=led_by, today=today):
            members.setdefault(program_id, []).append(patron_id)
        uses = [use.value for use in ROSTER_USES]
        known = read_facts_of_enrolled(session.connection(), uses, led_by=led_by, today=today, zone=zone)
        return Everybody(
            now,
            zone,
            led_by,
            known,
            tuple(
                InProgram(
                    row.id,
                    row.external_id,
                    row.name,
                    row.starts,
                    answers_today(
                        {patron_id: known[patron_id] for patron_id in members[row.id] if patron_id in known},
                        row.external_id,
                        zone=zone,
                        now=now,
                    ),
                )
                for row in programs
            ),
        )


def answers_today(
    known: Mapping[int, Facts], program: str, *, zone: tzinfo, now: datetime
) -> dict[int, Mapping[Use, Verdict]]:
    """The roster's question about each, good until the day ends."""
    question, until = photo_in(program, now), midnight(now.astimezone(zone).date() + timedelta(days=1), zone)
    return {patron_id: answers_through(facts, question, until=until) for patron_id, facts in known.items()}


def photo_in(program: str, at: datetime) -> Question:
    return Question(Use.PHOTO.value, at, program=program)


def coverage(everybody: Everybody) -> list[Covered]:
    """Each program, the one with most to do first."""
    covered = []
    for program in everybody.programs:
        counts = Counter(standing(answers) for answers in program.answers.values())
        covered.append(Covered(program.external_id, program.name, program.starts, len(program.answers), counts))
    return sorted(covered, key=lambda one: one.worst_first)


def ending_soon(everybody: Everybody) -> list[EndingSoon]:
    """Ten days in a bar, from today on."""
    counts: dict[date, Counter[Ending]] = {first: Counter() for first in _first_days(everybody.today)}
    for _patron, _program, end in who_ends(everybody):
        days = (end.at.astimezone(everybody.zone).date() - everybody.today).days
        counts[everybody.today + timedelta(days=days - days % DAYS_IN_A_BAR)][end.ending] += 1
    return [EndingSoon(first, last_of_bar(first), counted) for first, counted in counts.items()]


def last_of_bar(first: date) -> date:
    return first + timedelta(days=DAYS_IN_A_BAR - 1)


def who_ends(everybody: Everybody) -> Iterator[tuple[int, InProgram, Ends]]:
    """Of everybody who may be shown today, whose photo may not within sixty days; of several programs, the first."""
    before = midnight(everybody.today + timedelta(days=DAYS_AHEAD), everybody.zone)
    first: dict[int, tuple[InProgram, Ends]] = {}
    for program in everybody.programs:
        question = photo_in(program.external_id, everybody.now)
        for patron_id, answers in program.answers.items():
            if not answers[Use.PHOTO].allowed:
                continue
            end = ends(everybody.facts[patron_id], question, before=before)
            if end and (patron_id not in first or end.at < first[patron_id][1].at):
                first[patron_id] = program, end
    return ((patron_id, program, end) for patron_id, (program, end) in first.items())


def withdrawals_by_week(session: Session, *, asker: Asker, zone: tzinfo, now: datetime) -> list[Week]:
    """The present week last. Those that somebody voided were never meant."""
    this = monday(now.astimezone(zone).date())
    weeks = [this - timedelta(weeks=back) for back in reversed(range(WEEKS_BACK))]
    since, before = midnight(weeks[0], zone), midnight(this + timedelta(weeks=1), zone)
    rows = stored.withdrawals_between(session, since, before, led_by=leads_only(asker))
    counts = Counter(monday(row.at.astimezone(zone).date()) for row in rows)
    return [Week(week, counts[week]) for week in weeks]


def stale_sheets(session: Session, everybody: Everybody) -> list[StaleSheet]:
    """Of the sheets printed for today, those that would be printed otherwise now."""
    programs = {program.key: program for program in everybody.programs}
    printed = [
        sheet
        for sheet in stored.printed_for(session, everybody.today, led_by=everybody.led_by)
        if sheet.program_id in programs
    ]
    people: dict[int, list[Listed]] = {sheet.program_id: [] for sheet in printed}
    rows = stored.people_in(session, people.keys())
    # On PostgreSQL somebody may have been enrolled since everybody was read.
    for row in [row for row in rows if row.id in programs[row.program_id].answers]:
        marks = {use: mark(verdict) for use, verdict in programs[row.program_id].answers[row.id].items()}
        people[row.program_id].append(Listed(row.external_id, row.first_name, row.last_name, None, marks))
    return [
        StaleSheet(
            sheet.serial,
            programs[sheet.program_id].external_id,
            programs[sheet.program_id].name,
            sheet.printed_at,
            sheet.printed_by,
        )
        for sheet in printed
        if _content(programs[sheet.program_id], people[sheet.program_id], everybody) != sheet.content_sha256
    ]


def _first_days(today: date) -> list[date]:
    return [today + timedelta(days=days) for days in range(0, DAYS_AHEAD, DAYS_IN_A_BAR)]


def _content(program: InProgram, people: list[Listed], everybody: Everybody) -> str:
    roster = Roster(program.external_id, program.name, everybody.today, everybody.now, SortBy.LAST, tuple(people))
    return roster.content_sha256
