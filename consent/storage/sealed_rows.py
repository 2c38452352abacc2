"""Which columns does the ledger vouch for, and what did a change write in them?

Whatever a session flushes is noted here; whoever writes rows past the session says so with `note_kept` or `note_gone`.
The ledger takes the notes when the change is committed.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import JSON, Boolean, Column, Date, LargeBinary, Table, Text, event, inspect
from sqlalchemy.orm import InstanceState, Session, UOWTransaction
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from consent.domain.ledger import canonical, told_instant
from consent.storage.columns import InstantType
from consent.storage.database import Model

Key = tuple[Any, ...]
Values = tuple[Any, ...]

SEALED: Final[dict[str, str]] = {
    "account_decision": "account_id asked_by owner_id approved decided_by decided_at",
    "api_token": "id name token_sha256 added_at revoked_at",
    "card": "id patron_id code_sha256 issued_at issued_by expires_on revoked_at",
    "communication_note": "id program_id text_en text_es given_on added_by added_at ended_at",
    "clearance": (
        "id number what account_id program_id uses planned_at headcount unidentified group_check_id made_by made_at"
    ),
    "clearance_capture": "clearance_id media captured_at staff_id device",
    "clearance_decision": (
        "id clearance_id allowed decided_by decided_at posting_at checklist failures limits event_position"
    ),
    "clearance_person": "clearance_id patron_id",
    "clearance_recheck": "decision_id at cause",
    "clearance_verdict": "id decision_id patron_id use capture at allowed reason basis",
    "consent": (
        "id external_id signing_id form_version_id shown_sha256 language assurance signed_at expires_at channels "
        "every_platform every_program signature event_position"
    ),
    "consent_answer": "consent_id use answer",
    "consent_platform": "consent_id platform_id",
    "consent_program": "consent_id program_id",
    "consent_voiding": "consent_id at reason voided_by seconded_by",
    "enrollment": "program_id patron_id",
    "erased_record": "table_name key order_id",
    "erasure": "request_id patron_id requested_by approved_by at despite",
    "erasure_refusal": "request_id at refused_by",
    "erasure_request": "id patron_id reason legal_basis requested_by requested_at",
    "form_version": "id form version uses title_en title_es body_en body_es text_sha256 published_at",
    "form_withdrawal": "form_version_id at",
    "guardian": "id external_id first_name last_name email phone added_at",
    "guardianship": "id patron_id guardian_id relationship since until beyond_majority order_seen added_by",
    "hold": "id external_id patron_id since until reason",
    "kiosk": "id name device_sha256 enrollment_sha256 enrollment_until added_at out_of_order",
    "ledger_checkpoint": "size root key_id note made_at",
    "ledger_key": "id name public_key added_at",
    "ledger_subject": "position patron",
    "paper_entry": "signing_id scan_sha256 entered_by entered_at order_seen",
    "paper_scan": "sha256 pages stored_at",
    "patron": "id external_id first_name last_name born adult emancipated_on added_at",
    "patron_handle": "patron_id platform_id account",
    "patron_match": "id consent_id patron_id guardian_id matched_at matched_by",
    "platform": "id external_id name approved_from approved_until",
    "platform_account": "id platform_id owner_id handle url audience purposes retention asked_by asked_at ended_at",
    "policy_acknowledgement": "id policy_version_id staff_id signed_as language acknowledged_at pdf_sha256",
    "policy_version": "id number version reference text in_force_from added_by added_at",
    "post": "id clearance_id decision_id url posted_at told_by told_at still_allowed",
    "post_person": "post_id patron_id",
    "posting_authorization": "request_id staff_id requested_by approved_by approved_at revoked_at",
    "posting_refusal": "request_id at refused_by",
    "posting_request": "id staff_id platform_id account access last_day requested_by requested_at",
    "posting_rule": (
        "id platform_id program_id place text_en text_es forbids minors_only starts last_day asked_by asked_at ended_at"
    ),
    "program": "id external_id name starts ends",
    "program_lead": "program_id staff_id since",
    "recording_authorization": (
        "id supervisor_id staff_id device program_id starts_at ends_at still moving voice added_at ended_at"
    ),
    "registry_mark": "name value",
    "report": "id number platform_id url wrong reported_by reported_at due_on",
    "report_assignment": "id report_id staff_id assigned_by assigned_at",
    "report_progress": "id report_id step note done_by done_at",
    "roster_print": "id serial program_id valid_on sort content_sha256 printed_at printed_by",
    "rule_decision": "rule_id asked_by approved decided_by decided_at",
    "shown_text": "sha256 text",
    "signing": "id reference idempotency_key body_sha256 kiosk_id language signed_at",
    "signing_copy": "signing_id token_sha256 expires_at",
    "signing_rejection": "signing_id at rejected_by reason",
    "spokesperson": "id staff_id starts last_day named_by named_at ended_at",
    "staff": "id email name active added_at invited_at last_day",
    "staff_role": "id name",
    "staff_role_held": "staff_id staff_role_id",
    "stored_copy": "signing_id pdf_sha256 status_sha256 stored_at",
    "takedown": "id post_id patron_id action uses reason opened_at due_on",
    "takedown_assignment": "id takedown_id staff_id assigned_by assigned_at",
    "takedown_closing": "takedown_id outcome gone_at reposts_asked note closed_by closed_at",
    "training": "id staff_id course taken_on valid_until added_by added_at ended_at",
    "voiding_refusal": "request_id at refused_by",
    "voiding_request": "id consent_id withdrawal_id reason requested_by requested_at",
    "withdrawal": ("id external_id patron_id guardian_id at every_use assurance asked_how recorded_by recorded_at"),
    "withdrawal_use": "withdrawal_id use",
    "withdrawal_voiding": "withdrawal_id at reason voided_by seconded_by",
    "witnessing": "consent_id at witnessed_by identified_by order_seen",
}
"""Each sealed table's sealed columns, its key first. What stands in no other row is sealed; the rest is named, with the
reason, beside the tests of tampering."""

CHECKED: Final[dict[str, str]] = {
    "look": "id shown_together looked_at kind actor patron_id about",
    "patron_check": (
        "id asked_together asked_at door staff_id token_id patron_id asked_as channel platform program at answers"
    ),
}
"""Tables of which each row is told, in batches, by the first half of its SHA-256."""

NOTES = "sealed rows written"
HALF = 32


@dataclass(frozen=True, slots=True)
class SealedTable:
    """How the rows of one table are told. `tell` gives a stored or a storable value as the ledger says it."""

    table: Table
    columns: tuple[str, ...]
    tell: tuple[Callable[[Any], Any], ...]

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key_length(self) -> int:
        return len(self.table.primary_key)

    def told(self, row: Mapping[str, Any], columns: tuple[str, ...]) -> Values:
        """`columns` are this table's, or the first of them and some others."""
        if columns is self.columns:
            return tuple(tell(row.get(name)) for name, tell in zip(columns, self.tell, strict=True))
        by_name = dict(zip(self.columns, self.tell, strict=True))
        return tuple(by_name[name](row.get(name)) for name in columns)


