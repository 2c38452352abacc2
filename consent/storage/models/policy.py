"""Which policy is in force, and who has acknowledged it? (policy 6.5, II.a, III.j)"""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.vocabulary import Language
from consent.storage.columns import Day, Instant, Key, LongText, Name, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_sha256, one_of

REFERENCE_LENGTH = 1000


class PolicyVersion(Model):
    """One version of the policy, its words or where they are kept. Never edited; a later one takes its place."""

    __tablename__ = "policy_version"
    __table_args__ = (
        UniqueConstraint("number", "version"),
        filled("number"),
        filled("version"),
        filled("reference", at_most=REFERENCE_LENGTH),
    )

    id: Mapped[Key]
    number: Mapped[Name]
    version: Mapped[Name]
    reference: Mapped[str] = mapped_column(String(REFERENCE_LENGTH))
    text: Mapped[LongText]
    in_force_from: Mapped[Day]
    added_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[Instant]


class PolicyAcknowledgement(Model):
    """Somebody says for themself that they read one version. Its paper is drawn once, for the employee's file."""

    __tablename__ = "policy_acknowledgement"
    __table_args__ = (
        UniqueConstraint("policy_version_id", "staff_id"),
        filled("signed_as"),
        one_of("language", Language),
        is_sha256("pdf_sha256"),
        CheckConstraint("length(pdf) > 0", name="pdf_is_there"),
    )

    id: Mapped[Key]
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    signed_as: Mapped[Name]
    language: Mapped[Word]
    acknowledged_at: Mapped[Instant]
    pdf_sha256: Mapped[Sha256] = mapped_column(unique=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary(), deferred=True)
