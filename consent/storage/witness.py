"""Which signings wait for the front desk, what was typed in them, and who on file may be meant?"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from consent.domain.vocabulary import Answer
from consent.storage.models import (
    Consent,
    ConsentAnswer,
    ConsentVoiding,
    Enrollment,
    Guardian,
    Guardianship,
    Kiosk,
    LedgerEvent,
    PaperEntry,
    Patron,
    PatronHandle,
    PatronMatch,
    Platform,
    SealedContent,
    Signing,
    SigningRejection,
    Staff,
    Witnessing,
)
from consent.storage.paper_entries import is_paper

NAMESAKES_MOST = 500


def waiting(session: Session, *, paper: bool, at_most: int, past: int = 0) -> Sequence[Any]:
    """(Signing, kiosk, whether it has a no, who entered it from paper and their id) of those nobody has finished.

    Either those of the kiosks or those on paper: a no first, then the oldest.
    """
    has_no = (
        exists()
        .where(Consent.signing_id == Signing.id, ConsentAnswer.consent_id == Consent.id)
        .where(ConsentAnswer.answer == Answer.NO)
    )
    query = (
        select(
            Signing,
            Kiosk.name.label("kiosk"),
            has_no.label("has_no"),
            Staff.name.label("entered_by"),
            Staff.id.label("entered_by_id"),
        )
        .outerjoin(Kiosk, Kiosk.id == Signing.kiosk_id)
        .outerjoin(PaperEntry, PaperEntry.signing_id == Signing.id)
        .outerjoin(Staff, Staff.id == PaperEntry.entered_by)
        .where(_waits(), is_paper() if paper else ~is_paper())
        .order_by(case((has_no, 0), else_=1), Signing.signed_at, Signing.id)
    )
    return session.execute(query.limit(at_most).offset(past)).all()


def how_many_wait(session: Session, *, paper: bool) -> int:
    return session.scalar(HOW_MANY_PAPERS_WAIT if paper else HOW_MANY_WAIT) or 0


def finished_since(session: Session, since: datetime, *, paper: bool) -> Sequence[Any]:
    """(Signing, kiosk, witnessed at, by whom, rejected at, by whom), the latest first."""
    witness, rejecter = aliased(Staff), aliased(Staff)
    done = (
        select(
            Consent.signing_id,
            func.max(Witnessing.at).label("at"),
            func.max(Witnessing.witnessed_by).label("by"),
        )
        .join(Witnessing, Witnessing.consent_id == Consent.id)
        .where(Witnessing.at >= since)
        .group_by(Consent.signing_id)
        .subquery()
    )
    query = (
        select(
            Signing,
            Kiosk.name.label("kiosk"),
            done.c.at.label("witnessed_at"),
            witness.name.label("witnessed_by"),
            SigningRejection.at.label("rejected_at"),
            rejecter.name.label("rejected_by"),
        )
        .outerjoin(done, done.c.signing_id == Signing.id)
        .outerjoin(SigningRejection, SigningRejection.signing_id == Signing.id)
        .outerjoin(Kiosk, Kiosk.id == Signing.kiosk_id)
        .outerjoin(witness, witness.id == done.c.by)
        .outerjoin(rejecter, rejecter.id == SigningRejection.rejected_by)
        .where(or_(done.c.at.is_not(None), SigningRejection.at >= since), is_paper() if paper else ~is_paper())
        .order_by(func.coalesce(done.c.at, SigningRejection.at).desc(), Signing.id.desc())
    )
    return session.execute(query).all()


def find_signing(session: Session, reference: str) -> Any:
    """(Signing, kiosk)."""
    return session.execute(
        select(Signing, Kiosk.name.label("kiosk"))
        .outerjoin(Kiosk, Kiosk.id == Signing.kiosk_id)
        .where(Signing.reference == reference)
    ).one_or_none()


def consents_in(session: Session, signing_ids: Collection[int]) -> Sequence[Any]:
    """(Consent, sealed content, witnessed at, by whom, how identified, order seen, voided at), as they were signed."""
    return session.execute(
        select(
            Consent,
            SealedContent.canonical,
            Witnessing.at.label("witnessed_at"),
            Witnessing.identified_by,
            Witnessing.order_seen,
            Staff.name.label("witnessed_by"),
            ConsentVoiding.at.label("voided_at"),
        )
        .join(SealedContent, SealedContent.position == Consent.event_position)
        .outerjoin(Witnessing, Witnessing.consent_id == Consent.id)
        .outerjoin(Staff, Staff.id == Witnessing.witnessed_by)
        .outerjoin(ConsentVoiding, ConsentVoiding.consent_id == Consent.id)
        .where(Consent.signing_id.in_(signing_ids))
        .order_by(Consent.signing_id, Consent.id)
    ).all()


def latest_matches(session: Session, consent_ids: Collection[int]) -> dict[int, PatronMatch]:
    """The match of each consent that has one; of several, the latest."""
    rows = session.scalars(select(PatronMatch).where(PatronMatch.consent_id.in_(consent_ids)).order_by(PatronMatch.id))
    return {match.consent_id: match for match in rows}


def is_matched(session: Session, *, patron_id: int, guardian_id: int, besides: int) -> bool:
    """Whether this guardian signed for this patron in any other record than that one."""
    query = select(PatronMatch.id).where(
        PatronMatch.patron_id == patron_id, PatronMatch.guardian_id == guardian_id, PatronMatch.consent_id != besides
    )
    return session.scalar(query.limit(1)) is not None


def rejection_of(session: Session, signing_id: int) -> Any:
    """(SigningRejection, by whom)."""
    return session.execute(
        select(SigningRejection, Staff.name.label("by"))
        .outerjoin(Staff, Staff.id == SigningRejection.rejected_by)
        .where(SigningRejection.signing_id == signing_id)
    ).one_or_none()


def namesakes(session: Session, last_name: str, email: str | None) -> Sequence[Guardian]:
    """Guardians of that last name or e-mail address. How near they are, others judge."""
    same = [func.lower(Guardian.last_name) == func.lower(last_name)]
    if email:
        same.append(func.lower(Guardian.email) == email.lower())
    return session.scalars(select(Guardian).where(or_(*same)).order_by(Guardian.id).limit(NAMESAKES_MOST)).all()


def guardianships(
    session: Session, *, patron_ids: Collection[int] = (), guardian_ids: Collection[int] = ()
) -> Sequence[Any]:
    """(Guardianship, Guardian, Patron) of any of these people, the earliest first."""
    return session.execute(
        select(Guardianship, Guardian, Patron)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .join(Patron, Patron.id == Guardianship.patron_id)
        .where(or_(Guardianship.patron_id.in_(patron_ids), Guardianship.guardian_id.in_(guardian_ids)))
        .order_by(Guardianship.since, Guardianship.id)
    ).all()


def accounts_of(session: Session, patron_id: int) -> dict[int, PatronHandle]:
    rows = session.scalars(select(PatronHandle).where(PatronHandle.patron_id == patron_id))
    return {handle.platform_id: handle for handle in rows}


def platforms_named(session: Session, external_ids: Collection[str]) -> dict[str, Platform]:
    rows = session.scalars(select(Platform).where(Platform.external_id.in_(external_ids)))
    return {platform.external_id: platform for platform in rows}


def is_enrolled(session: Session, *, program_id: int, patron_id: int) -> bool:
    return session.get(Enrollment, (program_id, patron_id)) is not None


def head_of_ledger(session: Session) -> int:
    """Grows with each change, so that who has seen it need not look again."""
    return session.scalar(select(func.max(LedgerEvent.position))) or 0


def _open() -> Select[Any]:
    """The signings with a record that is neither witnessed nor voided."""
    return select(Consent.signing_id).where(
        Consent.signing_id.is_not(None),
        ~exists().where(Witnessing.consent_id == Consent.id),
        ~exists().where(ConsentVoiding.consent_id == Consent.id),
    )


def _waits() -> ColumnElement[bool]:
    return Signing.id.in_(_open()) & ~exists().where(SigningRejection.signing_id == Signing.id)


# Asked for each page of the desk, so made once.
HOW_MANY_WAIT = select(func.count()).select_from(Signing).where(_waits(), ~is_paper())
HOW_MANY_PAPERS_WAIT = select(func.count()).select_from(Signing).where(_waits(), is_paper())
