"""From which accounts may somebody post, and what did a director decide? (policy 6.5, II.b, II.c)"""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, Name
from consent.storage.database import Model
from consent.storage.models.constraints import filled, not_before

URL_LENGTH = 300
TEXT_LENGTH = 1000


class PlatformAccount(Model):
    """An account of the department, or an employee's own. It is asked for, decided on and closed; never edited."""

    __tablename__ = "platform_account"
    __table_args__ = (
        filled("handle"),
        CheckConstraint(
            f"length(url) BETWEEN 9 AND {URL_LENGTH} AND substr(url, 1, 8) = 'https://'", name="url_is_https"
        ),
        filled("audience"),
        filled("purposes", at_most=TEXT_LENGTH),
        filled("retention"),
        not_before("ended_at", "asked_at"),
    )

    id: Mapped[Key]
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    handle: Mapped[Name]
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    audience: Mapped[Name]
    purposes: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    retention: Mapped[Name]
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class AccountDecision(Model):
    """A director's yes or no to an account that somebody else asked for, and that is not their own."""

    __tablename__ = "account_decision"
    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="is_not_decided_by_whoever_asked"),
        CheckConstraint("decided_by <> owner_id", name="is_not_decided_by_the_owner"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("platform_account.id"), primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[Instant]
