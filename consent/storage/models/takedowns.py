"""What must come down, whose task is it, and what became of it? Rows here are added, never edited and never deleted."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.takedowns import TakedownAction, TakedownOutcome
from consent.storage.columns import Day, Instant, Key, Word
from consent.storage.database import Model
from consent.storage.models.constraints import is_a_name, not_before, one_of

USES_LENGTH = 128
NOTE_LENGTH = 500


class Takedown(Model):
    """Somebody in a post no longer may be. `uses` are words with a space between them, `reason` the first one's."""

    __tablename__ = "takedown"
    __table_args__ = (
        one_of("action", TakedownAction),
        is_a_name("reason"),
        CheckConstraint(f"length(uses) BETWEEN 1 AND {USES_LENGTH}", name="uses_has_a_length"),
    )

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    action: Mapped[Word]
    uses: Mapped[str] = mapped_column(String(USES_LENGTH))
    reason: Mapped[Word]
    opened_at: Mapped[Instant]
    due_on: Mapped[Day]


class TakedownAssignment(Model):
    """Whose task it is from then on; before the first, it is the task of whoever posted."""

    __tablename__ = "takedown_assignment"

    id: Mapped[Key]
    takedown_id: Mapped[int] = mapped_column(ForeignKey("takedown.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    assigned_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    assigned_at: Mapped[Instant]


class TakedownClosing(Model):
    """Who says what became of it, and since when it is gone. `reposts_asked`: staff were asked to remove theirs."""

    __tablename__ = "takedown_closing"
    __table_args__ = (
        one_of("outcome", TakedownOutcome),
        CheckConstraint("(outcome = 'gone') = (gone_at IS NOT NULL)", name="gone_has_a_time"),
        CheckConstraint("outcome <> 'cannot' OR length(note) > 0", name="cannot_has_a_note"),
        not_before("closed_at", "gone_at"),
    )

    takedown_id: Mapped[int] = mapped_column(ForeignKey("takedown.id"), primary_key=True)
    outcome: Mapped[Word]
    gone_at: Mapped[Instant | None]
    reposts_asked: Mapped[bool]
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    closed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[Instant]
