"""Which facts does the registry keep? Importing this package declares every table."""

from consent.storage.models.accounts import AccountDecision, PlatformAccount
from consent.storage.models.authorizations import PostingAuthorization, PostingRefusal, PostingRequest
from consent.storage.models.cards import Card
from consent.storage.models.checks import PatronCheck
from consent.storage.models.clearances import (
    Clearance,
    ClearanceCapture,
    ClearanceDecision,
    ClearancePerson,
    ClearanceRecheck,
    ClearanceVerdict,
)
from consent.storage.models.consents import (
    Consent,
    ConsentAnswer,
    ConsentPlatform,
    ConsentProgram,
    ConsentVoiding,
    PatronMatch,
    ShownText,
    Signing,
    SigningCopy,
    SigningRejection,
    Witnessing,
)
from consent.storage.models.copies import StoredCopy
from consent.storage.models.erasures import ErasedRecord, Erasure, ErasureRefusal, ErasureRequest
from consent.storage.models.form_versions import FormVersion, FormWithdrawal
from consent.storage.models.groups import GroupCheck, GroupCheckPerson
from consent.storage.models.guardians import Guardian, Guardianship
from consent.storage.models.holds import Hold
from consent.storage.models.housekeeping import ChoreDone
from consent.storage.models.kiosks import Kiosk, KioskDraft
from consent.storage.models.ledger import (
    LedgerCheckpoint,
    LedgerEvent,
    LedgerKey,
    LedgerNode,
    LedgerSubject,
    SealedContent,
    SealedRows,
)
from consent.storage.models.looks import Look
from consent.storage.models.mail import OutgoingMail
from consent.storage.models.name_index import PatronWord, WordTrigram
from consent.storage.models.paper_entries import PaperEntry, PaperScan
from consent.storage.models.patrons import Patron, PatronHandle
from consent.storage.models.platforms import Platform
from consent.storage.models.policy import PolicyAcknowledgement, PolicyVersion
from consent.storage.models.posts import Post, PostPerson
from consent.storage.models.programs import Enrollment, Program, ProgramLead
from consent.storage.models.registers import CommunicationNote, RecordingAuthorization, Spokesperson, Training
from consent.storage.models.registry import RegistryMark
from consent.storage.models.reports import Report, ReportAssignment, ReportProgress
from consent.storage.models.rosters import RosterPrint
from consent.storage.models.rules import PostingRule, RuleDecision
from consent.storage.models.setup import SetupCode
from consent.storage.models.staff import Staff, StaffRole, staff_role_held
from consent.storage.models.staff_sign_in import Authenticator, RecoveryCode, SecurityKey, StaffSession
from consent.storage.models.takedowns import Takedown, TakedownAssignment, TakedownClosing
from consent.storage.models.throttle import TryCount
from consent.storage.models.tokens import ApiToken
from consent.storage.models.voidings import VoidingRefusal, VoidingRequest
from consent.storage.models.withdrawals import Withdrawal, WithdrawalUse, WithdrawalVoiding

__all__ = [
    "AccountDecision",
    "ApiToken",
    "Authenticator",
    "Card",
    "ChoreDone",
    "Clearance",
    "ClearanceCapture",
    "ClearanceDecision",
    "ClearancePerson",
    "ClearanceRecheck",
    "ClearanceVerdict",
    "CommunicationNote",
    "Consent",
    "ConsentAnswer",
    "ConsentPlatform",
    "ConsentProgram",
    "ConsentVoiding",
    "Enrollment",
    "ErasedRecord",
    "Erasure",
    "ErasureRefusal",
    "ErasureRequest",
    "FormVersion",
    "FormWithdrawal",
    "GroupCheck",
    "GroupCheckPerson",
    "Guardian",
    "Guardianship",
    "Hold",
    "Kiosk",
    "KioskDraft",
    "LedgerCheckpoint",
    "LedgerEvent",
    "LedgerKey",
    "LedgerNode",
    "LedgerSubject",
    "Look",
    "OutgoingMail",
    "PaperEntry",
    "PaperScan",
    "Patron",
    "PatronCheck",
    "PatronHandle",
    "PatronMatch",
    "PatronWord",
    "Platform",
    "PlatformAccount",
    "PolicyAcknowledgement",
    "PolicyVersion",
    "Post",
    "PostPerson",
    "PostingAuthorization",
    "PostingRefusal",
    "PostingRequest",
    "PostingRule",
    "Program",
    "ProgramLead",
    "RecordingAuthorization",
    "RecoveryCode",
    "RegistryMark",
    "Report",
    "ReportAssignment",
    "ReportProgress",
    "RosterPrint",
    "RuleDecision",
    "SealedContent",
    "SealedRows",
    "SecurityKey",
    "SetupCode",
    "ShownText",
    "Signing",
    "SigningCopy",
    "SigningRejection",
    "Spokesperson",
    "Staff",
    "StaffRole",
    "StaffSession",
    "StoredCopy",
    "Takedown",
    "TakedownAssignment",
    "TakedownClosing",
    "Training",
    "TryCount",
    "VoidingRefusal",
    "VoidingRequest",
    "Withdrawal",
    "WithdrawalUse",
    "WithdrawalVoiding",
    "Witnessing",
    "WordTrigram",
    "staff_role_held",
]
