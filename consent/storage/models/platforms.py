"""On which platforms may the department post at all? (policy 6.5, II.c)"""

from sqlalchemy.orm import Mapped

from consent.storage.columns import ExternalId, Instant, Key, Name
from consent.storage.database import Model
from consent.storage.models.constraints import filled


class Platform(Model):
    """A platform the department approved, and when. It is closed once, never deleted."""

    __tablename__ = "platform"
    __table_args__ = (filled("external_id", at_most=64), filled("name"))

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    name: Mapped[Name]
    approved_from: Mapped[Instant]
    approved_until: Mapped[Instant | None]
