"""Who in this program may be photographed today? For the screen, for paper, and for telling old paper from new."""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.cards import Letterhead
from consent.domain.events import EventKind
from consent.domain.majority import age_in_years, midnight
from consent.domain.name_order import SortBy, display_name, name_order
from consent.domain.refusals import UnknownRoster
from consent.domain.rosters import ROSTER_USES, Mark, Section, Sheet, SheetRow, answers_through, mark, section
from consent.domain.vocabulary import Use
from consent.services.checkpoints import head
from consent.services.checks import Ask, Asker, record_verdicts
from consent.services.ledger import Event, record
from consent.services.programs import open_program
from consent.services.rules import Rule, rules_here
from consent.storage.database import begin_writing
from consent.storage.models import Program, RosterPrint
from consent.storage.patron_facts import read_facts
from consent.storage.programs import people_of

SERIAL_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """One person on a roster."""

    external_id: str
    first_name: str
    last_name: str
    age: int | None
    marks: dict[Use, Mark]

    @property
    def section(self) -> Section:
        return section(self.marks)

    def listed_as(self, sort: SortBy) -> str:
        """The whole name as a list sorted that way shows it."""
        return display_name(self.first_name, self.last_name, sort)


@dataclass(frozen=True, slots=True)
class Roster:
    """A program's people as of an instant, sorted; `content_sha256` changes whenever the paper would."""

    program: str
    program_name: str
    valid_on: date
    as_of: datetime
    sort: SortBy
    people: tuple[Listed, ...]
    rules: tuple[Rule, ...] = ()

    def count(self, part: Section) -> int:
        return Counter(person.section for person in self.people)[part]

    def part(self, part: Section) -> list[Listed]:
        return [person for person in self.people if person.section is part]

    @property
    def content_sha256(self) -> str:
        said: list[list[object]] = sorted(
            [person.external_id, person.first_name, person.last_name, *(person.marks[use] for use in ROSTER_USES)]
            for person in self.people
        )
        said += [["rule", rule.key, rule.text_en, rule.text_es] for rule in self.rules]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Printed:
    """A roster that was printed, and whether the sheet still tells the truth."""

    serial: str
    roster: Roster
    printed_at: datetime
    up_to_date: bool
    checkpoint: str = ""


def call_roster(session: Session, program: str, *, sort: SortBy, asker: Asker, zone: tzinfo, now: datetime) -> Roster:
    """The roster as it is now; that it was looked at is recorded. Raises UnknownProgram."""
    begin_writing(session)
    roster = _roster(session, open_program(session, program, asker=asker), sort, asker=asker, zone=zone, now=now)
    session.commit()
    return roster


def print_roster(
    session: Session, program: str, *, sort: SortBy, asker: Asker, by: str, zone: tzinfo, now: datetime
) -> Printed:
    """Give the roster a serial number and record that it was printed. Raises UnknownProgram."""
    begin_writing(session)
    opened = open_program(session, program, asker=asker)
    roster = _roster(session, opened, sort, asker=asker, zone=zone, now=now)
    standing = head(session)
    serial = "".join(secrets.choice(SERIAL_ALPHABET) for _ in range(SERIAL_LENGTH))
    session.add(
        RosterPrint(
            serial=serial,
            program_id=opened.id,
            valid_on=roster.valid_on,
            sort=sort.value,
            content_sha256=roster.content_sha256,
            printed_at=now,
            printed_by=asker.staff_id,
        )
    )
    record(session, Event(EventKind.ROSTER_PRINTED, _printed_content(serial, roster)), by=by, now=now)
    session.commit()
    return Printed(serial, roster, printed_at=now, up_to_date=True, checkpoint=standing.short if standing else "")


def check_print(session: Session, serial: str, *, asker: Asker, zone: tzinfo, now: datetime) -> Printed:
    """Whether that sheet is still true. Raises UnknownRoster, or UnknownProgram for another lead's."""
    begin_writing(session)
    sheet = session.scalar(select(RosterPrint).where(RosterPrint.serial == serial))
    if sheet is None:
        raise UnknownRoster("No printed roster has this serial number.")
    printed_at, valid_on, printed_sha256 = sheet.printed_at, sheet.valid_on, sheet.content_sha256
    opened = session.get_one(Program, sheet.program_id)
    opened = open_program(session, opened.external_id, asker=asker)
    roster = _roster(session, opened, SortBy(sheet.sort), asker=asker, zone=zone, now=now)
    session.commit()
    true_today = valid_on == roster.valid_on and printed_sha256 == roster.content_sha256
    return Printed(serial, roster, printed_at=printed_at, up_to_date=true_today)


def stale_prints(session: Session, roster: Roster) -> Sequence[str]:
    """The serial numbers of today's sheets of this program that no longer tell the truth."""
    return session.scalars(
        select(RosterPrint.serial)
        .join(Program, Program.id == RosterPrint.program_id)
        .where(
            Program.external_id == roster.program,
            RosterPrint.valid_on == roster.valid_on,
            RosterPrint.content_sha256 != roster.content_sha256,
        )
        .order_by(RosterPrint.printed_at)
    ).all()


def sheet(printed: Printed, *, letterhead: Letterhead, printed_by: str, language: str, zone: tzinfo) -> Sheet:
    """The printed roster as the paper shows it."""
    roster = printed.roster
    return Sheet(
        program=roster.program_name,
        department=letterhead.department,
        valid_on=roster.valid_on,
        printed_at=printed.printed_at.astimezone(zone),
        printed_by=printed_by,
        serial=printed.serial,
        url=letterhead.address("R", printed.serial),
        rows=tuple(SheetRow(person.listed_as(roster.sort), person.marks, person.age) for person in roster.people),
        by_last_name=roster.sort is SortBy.LAST,
        rules=tuple((rule.where, rule.text(language)) for rule in roster.rules),
        checkpoint=printed.checkpoint,
        demo=letterhead.demo,
    )


def _roster(session: Session, program: Program, sort: SortBy, *, asker: Asker, zone: tzinfo, now: datetime) -> Roster:
    today = now.astimezone(zone).date()
    day_ends = midnight(today + timedelta(days=1), zone)
    rows = people_of(session, program.id)
    ask = Ask(tuple(use.value for use in ROSTER_USES), now, program=program.external_id)
    known = read_facts(session.connection(), [row.id for row in rows], ask.uses, zone=zone)
    question = ask.question(Use.PHOTO)
    verdicts = {
        patron_id: {use.value: verdict for use, verdict in answers_through(facts, question, until=day_ends).items()}
        for patron_id, facts in known.items()
    }
    record_verdicts(session.connection(), verdicts, ask, asker=asker, now=now)
    people = [
        Listed(
            row.external_id,
            row.first_name,
            row.last_name,
            None if row.born is None else age_in_years(row.born, today),
            {Use(use): mark(verdict) for use, verdict in verdicts[row.id].items()},
        )
        for row in sorted(rows, key=lambda row: name_order(row.first_name, row.last_name, sort))
    ]
    rules = rules_here(session, platform=None, program=program.external_id, today=today)
    return Roster(program.external_id, program.name, today, now, sort, tuple(people), tuple(rules))


def _printed_content(serial: str, roster: Roster) -> dict[str, object]:
    return {
        "serial": serial,
        "program": roster.program,
        "valid_on": roster.valid_on.isoformat(),
        "sort": roster.sort.value,
        "content_sha256": roster.content_sha256,
        "people": len(roster.people),
    }
