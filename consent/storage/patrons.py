"""What is kept about one patron? Read for the page of their whole record, newest first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import (
    Card,
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    Enrollment,
    FormVersion,
    FormWithdrawal,
    Guardian,
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


def patron_by_id(session: Session, patron_id: int) -> Patron:
    return session.get_one(Patron, patron_id)


def consents_of(session: Session, patron_id: int) -> Sequence[Any]:
    """Every consent ever matched to this patron, with whom its latest match names."""
    later = aliased(PatronMatch)
    ever = select(PatronMatch.consent_id).where(PatronMatch.patron_id == patron_id)
    overruled = select(later.id).where(later.consent_id == PatronMatch.consent_id, later.id > PatronMatch.id).exists()
    query = (
        select(
            Consent,
            FormVersion.form,
            FormVersion.version,
            FormWithdrawal.at.label("form_withdrawn_at"),
            Guardian.first_name,
            Guardian.last_name,
            Witnessing.at.label("witnessed_at"),
            ConsentVoiding.at.label("voided_at"),
            ConsentVoiding.reason.label("voided_why"),
            PatronMatch.patron_id,
            PatronMatch.guardian_id,
        )
        .join(PatronMatch, PatronMatch.consent_id == Consent.id)
        .join(FormVersion, FormVersion.id == Consent.form_version_id)
        .outerjoin(FormWithdrawal, FormWithdrawal.form_version_id == FormVersion.id)
        .outerjoin(Guardian, Guardian.id == PatronMatch.guardian_id)
        .outerjoin(Witnessing, Witnessing.consent_id == Consent.id)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == Consent.id)
        .where(Consent.id.in_(ever), ~overruled)
        .order_by(Consent.signed_at.desc(), Consent.id.desc())
    )
    return session.execute(query).all()


def answers_in(session: Session, consent_ids: Collection[int]) -> dict[int, dict[str, str]]:
    answers: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.scalars(select(ConsentAnswer).where(ConsentAnswer.consent_id.in_(consent_ids))):
        answers[row.consent_id][row.use] = row.answer
    return answers


def platforms_in(session: Session, consent_ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the platforms to which each of these is limited."""
    query = select(ConsentPlatform.consent_id, Platform.name).join(Platform, Platform.id == ConsentPlatform.platform_id)
    return _names(session, query.where(ConsentPlatform.consent_id.in_(consent_ids)).order_by(Platform.name))


def programs_in(session: Session, consent_ids: Collection[int]) -> dict[int, list[str]]:
    query = select(ConsentProgram.consent_id, Program.name).join(Program, Program.id == ConsentProgram.program_id)
    return _names(session, query.where(ConsentProgram.consent_id.in_(consent_ids)).order_by(Program.name))


def withdrawals_of(session: Session, patron_id: int) -> Sequence[Any]:
    query = (
        select(Withdrawal, Guardian.first_name, Guardian.last_name, WithdrawalVoiding.at.label("voided_at"))
        .outerjoin(Guardian, Guardian.id == Withdrawal.guardian_id)
        .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == Withdrawal.id)
        .where(Withdrawal.patron_id == patron_id)
        .order_by(Withdrawal.at.desc(), Withdrawal.id.desc())
    )
    return session.execute(query).all()


def uses_withdrawn(session: Session, withdrawal_ids: Collection[int]) -> dict[int, list[str]]:
    return _names(
        session,
        select(WithdrawalUse.withdrawal_id, WithdrawalUse.use).where(WithdrawalUse.withdrawal_id.in_(withdrawal_ids)),
    )


def holds_of(session: Session, patron_id: int) -> Sequence[Hold]:
    return session.scalars(select(Hold).where(Hold.patron_id == patron_id).order_by(Hold.since.desc())).all()


def guardians_of(session: Session, patron_id: int) -> Sequence[Any]:
    query = (
        select(Guardianship, Guardian)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Guardianship.patron_id == patron_id)
        .order_by(Guardianship.since.desc(), Guardianship.id)
    )
    return session.execute(query).all()


def programs_of(session: Session, patron_id: int) -> Sequence[Program]:
    return session.scalars(
        select(Program)
        .join(Enrollment, Enrollment.program_id == Program.id)
        .where(Enrollment.patron_id == patron_id)
        .order_by(Program.starts.desc(), Program.name)
    ).all()


def cards_of(session: Session, patron_id: int) -> Sequence[Card]:
    return session.scalars(select(Card).where(Card.patron_id == patron_id).order_by(Card.issued_at.desc())).all()


def relationships_of(session: Session, patron_id: int) -> dict[int, str]:
    """What makes each guardian one, by the guardianship that began last."""
    rows = session.execute(
        select(Guardianship.guardian_id, Guardianship.relationship)
        .where(Guardianship.patron_id == patron_id)
        .order_by(Guardianship.since)
    )
    return {row.guardian_id: row.relationship for row in rows}


def _names(session: Session, query: Any) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for owner, name in session.execute(query):
        names[owner].append(name)
    return names
