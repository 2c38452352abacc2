"""Who opened what that names somebody? Rows here are added, never edited and never deleted."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import EXTERNAL_ID_LENGTH, Instant, Key, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_a_name


class Look(Model):
    """One person seen, or one thing that is about people; those on one page share `shown_together`.

    `about` is a number or a reference, never a name: names are read from the records when somebody asks.
    """

    __tablename__ = "look"
    __table_args__ = (
        is_a_name("kind"),
        filled("shown_together", at_most=32),
        filled("actor", at_most=64),
        filled("about", at_most=EXTERNAL_ID_LENGTH),
        Index("ix_look_looked_at_id", "looked_at", "id"),
        Index("ix_look_actor_looked_at", "actor", "looked_at"),
        Index("ix_look_kind_looked_at", "kind", "looked_at"),
        Index("ix_look_patron_id_looked_at", "patron_id", "looked_at"),
    )

    id: Mapped[Key]
    shown_together: Mapped[str] = mapped_column(String(32))
    looked_at: Mapped[Instant]
    kind: Mapped[Word]
    actor: Mapped[Word]
    patron_id: Mapped[int | None] = mapped_column(ForeignKey("patron.id"))
    about: Mapped[str | None] = mapped_column(String(EXTERNAL_ID_LENGTH))
