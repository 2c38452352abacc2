"""What is somebody about to post, with whom, and was it cleared? Rows here are added, never edited and never deleted.

A clearance without a decision is a draft; the latest decision says what became of it.
"""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.clearances import RecheckCause
from consent.domain.vocabulary import Media
from consent.storage.columns import Instant, Key, LongText, Name, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_a_name, one_of

WHAT_LENGTH = 300
WORDS_LENGTH = 128


class Clearance(Model):
    """A post or an interaction in the making. Whoever erred starts another one.

    `uses` are words with a space between them, none for a post that shows nobody; no planned time stands for now.
    """

    __tablename__ = "clearance"
    __table_args__ = (
        filled("number", at_most=64),
        filled("what", at_most=WHAT_LENGTH),
        CheckConstraint("headcount >= 0", name="headcount_is_not_negative"),
        CheckConstraint("unidentified >= 0", name="unidentified_is_not_negative"),
    )

    id: Mapped[Key]
    number: Mapped[Word] = mapped_column(unique=True)
    what: Mapped[str] = mapped_column(String(WHAT_LENGTH))
    account_id: Mapped[int] = mapped_column(ForeignKey("platform_account.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    uses: Mapped[str] = mapped_column(String(WORDS_LENGTH))
    planned_at: Mapped[Instant | None]
    headcount: Mapped[int]
    unidentified: Mapped[int]
    group_check_id: Mapped[int | None] = mapped_column(ForeignKey("group_check.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    made_at: Mapped[Instant]


class ClearancePerson(Model):
    """Somebody who is in it."""

    __tablename__ = "clearance_person"

    clearance_id: Mapped[int] = mapped_column(ForeignKey("clearance.id"), primary_key=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), primary_key=True, index=True)


class ClearanceCapture(Model):
    """What was recorded for it, when, by whom and with which device."""

    __tablename__ = "clearance_capture"
    __table_args__ = (one_of("media", Media), filled("device"))

    clearance_id: Mapped[int] = mapped_column(ForeignKey("clearance.id"), primary_key=True)
    media: Mapped[Word] = mapped_column(primary_key=True)
    captured_at: Mapped[Instant]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    device: Mapped[Name]


class ClearanceDecision(Model):
    """What the gate said when somebody pressed Clear, as JSON: what failed, and which limits there are.

    `checklist` and the limits ticked are what they confirmed. It counts for that employee alone.
    """

    __tablename__ = "clearance_decision"
    id: Mapped[Key]
    clearance_id: Mapped[int] = mapped_column(ForeignKey("clearance.id"), index=True)
    allowed: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[Instant]
    posting_at: Mapped[Instant]
    checklist: Mapped[str] = mapped_column(String(WORDS_LENGTH))
    failures: Mapped[LongText]
    limits: Mapped[LongText]
    event_position: Mapped[int] = mapped_column(ForeignKey("ledger_event.position"))


class ClearanceVerdict(Model):
    """What the consent rule said of one person and one use, and the signed records that an allow rests on.

    With a capture it is about having been recorded then.
    """

    __tablename__ = "clearance_verdict"
    __table_args__ = (
        is_a_name("use"),
        CheckConstraint("allowed = (reason IS NULL)", name="has_a_reason_unless_allowed"),
        CheckConstraint("capture >= 0", name="capture_is_not_negative"),
    )

    id: Mapped[Key]
    decision_id: Mapped[int] = mapped_column(ForeignKey("clearance_decision.id"), index=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"))
    use: Mapped[Word]
    capture: Mapped[int | None]
    at: Mapped[Instant]
    allowed: Mapped[bool]
    reason: Mapped[Word | None]
    basis: Mapped[LongText]


class ClearanceRecheck(Model):
    """What was cleared must be asked about anew, since something changed before it was posted."""

    __tablename__ = "clearance_recheck"
    __table_args__ = (one_of("cause", RecheckCause),)

    decision_id: Mapped[int] = mapped_column(ForeignKey("clearance_decision.id"), primary_key=True)
    at: Mapped[Instant]
    cause: Mapped[Word]
