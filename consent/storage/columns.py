"""Which kinds of column does the registry have? Shorthands, so that a model reads as a list of facts."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Date, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.orm import mapped_column


class InstantType(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on every database."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"{value} is no instant: it names no time zone")
        in_utc = value.astimezone(UTC)
        return in_utc if dialect.name == "postgresql" else in_utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.replace(tzinfo=UTC)


# Words are compared byte by byte, so that a prefix is a range on PostgreSQL as it is on SQLite.
PlainText = String().with_variant(String(collation="C"), "postgresql")

# SQLite counts its own rows only in a column called INTEGER.
KeyType = BigInteger().with_variant(Integer(), "sqlite")

NAME_LENGTH = 128
EXTERNAL_ID_LENGTH = 64

Key = Annotated[int, mapped_column(KeyType, primary_key=True)]
Instant = Annotated[datetime, mapped_column(InstantType())]
Day = Annotated[date, mapped_column(Date())]
ExternalId = Annotated[str, mapped_column(String(EXTERNAL_ID_LENGTH), unique=True)]
Name = Annotated[str, mapped_column(String(NAME_LENGTH))]
Word = Annotated[str, mapped_column(String(64))]
LongText = Annotated[str, mapped_column(Text())]
Sha256 = Annotated[str, mapped_column(String(64))]
