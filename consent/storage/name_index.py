"""By which words is each patron found? Keeps the two tables that the search reads in step with the names."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.orm import Session

from consent.domain.names import first_trigram, trigrams, words_of
from consent.storage.database import Model
from consent.storage.models import PatronWord, WordTrigram

Item = TypeVar("Item")

AT_A_TIME = 2_000
WORDS = Model.metadata.tables[PatronWord.__tablename__]
TRIGRAMS = Model.metadata.tables[WordTrigram.__tablename__]


def index_names(session: Session, names: Iterable[tuple[int, str, str]]) -> None:
    """Make anew the words of each patron given as (id, first name, last name). The caller holds the writer's turn."""
    for batch in _batches(names):
        outdated = _forget(session, [patron_id for patron_id, _, _ in batch])
        pairs = [(word, patron_id) for patron_id, first, last in batch for word in words_of(first, last)]
        if pairs:
            session.execute(
                insert(WORDS), [{"word": word, "patron_id": patron_id} for word, patron_id in dict.fromkeys(pairs)]
            )
        current = {word for word, _ in pairs}
        _add_trigrams(session, current)
        _drop_trigrams(session, outdated - current)


def _forget(session: Session, patron_ids: Sequence[int]) -> set[str]:
    of_these = WORDS.c.patron_id.in_(patron_ids)
    words = set(session.scalars(select(WORDS.c.word).where(of_these)))
    if words:
        session.execute(delete(WORDS).where(of_these))
    return words


def _add_trigrams(session: Session, words: set[str]) -> None:
    for batch in _batches(sorted(words)):
        first = [(first_trigram(word), word) for word in batch]
        known = set(
            session.scalars(select(TRIGRAMS.c.word).where(tuple_(TRIGRAMS.c.trigram, TRIGRAMS.c.word).in_(first)))
        )
        rows = [{"trigram": gram, "word": word} for word in batch if word not in known for gram in trigrams(word)]
        if rows:
            session.execute(insert(TRIGRAMS), sorted(rows, key=lambda row: row["trigram"]))


def _drop_trigrams(session: Session, outdated: set[str]) -> None:
    """A name that nobody bears any longer is not kept."""
    for batch in _batches(sorted(outdated)):
        borne = set(session.scalars(select(WORDS.c.word).where(WORDS.c.word.in_(batch)).distinct()))
        pairs = [(gram, word) for word in batch if word not in borne for gram in trigrams(word)]
        for some in _batches(pairs):
            session.execute(delete(TRIGRAMS).where(tuple_(TRIGRAMS.c.trigram, TRIGRAMS.c.word).in_(some)))


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, AT_A_TIME)):
        yield batch
