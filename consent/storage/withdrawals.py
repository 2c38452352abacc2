"""Which withdrawal has this reference, and which uses does it name?"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consent.domain.vocabulary import Use
from consent.storage.models import Guardian, Patron, Withdrawal, WithdrawalUse, WithdrawalVoiding


def find_withdrawal(session: Session, external_id: str) -> Any:
    """(Withdrawal, Patron, Guardian or None, voided_at)"""
    query = (
        select(Withdrawal, Patron, Guardian, WithdrawalVoiding.at.label("voided_at"))
        .join(Patron, Patron.id == Withdrawal.patron_id)
        .outerjoin(Guardian, Guardian.id == Withdrawal.guardian_id)
        .outerjoin(WithdrawalVoiding, WithdrawalVoiding.withdrawal_id == Withdrawal.id)
        .where(Withdrawal.external_id == external_id)
    )
    return session.execute(query).one_or_none()


def uses_of(session: Session, withdrawal: Withdrawal) -> frozenset[Use] | None:
    """None stands for every use."""
    if withdrawal.every_use:
        return None
    named = session.scalars(select(WithdrawalUse.use).where(WithdrawalUse.withdrawal_id == withdrawal.id))
    return frozenset(Use(use) for use in named)
