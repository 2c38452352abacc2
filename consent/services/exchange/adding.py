"""How is something new put on file? Its event and its rows, in batches."""

from collections.abc import Callable
from typing import Any

from consent.domain.events import EventKind
from consent.domain.exchange.lines import ConsentLine, FormLine, LineType, PatronLine, WithdrawalLine
from consent.domain.exchange.shapes import TYPES
from consent.domain.exchange.writing import as_said
from consent.domain.vocabulary import Assurance
from consent.services.exchange import rows
from consent.services.exchange.gaining import void_consents, void_withdrawals, withdraw_forms, witness_consents
from consent.services.exchange.planning import Plan
from consent.services.exchange.writer import Content, Writer
from consent.services.form_texts import shown_sha256
from consent.storage.exchange import tables as t
from consent.storage.exchange.stored import STORES, in_batches, shown_already
from consent.storage.name_index import index_names

Adding = Callable[[Writer, Plan, Any], None]


def add_new(writer: Writer, plan: Plan) -> None:
    """In the order of an export, so that each thing finds what it refers to."""
    _add_shown_texts(writer, plan)
    for kind, adding in ADDING.items():
        for lines in in_batches(plan.new(kind)):
            adding(writer, plan, lines)
            writer.tell(len(lines))


def _one_row_each(event: EventKind, row: Callable[[Any, Plan], rows.Row]) -> Adding:
    def add(writer: Writer, plan: Plan, lines: list[Any]) -> None:
        writer.record(event, map(as_said, lines))
        _insert_keyed(writer, plan, lines, [row(line, plan) for line in lines])

    return add


def _insert_keyed(writer: Writer, plan: Plan, lines: list[Any], made: list[rows.Row]) -> None:
    """Under a key of its own, which the plan learns."""
    kind = TYPES[type(lines[0])]
    table = STORES[kind].table
    since = {"added_at": writer.now} if "added_at" in table.c else {}
    for key, line, row in zip(writer.take_keys(table, len(lines)), lines, made, strict=True):
        plan.keys[kind][line.named] = row["id"] = key
    writer.insert(table, ({**row, **since} for row in made))


def _add_forms(writer: Writer, plan: Plan, lines: list[FormLine]) -> None:
    writer.record(
        EventKind.FORM_PUBLISHED,
        ({**_without(as_said(line), "withdrawn_at"), "text_sha256": rows.form_sha256(line)} for line in lines),
    )
    _insert_keyed(writer, plan, lines, [rows.form_version(line, plan) for line in lines])
    withdraw_forms(writer, plan, lines)


def _add_patrons(writer: Writer, plan: Plan, lines: list[PatronLine]) -> None:
    _one_row_each(EventKind.PATRON_ADDED, rows.patron)(writer, plan, lines)
    writer.insert(t.PATRON_HANDLE, (handle for line in lines for handle in rows.handles(line, plan)))
    keys = plan.keys[LineType.PATRON]
    index_names(writer.session, [(keys[line.id], line.first_name, line.last_name) for line in lines])


def _add_enrollments(writer: Writer, plan: Plan, lines: list[Any]) -> None:
    writer.record(EventKind.ENROLLMENT_ADDED, map(as_said, lines))
    writer.insert(t.ENROLLMENT, (rows.enrollment(line, plan) for line in lines))


def _add_shown_texts(writer: Writer, plan: Plan) -> None:
    """Each text under its own hash, once, however many signed it."""
    shown = {(line.form, line.version, line.language): line for line in plan.new(LineType.CONSENT)}
    texts = [rows.shown(plan.form_of(line), line.language) for line in shown.values()]
    by_sha256 = {shown_sha256(text): text for text in texts}
    known = shown_already(writer.session.connection(), by_sha256.keys())
    writer.insert(
        t.SHOWN_TEXT, ({"sha256": sha256, "text": text} for sha256, text in by_sha256.items() if sha256 not in known)
    )


def _add_consents(writer: Writer, plan: Plan, lines: list[ConsentLine]) -> None:
    """The sealed record is what the file gave as signed; what became of it later are events of their own."""
    made = [rows.consent(line, plan) for line in lines]
    sealed = [_sealed(line, row, plan) for line, row in zip(lines, made, strict=True)]
    for row, position in zip(made, writer.record(EventKind.CONSENT_SIGNED, sealed), strict=True):
        row["event_position"] = position
    _insert_keyed(writer, plan, lines, made)
    writer.insert(t.CONSENT_ANSWER, (row for line in lines for row in rows.answers(line, plan)))
    writer.insert(t.CONSENT_PLATFORM, (row for line in lines for row in rows.platforms(line, plan)))
    writer.insert(t.CONSENT_PROGRAM, (row for line in lines for row in rows.programs(line, plan)))
    keys = writer.take_keys(t.PATRON_MATCH, len(lines))
    writer.insert(
        t.PATRON_MATCH,
        (
            {"id": key, **rows.match(line, plan), "matched_at": writer.now}
            for key, line in zip(keys, lines, strict=True)
        ),
    )
    witness_consents(writer, plan, lines)
    void_consents(writer, plan, lines)


def _sealed(line: ConsentLine, row: rows.Row, plan: Plan) -> Content:
    return {
        **_without(as_said(line), "witnessed_at", "voided_at"),
        "text_sha256": rows.form_sha256(plan.form_of(line)),
        "shown_sha256": row["shown_sha256"],
        "assurance": Assurance.IMPORTED.value,
    }


def _add_withdrawals(writer: Writer, plan: Plan, lines: list[WithdrawalLine]) -> None:
    writer.record(
        EventKind.WITHDRAWAL_MADE,
        ({**_without(as_said(line), "voided_at"), "assurance": Assurance.IMPORTED.value} for line in lines),
    )
    _insert_keyed(writer, plan, lines, [rows.withdrawal(line, plan) for line in lines])
    writer.insert(t.WITHDRAWAL_USE, (row for line in lines for row in rows.uses(line, plan)))
    void_withdrawals(writer, plan, lines)


def _without(said: Content, *keys: str) -> Content:
    return {key: value for key, value in said.items() if key not in keys}


ADDING: dict[LineType, Adding] = {
    LineType.PLATFORM: _one_row_each(EventKind.PLATFORM_ADDED, rows.platform),
    LineType.PROGRAM: _one_row_each(EventKind.PROGRAM_ADDED, rows.program),
    LineType.FORM: _add_forms,
    LineType.PATRON: _add_patrons,
    LineType.GUARDIAN: _one_row_each(EventKind.GUARDIAN_ADDED, rows.guardian),
    LineType.GUARDIANSHIP: _one_row_each(EventKind.GUARDIANSHIP_ADDED, rows.guardianship),
    LineType.ENROLLMENT: _add_enrollments,
    LineType.CONSENT: _add_consents,
    LineType.WITHDRAWAL: _add_withdrawals,
    LineType.HOLD: _one_row_each(EventKind.HOLD_PLACED, rows.hold),
}
