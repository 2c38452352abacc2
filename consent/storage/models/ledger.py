"""What happened, in which order? The append-only log in which every change leaves a salted hash."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String
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
        Index("ix_ledger_event_recorded_at_actor_kind_position", "recorded_at", "actor", "kind", "position"),
        Index("ix_ledger_event_actor_recorded_at", "actor", "recorded_at"),
        Index("ix_ledger_event_kind_recorded_at", "kind", "recorded_at"),
    )

    position: Mapped[Key]
    kind: Mapped[Word]
    recorded_at: Mapped[Instant]
    actor: Mapped[Word]
    leaf: Mapped[Sha256]


class SealedContent(Model):
    """What an event's leaf was made from: canonical JSON (RFC 8785) and a 256-bit salt. Both may be erased by order."""

    __tablename__ = "sealed_content"
    __table_args__ = (
        CheckConstraint("length(salt) = 32", name="salt_has_256_bits"),
        CheckConstraint("(salt IS NULL) = (canonical IS NULL)", name="is_whole_or_erased"),
    )

    position: Mapped[int] = mapped_column(KeyType, ForeignKey("ledger_event.position"), primary_key=True)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    canonical: Mapped[LongText | None]


class LedgerKey(Model):
    """The public half of a key that signs checkpoints, kept for as long as what it signed."""

    __tablename__ = "ledger_key"
    __table_args__ = (filled("name", at_most=320), is_sha256("public_key"))

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(320))
    public_key: Mapped[Sha256] = mapped_column(unique=True)
    added_at: Mapped[Instant]


class LedgerCheckpoint(Model):
    """The tree at one size, signed: a C2SP note that can be held against the ledger at any later time."""

    __tablename__ = "ledger_checkpoint"
    __table_args__ = (is_sha256("root"), CheckConstraint("size > 0", name="size_is_positive"))

    size: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    root: Mapped[Sha256]
    key_id: Mapped[int] = mapped_column(ForeignKey("ledger_key.id"))
    note: Mapped[LongText]
    made_at: Mapped[Instant]


class LedgerSubject(Model):
    """About whom an event is, beside its leaf: so that what was done to one person's record is found."""

    __tablename__ = "ledger_subject"
    __table_args__ = (
        filled("patron", at_most=EXTERNAL_ID_LENGTH),
        Index("ix_ledger_subject_patron_position", "patron", "position"),
    )

    position: Mapped[int] = mapped_column(KeyType, ForeignKey("ledger_event.position"), primary_key=True)
    patron: Mapped[str] = mapped_column(String(EXTERNAL_ID_LENGTH))


class SealedRows(Model):
    """What the change that ends with this event wrote in the registry's tables, sealed by a leaf of its own.

    Salt and content may be destroyed, as a person's data must be; the leaf stays.
    """

    __tablename__ = "sealed_rows"
    __table_args__ = (
        is_sha256("leaf"),
        CheckConstraint("length(salt) = 32", name="salt_has_256_bits"),
        CheckConstraint("(salt IS NULL) = (canonical IS NULL)", name="is_whole_or_destroyed"),
    )

    position: Mapped[int] = mapped_column(KeyType, ForeignKey("ledger_event.position"), primary_key=True)
    leaf: Mapped[Sha256]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    canonical: Mapped[LongText | None]


class LedgerNode(Model):
    """A complete run of 2 ** level entries of the Merkle tree, kept with the position of its last entry.

    Whatever can be made from the events is made from them; what stands here tells which of them was changed.
    """

    __tablename__ = "ledger_node"
    __table_args__ = (
        CheckConstraint("level >= 0", name="level_is_not_negative"),
        CheckConstraint("length(hash) = 32", name="hash_has_256_bits"),
        {"sqlite_with_rowid": False},
    )

    position: Mapped[int] = mapped_column(KeyType, ForeignKey("ledger_event.position"), primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger(), primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
