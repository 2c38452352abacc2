"""Whom may the department want to show or tag?"""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Day, ExternalId, Instant, Key, Name
from consent.storage.database import Model
from consent.storage.models.constraints import filled


class Patron(Model):
    """A person shown or tagged, a minor or an adult. Corrected with a trail in the ledger, never deleted."""

    __tablename__ = "patron"
    __table_args__ = (filled("external_id", at_most=64), filled("first_name"), filled("last_name"))

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    first_name: Mapped[Name]
    last_name: Mapped[Name]
    born: Mapped[Day | None]
    adult: Mapped[bool] = mapped_column(default=False)
    emancipated_on: Mapped[date | None]
    added_at: Mapped[Instant]


class PatronHandle(Model):
    """A patron's account name on one platform, kept only so that a permitted tag finds the right account."""

    __tablename__ = "patron_handle"
    __table_args__ = (filled("account", at_most=200),)

    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(200))
