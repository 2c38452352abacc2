"""What does the rule need to know of everybody who takes part in a program now? Thousands of people, one statement."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CompoundSelect,
    Connection,
    Date,
    Select,
    Text,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from consent.domain.facts import Facts
from consent.storage.direct import fill, slots, sql_of
from consent.storage.models import Consent, ConsentAnswer, Enrollment, Program, ProgramLead
from consent.storage.patron_facts import consent_columns, everything_about, facts_by_patron, with_what_became_of_it


class Joined(FunctionElement[str]):
    """Texts with commas between them, for which each database has a word of its own."""

    type = Text()
    inherit_cache = True


@compiles(Joined, "sqlite")
def _joined_on_sqlite(joined: Joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(joined.clauses, **options)}, ',')"


@compiles(Joined, "postgresql")
def _joined_on_postgresql(joined: Joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(joined.clauses, **options)}, ',')"


def read_facts_of_enrolled(
    connection: Connection, uses: Sequence[str], *, led_by: int | None, today: date, zone: tzinfo
) -> dict[int, Facts]:
    """Of everybody enrolled in a program that is not over; in those alone that this member of staff leads, if given.

    On the driver's own cursor: of a hundred thousand rows, SQLAlchemy's take twice as long as the database.
    """
    statement = sql_of(_statement, connection.dialect.name, len(uses), led_by is not None)
    values = fill("use", len(uses), uses) | {"today": today.isoformat(), "led_by": led_by}
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement, values)
        return facts_by_patron(cursor.fetchall(), zone)
    except connection.dialect.loaded_dbapi.Error as broken:
        raise OperationalError("facts of the enrolled", None, broken) from broken
    finally:
        cursor.close()


@contextmanager
def many_at_once() -> Iterator[None]:
    """Looking for circles among a hundred thousand small things, which have none, takes as long as making them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _statement(uses: int, only_led: int) -> CompoundSelect[Any]:
    of_uses = slots("use", uses, Text())
    return everything_about(_enrolled(only_led=bool(only_led)), of_uses, _records(of_uses))


def _enrolled(*, only_led: bool) -> Select[int]:
    enrolled = (
        select(Enrollment.patron_id)
        .join(Program, Program.id == Enrollment.program_id)
        .where(Program.ends >= bindparam("today", type_=Date()))
    )
    if not only_led:
        return enrolled
    led_by = ProgramLead.staff_id == bindparam("led_by", type_=BigInteger())
    return enrolled.join(ProgramLead, ProgramLead.program_id == Program.id).where(led_by)


def _records(of_uses: list[BindParameter[str]]) -> Select[Any]:
    """A row for each record with all its answers, where a smaller question has a row for each answer."""
    answers = select(ConsentAnswer).where(ConsentAnswer.consent_id == Consent.id, ConsentAnswer.use.in_(of_uses))
    said = Joined(ConsentAnswer.use + literal_column("' '") + ConsentAnswer.answer)
    written = answers.with_only_columns(said).correlate(Consent).scalar_subquery()
    return with_what_became_of_it(consent_columns(written, None)).where(answers.exists())
