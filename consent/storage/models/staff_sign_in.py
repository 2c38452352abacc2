"""Where is a member of staff signed in, and with what else than a password?"""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consent.domain.sign_in import Proof
from consent.storage.columns import Instant, Key, LongText, Name, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_sha256, not_before, one_of
from consent.storage.models.staff import Staff


class StaffSession(Model):
    """One browser in which somebody is signed in. Of its token only the SHA-256 is kept."""

    __tablename__ = "staff_session"
    __table_args__ = (
        is_sha256("token_sha256"),
        one_of("proof", Proof),
        not_before("last_seen_at", "started_at"),
        not_before("proven_at", "started_at"),
        not_before("ended_at", "started_at"),
    )

    id: Mapped[Key]
    token_sha256: Mapped[Sha256] = mapped_column(unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    proof: Mapped[Word]
    browser: Mapped[Name]
    started_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    proven_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    staff: Mapped[Staff] = relationship(lazy="joined", innerjoin=True)


class SecurityKey(Model):
    """A key that one touches (WebAuthn). The count that it tells never falls, or it was copied."""

    __tablename__ = "staff_security_key"
    __table_args__ = (filled("name"), not_before("last_used_at", "added_at"))

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[Name]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary())
    sign_count: Mapped[int] = mapped_column(BigInteger())
    added_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]


class Authenticator(Model):
    """What shows a new code every half minute: an app, or a token without a phone. Its secret is kept encrypted."""

    __tablename__ = "staff_authenticator"
    __table_args__ = (filled("name"), not_before("last_used_at", "added_at"))

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[Name]
    encrypted_secret: Mapped[LongText]
    last_counter: Mapped[int] = mapped_column(BigInteger())
    added_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]


class RecoveryCode(Model):
    """A code on paper for the day on which the key is lost. It works once."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (is_sha256("code_sha256"), not_before("used_at", "made_at"))

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    code_sha256: Mapped[Sha256] = mapped_column(unique=True)
    made_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
