"""Which form versions were ever published, and when was one of them withdrawn?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from consent.storage.models import FormVersion, FormWithdrawal


def versions(session: Session, now: datetime) -> Sequence[Any]:
    """(FormVersion, when it was withdrawn), the latest first."""
    return session.execute(
        select(FormVersion, FormWithdrawal.at)
        .outerjoin(FormWithdrawal, and_(FormWithdrawal.form_version_id == FormVersion.id, FormWithdrawal.at <= now))
        .where(FormVersion.published_at <= now)
        .order_by(FormVersion.published_at.desc(), FormVersion.version.desc(), FormVersion.id.desc())
    ).all()


def version_named(session: Session, form: str, version: int, now: datetime) -> FormVersion | None:
    return session.scalar(
        select(FormVersion).where(
            FormVersion.form == form, FormVersion.version == version, FormVersion.published_at <= now
        )
    )


def withdrawn_at(session: Session, form_version_id: int, now: datetime) -> datetime | None:
    return session.scalar(
        select(FormWithdrawal.at).where(FormWithdrawal.form_version_id == form_version_id, FormWithdrawal.at <= now)
    )
