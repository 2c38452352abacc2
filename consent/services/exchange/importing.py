"""How does a file of facts get in? Whole or not at all, and a second time without effect."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import BinaryIO, NoReturn

from sqlalchemy.orm import Session

from consent.domain.exchange.problems import ImportRefused
from consent.services.exchange.adding import add_new
from consent.services.exchange.changing import change_known
from consent.services.exchange.parsing import ParsedFile, Progress, parse
from consent.services.exchange.planning import Plan, make_plan
from consent.services.exchange.writer import Writer
from consent.storage.database import begin_writing

BY_IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many things the file states that were new, changed or on file already."""

    new: int
    updated: int
    unchanged: int


def silently(_doing: str, _lines: int) -> None:
    """For a caller whom nobody watches."""


def import_file(
    session: Session,
    source: BinaryIO,
    *,
    zone: tzinfo,
    now: datetime,
    by: str = BY_IMPORT,
    progress: Progress = silently,
) -> Imported:
    """Put all of the file on record, or raise ImportRefused and change nothing."""
    parsed = parse(source, today=now.astimezone(zone).date(), progress=progress)
    if len(parsed.problems):
        _refuse(session, parsed)
    begin_writing(session)
    imported = _put_on_record(session, parsed, by=by, now=now, progress=progress)
    session.commit()
    return imported


def import_within_change(session: Session, source: BinaryIO, *, zone: tzinfo, now: datetime, by: str) -> Imported:
    """The same as part of a larger change: the caller holds the writer's turn and commits."""
    parsed = parse(source, today=now.astimezone(zone).date(), progress=silently)
    if len(parsed.problems):
        _refuse(session, parsed)
    return _put_on_record(session, parsed, by=by, now=now, progress=silently)


def rehearse_import(
    session: Session, source: BinaryIO, *, zone: tzinfo, now: datetime, progress: Progress = silently
) -> Imported:
    """What an import would do, or why it would be refused. Writes nothing and takes nobody's turn."""
    parsed = parse(source, today=now.astimezone(zone).date(), progress=progress)
    session.rollback()
    plan = make_plan(session.connection(), parsed)
    session.rollback()
    if len(plan.problems):
        raise ImportRefused(plan.problems)
    return _counted(plan)


def _put_on_record(session: Session, parsed: ParsedFile, *, by: str, now: datetime, progress: Progress) -> Imported:
    plan = make_plan(session.connection(), parsed)
    if len(plan.problems):
        session.rollback()
        raise ImportRefused(plan.problems)
    writer = Writer(session, by, now, progress)
    add_new(writer, plan)
    change_known(writer, plan)
    writer.finish()
    return _counted(plan)


def _refuse(session: Session, parsed: ParsedFile) -> NoReturn:
    """A file with a wrong line is refused; what else is wrong with it is said at once."""
    session.rollback()
    plan = make_plan(session.connection(), parsed)
    session.rollback()
    raise ImportRefused(plan.problems)


def _counted(plan: Plan) -> Imported:
    stated = [one for named in plan.stated.values() for one in named.values()]
    new = sum(one.stored is None for one in stated)
    updated = sum(one.stored is not None and one.stored != one.line for one in stated)
    return Imported(new, updated, len(stated) - new - updated)
