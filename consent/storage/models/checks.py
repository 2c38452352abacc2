"""Who asked what about whom, and what was answered? Rows here are added, never edited and never deleted."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, LongText, Word
from consent.storage.database import Model

BY_STAFF = "door <> 'api'"


def _only(rows: str) -> dict[str, Any]:
    """An index of those rows alone: what other systems ask, by the thousand, pays for none that it needs not."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows)}


class PatronCheck(Model):
    """One recorded look-up of one patron; those asked together share `asked_together`.

    `asked_as` is what was asked, so that a look-up of somebody unknown leaves its trace too: an external id, or the
    SHA-256 of what looks like a card's code, which is kept nowhere.
    """

    __tablename__ = "patron_check"
    __table_args__ = (
        Index("ix_patron_check_asked_at_id", "asked_at", "id"),
        Index("ix_patron_check_patron_id_asked_at", "patron_id", "asked_at"),
        Index("ix_patron_check_token_id_asked_at", "token_id", "asked_at", **_only("token_id IS NOT NULL")),
        Index("ix_patron_check_staff_id_asked_at", "staff_id", "asked_at", **_only("staff_id IS NOT NULL")),
        Index("ix_patron_check_door_asked_at", "door", "asked_at", **_only(BY_STAFF)),
    )

    id: Mapped[Key]
    asked_together: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[Instant]
    door: Mapped[Word]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"))
    patron_id: Mapped[int | None] = mapped_column(ForeignKey("patron.id"))
    asked_as: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str | None] = mapped_column(String(64))
    program: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[Instant]
    answers: Mapped[LongText]
