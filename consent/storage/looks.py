"""Who opened what? The statement that adds to the record of looking, and whom a signing is about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Dialect, Insert, Text, bindparam, insert, select
from sqlalchemy.orm import Session

from consent.storage.direct import sql_of, write_instant
from consent.storage.models import Consent, Look, Patron, PatronMatch, Signing


def recording(dialect: Dialect) -> str:
    """The statement that adds a row; a patron is given by their external id."""
    return sql_of(_recording, dialect.name)


def row_of(
    dialect: Dialect, *, shown_together: str, looked_at: datetime, kind: str, actor: str, patron: str, about: str
) -> dict[str, object]:
    """What the statement needs. Nobody and nothing are empty words."""
    return {
        "shown_together": shown_together,
        "looked_at": write_instant(looked_at, dialect),
        "kind": kind,
        "actor": actor,
        "patron": patron,
        "about": about or None,
    }


def patrons_in_signing(session: Session, reference: str) -> Sequence[str]:
    """The external ids of those whom the desk has ever matched to a signing's records."""
    return session.scalars(
        select(Patron.external_id)
        .join(PatronMatch, PatronMatch.patron_id == Patron.id)
        .join(Consent, Consent.id == PatronMatch.consent_id)
        .join(Signing, Signing.id == Consent.signing_id)
        .where(Signing.reference == reference)
        .distinct()
    ).all()


def _recording() -> Insert:
    named = select(Patron.id).where(Patron.external_id == bindparam("patron", type_=Text())).scalar_subquery()
    given = ("shown_together", "looked_at", "kind", "actor", "about")
    return insert(Look).inline().values({column: bindparam(column) for column in given} | {"patron_id": named})
