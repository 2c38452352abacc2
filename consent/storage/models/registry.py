"""What is true of this registry as a whole, such as being a demo?"""

from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import LongText, Word
from consent.storage.database import Model


class RegistryMark(Model):
    """A named mark on the whole registry."""

    __tablename__ = "registry_mark"

    name: Mapped[Word] = mapped_column(primary_key=True)
    value: Mapped[LongText]
