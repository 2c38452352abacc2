"""Which rules beside the patrons' own answers hold on a platform, in a program or at a place? (policy 6.5, IV.a.iv)"""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Day, Instant, Key, Name
from consent.storage.database import Model
from consent.storage.models.constraints import filled, not_before

TEXT_LENGTH = 1000
EVERY_USE_LENGTH = 128


class PostingRule(Model):
    """A rule in both languages, and the uses that it forbids. It is asked for, decided on and ended; never edited.

    Where a picture was taken nobody tells the registry, so of a place it can say only what holds there.
    """

    __tablename__ = "posting_rule"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN platform_id IS NULL THEN 0 ELSE 1 END + CASE WHEN program_id IS NULL THEN 0 ELSE 1 END "
            "+ CASE WHEN place IS NULL THEN 0 ELSE 1 END = 1",
            name="holds_in_one_area",
        ),
        filled("place"),
        CheckConstraint("place IS NULL OR forbids = ''", name="a_place_is_only_told_of"),
        filled("text_en", at_most=TEXT_LENGTH),
        filled("text_es", at_most=TEXT_LENGTH),
        not_before("last_day", "starts"),
        not_before("ended_at", "asked_at"),
    )

    id: Mapped[Key]
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("platform.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    place: Mapped[Name | None]
    text_en: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    text_es: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    forbids: Mapped[str] = mapped_column(String(EVERY_USE_LENGTH))
    minors_only: Mapped[bool]
    starts: Mapped[Day]
    last_day: Mapped[Day | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class RuleDecision(Model):
    """A director's yes or no to a rule that somebody else asked for."""

    __tablename__ = "rule_decision"
    __table_args__ = (CheckConstraint("decided_by <> asked_by", name="is_not_decided_by_whoever_asked"),)

    rule_id: Mapped[int] = mapped_column(ForeignKey("posting_rule.id"), primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[Instant]
