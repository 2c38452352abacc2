"""By which words and pieces of words is a patron found? Derived from the names, and made anew when they change."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from consent.storage.columns import PlainText
from consent.storage.database import Model


class PatronWord(Model):
    """One folded word of a patron's names; ordered, so that the first letters typed are a range."""

    __tablename__ = "patron_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    word: Mapped[str] = mapped_column(PlainText, primary_key=True)
    patron_id: Mapped[int] = mapped_column(ForeignKey("patron.id"), primary_key=True, index=True)


class WordTrigram(Model):
    """Three letters in a row of a distinct word, for typing errors and for what stands inside a word."""

    __tablename__ = "word_trigram"
    __table_args__ = ({"sqlite_with_rowid": False},)

    trigram: Mapped[str] = mapped_column(PlainText, primary_key=True)
    word: Mapped[str] = mapped_column(PlainText, primary_key=True)
