"""Which other systems may ask?"""

from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, Name, Sha256
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_sha256, not_before


class ApiToken(Model):
    """Another system's key to the checks; only its SHA-256 is kept."""

    __tablename__ = "api_token"
    __table_args__ = (filled("name"), is_sha256("token_sha256"), not_before("revoked_at", "added_at"))

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True)
    token_sha256: Mapped[Sha256] = mapped_column(unique=True)
    added_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
