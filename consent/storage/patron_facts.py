"""What does the rule need to know of these patrons? Read in one statement, however many are asked about."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, tzinfo
from enum import IntEnum
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    Text,
    cast,
    literal_column,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from consent.domain import facts
from consent.domain.vocabulary import Answer, Use
from consent.storage.direct import Reads, fill, read_day, read_instant, size_for, slots, sql_of
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    FormWithdrawal,
    Guardianship,
    Hold,
    Patron,
    PatronMatch,
    Platform,
    Program,
    Withdrawal,
    WithdrawalUse,
    WithdrawalVoiding,
    Witnessing,
)
from consent.storage.models.consents import CHANNELS_WRITTEN

Made = TypeVar("Made")


class Branch(IntEnum):
    """Which kind of fact a row of the statement is."""

    CONSENT = 0
    PATRON = 1
    GUARDIANSHIP = 2
    ON_PLATFORM = 3
    IN_PROGRAM = 4
    WITHDRAWAL = 5
    HOLD = 6
    PLATFORM = 7


class Fact(NamedTuple):
    """A row of the statement; every branch gives all of these, null where it has nothing to say."""

    branch: int
    patron_id: int
    record: str
    signer: int | None
    word: str
    answer: str
    channels: str
    flag: bool
    other_flag: bool
    since: str | datetime
    until: str | datetime | None
    witnessed_at: str | datetime | None
    form_withdrawn_at: str | datetime | None
    voided_at: str | datetime | None
    day: str | date | None
    other_day: str | date | None


NO_PATRON = 0
ONE_OR_TWO = 2
USES = {use.value: use for use in Use}
ANSWERS = {answer.value: answer for answer in Answer}
CHANNELS = {written: frozenset(written.split()) for written in CHANNELS_WRITTEN}


def read_facts(
    connection: Reads, patron_ids: Collection[int], uses: Iterable[str], *, zone: tzinfo
) -> dict[int, facts.Facts]:
    """The facts of each patron that exists, for questions about those uses (`record` comes with `video`)."""
    if not patron_ids:
        return {}
    asked = {str(use) for use in uses}
    if Use.VIDEO in asked:
        asked.add(Use.RECORD.value)
    sizes = size_for(len(patron_ids)), len(asked) if len(asked) <= ONE_OR_TWO else max(len(asked), len(Use))
    rows = connection.exec_driver_sql(
        sql_of(_statement, connection.dialect.name, *sizes),
        fill("patron", sizes[0], list(patron_ids)) | fill("use", sizes[1], list(asked)),
    ).fetchall()
    branches: list[list[Fact]] = [[] for _ in Branch]
    for row in rows:
        branches[row[0]].append(Fact._make(row))
    return _facts_by_patron(branches, zone)


def _facts_by_patron(branches: list[list[Fact]], zone: tzinfo) -> dict[int, facts.Facts]:
    platforms = {
        row.word: facts.Platform(read_instant(row.since), read_instant(row.until)) for row in branches[Branch.PLATFORM]
    }
    guardianships = _by_patron(_guardianships(branches[Branch.GUARDIANSHIP]))
    consents = _by_patron(_consents(branches))
    withdrawals = _by_patron(_withdrawals(branches[Branch.WITHDRAWAL]))
    holds = _by_patron(
        (row.patron_id, facts.Hold(read_instant(row.since), read_instant(row.until))) for row in branches[Branch.HOLD]
    )
    return {
        row.patron_id: facts.Facts(
            facts.Patron(read_day(row.day), bool(row.flag), read_day(row.other_day)),
            zone,
            tuple(guardianships.get(row.patron_id, ())),
            tuple(consents.get(row.patron_id, ())),
            tuple(withdrawals.get(row.patron_id, ())),
            tuple(holds.get(row.patron_id, ())),
            platforms,
        )
        for row in branches[Branch.PATRON]
    }


def _by_patron(made: Iterable[tuple[int, Made]]) -> dict[int, list[Made]]:
    grouped: dict[int, list[Made]] = {}
    for patron_id, thing in made:
        grouped.setdefault(patron_id, []).append(thing)
    return grouped


def _guardianships(rows: list[Fact]) -> Iterator[tuple[int, facts.Guardianship]]:
    for row in rows:
        since, until = read_instant(row.since), read_instant(row.until)
        yield row.patron_id, facts.Guardianship(row.signer, since, until, bool(row.flag))


def _consents(branches: list[list[Fact]]) -> Iterator[tuple[int, facts.Consent]]:
    platforms = _limits(branches[Branch.ON_PLATFORM])
    programs = _limits(branches[Branch.IN_PROGRAM])
    answers: dict[str, dict[Use, Answer]] = {}
    records: dict[str, Fact] = {}
    for row in branches[Branch.CONSENT]:
        answers.setdefault(row.record, {})[USES[row.word]] = ANSWERS[row.answer]
        records[row.record] = row
    for record, row in records.items():
        yield (
            row.patron_id,
            facts.Consent(
                record,
                row.signer,
                read_instant(row.since),
                answers[record],
                witnessed_at=read_instant(row.witnessed_at),
                channels=CHANNELS[row.channels],
                # A limited yes whose limits were lost must cover nothing, not everything.
                platforms=None if row.flag else frozenset(platforms.get(record, ())),
                programs=None if row.other_flag else frozenset(programs.get(record, ())),
                expires_at=read_instant(row.until),
                form_withdrawn_at=read_instant(row.form_withdrawn_at),
                voided_at=read_instant(row.voided_at),
            ),
        )


def _limits(rows: list[Fact]) -> dict[str, set[str]]:
    limits: dict[str, set[str]] = {}
    for row in rows:
        limits.setdefault(row.record, set()).add(row.word)
    return limits


def _withdrawals(rows: list[Fact]) -> Iterator[tuple[int, facts.Withdrawal]]:
    for row in rows:
        uses = None if row.flag else frozenset({USES[row.word]})
        yield row.patron_id, facts.Withdrawal(row.signer, read_instant(row.since), uses, read_instant(row.voided_at))


def _statement(patrons: int, uses: int) -> CompoundSelect[Any]:
    asked = slots("patron", patrons, BigInteger())
    of_uses = slots("use", uses, Text())
    later = aliased(PatronMatch)
    current = ~select(later.id).where(later.consent_id == PatronMatch.consent_id, later.id > PatronMatch.id).exists()
    return union_all(
        _consent_branch().where(PatronMatch.patron_id.in_(asked), current, ConsentAnswer.use.in_(of_uses)),
        _branch(
            Branch.PATRON, patron_id=Patron.id, flag=Patron.adult, day=Patron.born, other_day=Patron.emancipated_on
        ).where(Patron.id.in_(asked)),
        _branch(
            Branch.GUARDIANSHIP,
            patron_id=Guardianship.patron_id,
            signer=Guardianship.guardian_id,
            flag=Guardianship.beyond_majority,
            since=Guardianship.since,
            until=Guardianship.until,
        ).where(Guardianship.patron_id.in_(asked)),
        _limit_branch(Branch.ON_PLATFORM, Platform.external_id)
        .join(ConsentPlatform, ConsentPlatform.consent_id == Consent.id)
        .join(Platform, Platform.id == ConsentPlatform.platform_id)
        .where(PatronMatch.patron_id.in_(asked), not_(Consent.every_platform)),
        _limit_branch(Branch.IN_PROGRAM, Program.external_id)
        .join(ConsentProgram, ConsentProgram.consent_id == Consent.id)
        .join(Program, Program.id == ConsentProgram.program_id)
        .where(PatronMatch.patron_id.in_(asked), not_(Consent.every_program)),
        _withdrawal_branch().where(
            Withdrawal.patron_id.in_(asked), or_(Withdrawal.every_use, WithdrawalUse.use.in_(of_uses))
        ),
        _branch(Branch.HOLD, patron_id=Hold.patron_id, since=Hold.since, until=Hold.until).where(
            Hold.patron_id.in_(asked)
        ),
        _branch(
            Branch.PLATFORM,
            patron_id=literal_column(str(NO_PATRON)),
            word=Platform.external_id,
            since=Platform.approved_from,
            until=Platform.approved_until,
        ),
    )


def _branch(kind: Branch, **columns: ColumnElement[Any] | Any) -> Select[Any]:
    """One arm of the statement. The first one tells PostgreSQL of what type each column is."""
    return select(literal_column(str(kind.value)), *(columns.get(name, null()) for name in Fact._fields[1:]))


def _consent_branch() -> Select[Any]:
    return (
        _branch(
            Branch.CONSENT,
            patron_id=PatronMatch.patron_id,
            record=Consent.external_id,
            signer=PatronMatch.guardian_id,
            word=ConsentAnswer.use,
            answer=ConsentAnswer.answer,
            channels=Consent.channels,
            flag=Consent.every_platform,
            other_flag=Consent.every_program,
            since=Consent.signed_at,
            until=Consent.expires_at,
            witnessed_at=Witnessing.at,
            form_withdrawn_at=FormWithdrawal.at,
            voided_at=ConsentVoiding.at,
            day=cast(null(), Date()),
            other_day=cast(null(), Date()),
        )
        .select_from(PatronMatch)
        .join(Consent, Consent.id == PatronMatch.consent_id)
        .join(ConsentAnswer, ConsentAnswer.consent_id == Consent.id)
        .outerjoin(Witnessing, Witnessing.consent_id == Consent.id)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == Consent.id)
        .outerjoin(FormWithdrawal, FormWithdrawal.form_version_id == Consent.form_version_id)
    )


def _limit_branch(kind: Branch, limited_to: ColumnElement[Any] | Any) -> Select[Any]:
    return (
        _branch(kind, patron_id=PatronMatch.patron_id, record=Consent.external_id, word=limited_to)
        .select_from(PatronMatch)
        .join(Consent, Consent.id == PatronMatch.consent_id)
    )


def _withdrawal_branch() -> Select[Any]:
    return (
        _branch(
            Branch.WITHDRAWAL,
            patron_id=Withdrawal.patron_id,
            signer=Withdrawal.guardian_id,
            word=WithdrawalUse.use,
            flag=Withdrawal.every_use,
            since=Withdrawal.at,
            voided_at=WithdrawalVoiding.at,
        )
        .select_from(Withdrawal)
        .outerjoin(WithdrawalUse, WithdrawalUse.withdrawal_id == Withdrawal.id)
        .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == Withdrawal.id)
    )
