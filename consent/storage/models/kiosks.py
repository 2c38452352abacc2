"""Which front-desk devices may collect signatures?"""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.vocabulary import Language
from consent.storage.columns import Instant, Key, Name, Sha256, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, is_sha256, not_before, one_of


class Kiosk(Model):
    """A device that can create signings and read nothing. Of its one-time address, key and PIN only hashes are kept."""

    __tablename__ = "kiosk"
    __table_args__ = (filled("name"),)

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True)
    device_sha256: Mapped[Sha256 | None] = mapped_column(unique=True)
    enrollment_sha256: Mapped[Sha256 | None] = mapped_column(unique=True)
    enrollment_until: Mapped[Instant | None]
    added_at: Mapped[Instant]
    last_seen_at: Mapped[Instant | None]
    out_of_order: Mapped[bool] = mapped_column(default=False)
    staff_pin_hash: Mapped[str | None] = mapped_column(String(200))
    large_text: Mapped[bool] = mapped_column(default=False)
    silent: Mapped[bool] = mapped_column(default=False)


class KioskDraft(Model):
    """What one family has typed so far. Lives ten minutes, and goes for good when they sign, leave or start over."""

    __tablename__ = "kiosk_draft"
    __table_args__ = (
        is_sha256("draft_sha256"),
        one_of("language", Language),
        not_before("touched_at", "started_at"),
    )

    id: Mapped[Key]
    draft_sha256: Mapped[Sha256] = mapped_column(unique=True)
    kiosk_id: Mapped[int] = mapped_column(ForeignKey("kiosk.id"), index=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[Word]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    started_at: Mapped[Instant]
    touched_at: Mapped[Instant]