class Batch(NamedTuple):
    """Rows of one table, told alike."""

    table: str
    columns: tuple[str, ...]
    kept: list[Values]
    gone: list[Key]


@dataclass(slots=True)
class Notes:
    """What a change wrote so far: the last of each row."""

    kept: dict[tuple[str, tuple[str, ...]], dict[Key, Values]] = field(default_factory=dict)
    gone: dict[str, dict[Key, None]] = field(default_factory=dict)
    checks: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    count: int = 0

    def keep(self, sealed: SealedTable, columns: tuple[str, ...], values: Values) -> None:
        key = values[: sealed.key_length]
        if gone := self.gone.get(sealed.name):
            gone.pop(key, None)
        if columns is sealed.columns:
            self._forget(sealed.name, key)
        self.kept.setdefault((sealed.name, columns), {})[key] = values
        self.count += 1

    def drop(self, sealed: SealedTable, key: Key) -> None:
        self._forget(sealed.name, key)
        self.gone.setdefault(sealed.name, {})[key] = None
        self.count += 1

    def _forget(self, name: str, key: Key) -> None:
        for (table, _), rows in self.kept.items():
            if table == name:
                rows.pop(key, None)

    def batches(self) -> Iterator[Batch]:
        for table, keys in self.gone.items():
            if keys:
                yield Batch(table, (), [], list(keys))
        for (table, columns), rows in self.kept.items():
            if rows:
                yield Batch(table, columns, list(rows.values()), [])


@cache
def sealed_table(name: str) -> SealedTable | None:
    listed = SEALED.get(name) or CHECKED.get(name)
    if listed is None:
        return None
    table, columns = Model.metadata.tables[name], tuple(listed.split())
    return SealedTable(table, columns, tuple(_teller(table.c[column]) for column in columns))


def checked_tables() -> list[SealedTable]:
    return [table for name in CHECKED if (table := sealed_table(name))]


