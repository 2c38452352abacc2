"""When was each piece of housekeeping last done?"""

from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.housekeeping import Chore
from consent.storage.columns import Instant, Word
from consent.storage.database import Model
from consent.storage.models.constraints import one_of


class ChoreDone(Model):
    """The last time only: no record rests on it."""

    __tablename__ = "chore_done"
    __table_args__ = (one_of("chore", Chore),)

    chore: Mapped[Word] = mapped_column(primary_key=True)
    done_at: Mapped[Instant]
