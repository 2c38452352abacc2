"""Which rosters were printed, and what did they say?"""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Day, Instant, Key, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import is_sha256


class RosterPrint(Model):
    """One printed sheet. `content_sha256` of its marks tells whether it is out of date."""

    __tablename__ = "roster_print"
    __table_args__ = (is_sha256("content_sha256"),)

    id: Mapped[Key]
    serial: Mapped[Word] = mapped_column(unique=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    valid_on: Mapped[Day]
    sort: Mapped[Word]
    content_sha256: Mapped[Sha256]
    printed_at: Mapped[Instant]
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
