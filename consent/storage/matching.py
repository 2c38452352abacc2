"""Who on file bears these names, and who may sign for them?"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from consent.domain.names import LONGEST_WORD, words_of
from consent.storage.models import Guardian, Guardianship, Patron, PatronWord

BORN_THAT_DAY_MOST = 200
WORDS_TOLD_BY = 8
"""So many words tell people apart well enough; SQLite joins 64 tables at most, and a name may have more words."""


def bearers(session: Session, first_name: str, last_name: str) -> Sequence[Patron]:
    """Patrons who bear the longest words of both names; whether the names are the same, others judge."""
    words = sorted(
        (word[:LONGEST_WORD] for word in words_of(first_name, last_name)), key=lambda word: (-len(word), word)
    )
    if not words:
        return []
    query = select(Patron)
    for word in words[:WORDS_TOLD_BY]:
        bears = aliased(PatronWord)
        query = query.join(bears, (bears.patron_id == Patron.id) & (bears.word == word))
    return session.scalars(query.order_by(Patron.id)).all()


def patrons_of(session: Session, patron_ids: Collection[int]) -> Sequence[Patron]:
    return session.scalars(select(Patron).where(Patron.id.in_(sorted(patron_ids))).order_by(Patron.id)).all()


def born_on_any(session: Session, days: Collection[date]) -> Sequence[Patron]:
    """Patrons born on one of these days; on a day on which very many were born, some of them."""
    return session.scalars(
        select(Patron).where(Patron.born.in_(sorted(days))).order_by(Patron.id).limit(BORN_THAT_DAY_MOST)
    ).all()


def guardians_now(
    session: Session, patron_ids: Collection[int], now: datetime
) -> Sequence[Row[Guardianship, Guardian]]:
    """(Guardianship, Guardian) of these patrons that cover this instant."""
    return session.execute(
        select(Guardianship, Guardian)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(
            Guardianship.patron_id.in_(sorted(patron_ids)),
            Guardianship.since <= now,
            or_(Guardianship.until.is_(None), Guardianship.until > now),
        )
        .order_by(Guardianship.id)
    ).all()
