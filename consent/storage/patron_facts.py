"""What does the rule need to know of these patrons? Read in one statement, however many are asked about."""

from collections.abc import Collection, Iterable
from datetime import datetime, tzinfo
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
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


Row = tuple[Any, ...]
COLUMNS = (
    "branch",
    "patron_id",
    "record",
    "signer",
    "word",
    "answer",
    "channels",
    "flag",
    "other_flag",
    "since",
    "until",
    "witnessed_at",
    "form_withdrawn_at",
    "voided_at",
    "day",
    "other_day",
)
"""A row of the statement; every branch gives all of these, null where it has nothing to say."""
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
    return facts_by_patron(rows, zone)


def facts_by_patron(rows: Iterable[Row], zone: tzinfo) -> dict[int, facts.Facts]:
    branches: list[list[Row]] = [[] for _ in Branch]
    for row in rows:
        branches[row[0]].append(row)
    platforms = {
        name: _platform(since, until) for _, _, _, _, name, _, _, _, _, since, until, *_ in branches[Branch.PLATFORM]
    }
    guardianships = _guardianships(branches[Branch.GUARDIANSHIP])
    consents = _consents(branches)
    withdrawals = _withdrawals(branches[Branch.WITHDRAWAL])
    holds = _holds(branches[Branch.HOLD])
    return {
        patron_id: facts.Facts(
            facts.Patron(read_day(born), bool(adult), read_day(emancipated_on)),
            zone,
            tuple(guardianships.get(patron_id, ())),
            tuple(consents.get(patron_id, ())),
            tuple(withdrawals.get(patron_id, ())),
            tuple(holds.get(patron_id, ())),
            platforms,
        )
        for _, patron_id, _, _, _, _, _, adult, _, _, _, _, _, _, born, emancipated_on in branches[Branch.PATRON]
    }


@lru_cache(maxsize=256)
def _platform(since: str | datetime, until: str | datetime | None) -> facts.Platform:
    """Read anew at each check, and mostly the same words."""
    return facts.Platform(read_instant(since), read_instant(until))


def _guardianships(rows: list[Row]) -> dict[int, list[facts.Guardianship]]:
    of: dict[int, list[facts.Guardianship]] = {}
    for _, patron_id, _, guardian, _, _, _, beyond_majority, _, since, until, *_ in rows:
        guardianship = facts.Guardianship(guardian, read_instant(since), read_instant(until), bool(beyond_majority))
        of.setdefault(patron_id, []).append(guardianship)
    return of


def _consents(branches: list[list[Row]]) -> dict[int, list[facts.Consent]]:
    """A record has as many rows as answers, all but the answer the same in each; or one row with all its answers."""
    platforms = _limits(branches[Branch.ON_PLATFORM])
    programs = _limits(branches[Branch.IN_PROGRAM])
    answers: dict[str, dict[Use, Answer]] = {}
    of: dict[int, list[facts.Consent]] = {}
    for row in branches[Branch.CONSENT]:
        _, patron_id, record, signer, use, answer, channels, every_platform, every_program, *instants, _, _ = row
        if record in answers:
            answers[record][USES[use]] = ANSWERS[answer]
            continue
        answers[record] = _read_answers(use) if answer is None else {USES[use]: ANSWERS[answer]}
        signed_at, expires_at, witnessed_at, form_withdrawn_at, voided_at = map(read_instant, instants)
        consent = facts.Consent(
            record,
            signer,
            signed_at,
            answers[record],
            witnessed_at,
            CHANNELS[channels],
            # A limited yes whose limits were lost must cover nothing, not everything.
            None if every_platform else frozenset(platforms.get(record, ())),
            None if every_program else frozenset(programs.get(record, ())),
            expires_at,
            form_withdrawn_at,
            voided_at,
        )
        of.setdefault(patron_id, []).append(consent)
    return of


@lru_cache(maxsize=1024)
def _read_answers(written: str) -> dict[Use, Answer]:
    """As `patron_facts_enrolled` writes them; most records say one of a few things, so they share what is read."""
    answers = (said.split() for said in written.split(","))
    return {USES[use]: ANSWERS[answer] for use, answer in answers}


def _limits(rows: list[Row]) -> dict[str, set[str]]:
    limits: dict[str, set[str]] = {}
    for _, _, record, _, word, *_ in rows:
        limits.setdefault(record, set()).add(word)
    return limits


def _withdrawals(rows: list[Row]) -> dict[int, list[facts.Withdrawal]]:
    of: dict[int, list[facts.Withdrawal]] = {}
    for _, patron_id, _, signer, use, _, _, every_use, _, at, _, _, _, voided_at, _, _ in rows:
        uses = None if every_use else frozenset({USES[use]})
        of.setdefault(patron_id, []).append(facts.Withdrawal(signer, read_instant(at), uses, read_instant(voided_at)))
    return of


def _holds(rows: list[Row]) -> dict[int, list[facts.Hold]]:
    of: dict[int, list[facts.Hold]] = {}
    for _, patron_id, _, _, _, _, _, _, _, since, until, *_ in rows:
        of.setdefault(patron_id, []).append(facts.Hold(read_instant(since), read_instant(until)))
    return of


def _statement(patrons: int, uses: int) -> CompoundSelect[Any]:
    of_uses = slots("use", uses, Text())
    return everything_about(
        slots("patron", patrons, BigInteger()), of_uses, _consent_branch().where(ConsentAnswer.use.in_(of_uses))
    )


def everything_about(
    asked: list[BindParameter[int]] | Select[int], of_uses: list[BindParameter[str]], consents: Select[Any]
) -> CompoundSelect[Any]:
    later = aliased(PatronMatch)
    current = ~select(later.id).where(later.consent_id == PatronMatch.consent_id, later.id > PatronMatch.id).exists()
    return union_all(
        consents.where(PatronMatch.patron_id.in_(asked), current),
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
    return select(literal_column(str(kind.value)), *(columns.get(name, null()) for name in COLUMNS[1:]))


def _consent_branch() -> Select[Any]:
    """A row for each answer of each record."""
    branch = consent_columns(ConsentAnswer.use, ConsentAnswer.answer)
    return with_what_became_of_it(branch.join(ConsentAnswer, ConsentAnswer.consent_id == Consent.id))


def consent_columns(word: ColumnElement[Any] | Any, answer: ColumnElement[Any] | Any | None) -> Select[Any]:
    return (
        _branch(
            Branch.CONSENT,
            patron_id=PatronMatch.patron_id,
            record=Consent.external_id,
            signer=PatronMatch.guardian_id,
            word=word,
            answer=cast(null(), Text()) if answer is None else answer,
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
    )


def with_what_became_of_it(records: Select[Any]) -> Select[Any]:
    return (
        records.outerjoin(Witnessing, Witnessing.consent_id == Consent.id)
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
