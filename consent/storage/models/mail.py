"""Which mail is on its way? An outbox: nothing that is signed waits for a mail server."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consent.domain.mail import MailKind
from consent.domain.vocabulary import Language
from consent.storage.columns import Instant, Key, LongText, Word
from consent.storage.database import Model
from consent.storage.models.constraints import filled, one_of


class OutgoingMail(Model):
    """Sent, or given up after the server refused it or some days of trying; `answer` is the server's last word."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        one_of("kind", MailKind),
        one_of("language", Language),
        filled("to_address", at_most=320),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="is_sent_or_given_up"),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
        Index("ix_outgoing_mail_next_try_at", "next_try_at"),
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    language: Mapped[Word]
    to_address: Mapped[str] = mapped_column(String(320))
    signing_id: Mapped[int | None] = mapped_column(ForeignKey("signing.id"), index=True)
    text: Mapped[LongText]
    queued_at: Mapped[Instant]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]
    answer: Mapped[str | None] = mapped_column(String(200))
