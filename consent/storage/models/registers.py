"""Who is trained, may record, or speaks for the city, and what was told before a program? (II.e, III.c, IV.a.iii)"""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Day, Instant, Key, Name
from consent.storage.database import Model
from consent.storage.models.constraints import after, filled, not_before

NOTE_LENGTH = 4000


class Training(Model):
    """A course that somebody took and until when it counts; entered by a colleague."""

    __tablename__ = "training"
    __table_args__ = (
        filled("course"),
        not_before("valid_until", "taken_on"),
        CheckConstraint("added_by <> staff_id", name="is_entered_by_another_person"),
        not_before("ended_at", "added_at"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    course: Mapped[Name]
    taken_on: Mapped[Day]
    valid_until: Mapped[Day]
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class RecordingAuthorization(Model):
    """A supervisor lets somebody else use a device in a program, for a time and for certain kinds of media."""

    __tablename__ = "recording_authorization"
    __table_args__ = (
        filled("device"),
        after("ends_at", "starts_at"),
        CheckConstraint("still OR moving OR voice", name="allows_some_kind_of_media"),
        CheckConstraint("supervisor_id <> staff_id", name="is_given_by_another_person"),
        not_before("ended_at", "added_at"),
    )

    id: Mapped[Key]
    supervisor_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    device: Mapped[Name]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    still: Mapped[bool]
    moving: Mapped[bool]
    voice: Mapped[bool]
    added_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class Spokesperson(Model):
    """A director lets somebody else speak for the city, from one day to another."""

    __tablename__ = "spokesperson"
    __table_args__ = (
        not_before("last_day", "starts"),
        CheckConstraint("named_by <> staff_id", name="is_named_by_another_person"),
        not_before("ended_at", "named_at"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    starts: Mapped[Day]
    last_day: Mapped[Day]
    named_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    named_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class CommunicationNote(Model):
    """How the staff of a program reach each other, told before it starts. A new one takes its place."""

    __tablename__ = "communication_note"
    __table_args__ = (
        filled("text_en", at_most=NOTE_LENGTH),
        filled("text_es", at_most=NOTE_LENGTH),
        not_before("ended_at", "added_at"),
    )

    id: Mapped[Key]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    text_en: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    text_es: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    given_on: Mapped[Day]
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
