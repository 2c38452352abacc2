"""What does a valid row of each table look like? `a_row` inserts one and all it refers to; a test says what differs."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, case, exists, func, insert, select
from sqlalchemy.orm import Session

from consent.domain.authorizations import AccessLevel
from consent.domain.clearances import RecheckCause
from consent.domain.events import EventKind
from consent.domain.groups import AddedBy
from consent.domain.housekeeping import Chore
from consent.domain.looks import LookKind
from consent.domain.mail import MailKind
from consent.domain.permissions import Role
from consent.domain.registers import StaffKind
from consent.domain.reports import ReportStep
from consent.domain.sign_in import Proof
from consent.domain.takedowns import TakedownAction, TakedownOutcome
from consent.domain.vocabulary import Answer, Assurance, Channel, Language, Media, Reason, Relationship, Use
from consent.storage.database import Model
from consent.storage.models import (
    AccountDecision,
    ApiToken,
    Authenticator,
    Card,
    ChoreDone,
    Clearance,
    ClearanceCapture,
    ClearanceDecision,
    ClearanceRecheck,
    ClearanceVerdict,
    CommunicationNote,
    Consent,
    ConsentAnswer,
    ConsentVoiding,
    ErasedRecord,
    Erasure,
    ErasureRefusal,
    ErasureRequest,
    FormVersion,
    FormWithdrawal,
    GroupCheck,
    GroupCheckPerson,
    Guardian,
    Guardianship,
    Hold,
    Kiosk,
    KioskDraft,
    LedgerCheckpoint,
    LedgerEvent,
    LedgerKey,
    LedgerNode,
    LedgerSubject,
    Look,
    OutgoingMail,
    PaperEntry,
    PaperScan,
    Patron,
    PatronCheck,
    PatronHandle,
    PatronMatch,
    PatronWord,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    Post,
    PostingAuthorization,
    PostingRefusal,
    PostingRequest,
    PostingRule,
    Program,
    ProgramLead,
    RecordingAuthorization,
    RecoveryCode,
    RegistryMark,
    Report,
    ReportAssignment,
    ReportProgress,
    RosterPrint,
    RuleDecision,
    SealedContent,
    SealedRows,
    SecurityKey,
    SetupCode,
    ShownText,
    Signing,
    SigningCopy,
    SigningRejection,
    Spokesperson,
    Staff,
    StaffRole,
    StaffSession,
    StoredCopy,
    Takedown,
    TakedownAssignment,
    TakedownClosing,
    Training,
    TryCount,
    VoidingRefusal,
    VoidingRequest,
    Withdrawal,
    WithdrawalUse,
    WithdrawalVoiding,
    Witnessing,
    WordTrigram,
)

LONG_AGO = datetime(2020, 1, 1, 7, tzinfo=UTC)
EARLIER = datetime(2026, 1, 10, 17, tzinfo=UTC)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TODAY = date(2026, 7, 1)

_numbers = count(1)


def a_row(connection: Connection | Session, model: type[Model] | Table, **changes: Any) -> RowMapping:
    """Insert a valid row, and one for each that it must refer to and that `changes` does not name. Commits nothing."""
    table = model if isinstance(model, Table) else Model.metadata.tables[model.__tablename__]
    values = VALID.get(table.name, lambda _: {})(next(_numbers)) | changes
    either = EITHER.get(table.name, ())
    chosen = either[:1] if values.keys().isdisjoint(either) else ()
    for column in table.columns:
        needed = column.name in chosen or (column.foreign_keys and not column.nullable)
        if needed and column.name not in values:
            [referred] = [reference.column for reference in column.foreign_keys]
            values[column.name] = a_row(connection, referred.table)[referred.name]
    return connection.execute(insert(table).values(values).returning(table)).mappings().one()


def sha256(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


NEXT_POSITION = select(func.coalesce(func.max(LedgerEvent.position), 0) + 1).scalar_subquery()
ROLE_NOT_YET_THERE = case(*((~exists().where(StaffRole.name == role.value), role.value) for role in Role))

EITHER = {
    "group_check_person": ("patron_id", "in_vain"),
    "posting_rule": ("platform_id", "program_id", "place"),
    "voiding_request": ("consent_id", "withdrawal_id"),
}
"""Where a row refers to one thing or another, to the first if a test does not say."""

VALID: dict[str, Callable[[int], dict[str, Any]]] = {
    model.__tablename__: row
    for model, row in {
        ApiToken: lambda n: {"name": f"System {n}", "token_sha256": sha256(n), "added_at": EARLIER},
        Authenticator: lambda _: {
            "name": "The grey token",
            "encrypted_secret": "c2VhbGVk",
            "last_counter": 1,
            "added_at": EARLIER,
        },
        Card: lambda n: {"code_sha256": sha256(n), "issued_at": EARLIER, "expires_on": TODAY},
        CommunicationNote: lambda _: {
            "text_en": "Call the office.",
            "text_es": "Llame a la oficina.",
            "given_on": TODAY,
            "added_at": EARLIER,
        },
        Clearance: lambda n: {
            "number": f"CLEARANCE{n}",
            "what": "Photo of the pool opening",
            "uses": Use.PHOTO.value,
            "headcount": 1,
            "unidentified": 0,
            "made_at": EARLIER,
        },
        ClearanceCapture: lambda _: {"media": Media.STILL.value, "captured_at": EARLIER, "device": "Camera 4"},
        ClearanceDecision: lambda _: {
            "allowed": True,
            "decided_at": EARLIER,
            "posting_at": NOW,
            "checklist": "",
            "failures": "[]",
            "limits": "[]",
        },
        ClearanceRecheck: lambda _: {"at": NOW, "cause": RecheckCause.PERMISSION_CHANGED.value},
        ClearanceVerdict: lambda _: {"use": Use.PHOTO.value, "at": NOW, "allowed": True, "basis": "[]"},
        Consent: lambda n: {
            "external_id": f"C{n}",
            "language": Language.ENGLISH.value,
            "assurance": Assurance.PAPER.value,
            "signed_at": EARLIER,
            "channels": Channel.DEPARTMENT.value,
            "every_platform": True,
            "every_program": True,
        },
        ConsentAnswer: lambda _: {"use": Use.PHOTO.value, "answer": Answer.YES.value},
        ConsentVoiding: lambda _: {"at": NOW},
        AccountDecision: lambda _: {"approved": True, "decided_at": NOW},
        ErasedRecord: lambda n: {"table_name": "consent", "key": f"{1_000_000 + n}"},
        Erasure: lambda _: {"at": NOW},
        ErasureRefusal: lambda _: {"at": NOW},
        ErasureRequest: lambda _: {"reason": "Asked for it", "legal_basis": "Schedule 1", "requested_at": NOW},
        FormVersion: lambda n: {
            "form": f"photo-{n}",
            "version": 1,
            "uses": [Use.RECORD.value, Use.PHOTO.value],
            "title_en": "May we show your child?",
            "title_es": "¿Podemos mostrar a su hijo?",
            "body_en": "Yes or no.",
            "body_es": "Sí o no.",
            "text_sha256": sha256(n),
            "published_at": LONG_AGO,
        },
        FormWithdrawal: lambda _: {"at": NOW},
        GroupCheck: lambda _: {
            "uses": Use.PHOTO.value,
            "channel": Channel.DEPARTMENT.value,
            "unidentified": 0,
            "started_at": EARLIER,
            "changed_at": EARLIER,
        },
        GroupCheckPerson: lambda n: {"named": f"P{n}", "added_by": AddedBy.SCAN.value, "added_at": EARLIER},
        Guardian: lambda n: {
            "external_id": f"G{n}",
            "first_name": "Rosa",
            "last_name": "Núñez",
            "added_at": LONG_AGO,
        },
        Guardianship: lambda _: {"relationship": Relationship.PARENT.value, "since": LONG_AGO},
        Hold: lambda n: {"external_id": f"H{n}", "since": EARLIER, "reason": "A court order"},
        Kiosk: lambda n: {
            "name": f"Front desk {n}",
            "enrollment_sha256": sha256(-n),
            "device_sha256": sha256(n),
            "staff_pin_hash": "a hash",
            "added_at": EARLIER,
        },
        KioskDraft: lambda n: {
            "draft_sha256": sha256(n),
            "idempotency_key": f"key-{n}",
            "language": Language.SPANISH.value,
            "content": {"signer": "Rosa Núñez"},
            "started_at": NOW,
            "touched_at": NOW,
        },
        LedgerEvent: lambda n: {
            "position": NEXT_POSITION,
            "kind": EventKind.CONSENT_SIGNED.value,
            "recorded_at": EARLIER,
            "actor": "command-line",
            "leaf": sha256(n),
        },
        LedgerSubject: lambda n: {"patron": f"P{n}"},
        Look: lambda n: {
            "shown_together": f"{n:016x}",
            "looked_at": NOW,
            "kind": LookKind.NAME_SEARCH.value,
            "actor": "staff:1",
            "about": f"P{n}",
        },
        LedgerCheckpoint: lambda n: {"size": n, "root": sha256(n), "note": "Signed", "made_at": NOW},
        LedgerKey: lambda n: {"name": "localhost:8000/ledger", "public_key": sha256(n), "added_at": NOW},
        LedgerNode: lambda n: {"level": 1, "hash": n.to_bytes(32)},
        Patron: lambda n: {
            "external_id": f"P{n}",
            "first_name": "Ana",
            "last_name": "Núñez",
            "born": date(2016, 3, 10),
            "added_at": LONG_AGO,
        },
        PatronCheck: lambda n: {
            "asked_together": f"{n:016x}",
            "asked_at": NOW,
            "door": "look-up",
            "channel": Channel.DEPARTMENT.value,
            "at": NOW,
            "answers": '{"photo": "allow"}',
        },
        PatronHandle: lambda n: {"account": f"@ana{n}"},
        PatronMatch: lambda _: {"matched_at": EARLIER},
        PatronWord: lambda n: {"word": f"nunez{n}"},
        Platform: lambda n: {"external_id": f"platform-{n}", "name": "Facebook", "approved_from": LONG_AGO},
        PlatformAccount: lambda n: {
            "handle": f"@cityparks{n}",
            "url": "https://www.facebook.com/cityparks",
            "audience": "Families",
            "purposes": "News of the programs",
            "retention": "Two years",
            "asked_at": EARLIER,
        },
        PolicyAcknowledgement: lambda n: {
            "signed_as": "Sam Reyes",
            "language": Language.ENGLISH.value,
            "acknowledged_at": NOW,
            "pdf_sha256": sha256(n),
            "pdf": b"%PDF",
        },
        PolicyVersion: lambda n: {
            "number": "6.5",
            "version": f"version {n}",
            "reference": "City Clerk",
            "text": "",
            "in_force_from": TODAY,
            "added_at": EARLIER,
        },
        Post: lambda n: {
            "url": f"https://www.facebook.com/cityparks/posts/{n}",
            "posted_at": EARLIER,
            "told_at": NOW,
            "still_allowed": True,
        },
        PostingAuthorization: lambda _: {"approved_at": EARLIER},
        PostingRefusal: lambda _: {"at": EARLIER},
        PostingRequest: lambda _: {
            "account": "@cityparks",
            "access": AccessLevel.POST.value,
            "last_day": TODAY,
            "requested_at": EARLIER,
        },
        PostingRule: lambda _: {
            "text_en": "No minors are tagged here.",
            "text_es": "Aquí no se etiqueta a menores.",
            "forbids": "",
            "minors_only": True,
            "starts": TODAY,
            "last_day": TODAY,
            "asked_at": EARLIER,
        },
        Program: lambda n: {"external_id": f"camp-{n}", "name": "Summer camp", "starts": TODAY, "ends": TODAY},
        ProgramLead: lambda _: {"since": EARLIER},
        RecordingAuthorization: lambda _: {
            "device": "Camera 1",
            "starts_at": EARLIER,
            "ends_at": NOW,
            "still": True,
            "moving": False,
            "voice": False,
            "added_at": EARLIER,
        },
        RecoveryCode: lambda n: {"code_sha256": sha256(n), "made_at": EARLIER},
        RegistryMark: lambda n: {"name": f"mark-{n}", "value": "yes"},
        Report: lambda n: {
            "number": f"REPORT{n}",
            "url": f"https://www.facebook.com/cityparks/posts/{n}",
            "wrong": "Shows the staff entrance",
            "reported_at": EARLIER,
            "due_on": TODAY,
        },
        ReportAssignment: lambda _: {"assigned_at": NOW},
        ReportProgress: lambda _: {"step": ReportStep.CORRECTED.value, "note": "", "done_at": NOW},
        RosterPrint: lambda n: {
            "serial": f"R-{n}",
            "valid_on": TODAY,
            "sort": "last",
            "content_sha256": sha256(n),
            "printed_at": NOW,
        },
        RuleDecision: lambda _: {"approved": True, "decided_at": NOW},
        SealedContent: lambda n: {"salt": n.to_bytes(32), "canonical": "{}"},
        SealedRows: lambda n: {"leaf": sha256(n), "salt": n.to_bytes(32), "canonical": "{}"},
        SetupCode: lambda n: {"code_sha256": sha256(n), "made_at": NOW},
        SecurityKey: lambda n: {
            "name": "The blue key",
            "credential_id": n.to_bytes(32),
            "public_key": b"a public key",
            "sign_count": 0,
            "added_at": EARLIER,
        },
        ShownText: lambda n: {"sha256": sha256(n), "text": f"Yes or no, number {n}."},
        Signing: lambda n: {
            "reference": f"S-{n}",
            "idempotency_key": f"key-{n}",
            "body_sha256": sha256(n),
            "language": Language.SPANISH.value,
            "signed_at": EARLIER,
        },
        SigningCopy: lambda n: {"token_sha256": sha256(n), "expires_at": NOW},
        OutgoingMail: lambda n: {
            "kind": MailKind.SIGNED_COPY.value,
            "language": Language.ENGLISH.value,
            "to_address": f"mo{n}@example.org",
            "text": "",
            "queued_at": NOW,
        },
        PaperEntry: lambda _: {"entered_at": NOW, "order_seen": False},
        PaperScan: lambda n: {"sha256": sha256(n), "pages": 1, "stored_at": NOW, "content": b"%PDF"},
        Takedown: lambda _: {
            "action": TakedownAction.TAKE_DOWN.value,
            "uses": Use.PHOTO.value,
            "reason": Reason.WITHDRAWN.value,
            "opened_at": EARLIER,
            "due_on": TODAY,
        },
        TakedownAssignment: lambda _: {"assigned_at": NOW},
        TakedownClosing: lambda _: {
            "outcome": TakedownOutcome.KEPT.value,
            "reposts_asked": False,
            "note": "",
            "closed_at": NOW,
        },
        StoredCopy: lambda n: {"pdf_sha256": sha256(n), "status_sha256": sha256(-n), "stored_at": NOW, "pdf": b"%PDF"},
        ChoreDone: lambda _: {"chore": Chore.EXAMINED.value, "done_at": NOW},
        SigningRejection: lambda _: {"at": NOW, "reason": "Nobody at the desk knows the signer"},
        Spokesperson: lambda _: {"starts": TODAY, "last_day": TODAY, "named_at": EARLIER},
        Staff: lambda n: {
            "email": f"staff{n}@example.org",
            "name": "Sam Reyes",
            "kind": StaffKind.EMPLOYEE.value,
            "fs_uniquifier": f"{n:064x}",
            "added_at": LONG_AGO,
        },
        StaffRole: lambda _: {"name": ROLE_NOT_YET_THERE},
        Training: lambda _: {
            "course": "Social media",
            "taken_on": TODAY,
            "valid_until": TODAY,
            "added_at": EARLIER,
        },
        TryCount: lambda n: {
            "scope": "sign-in",
            "key_sha256": sha256(n),
            "tries": 1,
            "began_at": EARLIER,
            "last_at": EARLIER,
        },
        StaffSession: lambda n: {
            "token_sha256": sha256(n),
            "proof": Proof.SECURITY_KEY.value,
            "browser": "Firefox, Linux",
            "started_at": EARLIER,
            "last_seen_at": EARLIER,
            "proven_at": EARLIER,
        },
        VoidingRefusal: lambda _: {"at": NOW},
        VoidingRequest: lambda _: {"reason": "The wrong child", "requested_at": NOW},
        Withdrawal: lambda n: {
            "external_id": f"W{n}",
            "at": NOW,
            "every_use": True,
            "assurance": Assurance.PAPER.value,
        },
        WithdrawalUse: lambda _: {"use": Use.TAG.value},
        WithdrawalVoiding: lambda _: {"at": NOW},
        Witnessing: lambda _: {"at": EARLIER},
        WordTrigram: lambda n: {"trigram": "nun", "word": f"nunez{n}"},
    }.items()
}
