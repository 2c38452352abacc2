"""What does the rule need to know of these patrons? Read in one statement, however many are asked about.

The statement is built once and gives plain rows: building an object for each row costs more than reading it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import tzinfo
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from consent.domain import facts
from consent.domain.vocabulary import Answer, Use
from consent.storage.columns import InstantType
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


class Branch(StrEnum):
    """Which kind of fact a row of the statement is."""

    PATRON = "patron"
    GUARDIANSHIP = "guardianship"
    CONSENT = "consent"
    ON_PLATFORM = "on-platform"
    IN_PROGRAM = "in-program"
    WITHDRAWAL = "withdrawal"
    HOLD = "hold"
    PLATFORM = "platform"


COLUMNS: dict[str, Any] = {
    "patron_id": BigInteger(),
    "record": Text(),
    "signer": BigInteger(),
    "word": Text(),
    "answer": Text(),
    "channels": Text(),
    "first_flag": Boolean(),
    "second_flag": Boolean(),
    "since": InstantType(),
    "until": InstantType(),
    "witnessed_at": InstantType(),
    "form_withdrawn_at": InstantType(),
    "voided_at": InstantType(),
    "born": Date(),
    "emancipated_on": Date(),
}
"""Every branch gives all of these, null where it has nothing to say."""


def read_facts(
    connection: Connection, patron_ids: Collection[int], uses: Iterable[str], *, zone: tzinfo
) -> dict[int, facts.Facts]:
    """The facts of each patron that exists, for questions about those uses (`record` comes with `video`)."""
    asked = {*uses}
    if Use.VIDEO in asked:
        asked.add(Use.RECORD)
    rows = connection.execute(STATEMENT, {"patrons": list(patron_ids), "uses": [str(use) for use in asked]})
    by_branch: dict[str, dict[int, list[Row[Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_branch[row[0]][row[1]].append(row)
    platforms = {
        row.word: facts.Platform(row.since, row.until) for row in by_branch[Branch.PLATFORM].get(NO_PATRON, ())
    }
    return {
        patron_id: facts.Facts(
            patron=facts.Patron(row.born, row.first_flag, row.emancipated_on),
            zone=zone,
            guardianships=tuple(_guardianships(by_branch[Branch.GUARDIANSHIP][patron_id])),
            consents=tuple(_consents(by_branch, patron_id)),
            withdrawals=tuple(_withdrawals(by_branch[Branch.WITHDRAWAL][patron_id])),
            holds=tuple(facts.Hold(hold.since, hold.until) for hold in by_branch[Branch.HOLD][patron_id]),
            platforms=platforms,
        )
        for patron_id, [row] in by_branch[Branch.PATRON].items()
    }


def _guardianships(rows: list[Row[Any]]) -> Iterable[facts.Guardianship]:
    return (facts.Guardianship(row.signer, row.since, row.until, row.first_flag) for row in rows)


def _consents(by_branch: dict[str, dict[int, list[Row[Any]]]], patron_id: int) -> Iterable[facts.Consent]:
    platforms = _limits(by_branch[Branch.ON_PLATFORM][patron_id])
    programs = _limits(by_branch[Branch.IN_PROGRAM][patron_id])
    answers: dict[str, dict[Use, Answer]] = defaultdict(dict)
    records: dict[str, Row[Any]] = {}
    for row in by_branch[Branch.CONSENT][patron_id]:
        answers[row.record][Use(row.word)] = Answer(row.answer)
        records[row.record] = row
    for record, row in records.items():
        yield facts.Consent(
            id=record,
            signer=row.signer,
            signed_at=row.since,
            answers=answers[record],
            witnessed_at=row.witnessed_at,
            channels=frozenset(row.channels.split()),
            # A limited yes whose limits were lost must cover nothing, not everything.
            platforms=None if row.first_flag else frozenset(platforms.get(record, ())),
            programs=None if row.second_flag else frozenset(programs.get(record, ())),
            expires_at=row.until,
            form_withdrawn_at=row.form_withdrawn_at,
            voided_at=row.voided_at,
        )


def _limits(rows: list[Row[Any]]) -> dict[str, set[str]]:
    limits: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        limits[row.record].add(row.word)
    return limits


def _withdrawals(rows: list[Row[Any]]) -> Iterable[facts.Withdrawal]:
    for row in rows:
        uses = None if row.first_flag else frozenset({Use(row.word)})
        yield facts.Withdrawal(row.signer, row.since, uses, row.voided_at)


NO_PATRON = 0


def _branch(kind: Branch, **columns: ColumnElement[Any] | Any) -> Select[Any]:
    """One arm of the statement; PostgreSQL needs each null's type said."""
    return select(
        literal(kind.value, Text()).label("branch"),
        *(columns.get(name, cast(null(), type_)).label(name) for name, type_ in COLUMNS.items()),
    )


