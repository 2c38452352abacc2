"""How is the one-time code of a new registry remembered, until somebody administers it?"""

from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Sha256
from consent.storage.database import Model
from consent.storage.models.constraints import is_sha256


class SetupCode(Model):
    """Of the code only its hash is kept. Each start makes a new one, and the first administrator ends it."""

    __tablename__ = "setup_code"
    __table_args__ = (is_sha256("code_sha256"),)

    code_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    made_at: Mapped[Instant]
