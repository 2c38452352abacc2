"""How does everything that an import reads get out again? As one consistent picture, a page at a time."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from consent.domain.exchange.writing import write_line
from consent.storage.exchange.stored import every_line


def export_lines(session: Session) -> Iterator[bytes]:
    """Every line of the file, in one reading transaction that others neither see nor wait for."""
    session.rollback()
    # SQLite reads one picture by itself; PostgreSQL takes a new one for each statement unless told.
    by_dialect = {"postgresql": {"isolation_level": "REPEATABLE READ"}}
    connection = session.connection(execution_options=by_dialect.get(session.get_bind().dialect.name))
    try:
        for line in every_line(connection):
            yield write_line(line)
    finally:
        session.rollback()
