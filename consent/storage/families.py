"""Who may ever have signed for a patron, and who belongs to the same family?"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from consent.storage.models import Guardian, Guardianship, Patron, PatronMatch, Withdrawal


def find_patron(session: Session, external_id: str) -> Patron | None:
    return session.scalar(select(Patron).where(Patron.external_id == external_id))


def find_guardian(session: Session, external_id: str) -> Guardian | None:
    return session.scalar(select(Guardian).where(Guardian.external_id == external_id))


def find_guardianship(session: Session, key: int) -> Any:
    """(Guardianship, Guardian, Patron) by the guardianship's number."""
    query = (
        select(Guardianship, Guardian, Patron)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .join(Patron, Patron.id == Guardianship.patron_id)
        .where(Guardianship.id == key)
    )
    return session.execute(query).one_or_none()


def guardianships_of_pair(session: Session, guardian_id: int, patron_id: int) -> Sequence[Guardianship]:
    return session.scalars(
        select(Guardianship).where(Guardianship.guardian_id == guardian_id, Guardianship.patron_id == patron_id)
    ).all()


def signers_of(session: Session, patron_id: int) -> Sequence[Guardian]:
    """Every guardian of this patron, former ones included, and everybody who ever signed or withdrew for them."""
    guardian_ids = (
        select(Guardianship.guardian_id)
        .where(Guardianship.patron_id == patron_id)
        .union(
            select(PatronMatch.guardian_id).where(PatronMatch.patron_id == patron_id),
            select(Withdrawal.guardian_id).where(Withdrawal.patron_id == patron_id),
        )
    )
    query = select(Guardian).where(Guardian.id.in_(guardian_ids)).order_by(Guardian.last_name, Guardian.first_name)
    return session.scalars(query.order_by(Guardian.id)).all()


def family_guardians(session: Session, patron_id: int) -> Sequence[Guardian]:
    """The patron's guardians, and those of their brothers and sisters: whoever shares a guardian with them."""
    own, shared, theirs = aliased(Guardianship), aliased(Guardianship), aliased(Guardianship)
    siblings = (
        select(shared.patron_id).join(own, own.guardian_id == shared.guardian_id).where(own.patron_id == patron_id)
    )
    guardian_ids = select(theirs.guardian_id).where(theirs.patron_id.in_(siblings))
    query = select(Guardian).where(Guardian.id.in_(guardian_ids)).order_by(Guardian.last_name, Guardian.first_name)
    return session.scalars(query.order_by(Guardian.id)).all()
