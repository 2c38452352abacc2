"""What happened, in which order? The append-only log in which every change leaves a salted hash."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import EXTERNAL_ID_LENGTH, Instant, Key, KeyType, LongText, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_a_name, is_sha256


class LedgerEvent(Model):
    """One event: `leaf` is SHA-256 of salt and canonical content. Positions start at 1 and leave no gap."""

    __tablename__ = "ledger_event"
    __table_args__ = (
        # Not the list of kinds, which grows: another list would rebuild the biggest table each time.
        is_a_name("kind"),
        is_sha256("leaf"),
        CheckConstraint("position > 0", name="position_is_positive"),
        Index("ix_ledger_event_recorded_at_position", "recorded_at", "position"),
        Index("ix_ledger_event_actor_recorded_at", "actor", "recorded_at"),
        Index("ix_ledger_event_kind_recorded_at", "kind", "recorded_at"),
    )

    position: Mapped[Key]
    kind: Mapped[Word]
    recorded_at: Mapped[Instant]
    actor: Mapped[Word]
    leaf: Mapped[Sha256]


class SealedContent(Model):
    """What an event's leaf was made from: canonical JSON (RFC 8785) and a 256-bit salt."""

    __tablename__ = "sealed_content"
    __table_args__ = (CheckConstraint("length(salt) = 32", name="salt_has_256_bits"),)

    position: Mapped[int] = mapped_column(KeyType, ForeignKey("ledger_event.position"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    canonical: Mapped[LongText]


class LedgerSubject(Model):
    """About whom an event is, beside its leaf: so that what was done to one person's record is found."""

    __tablename__ = "ledger_subject"
    __table_args__ = (
        filled("patron", at_most=EXTERNAL_ID_LENGTH),
        Index("ix_ledger_subject_patron_position", "patron", "position"),
    )

    position: Mapped[int] = mapped_column(KeyType, ForeignKey("ledger_event.position"), primary_key=True)
    patron: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH))