def note_kept(session: Session, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows added or changed past the session, each with all its columns or with its key and those that changed."""
    sealed = sealed_table(table) if table in SEALED else None
    if sealed is None:
        return
    notes, defaults = _notes(session), _defaults(table)
    for row in rows:
        whole = row.keys() >= {column for column in sealed.columns if column not in defaults}
        columns = sealed.columns if whole else tuple(column for column in sealed.columns if column in row)
        notes.keep(sealed, columns, sealed.told({**defaults, **row} if whole else row, columns))


def note_gone(session: Session, table: str, keys: Iterable[Key]) -> None:
    if sealed := sealed_table(table):
        notes = _notes(session)
        for key in keys:
            notes.drop(sealed, tuple(key))


def note_told(session: Session, sealed: SealedTable, rows: Iterable[Values]) -> None:
    """Rows as they stand, already told as the ledger tells them."""
    notes = _notes(session)
    for row in rows:
        notes.keep(sealed, sealed.columns, row)


def note_checks(session: Session, table: str, checks: Sequence[Values]) -> None:
    """A batch of checks, each told with its columns as they are listed."""
    notes = _notes(session)
    notes.checks[table] = [(check[0], digest(check)) for check in checks]
    notes.count += len(checks)


def digest(row: Sequence[Any]) -> str:
    """By what the ledger tells a check."""
    return hashlib.sha256(canonical(row)).hexdigest()[:HALF]


def take_notes(session: Session) -> Notes | None:
    """What was noted since they were taken last."""
    notes: Notes | None = session.info.pop(NOTES, None)
    return notes if notes and notes.count else None


def rows_noted(session: Session) -> int:
    notes: Notes | None = session.info.get(NOTES)
    return notes.count if notes else 0


def forget_notes(session: Session) -> None:
    session.info.pop(NOTES, None)


@event.listens_for(Session, "after_flush")
def note_flushed(session: Session, _flush: UOWTransaction) -> None:
    for instance in session.new:
        _note_instance(session, inspect(instance), new=True)
    for instance in session.dirty:
        _note_instance(session, inspect(instance), new=False)
    for instance in session.deleted:
        state = inspect(instance)
        note_gone(session, _name(state), [state.mapper.primary_key_from_instance(instance)])


def _note_instance(session: Session, state: InstanceState[Any], *, new: bool) -> None:
    sealed = sealed_table(_name(state)) if _name(state) in SEALED else None
    if sealed and (new or any(state.attrs[name].history.has_changes() for name in sealed.columns)):
        # What was never set is null; what was loaded and has expired since is read again.
        row = {name: state.dict.get(name) if new else getattr(state.obj(), name) for name in sealed.columns}
        _notes(session).keep(sealed, sealed.columns, sealed.told(row, sealed.columns))
    for relationship in state.mapper.relationships:
        if relationship.secondary is not None:
            history = state.attrs[relationship.key].history
            own, other = state.mapper.primary_key_from_instance, relationship.mapper.primary_key_from_instance
            added = [(*own(state.obj()), *other(theirs)) for theirs in history.added]
            table, names = str(relationship.secondary), [column.name for column in relationship.secondary.columns]
            note_kept(session, table, [dict(zip(names, pair, strict=True)) for pair in added])
            note_gone(session, table, [(*own(state.obj()), *other(theirs)) for theirs in history.deleted])


def _name(state: InstanceState[Any]) -> str:
    return str(state.mapper.local_table)


def _notes(session: Session) -> Notes:
    notes: Notes = session.info.setdefault(NOTES, Notes())
    return notes


@cache
def _defaults(table: str) -> dict[str, Any]:
    """What a column holds that a row does not name."""
    return {
        column.name: column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
        for column in Model.metadata.tables[table].columns
        if column.nullable or column.default is not None
    }


def _teller(column: Column[Any]) -> Callable[[Any], Any]:
    for kinds, teller in TELLERS:
        if isinstance(column.type, kinds):
            return teller
    return _tell_plain


def _tell_plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def _tell_truth(value: Any) -> Any:
    """SQLite keeps true and false as 1 and 0, and would keep a 2."""
    return bool(value) if value in {0, 1} else value


def _tell_day(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _tell_bytes(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _tell_long(value: Any) -> Any:
    return None if value is None else {"sha256": hashlib.sha256(str(value).encode("utf-8", "replace")).hexdigest()}


def _tell_json(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if value is None:
        return None
    return {"sha256": hashlib.sha256(canonical(value)).hexdigest()}


TELLERS: Final[tuple[tuple[type[Any] | tuple[type[Any], ...], Callable[[Any], Any]], ...]] = (
    (InstantType, told_instant),
    (Date, _tell_day),
    (Boolean, _tell_truth),
    (JSON, _tell_json),
    (LargeBinary, _tell_bytes),
    (Text, _tell_long),
)
