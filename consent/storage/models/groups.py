"""Who is in the picture that somebody wants to post, and where is it to appear? What is asked, never an answer."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.groups import AddedBy, InVain
from consent.domain.vocabulary import Channel
from consent.storage.columns import EXTERNAL_ID_LENGTH, Instant, Key, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, not_before, one_of


class GroupCheck(Model):
    """One picture or film in the making, which its member of staff alone opens. Each look at it asks the rule anew.

    `uses` are words with a space between them; no platform stands for every one approved, no time for now.
    """

    __tablename__ = "group_check"
    __table_args__ = (
        filled("uses", at_most=64),
        one_of("channel", Channel),
        CheckConstraint("headcount >= 1", name="headcount_is_positive"),
        CheckConstraint("unidentified >= 0", name="unidentified_is_not_negative"),
        not_before("changed_at", "started_at"),
        not_before("closed_at", "started_at"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    uses: Mapped[Word]
    platform_id: Mapped[int | None] = mapped_column(ForeignKey("platform.id"))
    channel: Mapped[Word]
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    planned_at: Mapped[Instant | None]
    headcount: Mapped[int | None]
    unidentified: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


class GroupCheckPerson(Model):
    """One person in it, in the order of `added_at` and `id`; or what means nobody in the registry, and why.

    `named` is the patron's external id, or what was asked in vain: of a card's code the SHA-256, never the code.
    """

    __tablename__ = "group_check_person"
    __table_args__ = (
        UniqueConstraint("group_check_id", "named"),
        filled("named", at_most=EXTERNAL_ID_LENGTH),
        one_of("added_by", AddedBy),
        one_of("in_vain", InVain),
        CheckConstraint("(patron_id IS NULL) <> (in_vain IS NULL)", name="is_a_patron_or_nobody"),
        not_before("removed_at", "added_at"),
    )

    id: Mapped[Key]
    group_check_id: Mapped[int] = mapped_column(ForeignKey("group_check.id"))
    named: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH))
    patron_id: Mapped[int | None] = mapped_column(ForeignKey("patron.id"))
    in_vain: Mapped[Word | None]
    added_by: Mapped[Word]
    added_at: Mapped[Instant]
    removed_at: Mapped[Instant | None]
