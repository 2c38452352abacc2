"""Who asked for which record to be voided, and what became of it?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import (
    Consent,
    ConsentVoiding,
    Guardian,
    Patron,
    PatronMatch,
    Staff,
    VoidingRefusal,
    VoidingRequest,
    Withdrawal,
    WithdrawalVoiding,
)

SECOND = aliased(Staff)
"""Whoever seconded or refused."""
UNDECIDED = (
    VoidingRefusal.request_id.is_(None),
    ConsentVoiding.consent_id.is_(None),
    WithdrawalVoiding.withdrawal_id.is_(None),
)


def open_requests(session: Session) -> Sequence[Any]:
    """Those that nobody has seconded or refused, the oldest first."""
    return session.execute(_requests().where(*UNDECIDED).order_by(VoidingRequest.requested_at, VoidingRequest.id)).all()


def how_many_wait(session: Session) -> int:
    return session.scalar(HOW_MANY_WAIT) or 0


def find_request(session: Session, key: int) -> Any:
    return session.execute(_requests().where(VoidingRequest.id == key)).one_or_none()


def requests_about(
    session: Session, *, consent_id: int | None = None, withdrawal_id: int | None = None
) -> Sequence[Any]:
    """Every request about one record, whatever became of it."""
    about = (
        VoidingRequest.consent_id == consent_id
        if consent_id is not None
        else VoidingRequest.withdrawal_id == withdrawal_id
    )
    return session.execute(_requests().where(about).order_by(VoidingRequest.id)).all()


def find_consent(session: Session, external_id: str) -> Any:
    """(Consent, Patron or None, Guardian or None, voided_at); nobody's while it is not matched."""
    later = aliased(PatronMatch)
    overruled = select(later.id).where(later.consent_id == PatronMatch.consent_id, later.id > PatronMatch.id).exists()
    query = (
        select(Consent, Patron, Guardian, ConsentVoiding.at.label("voided_at"))
        .select_from(Consent)
        .outerjoin(PatronMatch, (PatronMatch.consent_id == Consent.id) & ~overruled)
        .outerjoin(Patron, Patron.id == PatronMatch.patron_id)
        .outerjoin(Guardian, Guardian.id == PatronMatch.guardian_id)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == Consent.id)
        .where(Consent.external_id == external_id)
    )
    return session.execute(query).one_or_none()


def _requests() -> Any:
    asked_by = aliased(Staff)
    voided_by = or_(SECOND.id == ConsentVoiding.seconded_by, SECOND.id == WithdrawalVoiding.seconded_by)
    return (
        select(
            VoidingRequest,
            Consent.external_id.label("consent"),
            Withdrawal.external_id.label("withdrawal"),
            asked_by.name.label("requested_by"),
            SECOND.name.label("decided_by"),
            VoidingRefusal.at.label("refused_at"),
            ConsentVoiding.at.label("consent_voided_at"),
            WithdrawalVoiding.at.label("withdrawal_voided_at"),
        )
        .select_from(VoidingRequest)
        .join(asked_by, asked_by.id == VoidingRequest.requested_by)
        .outerjoin(Consent, Consent.id == VoidingRequest.consent_id)
        .outerjoin(Withdrawal, Withdrawal.id == VoidingRequest.withdrawal_id)
        .outerjoin(VoidingRefusal, VoidingRefusal.request_id == VoidingRequest.id)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == VoidingRequest.consent_id)
        .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == VoidingRequest.withdrawal_id)
        .outerjoin(SECOND, or_(SECOND.id == VoidingRefusal.refused_by, voided_by & VoidingRefusal.request_id.is_(None)))
    )


# Asked for each page of the desk, so made once.
HOW_MANY_WAIT = (
    select(func.count())
    .select_from(VoidingRequest)
    .outerjoin(VoidingRefusal, VoidingRefusal.request_id == VoidingRequest.id)
    .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == VoidingRequest.consent_id)
    .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == VoidingRequest.withdrawal_id)
    .where(*UNDECIDED)
)
