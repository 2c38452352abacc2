"""How does something on file change? People, programs and platforms are corrected with a trail; records only gain."""

from collections.abc import Callable
from typing import Any

from consent.domain.events import EventKind
from consent.domain.exchange.lines import LineType, PatronLine
from consent.services.exchange import gaining, rows
from consent.services.exchange.planning import Plan
from consent.services.exchange.writer import Writer
from consent.services.trails import trail
from consent.storage.exchange import tables as t
from consent.storage.exchange.stored import STORES, in_batches
from consent.storage.name_index import index_names

Pair = tuple[Any, Any]
"""A line as it was on file, and as it becomes."""
Changing = Callable[[Writer, Plan, list[Pair]], None]


def change_known(writer: Writer, plan: Plan) -> None:
    for kind, changing in CHANGING.items():
        for pairs in in_batches(plan.changed(kind)):
            changing(writer, plan, pairs)
            writer.tell(len(pairs))


def _correct(kind: LineType, event: EventKind, row: Callable[[Any, Plan], rows.Row]) -> Changing:
    def correct(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
        writer.record(event, (trail(before, after) for before, after in pairs))
        keys = plan.keys[kind]
        writer.update(STORES[kind].table, ({"id": keys[after.named], **row(after, plan)} for _, after in pairs))

    return correct


def _correct_patrons(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
    _correct(LineType.PATRON, EventKind.PATRON_CHANGED, rows.patron)(writer, plan, pairs)
    keys = plan.keys[LineType.PATRON]
    other_handles = [after for before, after in pairs if before.handles != after.handles]
    if other_handles:
        theirs = t.PATRON_HANDLE.c.patron_id.in_([keys[line.id] for line in other_handles])
        writer.delete(t.PATRON_HANDLE, theirs)
        writer.insert(t.PATRON_HANDLE, (handle for line in other_handles for handle in rows.handles(line, plan)))
    renamed = [after for before, after in pairs if _names(before) != _names(after)]
    index_names(writer.session, [(keys[line.id], *_names(line)) for line in renamed])


def _names(line: PatronLine) -> tuple[str, str]:
    return line.first_name, line.last_name


def _withdraw_forms(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
    gaining.withdraw_forms(writer, plan, [after for _, after in pairs])


def _end_guardianships(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
    gaining.end(writer, plan, EventKind.GUARDIANSHIP_ENDED, [after for _, after in pairs])


def _end_holds(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
    gaining.end(writer, plan, EventKind.HOLD_ENDED, [after for _, after in pairs])


def _gain_consents(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
    newly_witnessed = [after for before, after in pairs if before.witnessed_at != after.witnessed_at]
    gaining.witness_consents(writer, plan, newly_witnessed)
    gaining.void_consents(writer, plan, [after for before, after in pairs if before.voided_at != after.voided_at])


def _void_withdrawals(writer: Writer, plan: Plan, pairs: list[Pair]) -> None:
    gaining.void_withdrawals(writer, plan, [after for _, after in pairs])


CHANGING: dict[LineType, Changing] = {
    LineType.PLATFORM: _correct(LineType.PLATFORM, EventKind.PLATFORM_CHANGED, rows.platform),
    LineType.PROGRAM: _correct(LineType.PROGRAM, EventKind.PROGRAM_CHANGED, rows.program),
    LineType.FORM: _withdraw_forms,
    LineType.PATRON: _correct_patrons,
    LineType.GUARDIAN: _correct(LineType.GUARDIAN, EventKind.GUARDIAN_CHANGED, rows.guardian),
    LineType.GUARDIANSHIP: _end_guardianships,
    LineType.CONSENT: _gain_consents,
    LineType.WITHDRAWAL: _void_withdrawals,
    LineType.HOLD: _end_holds,
}
