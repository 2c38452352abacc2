"""Which consent cards are out, and which are dead?"""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Day, Instant, Key, Sha256
from consent.storage.database import Model
from consent.storage.models.constraints import is_sha256, not_before


class Card(Model):
    """A printed code that points at one patron. Only the code's SHA-256 is kept; a new card revokes the old one.

    `expires_on` is the last day on which it may be used.
    """

    __tablename__ = "card"
    __table_args__ = (
        is_sha256("code_sha256"),
        not_before("revoked_at", "issued_at"),
        Index(
            "uq_card_live_patron_id",
            "patron_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    code_sha256: Mapped[Sha256] = mapped_column(unique=True)
    issued_at: Mapped[Instant]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    expires_on: Mapped[Day]
    revoked_at: Mapped[Instant | None]
