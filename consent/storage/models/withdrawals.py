"""Who took a permission back, and when? Rows here are added, never edited and never deleted."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.vocabulary import AskedHow, Use
from consent.storage.columns import ExternalId, Instant, Key, LongText, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, one_of


class Withdrawal(Model):
    """An entitled signer's later no, of every use or of those listed; no guardian stands for the patron."""

    __tablename__ = "withdrawal"
    __table_args__ = (filled("external_id", at_most=64), one_of("asked_how", AskedHow))

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardian.id"))
    at: Mapped[Instant]
    every_use: Mapped[bool]
    assurance: Mapped[Word]
    asked_how: Mapped[Word | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[Instant | None]


class WithdrawalUse(Model):
    __tablename__ = "withdrawal_use"
    __table_args__ = (one_of("use", Use), {"sqlite_with_rowid": False})

    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("withdrawal.id"), primary_key=True)
    use: Mapped[Word] = mapped_column(primary_key=True)


class WithdrawalVoiding(Model):
    """A withdrawal entered by mistake. Once for each withdrawal."""

    __tablename__ = "withdrawal_voiding"

    withdrawal_id: Mapped[int] = mapped_column(ForeignKey("withdrawal.id"), primary_key=True)
    at: Mapped[Instant]
    reason: Mapped[LongText | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    seconded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
