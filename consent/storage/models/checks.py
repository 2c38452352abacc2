"""Who asked what about whom, and what was answered? Rows here are added, never edited and never deleted."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, LongText, Word
from consent.storage.database import Model


class PatronCheck(Model):
    """One recorded look-up of one patron; those asked together share `asked_together`.

    `asked_as` is what was asked, so that a look-up of somebody unknown leaves its trace too: an external id, or the
    SHA-256 of what looks like a card's code, which is kept nowhere.
    """

    __tablename__ = "patron_check"

    id: Mapped[Key]
    asked_together: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[Instant]
    door: Mapped[Word]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"))
    patron_id: Mapped[int | None] = mapped_column(ForeignKey("patron.id"), index=True)
    asked_as: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    platform: Mapped[str | None] = mapped_column(String(64))
    program: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[Instant]
    answers: Mapped[LongText]
