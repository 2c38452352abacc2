"""Which people, programs, platforms, forms and holds does the registry hold? As lines, each with its row's key."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, select

from consent.domain.exchange import lines as say
from consent.domain.exchange.lines import Line
from consent.storage.exchange import tables as t
from consent.storage.exchange.children import children

Narrow = Callable[[Select[Any]], Select[Any]]
Found = list[tuple[Any, Line]]


def platforms(connection: Connection, narrow: Narrow) -> Found:
    return [
        (row.id, say.PlatformLine(row.external_id, row.name, row.approved_from, row.approved_until))
        for row in connection.execute(narrow(select(t.PLATFORM)))
    ]


def programs(connection: Connection, narrow: Narrow) -> Found:
    return [
        (row.id, say.ProgramLine(row.external_id, row.name, row.starts, row.ends))
        for row in connection.execute(narrow(select(t.PROGRAM)))
    ]


def forms(connection: Connection, narrow: Narrow) -> Found:
    found = select(t.FORM_VERSION, t.FORM_WITHDRAWAL.c.at.label("withdrawn_at")).select_from(
        t.FORM_VERSION.outerjoin(t.FORM_WITHDRAWAL)
    )
    return [
        (
            row.id,
            say.FormLine(
                row.form,
                row.version,
                tuple(row.uses),
                say.Wording(row.title_en, row.title_es),
                say.Wording(row.body_en, row.body_es),
                row.published_at,
                row.withdrawn_at,
            ),
        )
        for row in connection.execute(narrow(found))
    ]


def patrons(connection: Connection, narrow: Narrow) -> Found:
    rows = connection.execute(narrow(select(t.PATRON))).all()
    handle = t.PATRON_HANDLE
    accounts = select(handle.c.patron_id, t.PLATFORM.c.external_id, handle.c.account).select_from(
        handle.join(t.PLATFORM)
    )
    handles = children(connection, accounts, handle.c.patron_id, rows)
    return [
        (
            row.id,
            say.PatronLine(
                row.external_id,
                row.first_name,
                row.last_name,
                row.born,
                row.adult,
                row.emancipated_on,
                tuple(sorted(handles[row.id])),
            ),
        )
        for row in rows
    ]


def guardians(connection: Connection, narrow: Narrow) -> Found:
    return [
        (row.id, say.GuardianLine(row.external_id, row.first_name, row.last_name, row.email, row.phone))
        for row in connection.execute(narrow(select(t.GUARDIAN)))
    ]


def guardianships(connection: Connection, narrow: Narrow) -> Found:
    between = t.GUARDIANSHIP.join(t.GUARDIAN).join(t.PATRON)
    found = select(
        t.GUARDIANSHIP, t.GUARDIAN.c.external_id.label("guardian"), t.PATRON.c.external_id.label("patron")
    ).select_from(between)
    return [
        (
            row.id,
            say.GuardianshipLine(row.guardian, row.patron, row.relationship, row.since, row.until, row.beyond_majority),
        )
        for row in connection.execute(narrow(found))
    ]


def enrollments(connection: Connection, narrow: Narrow) -> Found:
    found = select(
        t.ENROLLMENT, t.PATRON.c.external_id.label("patron"), t.PROGRAM.c.external_id.label("program")
    ).select_from(t.ENROLLMENT.join(t.PATRON).join(t.PROGRAM))
    return [
        ((row.program_id, row.patron_id), say.EnrollmentLine(row.patron, row.program))
        for row in connection.execute(narrow(found))
    ]


def holds(connection: Connection, narrow: Narrow) -> Found:
    found = select(t.HOLD, t.PATRON.c.external_id.label("patron")).select_from(t.HOLD.join(t.PATRON))
    return [
        (row.id, say.HoldLine(row.external_id, row.patron, row.since, row.until, row.reason))
        for row in connection.execute(narrow(found))
    ]
