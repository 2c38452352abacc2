"""Which words were signed?"""

from sqlalchemy import JSON, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import EXTERNAL_ID_LENGTH, Instant, Key, LongText, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_sha256


class FormVersion(Model):
    """The text that was signed, in English and Spanish. Never edited, never deleted."""

    __tablename__ = "form_version"
    __table_args__ = (
        UniqueConstraint("form", "version"),
        filled("form", at_most=EXTERNAL_ID_LENGTH),
        is_sha256("text_sha256"),
    )

    id: Mapped[Key]
    form: Mapped[Word]
    version: Mapped[int] = mapped_column(BigInteger())
    uses: Mapped[list[str]] = mapped_column(JSON)
    title_en: Mapped[LongText]
    title_es: Mapped[LongText]
    body_en: Mapped[LongText]
    body_es: Mapped[LongText]
    text_sha256: Mapped[Sha256]
    published_at: Mapped[Instant]


class FormWithdrawal(Model):
    """A form version's text was found faulty; what was signed on it no longer allows anything."""

    __tablename__ = "form_withdrawal"

    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"), primary_key=True)
    at: Mapped[Instant]
