"""Whom may nobody show, whatever was signed?"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import ExternalId, Instant, Key, LongText
from consent.storage.database import Model
from consent.storage.models.constraints import after, filled


class Hold(Model):
    """A confidential stop on one patron. It may end sooner, never later, and is never edited or deleted."""

    __tablename__ = "hold"
    __table_args__ = (filled("external_id", at_most=64), after("until", "since"))

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    since: Mapped[Instant]
    until: Mapped[Instant | None]
    reason: Mapped[LongText]
