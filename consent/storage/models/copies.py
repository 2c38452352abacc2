"""What did the signer take home? The paper itself, as it was drawn once."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Sha256
from consent.storage.database import Model
from consent.storage.models.constraints import is_sha256


class StoredCopy(Model):
    """The signed copy of one signing. It is drawn once, and never again; of its lasting link only a hash is kept.

    Where an order erased the paper, its hash stays.
    """

    __tablename__ = "stored_copy"
    __table_args__ = (
        is_sha256("pdf_sha256"),
        is_sha256("status_sha256"),
        CheckConstraint("length(pdf) > 0", name="pdf_is_there"),
    )

    signing_id: Mapped[int] = mapped_column(ForeignKey("signing.id"), primary_key=True)
    pdf_sha256: Mapped[Sha256] = mapped_column(unique=True)
    status_sha256: Mapped[Sha256] = mapped_column(unique=True)
    stored_at: Mapped[Instant]
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary(), deferred=True)
