"""Whose personal data was erased, by whose order? Rows here are added, never edited and never deleted."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, LongText, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled


class ErasureRequest(Model):
    """One person's wish to erase a patron's personal data; it takes effect when another person approves it."""

    __tablename__ = "erasure_request"

    id: Mapped[Key]
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    reason: Mapped[LongText]
    legal_basis: Mapped[LongText]
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[Instant]


class ErasureRefusal(Model):
    """A second person did not agree, and the data stays."""

    __tablename__ = "erasure_refusal"

    request_id: Mapped[int] = mapped_column(ForeignKey("erasure_request.id"), primary_key=True)
    at: Mapped[Instant]
    refused_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Erasure(Model):
    """The order: two people, never one. `despite` says why it was given before the data's time was over."""

    __tablename__ = "erasure"
    __table_args__ = (CheckConstraint("approved_by <> requested_by", name="two_people_agree"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("erasure_request.id"), primary_key=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), unique=True)
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[Instant]
    despite: Mapped[LongText | None]


class ErasedRecord(Model):
    """One row that an order emptied, named by its table and key. The triggers let nothing else be emptied."""

    __tablename__ = "erased_record"
    __table_args__ = (filled("table_name", at_most=64), filled("key", at_most=64), {"sqlite_with_rowid": False})

    table_name: Mapped[Word] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("erasure.request_id"), index=True)
