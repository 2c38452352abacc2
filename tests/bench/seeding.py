"""What does a registry of many patrons hold? Three signed records a patron, inserted in bulk, not imported.

The import seals and checks each line, and nobody would wait for a hundred thousand people at each run. The rows are
those that it leaves, without the sealed content, which no verdict reads.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from consent.domain.merkle import Edge
from consent.domain.vocabulary import Use
from consent.storage.database import Model

RECORDS_EACH: Final = 3
TOKEN: Final = "a-token-of-the-bench"
TOKEN_SHA256: Final = hashlib.sha256(TOKEN.encode()).hexdigest()
PLATFORMS: Final = ("facebook", "instagram", "tiktok")
PROGRAMS: Final = ("camp", "swim", "art", "dance", "soccer", "chess")
FIRST_DAY: Final = date(2012, 1, 1)
AGES_IN_DAYS: Final = 4000
FIRST_NAMES: Final = ("Ana", "Ben", "Carla", "Daniel", "Elena", "Frank", "Grace", "Hugo", "Inés", "Jack", "Kai", "Luz")
LAST_NAMES: Final = ("Baker", "Begay", "Castillo", "Duarte", "Fisher", "García", "Hill", "Jones", "Núñez", "Ortega")
SYLLABLES: Final = (
    "ba", "cor", "del", "es", "fan", "gar", "hol", "is", "jor", "ken", "lo", "mar", "nez", "or", "per", "ton",
)  # fmt: skip
LONG_AGO: Final = "2020-01-01 00:00:00.000000"
SIGNED: Final = ("2025-01-10 17:00:00.000000", "2026-01-12 17:00:00.000000", "2026-02-03 17:00:00.000000")
EXPIRES: Final = ("2026-01-01 07:00:00.000000", "2090-01-01 07:00:00.000000", None)
BATCH: Final = 20_000

Row = tuple[Any, ...]


def seed(engine: Engine, patrons: int) -> None:
    """Fill a migrated, empty registry."""
    with engine.begin() as connection:
        for table, columns, rows in _tables(patrons):
            _insert(connection, table, columns, rows)
        if engine.dialect.name == "postgresql":
            for table in ("ledger_event", "consent", "patron_match", "guardianship", "patron"):
                key = "position" if table == "ledger_event" else "id"
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), (SELECT max({key}) FROM {table}))")  # noqa: S608  # the names are those of this line
                )


def external_id(number: int) -> str:
    return f"P{number}"


def _tables(patrons: int) -> Iterator[tuple[str, str, Iterable[Row]]]:
    """Each table with its columns and rows, in an order in which every row finds what it refers to."""
    records = range(1, RECORDS_EACH * patrons + 1)
    text_sha256 = hashlib.sha256(b"words").hexdigest()
    yield "api_token", "id name token_sha256 added_at", [(1, "bench", TOKEN_SHA256, LONG_AGO)]
    yield "shown_text", "sha256 text", [(text_sha256, "words")]
    yield (
        "form_version",
        "id form version uses title_en title_es body_en body_es text_sha256 published_at",
        [(1, "photo", 1, "[]", "T", "T", "B", "B", text_sha256, LONG_AGO)],
    )
    yield (
        "platform",
        "id external_id name approved_from",
        [(number, name, name.title(), LONG_AGO) for number, name in enumerate(PLATFORMS, start=1)],
    )
    yield (
        "program",
        "id external_id name starts ends",
        [(number, name, name.title(), "2026-01-01", "2090-12-31") for number, name in enumerate(PROGRAMS, start=1)],
    )
    yield (
        "patron",
        "id external_id first_name last_name born adult added_at",
        (
            (number, external_id(number), *name_of(number), _birthday(number), False, LONG_AGO)
            for number in range(1, patrons + 1)
        ),
    )
    yield (
        "guardian",
        "id external_id first_name last_name added_at",
        ((number, f"G{number}", "Guardian", f"Number{number}", LONG_AGO) for number in range(1, 2 * patrons + 1)),
    )
    yield (
        "guardianship",
        "id patron_id guardian_id relationship since beyond_majority",
        ((number, (number + 1) // 2, number, "parent", LONG_AGO, False) for number in range(1, 2 * patrons + 1)),
    )
    yield (
        "enrollment",
        "program_id patron_id",
        ((number % len(PROGRAMS) + 1, number) for number in range(1, patrons + 1)),
    )
    yield (
        "ledger_event",
        "position kind recorded_at actor leaf",
        ((number, "consent-signed", LONG_AGO, "bench", text_sha256) for number in records),
    )
    tree = Edge()
    yield (
        "ledger_node",
        "position level hash",
        ((number, node.level, hash_) for number in records for node, hash_ in tree.append(bytes(32))),
    )
    yield (
        "consent",
        (
            "id external_id form_version_id shown_sha256 language assurance signed_at expires_at channels "
            "every_platform every_program event_position"
        ),
        (
            (
                *(number, f"C{number}", 1, text_sha256, "en", "imported"),
                *(SIGNED[_turn(number)], EXPIRES[_turn(number)], "department", not _limited(number), True, number),
            )
            for number in records
        ),
    )
    yield (
        "consent_answer",
        "consent_id use answer",
        ((number, use.value, "yes") for number in records for use in Use),
    )
    yield (
        "consent_platform",
        "consent_id platform_id",
        ((number, platform) for number in records if _limited(number) for platform in (1, 2)),
    )
    yield (
        "patron_match",
        "id consent_id patron_id guardian_id matched_at",
        ((number, number, _patron_of(number), 2 * _patron_of(number) - number % 2, LONG_AGO) for number in records),
    )
    yield "witnessing", "consent_id at", ((number, SIGNED[_turn(number)]) for number in records)


def name_of(number: int) -> tuple[str, str]:
    """Every fourth bears one of the common names; the others are spread over four thousand."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    if number % 4 == 0:
        return first, LAST_NAMES[number // 4 % len(LAST_NAMES)]
    spread = number * 7919
    return first, "".join(SYLLABLES[spread // 16**place % 16] for place in range(3)).title()


def _patron_of(record: int) -> int:
    return (record - 1) // RECORDS_EACH + 1


def _turn(record: int) -> int:
    return (record - 1) % RECORDS_EACH


def _limited(record: int) -> bool:
    return _turn(record) == RECORDS_EACH - 1 and _patron_of(record) % 4 == 0


def _birthday(number: int) -> str:
    return (FIRST_DAY + timedelta(days=number % AGES_IN_DAYS)).isoformat()


def _insert(connection: Connection, table: str, columns: str, rows: Iterable[Row]) -> None:
    given = columns.split()
    usual = {
        column.name: column.default.arg
        for column in Model.metadata.tables[table].columns
        if column.name not in given and isinstance(column.default, ScalarElementColumnDefault)
    }
    names, rest = [*given, *usual], tuple(usual.values())
    place = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join([place] * len(names))})"  # noqa: S608  # no name here comes from outside
    remaining = iter(rows)
    while batch := [(*row, *rest) for row in islice(remaining, BATCH)]:
        connection.exec_driver_sql(statement, batch)
