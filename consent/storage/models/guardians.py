"""Who may sign for a patron, from when and until when?"""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.vocabulary import Relationship
from consent.storage.columns import ExternalId, Instant, Key, Name, Word
from consent.storage.database import Model
from consent.storage.models.constraints import after, filled, one_of


class Guardian(Model):
    """A parent or other adult who may sign for a patron, through a guardianship."""

    __tablename__ = "guardian"
    __table_args__ = (
        filled("external_id", at_most=64),
        filled("first_name"),
        filled("last_name"),
        CheckConstraint("external_id <> 'self'", name="external_id_is_not_self"),
    )

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    first_name: Mapped[Name]
    last_name: Mapped[Name]
    email: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(64))
    added_at: Mapped[Instant]


class Guardianship(Model):
    """One guardian's authority over one patron. It may end sooner, never later, and is never edited or deleted."""

    __tablename__ = "guardianship"
    __table_args__ = (
        UniqueConstraint("guardian_id", "patron_id", "since"),
        one_of("relationship", Relationship),
        after("until", "since"),
    )

    id: Mapped[Key]
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("guardian.id"))
    relationship: Mapped[Word]
    since: Mapped[Instant]
    until: Mapped[Instant | None]
    beyond_majority: Mapped[bool] = mapped_column(default=False)
    order_seen: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
