"""Which front-desk devices may collect signatures?"""

from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import Instant, Key, Name, Sha256
from consent.storage.database import Model
from consent.storage.models.constraints import filled


class Kiosk(Model):
    """A device that can create signings and read nothing."""

    __tablename__ = "kiosk"
    __table_args__ = (filled("name"),)

    id: Mapped[Key]
    name: Mapped[Name] = mapped_column(unique=True)
    device_sha256: Mapped[Sha256 | None] = mapped_column(unique=True)
    added_at: Mapped[Instant]
    last_seen_at: Mapped[Instant | None]
    out_of_order: Mapped[bool] = mapped_column(default=False)
