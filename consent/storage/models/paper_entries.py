"""Which signings came in on paper, who entered them, and what does the paper look like?"""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Sha256
from consent.storage.database import Model
from consent.storage.models.constraints import is_sha256


class PaperScan(Model):
    """The pages of one paper, kept once under the SHA-256 of their bytes; none where an order erased them."""

    __tablename__ = "paper_scan"
    __table_args__ = (
        is_sha256("sha256"),
        CheckConstraint("pages > 0", name="has_pages"),
        CheckConstraint("length(content) > 0", name="content_is_there"),
    )

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    pages: Mapped[int]
    stored_at: Mapped[Instant]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class PaperEntry(Model):
    """A signing that somebody entered from paper. Somebody else confirms it."""

    __tablename__ = "paper_entry"

    signing_id: Mapped[int] = mapped_column(ForeignKey("signing.id"), primary_key=True)
    scan_sha256: Mapped[Sha256] = mapped_column(ForeignKey("paper_scan.sha256"), index=True)
    entered_by: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    entered_at: Mapped[Instant]
    order_seen: Mapped[bool]
