"""Who may post on which platform, at whose request and with whose approval? (policy 6.5, II.b)"""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.authorizations import AccessLevel
from consent.storage.columns import Day, Instant, Key, Name, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, not_before, one_of


class PostingRequest(Model):
    """An administrator asks that somebody else may post from an account of the department. Never edited."""

    __tablename__ = "posting_request"
    __table_args__ = (
        filled("account"),
        one_of("access", AccessLevel),
        CheckConstraint("requested_by <> staff_id", name="is_asked_by_another_person"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"))
    account: Mapped[Name]
    access: Mapped[Word]
    last_day: Mapped[Day]
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[Instant]


class PostingRefusal(Model):
    """A director did not agree."""

    __tablename__ = "posting_refusal"

    request_id: Mapped[int] = mapped_column(ForeignKey("posting_request.id"), primary_key=True)
    at: Mapped[Instant]
    refused_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class PostingAuthorization(Model):
    """A director, who is neither the person nor whoever asked, agreed. It is revoked once, never edited or deleted."""

    __tablename__ = "posting_authorization"
    __table_args__ = (
        CheckConstraint("approved_by <> staff_id", name="is_approved_by_another_person"),
        CheckConstraint("approved_by <> requested_by", name="is_not_approved_by_whoever_asked"),
        not_before("revoked_at", "approved_at"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("posting_request.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
