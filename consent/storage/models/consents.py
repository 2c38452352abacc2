"""What was signed, exactly; and what became of it? Rows here are added, never edited and never deleted.

A consent says nothing of whom it is about: the match does, and a correction is another match.
"""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.vocabulary import Answer, Assurance, Identification, Language, Use
from consent.storage.columns import ExternalId, Instant, Key, LongText, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import after, filled, is_sha256, one_of

CHANNELS_WRITTEN = ("department", "personal", "department personal")


class Signing(Model):
    """One sitting: one signer, one signature, one consent for each child.

    The key makes a second tap harmless; the hash of what was sent with it tells another sitting from a second tap.
    """

    __tablename__ = "signing"
    __table_args__ = (filled("reference", at_most=64), one_of("language", Language), is_sha256("body_sha256"))

    id: Mapped[Key]
    reference: Mapped[Word] = mapped_column(unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    body_sha256: Mapped[Sha256 | None]
    kiosk_id: Mapped[int | None] = mapped_column(ForeignKey("kiosk.id"))
    language: Mapped[Word]
    signed_at: Mapped[Instant]


class ShownText(Model):
    """A text exactly as a signer saw it, under its own SHA-256; none where an order erased it."""

    __tablename__ = "shown_text"
    __table_args__ = (is_sha256("sha256"),)

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    text: Mapped[LongText | None]


class Consent(Model):
    """One signed record, sealed by its ledger event. Limits narrow its yeses only."""

    __tablename__ = "consent"
    __table_args__ = (
        filled("external_id", at_most=64),
        one_of("language", Language),
        one_of("assurance", Assurance),
        after("expires_at", "signed_at"),
        CheckConstraint(f"channels IN {CHANNELS_WRITTEN}", name="channels_are_known"),
    )

    id: Mapped[Key]
    external_id: Mapped[ExternalId]
    signing_id: Mapped[int | None] = mapped_column(ForeignKey("signing.id"), index=True)
    form_version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    shown_sha256: Mapped[Sha256] = mapped_column(ForeignKey("shown_text.sha256"))
    language: Mapped[Word]
    assurance: Mapped[Word]
    signed_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    channels: Mapped[Word]
    every_platform: Mapped[bool]
    every_program: Mapped[bool]
    signature: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    event_position: Mapped[int] = mapped_column(ForeignKey("ledger_event.position"), unique=True)


class ConsentAnswer(Model):
    __tablename__ = "consent_answer"
    __table_args__ = (one_of("use", Use), one_of("answer", Answer), {"sqlite_with_rowid": False})

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    use: Mapped[Word] = mapped_column(primary_key=True)
    answer: Mapped[Word]


class ConsentPlatform(Model):
    """A platform that a limited yes is limited to."""

    __tablename__ = "consent_platform"
    __table_args__ = ({"sqlite_with_rowid": False},)

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("platform.id"), primary_key=True)


class ConsentProgram(Model):
    """A program that a limited yes is limited to."""

    __tablename__ = "consent_program"
    __table_args__ = ({"sqlite_with_rowid": False},)

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), primary_key=True)


class PatronMatch(Model):
    """Whom a consent is about and who signed it (no guardian: the patron). Of several, the latest holds."""

    __tablename__ = "patron_match"

    id: Mapped[Key]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), index=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), index=True)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardian.id"))
    matched_at: Mapped[Instant]
    matched_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class SigningCopy(Model):
    """The link with which a signer takes their copy home, for 24 hours. Only its SHA-256 is kept."""

    __tablename__ = "signing_copy"
    __table_args__ = (is_sha256("token_sha256"),)

    signing_id: Mapped[int] = mapped_column(ForeignKey("signing.id"), primary_key=True)
    token_sha256: Mapped[Sha256] = mapped_column(unique=True)
    expires_at: Mapped[Instant]


class SigningRejection(Model):
    """The front desk could not confirm the signer. Its yeses never count; what was signed stays as it is."""

    __tablename__ = "signing_rejection"

    signing_id: Mapped[int] = mapped_column(ForeignKey("signing.id"), primary_key=True)
    at: Mapped[Instant]
    rejected_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[LongText]


class Witnessing(Model):
    """The front desk confirmed the signer; only now do the yeses count. Once for each consent.

    `identified_by` is null where another system said so; `order_seen` tells of a court order or power of attorney.
    """

    __tablename__ = "witnessing"

    __table_args__ = (one_of("identified_by", Identification),)

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    at: Mapped[Instant]
    witnessed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    identified_by: Mapped[Word | None]
    order_seen: Mapped[bool] = mapped_column(default=False)


class ConsentVoiding(Model):
    """A consent entered by mistake, such as for the wrong child. Once for each consent."""

    __tablename__ = "consent_voiding"

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    at: Mapped[Instant]
    reason: Mapped[LongText | None]
    voided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    seconded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
