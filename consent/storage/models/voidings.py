"""Who wants a record voided, and did a second person agree? Rows here are added, never edited and never deleted."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, LongText
from consent.storage.database import Model


class VoidingRequest(Model):
    """One person's wish to void a consent or a withdrawal; it takes effect when another person seconds it."""

    __tablename__ = "voiding_request"
    __table_args__ = (CheckConstraint("(consent_id IS NULL) <> (withdrawal_id IS NULL)", name="names_one_record"),)

    id: Mapped[Key]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"), index=True)
    withdrawal_id: Mapped[int | None] = mapped_column(ForeignKey("withdrawal.id"), index=True)
    reason: Mapped[LongText]
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[Instant]


class VoidingRefusal(Model):
    """A second person did not agree, and the record stands."""

    __tablename__ = "voiding_refusal"

    request_id: Mapped[int] = mapped_column(ForeignKey("voiding_request.id"), primary_key=True)
    at: Mapped[Instant]
    refused_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
