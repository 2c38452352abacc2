"""How often was something tried of late?"""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import is_sha256, not_before


class TryCount(Model):
    """The tries of late under one key, of which only the SHA-256 is kept; forgotten after a day."""

    __tablename__ = "try_count"
    __table_args__ = (
        is_sha256("key_sha256"),
        CheckConstraint("tries > 0", name="tries_is_positive"),
        not_before("last_at", "began_at"),
    )

    scope: Mapped[Word] = mapped_column(primary_key=True)
    key_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    tries: Mapped[int]
    began_at: Mapped[Instant]
    last_at: Mapped[Instant] = mapped_column(index=True)
