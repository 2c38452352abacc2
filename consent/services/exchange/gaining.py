"""What may a record gain, once? Each witnessing, voiding, withdrawal and end is a row or a value, and an event."""

from collections.abc import Iterable, Sequence
from typing import Any

from consent.domain.events import EventKind
from consent.domain.exchange.lines import ConsentLine, FormLine, Line, LineType, WithdrawalLine
from consent.domain.exchange.shapes import TYPES
from consent.domain.exchange.writing import as_said
from consent.services.exchange.planning import Plan
from consent.services.exchange.writer import Writer
from consent.storage.exchange import tables as t
from consent.storage.exchange.stored import STORES


def witness_consents(writer: Writer, plan: Plan, lines: Iterable[ConsentLine]) -> None:
    witnessed = [line for line in lines if line.witnessed_at]
    rows = [{"consent_id": _key(plan, line), "at": line.witnessed_at, "witnessed_by": None} for line in witnessed]
    _record(writer, EventKind.CONSENT_WITNESSED, witnessed, "witnessed_at")
    writer.insert(t.WITNESSING, rows)


def void_consents(writer: Writer, plan: Plan, lines: Iterable[ConsentLine]) -> None:
    voided = [line for line in lines if line.voided_at]
    rows = [{"consent_id": _key(plan, line), "at": line.voided_at, **BY_NOBODY_KNOWN} for line in voided]
    _record(writer, EventKind.CONSENT_VOIDED, voided, "voided_at")
    writer.insert(t.CONSENT_VOIDING, rows)


def void_withdrawals(writer: Writer, plan: Plan, lines: Iterable[WithdrawalLine]) -> None:
    voided = [line for line in lines if line.voided_at]
    rows = [{"withdrawal_id": _key(plan, line), "at": line.voided_at, **BY_NOBODY_KNOWN} for line in voided]
    _record(writer, EventKind.WITHDRAWAL_VOIDED, voided, "voided_at")
    writer.insert(t.WITHDRAWAL_VOIDING, rows)


def withdraw_forms(writer: Writer, plan: Plan, lines: Iterable[FormLine]) -> None:
    withdrawn = [line for line in lines if line.withdrawn_at]
    rows = [{"form_version_id": _key(plan, line), "at": line.withdrawn_at} for line in withdrawn]
    _record(writer, EventKind.FORM_WITHDRAWN, withdrawn, "withdrawn_at")
    writer.insert(t.FORM_WITHDRAWAL, rows)


def end(writer: Writer, plan: Plan, kind: EventKind, lines: Sequence[Any]) -> None:
    """A guardianship or a hold that was open."""
    _record(writer, kind, lines, "until")
    table = STORES[TYPES[type(lines[0])]].table
    writer.update(table, ({"id": _key(plan, line), "until": line.until} for line in lines))


BY_NOBODY_KNOWN = {"reason": None, "voided_by": None, "seconded_by": None}
"""A file tells when, never who and why."""


def _record(writer: Writer, kind: EventKind, lines: Sequence[Line], gained: str) -> None:
    """Which record it is, and what it gained."""
    writer.record(kind, (_chosen(as_said(line), gained) for line in lines))


def _chosen(said: dict[str, Any], gained: str) -> dict[str, Any]:
    """A guardianship is named by its two people and its start, all else by its id."""
    named = ("type", "id", "version") if said["type"] == LineType.FORM else ("type", "id")
    names = named if "id" in said else ("type", "guardian", "patron", "since")
    return {key: said[key] for key in (*names, gained)}


def _key(plan: Plan, line: Line) -> int:
    key: int = plan.keys[TYPES[type(line)]][line.named]
    return key