def _statement() -> CompoundSelect[Any]:
    asked = bindparam("patrons", expanding=True, type_=BigInteger())
    uses = bindparam("uses", expanding=True, type_=Text())
    later = aliased(PatronMatch)
    current = ~select(later.id).where(later.consent_id == PatronMatch.consent_id, later.id > PatronMatch.id).exists()

    consents = (
        _branch(
            Branch.CONSENT,
            patron_id=PatronMatch.patron_id,
            record=Consent.external_id,
            signer=PatronMatch.guardian_id,
            word=ConsentAnswer.use,
            answer=ConsentAnswer.answer,
            channels=Consent.channels,
            first_flag=Consent.every_platform,
            second_flag=Consent.every_program,
            since=Consent.signed_at,
            until=Consent.expires_at,
            witnessed_at=Witnessing.at,
            form_withdrawn_at=FormWithdrawal.at,
            voided_at=ConsentVoiding.at,
        )
        .select_from(PatronMatch)
        .join(Consent, Consent.id == PatronMatch.consent_id)
        .join(ConsentAnswer, ConsentAnswer.consent_id == Consent.id)
        .outerjoin(Witnessing, Witnessing.consent_id == Consent.id)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == Consent.id)
        .outerjoin(FormWithdrawal, FormWithdrawal.form_version_id == Consent.form_version_id)
        .where(PatronMatch.patron_id.in_(asked), current, ConsentAnswer.use.in_(uses))
    )
    return union_all(
        _branch(
            Branch.PATRON,
            patron_id=Patron.id,
            first_flag=Patron.adult,
            born=Patron.born,
            emancipated_on=Patron.emancipated_on,
        ).where(Patron.id.in_(asked)),
        _branch(
            Branch.GUARDIANSHIP,
            patron_id=Guardianship.patron_id,
            signer=Guardianship.guardian_id,
            first_flag=Guardianship.beyond_majority,
            since=Guardianship.since,
            until=Guardianship.until,
        ).where(Guardianship.patron_id.in_(asked)),
        consents,
        _limit_branch(Branch.ON_PLATFORM, ConsentPlatform, Platform, asked, current),
        _limit_branch(Branch.IN_PROGRAM, ConsentProgram, Program, asked, current),
        _withdrawal_branch(asked, uses),
        _branch(Branch.HOLD, patron_id=Hold.patron_id, since=Hold.since, until=Hold.until).where(
            Hold.patron_id.in_(asked)
        ),
        _branch(
            Branch.PLATFORM,
            patron_id=literal(NO_PATRON, BigInteger()),
            word=Platform.external_id,
            since=Platform.approved_from,
            until=Platform.approved_until,
        ),
    )


def _limit_branch(
    kind: Branch,
    limit: type[ConsentPlatform] | type[ConsentProgram],
    limited_to: type[Platform] | type[Program],
    asked: ColumnElement[Any],
    current: ColumnElement[bool],
) -> Select[Any]:
    column = ConsentPlatform.platform_id if limit is ConsentPlatform else ConsentProgram.program_id
    return (
        _branch(kind, patron_id=PatronMatch.patron_id, record=Consent.external_id, word=limited_to.external_id)
        .select_from(PatronMatch)
        .join(Consent, Consent.id == PatronMatch.consent_id)
        .join(limit, limit.consent_id == Consent.id)
        .join(limited_to, limited_to.id == column)
        .where(PatronMatch.patron_id.in_(asked), current)
    )


def _withdrawal_branch(asked: ColumnElement[Any], uses: ColumnElement[Any]) -> Select[Any]:
    return (
        _branch(
            Branch.WITHDRAWAL,
            patron_id=Withdrawal.patron_id,
            signer=Withdrawal.guardian_id,
            word=WithdrawalUse.use,
            first_flag=Withdrawal.every_use,
            since=Withdrawal.at,
            voided_at=WithdrawalVoiding.at,
        )
        .select_from(Withdrawal)
        .outerjoin(WithdrawalUse, WithdrawalUse.withdrawal_id == Withdrawal.id)
        .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == Withdrawal.id)
        .where(Withdrawal.patron_id.in_(asked), or_(Withdrawal.every_use, WithdrawalUse.use.in_(uses)))
    )


STATEMENT = _statement()
