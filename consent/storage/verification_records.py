"""What stands in the texts, the signed records and the name index? Read raw, a page at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from consent.storage.verification import PAGE

Named = tuple[int, str, str, str, set[str]]


class SignedRow(NamedTuple):
    """A consent with all that hangs on it, and what was sealed when it was signed."""

    id: int
    external_id: str
    language: str
    shown_sha256: str
    assurance: str
    signed_at: Any
    expires_at: Any
    channels: str
    every_platform: Any
    every_program: Any
    signature: Any
    event_position: int
    reference: str | None
    kiosk_id: int | None
    form: str
    version: int
    text_sha256: str
    kind: str | None
    canonical: str | None
    answers: dict[Any, Any]
    platforms: set[str]
    programs: set[str]


def form_versions(connection: Connection) -> Sequence[Any]:
    return connection.execute(text("SELECT * FROM form_version ORDER BY id")).all()


def shown_texts(connection: Connection) -> Iterator[tuple[str, str | None]]:
    for row in _streamed(connection, "SELECT sha256, text FROM shown_text"):
        yield row[0], row[1]


def acknowledgements(connection: Connection) -> Iterator[tuple[int, bytes, str]]:
    """One at a time, as copies are."""
    found = connection.execute(_ACKNOWLEDGEMENTS, execution_options={"stream_results": True})
    while row := found.fetchone():
        yield row[0], bytes(row[1]), row[2]


def copies(connection: Connection) -> Iterator[tuple[int, str, bytes | None, str]]:
    """One at a time: a copy is a whole paper. None where it was erased."""
    found = connection.execute(_COPIES, execution_options={"stream_results": True})
    while row := found.fetchone():
        yield row[0], row[1], None if row[2] is None else bytes(row[2]), row[3]


def scans(connection: Connection) -> Iterator[tuple[str, bytes | None]]:
    """One at a time, as copies are; none where it was erased."""
    found = connection.execute(
        text("SELECT sha256, content FROM paper_scan ORDER BY sha256"), execution_options={"stream_results": True}
    )
    while row := found.fetchone():
        yield row[0], None if row[1] is None else bytes(row[1])


def signatures(connection: Connection) -> Iterator[Any]:
    """(record, signature) of every record that was signed here, on a screen or on paper."""
    return _streamed(connection, "SELECT external_id, signature FROM consent WHERE signature IS NOT NULL ORDER BY id")


def signed(connection: Connection) -> Iterator[list[SignedRow]]:
    last = 0
    while rows := connection.execute(_SIGNED, {"last": last, "page": PAGE}).all():
        span = {"first": rows[0][0], "last": (last := rows[-1][0])}
        answers, platforms, programs = (_children(connection, query, span) for query in _CHILDREN)
        yield [
            SignedRow._make([*row, dict(answers[key]), _only(platforms[key]), _only(programs[key])])
            for row in rows
            for key in row[:1]
        ]


def signed_without_record(connection: Connection) -> Sequence[int]:
    return connection.scalars(_WITHOUT_RECORD).all()


def names(connection: Connection) -> Iterator[list[Named]]:
    """Each patron's names, and the words under which they are found."""
    last = 0
    while rows := connection.execute(_NAMES, {"last": last, "page": PAGE}).all():
        words = _children(connection, _WORDS, {"first": rows[0][0], "last": (last := rows[-1][0])})
        yield [
            (key, external_id, first, last_, {word for (word,) in words[key]})
            for key, external_id, first, last_ in rows
        ]


def trigrams(connection: Connection) -> Iterator[tuple[str, set[str]]]:
    pieces = _streamed(connection, "SELECT word, trigram FROM word_trigram ORDER BY word")
    for word, rows in groupby(pieces, key=lambda row: row[0]):
        yield word, {row[1] for row in rows}


def unsplit_words(connection: Connection) -> Sequence[str]:
    return connection.scalars(text("SELECT word FROM patron_word EXCEPT SELECT word FROM word_trigram")).all()


def unborne_words(connection: Connection) -> Sequence[str]:
    return connection.scalars(text("SELECT word FROM word_trigram EXCEPT SELECT word FROM patron_word")).all()


def _streamed(connection: Connection, query: str) -> Iterator[Any]:
    found = connection.execute(text(query), execution_options={"stream_results": True})
    while page := found.fetchmany(PAGE):
        yield from page


def _only(values: list[tuple[Any, ...]]) -> set[str]:
    return {value for (value,) in values}


def _children(connection: Connection, query: Any, span: dict[str, int]) -> dict[int, list[tuple[Any, ...]]]:
    by_parent: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for parent, *values in connection.execute(query, span):
        by_parent[parent].append(tuple(values))
    return by_parent


_COPIES = text(
    "SELECT c.signing_id, s.reference, c.pdf, c.pdf_sha256 FROM stored_copy c "
    "JOIN signing s ON s.id = c.signing_id ORDER BY c.signing_id"
)
_ACKNOWLEDGEMENTS = text("SELECT id, pdf, pdf_sha256 FROM policy_acknowledgement ORDER BY id")
_SIGNED = text(
    "SELECT c.id, c.external_id, c.language, c.shown_sha256, c.assurance, c.signed_at, c.expires_at, c.channels, "
    "c.every_platform, c.every_program, c.signature, c.event_position, s.reference, s.kiosk_id, f.form, f.version, "
    "f.text_sha256, e.kind, t.canonical FROM consent c LEFT JOIN signing s ON s.id = c.signing_id "
    "LEFT JOIN form_version f ON f.id = c.form_version_id LEFT JOIN ledger_event e ON e.position = c.event_position "
    "LEFT JOIN sealed_content t ON t.position = c.event_position WHERE c.id > :last ORDER BY c.id LIMIT :page"
)
_CHILDREN = (
    text("SELECT consent_id, use, answer FROM consent_answer WHERE consent_id BETWEEN :first AND :last"),
    text(
        "SELECT c.consent_id, p.external_id FROM consent_platform c JOIN platform p ON p.id = c.platform_id "
        "WHERE c.consent_id BETWEEN :first AND :last"
    ),
    text(
        "SELECT c.consent_id, p.external_id FROM consent_program c JOIN program p ON p.id = c.program_id "
        "WHERE c.consent_id BETWEEN :first AND :last"
    ),
)
_WITHOUT_RECORD = text(
    "SELECT e.position FROM ledger_event e LEFT JOIN consent c ON c.event_position = e.position "
    "WHERE e.kind = 'consent-signed' AND c.id IS NULL ORDER BY e.position"
)
_NAMES = text("SELECT id, external_id, first_name, last_name FROM patron WHERE id > :last ORDER BY id LIMIT :page")
_WORDS = text("SELECT patron_id, word FROM patron_word WHERE patron_id BETWEEN :first AND :last")
