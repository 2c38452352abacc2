"""Does the database itself refuse each bad row, by the name of the rule that the row breaks?"""

from typing import Any

import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    null,
)
from sqlalchemy.exc import DataError, IntegrityError

from consent.domain.events import EventKind
from consent.storage.database import Model
from consent.storage.models import (
    AccountDecision,
    ApiToken,
    Authenticator,
    Card,
    ChoreDone,
    Clearance,
    ClearanceCapture,
    ClearanceRecheck,
    ClearanceVerdict,
    CommunicationNote,
    Consent,
    ConsentAnswer,
    ErasedRecord,
    Erasure,
    FormVersion,
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
    PaperScan,
    Patron,
    PatronHandle,
    Platform,
    PlatformAccount,
    PolicyAcknowledgement,
    PolicyVersion,
    Post,
    PostingAuthorization,
    PostingRequest,
    PostingRule,
    Program,
    RecordingAuthorization,
    RecoveryCode,
    Report,
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
    Spokesperson,
    Staff,
    StaffRole,
    StaffSession,
    StoredCopy,
    Takedown,
    TakedownClosing,
    Training,
    TryCount,
    VoidingRequest,
    Withdrawal,
    WithdrawalUse,
    Witnessing,
)
from tests.builders.rows import EARLIER, LONG_AGO, NOW, a_row

BAD_ROWS: dict[str, tuple[type[Model], dict[str, Any]]] = {
    "ck_account_decision_is_not_decided_by_the_owner": (AccountDecision, {"decided_by": 1, "owner_id": 1}),
    "ck_account_decision_is_not_decided_by_whoever_asked": (AccountDecision, {"decided_by": 1, "asked_by": 1}),
    "ck_rule_decision_is_not_decided_by_whoever_asked": (RuleDecision, {"decided_by": 1, "asked_by": 1}),
    "ck_posting_rule_a_place_is_only_told_of": (PostingRule, {"place": "The pool", "forbids": "tag"}),
    "ck_communication_note_ended_at_not_before_added_at": (CommunicationNote, {"added_at": NOW, "ended_at": EARLIER}),
    "ck_communication_note_text_en_has_a_length": (CommunicationNote, {"text_en": ""}),
    "ck_communication_note_text_es_has_a_length": (CommunicationNote, {"text_es": ""}),
    "ck_clearance_capture_device_has_a_length": (ClearanceCapture, {"device": ""}),
    "ck_clearance_capture_media_is_known": (ClearanceCapture, {"media": "smell"}),
    "ck_clearance_headcount_is_not_negative": (Clearance, {"headcount": -1}),
    "ck_clearance_number_has_a_length": (Clearance, {"number": ""}),
    "ck_clearance_recheck_cause_is_known": (ClearanceRecheck, {"cause": "whim"}),
    "ck_clearance_unidentified_is_not_negative": (Clearance, {"unidentified": -1}),
    "ck_clearance_verdict_capture_is_not_negative": (ClearanceVerdict, {"capture": -1}),
    "ck_clearance_verdict_has_a_reason_unless_allowed": (ClearanceVerdict, {"reason": "hold"}),
    "ck_clearance_verdict_use_is_a_name": (ClearanceVerdict, {"use": "Photo!"}),
    "ck_clearance_what_has_a_length": (Clearance, {"what": ""}),
    "ck_platform_account_audience_has_a_length": (PlatformAccount, {"audience": ""}),
    "ck_platform_account_ended_at_not_before_asked_at": (PlatformAccount, {"asked_at": NOW, "ended_at": EARLIER}),
    "ck_platform_account_handle_has_a_length": (PlatformAccount, {"handle": ""}),
    "ck_platform_account_purposes_has_a_length": (PlatformAccount, {"purposes": ""}),
    "ck_platform_account_retention_has_a_length": (PlatformAccount, {"retention": ""}),
    "ck_platform_account_url_is_https": (PlatformAccount, {"url": "http://www.facebook.com/cityparks"}),
    "ck_policy_acknowledgement_language_is_known": (PolicyAcknowledgement, {"language": "fr"}),
    "ck_policy_acknowledgement_pdf_is_there": (PolicyAcknowledgement, {"pdf": b""}),
    "ck_policy_acknowledgement_pdf_sha256_is_sha256": (PolicyAcknowledgement, {"pdf_sha256": "abc"}),
    "ck_policy_acknowledgement_signed_as_has_a_length": (PolicyAcknowledgement, {"signed_as": ""}),
    "ck_policy_version_number_has_a_length": (PolicyVersion, {"number": ""}),
    "ck_policy_version_reference_has_a_length": (PolicyVersion, {"reference": ""}),
    "ck_policy_version_version_has_a_length": (PolicyVersion, {"version": ""}),
    "ck_post_told_at_not_before_posted_at": (Post, {"posted_at": NOW, "told_at": EARLIER}),
    "ck_post_url_is_https": (Post, {"url": "http://www.facebook.com/cityparks/posts/1"}),
    "ck_report_number_has_a_length": (Report, {"number": ""}),
    "ck_report_progress_step_is_known": (ReportProgress, {"step": "begun"}),
    "ck_report_url_is_https": (Report, {"url": "http://www.facebook.com/cityparks/posts/1"}),
    "ck_report_wrong_has_a_length": (Report, {"wrong": ""}),
    "ck_takedown_action_is_known": (Takedown, {"action": "shrug"}),
    "ck_takedown_closing_cannot_has_a_note": (TakedownClosing, {"outcome": "cannot"}),
    "ck_takedown_closing_closed_at_not_before_gone_at": (
        TakedownClosing,
        {"outcome": "gone", "gone_at": NOW, "closed_at": EARLIER},
    ),
    "ck_takedown_closing_gone_has_a_time": (TakedownClosing, {"outcome": "gone"}),
    "ck_takedown_closing_outcome_is_known": (TakedownClosing, {"outcome": "forgotten"}),
    "ck_takedown_reason_is_a_name": (Takedown, {"reason": "Because!"}),
    "ck_takedown_uses_has_a_length": (Takedown, {"uses": ""}),
    "ck_posting_rule_ended_at_not_before_asked_at": (PostingRule, {"asked_at": NOW, "ended_at": EARLIER}),
    "ck_posting_rule_holds_in_one_area": (PostingRule, {"platform_id": None, "place": None}),
    "ck_posting_rule_last_day_not_before_starts": (PostingRule, {"last_day": EARLIER.date()}),
    "ck_posting_rule_place_has_a_length": (PostingRule, {"place": ""}),
    "ck_posting_rule_text_en_has_a_length": (PostingRule, {"text_en": ""}),
    "ck_posting_rule_text_es_has_a_length": (PostingRule, {"text_es": ""}),
    "ck_recording_authorization_allows_some_kind_of_media": (RecordingAuthorization, {"still": False}),
    "ck_recording_authorization_device_has_a_length": (RecordingAuthorization, {"device": ""}),
    "ck_recording_authorization_ended_at_not_before_added_at": (
        RecordingAuthorization,
        {"added_at": NOW, "ended_at": EARLIER},
    ),
    "ck_recording_authorization_ends_at_after_starts_at": (RecordingAuthorization, {"ends_at": EARLIER}),
    "ck_recording_authorization_is_given_by_another_person": (
        RecordingAuthorization,
        {"supervisor_id": 1, "staff_id": 1},
    ),
    "ck_spokesperson_ended_at_not_before_named_at": (Spokesperson, {"named_at": NOW, "ended_at": EARLIER}),
    "ck_spokesperson_is_named_by_another_person": (Spokesperson, {"named_by": 1, "staff_id": 1}),
    "ck_spokesperson_last_day_not_before_starts": (Spokesperson, {"last_day": EARLIER.date()}),
    "ck_staff_kind_is_known": (Staff, {"kind": "robot"}),
    "ck_training_course_has_a_length": (Training, {"course": ""}),
    "ck_training_ended_at_not_before_added_at": (Training, {"added_at": NOW, "ended_at": EARLIER}),
    "ck_training_is_entered_by_another_person": (Training, {"added_by": 1, "staff_id": 1}),
    "ck_training_valid_until_not_before_taken_on": (Training, {"valid_until": EARLIER.date()}),
    "ck_api_token_name_has_a_length": (ApiToken, {"name": ""}),
    "ck_api_token_revoked_at_not_before_added_at": (ApiToken, {"added_at": NOW, "revoked_at": EARLIER}),
    "ck_api_token_token_sha256_is_sha256": (ApiToken, {"token_sha256": "abc"}),
    "ck_card_code_sha256_is_sha256": (Card, {"code_sha256": "abc"}),
    "ck_card_revoked_at_not_before_issued_at": (Card, {"issued_at": NOW, "revoked_at": EARLIER}),
    "ck_consent_answer_answer_is_known": (ConsentAnswer, {"answer": "perhaps"}),
    "ck_consent_answer_use_is_known": (ConsentAnswer, {"use": "livestream"}),
    "ck_consent_assurance_is_known": (Consent, {"assurance": "hearsay"}),
    "ck_consent_channels_are_known": (Consent, {"channels": "personal department"}),
    "ck_consent_expires_at_after_signed_at": (Consent, {"signed_at": NOW, "expires_at": NOW}),
    "ck_consent_external_id_has_a_length": (Consent, {"external_id": ""}),
    "ck_consent_language_is_known": (Consent, {"language": "fr"}),
    "ck_form_version_form_has_a_length": (FormVersion, {"form": ""}),
    "ck_form_version_text_sha256_is_sha256": (FormVersion, {"text_sha256": "abc"}),
    "ck_group_check_changed_at_not_before_started_at": (GroupCheck, {"started_at": NOW, "changed_at": EARLIER}),
    "ck_group_check_channel_is_known": (GroupCheck, {"channel": "press"}),
    "ck_group_check_closed_at_not_before_started_at": (
        GroupCheck,
        {"started_at": NOW, "changed_at": NOW, "closed_at": EARLIER},
    ),
    "ck_group_check_headcount_is_positive": (GroupCheck, {"headcount": 0}),
    "ck_group_check_person_added_by_is_known": (GroupCheckPerson, {"added_by": "guess"}),
    "ck_group_check_person_in_vain_is_known": (GroupCheckPerson, {"in_vain": "asleep"}),
    "ck_group_check_person_is_a_patron_or_nobody": (GroupCheckPerson, {"in_vain": None}),
    "ck_group_check_person_named_has_a_length": (GroupCheckPerson, {"named": ""}),
    "ck_group_check_person_removed_at_not_before_added_at": (
        GroupCheckPerson,
        {"added_at": NOW, "removed_at": EARLIER},
    ),
    "ck_group_check_unidentified_is_not_negative": (GroupCheck, {"unidentified": -1}),
    "ck_group_check_uses_has_a_length": (GroupCheck, {"uses": ""}),
    "ck_guardian_external_id_has_a_length": (Guardian, {"external_id": ""}),
    "ck_guardian_external_id_is_not_self": (Guardian, {"external_id": "self"}),
    "ck_guardian_first_name_has_a_length": (Guardian, {"first_name": ""}),
    "ck_guardian_last_name_has_a_length": (Guardian, {"last_name": ""}),
    "ck_guardianship_relationship_is_known": (Guardianship, {"relationship": "neighbor"}),
    "ck_guardianship_until_after_since": (Guardianship, {"since": NOW, "until": NOW}),
    "ck_hold_external_id_has_a_length": (Hold, {"external_id": ""}),
    "ck_hold_until_after_since": (Hold, {"since": NOW, "until": EARLIER}),
    "ck_kiosk_draft_draft_sha256_is_sha256": (KioskDraft, {"draft_sha256": "abc"}),
    "ck_kiosk_draft_language_is_known": (KioskDraft, {"language": "fr"}),
    "ck_kiosk_draft_touched_at_not_before_started_at": (KioskDraft, {"started_at": NOW, "touched_at": EARLIER}),
    "ck_kiosk_name_has_a_length": (Kiosk, {"name": ""}),
    "ck_ledger_event_kind_is_a_name": (LedgerEvent, {"kind": "Consent signed"}),
    "ck_ledger_event_leaf_is_sha256": (LedgerEvent, {"leaf": "abc"}),
    "ck_ledger_event_position_is_positive": (LedgerEvent, {"position": 0}),
    "ck_ledger_subject_patron_has_a_length": (LedgerSubject, {"patron": ""}),
    "ck_look_about_has_a_length": (Look, {"about": ""}),
    "ck_look_actor_has_a_length": (Look, {"actor": ""}),
    "ck_look_kind_is_a_name": (Look, {"kind": "A glance"}),
    "ck_look_shown_together_has_a_length": (Look, {"shown_together": ""}),
    "ck_ledger_checkpoint_root_is_sha256": (LedgerCheckpoint, {"root": "abc"}),
    "ck_ledger_checkpoint_size_is_positive": (LedgerCheckpoint, {"size": 0}),
    "ck_ledger_key_name_has_a_length": (LedgerKey, {"name": ""}),
    "ck_ledger_key_public_key_is_sha256": (LedgerKey, {"public_key": "abc"}),
    "ck_ledger_node_hash_has_256_bits": (LedgerNode, {"hash": b"short"}),
    "ck_ledger_node_level_is_not_negative": (LedgerNode, {"level": -1}),
    "ck_patron_external_id_has_a_length": (Patron, {"external_id": ""}),
    "ck_patron_first_name_has_a_length": (Patron, {"first_name": ""}),
    "ck_patron_handle_account_has_a_length": (PatronHandle, {"account": ""}),
    "ck_patron_last_name_has_a_length": (Patron, {"last_name": ""}),
    "ck_platform_external_id_has_a_length": (Platform, {"external_id": ""}),
    "ck_platform_name_has_a_length": (Platform, {"name": ""}),
    "ck_posting_authorization_is_approved_by_another_person": (PostingAuthorization, {"approved_by": 1, "staff_id": 1}),
    "ck_posting_authorization_is_not_approved_by_whoever_asked": (
        PostingAuthorization,
        {"approved_by": 1, "requested_by": 1},
    ),
    "ck_posting_authorization_revoked_at_not_before_approved_at": (
        PostingAuthorization,
        {"approved_at": NOW, "revoked_at": EARLIER},
    ),
    "ck_posting_request_access_is_known": (PostingRequest, {"access": "own"}),
    "ck_posting_request_account_has_a_length": (PostingRequest, {"account": ""}),
    "ck_posting_request_is_asked_by_another_person": (PostingRequest, {"requested_by": 1, "staff_id": 1}),
    "ck_program_external_id_has_a_length": (Program, {"external_id": ""}),
    "ck_program_name_has_a_length": (Program, {"name": ""}),
    "ck_roster_print_content_sha256_is_sha256": (RosterPrint, {"content_sha256": "abc"}),
    "ck_erased_record_key_has_a_length": (ErasedRecord, {"key": ""}),
    "ck_erased_record_table_name_has_a_length": (ErasedRecord, {"table_name": ""}),
    "ck_erasure_two_people_agree": (Erasure, {"requested_by": 1, "approved_by": 1}),
    "ck_sealed_content_is_whole_or_erased": (SealedContent, {"salt": None}),
    "ck_sealed_content_salt_has_256_bits": (SealedContent, {"salt": b"too short"}),
    "ck_sealed_rows_is_whole_or_destroyed": (SealedRows, {"salt": None}),
    "ck_sealed_rows_leaf_is_sha256": (SealedRows, {"leaf": "abc"}),
    "ck_sealed_rows_salt_has_256_bits": (SealedRows, {"salt": b"short"}),
    "ck_setup_code_code_sha256_is_sha256": (SetupCode, {"code_sha256": "abc"}),
    "ck_shown_text_sha256_is_sha256": (ShownText, {"sha256": "abc"}),
    "ck_signing_body_sha256_is_sha256": (Signing, {"body_sha256": "abc"}),
    "ck_signing_copy_token_sha256_is_sha256": (SigningCopy, {"token_sha256": "abc"}),
    "ck_chore_done_chore_is_known": (ChoreDone, {"chore": "dusting"}),
    "ck_outgoing_mail_is_sent_or_given_up": (OutgoingMail, {"sent_at": NOW, "given_up_at": NOW}),
    "ck_outgoing_mail_kind_is_known": (OutgoingMail, {"kind": "advertisement"}),
    "ck_outgoing_mail_language_is_known": (OutgoingMail, {"language": "tlh"}),
    "ck_outgoing_mail_to_address_has_a_length": (OutgoingMail, {"to_address": ""}),
    "ck_outgoing_mail_tries_are_counted": (OutgoingMail, {"tries": -1}),
    "ck_paper_scan_content_is_there": (PaperScan, {"content": b""}),
    "ck_paper_scan_has_pages": (PaperScan, {"pages": 0}),
    "ck_paper_scan_sha256_is_sha256": (PaperScan, {"sha256": "abc"}),
    "ck_stored_copy_pdf_is_there": (StoredCopy, {"pdf": b""}),
    "ck_stored_copy_pdf_sha256_is_sha256": (StoredCopy, {"pdf_sha256": "abc"}),
    "ck_stored_copy_status_sha256_is_sha256": (StoredCopy, {"status_sha256": "abc"}),
    "ck_signing_language_is_known": (Signing, {"language": "English"}),
    "ck_signing_reference_has_a_length": (Signing, {"reference": ""}),
    "ck_staff_authenticator_last_used_at_not_before_added_at": (
        Authenticator,
        {"added_at": NOW, "last_used_at": EARLIER},
    ),
    "ck_staff_authenticator_name_has_a_length": (Authenticator, {"name": ""}),
    "ck_staff_email_has_a_length": (Staff, {"email": ""}),
    "ck_staff_name_has_a_length": (Staff, {"name": ""}),
    "ck_staff_recovery_code_code_sha256_is_sha256": (RecoveryCode, {"code_sha256": "abc"}),
    "ck_staff_recovery_code_used_at_not_before_made_at": (RecoveryCode, {"made_at": NOW, "used_at": EARLIER}),
    "ck_staff_role_name_is_known": (StaffRole, {"name": "mayor"}),
    "ck_staff_security_key_last_used_at_not_before_added_at": (SecurityKey, {"added_at": NOW, "last_used_at": EARLIER}),
    "ck_staff_security_key_name_has_a_length": (SecurityKey, {"name": ""}),
    "ck_staff_session_ended_at_not_before_started_at": (StaffSession, {"ended_at": LONG_AGO}),
    "ck_staff_session_last_seen_at_not_before_started_at": (StaffSession, {"last_seen_at": LONG_AGO}),
    "ck_staff_session_proof_is_known": (StaffSession, {"proof": "a wink"}),
    "ck_staff_session_proven_at_not_before_started_at": (StaffSession, {"proven_at": LONG_AGO}),
    "ck_staff_session_token_sha256_is_sha256": (StaffSession, {"token_sha256": "abc"}),
    "ck_try_count_key_sha256_is_sha256": (TryCount, {"key_sha256": "abc"}),
    "ck_try_count_last_at_not_before_began_at": (TryCount, {"began_at": NOW, "last_at": EARLIER}),
    "ck_try_count_tries_is_positive": (TryCount, {"tries": 0}),
    "ck_voiding_request_names_one_record": (VoidingRequest, {"consent_id": None, "withdrawal_id": None}),
    "ck_withdrawal_asked_how_is_known": (Withdrawal, {"asked_how": "by-rumor"}),
    "ck_withdrawal_external_id_has_a_length": (Withdrawal, {"external_id": ""}),
    "ck_withdrawal_use_use_is_known": (WithdrawalUse, {"use": "livestream"}),
    "ck_witnessing_identified_by_is_known": (Witnessing, {"identified_by": "a-hunch"}),
}
"""A row that breaks the one rule named, and no other."""

TABLES = Model.metadata.sorted_tables


def constraints(kind: type) -> list[Any]:
    """All constraints of a kind, to run a test on each; its name is the test's."""
    found = [constraint for table in TABLES for constraint in table.constraints if isinstance(constraint, kind)]
    return [
        pytest.param(constraint, id=str(constraint.name)) for constraint in sorted(found, key=lambda c: str(c.name))
    ]


def uniques() -> list[Any]:
    """(name, table, columns) of whatever must not be there twice, keys and partial indexes included."""
    indexes = [index for table in TABLES for index in table.indexes if index.unique]
    parameters = [*constraints(PrimaryKeyConstraint), *constraints(UniqueConstraint)]
    found = [*(parameter.values[0] for parameter in parameters), *indexes]
    return [pytest.param(one.name, one.table, [column.name for column in one.columns], id=one.name) for one in found]


def broken_rule(refusal: IntegrityError) -> str:
    """PostgreSQL gives the name of every rule. SQLite names a check; else it lists the columns, or says the kind."""
    if hasattr(refusal.orig, "diag"):
        return str(refusal.orig.diag.constraint_name)
    return str(refusal.orig).split(" constraint failed")[-1].removeprefix(": ")


def test_every_check_has_a_bad_row_here_and_every_bad_row_has_its_check():
    checks = {str(parameter.id) for parameter in constraints(CheckConstraint)}
    assert set(BAD_ROWS) == checks


@pytest.mark.parametrize("name", sorted(BAD_ROWS))
def test_a_row_of_a_bad_shape_is_refused_by_name(connection: Connection, name: str):
    model, change = BAD_ROWS[name]
    with pytest.raises(IntegrityError) as refused:
        a_row(connection, model, **change)
    assert broken_rule(refused.value) == name


@pytest.mark.parametrize(("name", "table", "columns"), uniques())
def test_what_must_be_there_once_is_refused_a_second_time(
    connection: Connection, name: str, table: Table, columns: list[str]
):
    first = a_row(connection, table)
    same = {column: first[column] for column in columns}
    with pytest.raises(IntegrityError) as refused:
        a_row(connection, table, **same)
    on_sqlite = ", ".join(f"{table.name}.{column}" for column in columns)
    assert broken_rule(refused.value) == (on_sqlite if connection.dialect.name == "sqlite" else name)


@pytest.mark.parametrize("constraint", constraints(ForeignKeyConstraint))
def test_a_row_that_refers_to_nothing_is_refused(connection: Connection, constraint: ForeignKeyConstraint):
    [column] = constraint.columns
    nobody = "0" * 64 if isinstance(column.type, String) else -1
    with pytest.raises(IntegrityError) as refused:
        a_row(connection, constraint.table, **{column.name: nobody})
    assert broken_rule(refused.value) == ("" if connection.dialect.name == "sqlite" else constraint.name)
    assert "foreign key constraint" in str(refused.value.orig).lower()


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(column, id=str(column))
        for table in TABLES
        for column in table.columns
        # A number that is a table's only key, and is left out, is counted up by SQLite.
        if not column.nullable and not (list(table.primary_key) == [column] and isinstance(column.type, Integer))
    ],
)
def test_a_row_that_lacks_what_it_needs_is_refused(connection: Connection, column: Column[Any]):
    with pytest.raises(IntegrityError) as refused:
        a_row(connection, column.table, **{column.name: null()})
    where = refused.value.orig
    if connection.dialect.name == "sqlite":
        assert str(where) == f"NOT NULL constraint failed: {column}"
    else:
        assert f"{where.diag.table_name}.{where.diag.column_name}" == str(column)


@pytest.mark.parametrize("name", sorted(name for name in BAD_ROWS if name.endswith("_has_a_length")))
def test_a_text_that_is_too_long_is_refused(connection: Connection, name: str):
    model, change = BAD_ROWS[name]
    [column] = change
    longest = Model.metadata.tables[model.__tablename__].columns[column].type.length
    a_row(connection, model, **{column: "x" * longest})
    with pytest.raises((IntegrityError, DataError)) as refused:
        a_row(connection, model, **{column: "y" * (longest + 1)})
    if connection.dialect.name == "sqlite":
        assert broken_rule(refused.value) == name
    else:
        assert f"value too long for type character varying({longest})" in str(refused.value.orig)


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in TABLES])
def test_every_table_takes_a_valid_row(connection: Connection, table: Table):
    assert a_row(connection, table)


@pytest.mark.parametrize(
    ("model", "same_instant"),
    [
        (ApiToken, {"added_at": NOW, "revoked_at": NOW}),
        (Card, {"issued_at": NOW, "revoked_at": NOW}),
        (PostingAuthorization, {"approved_at": NOW, "revoked_at": NOW}),
    ],
)
def test_what_was_made_by_mistake_may_be_revoked_in_the_same_instant(
    connection: Connection, model: type[Model], same_instant: dict[str, Any]
):
    assert a_row(connection, model, **same_instant)


def test_whose_card_is_revoked_may_have_another_one(connection: Connection):
    first = a_row(connection, Card, revoked_at=NOW)
    second = a_row(connection, Card, patron_id=first["patron_id"])
    assert second["patron_id"] == first["patron_id"]


def test_a_voiding_request_names_a_consent_or_a_withdrawal_but_never_both(connection: Connection):
    consent, withdrawal = a_row(connection, Consent), a_row(connection, Withdrawal)
    assert a_row(connection, VoidingRequest, withdrawal_id=withdrawal["id"])["consent_id"] is None
    with pytest.raises(IntegrityError) as refused:
        a_row(connection, VoidingRequest, consent_id=consent["id"], withdrawal_id=withdrawal["id"])
    assert broken_rule(refused.value) == "ck_voiding_request_names_one_record"


def test_everything_that_can_happen_may_stand_in_the_ledger(connection: Connection):
    assert [a_row(connection, LedgerEvent, kind=kind.value)["kind"] for kind in EventKind] == list(EventKind)


def test_a_history_that_does_not_count_is_still_stored(connection: Connection):
    """Constraints guard shape, never judgment: whether a record counts is the rule's to say."""
    consent = a_row(connection, Consent, signed_at=LONG_AGO, expires_at=EARLIER)
    for answer in ("yes", "no"):
        a_row(
            connection,
            ConsentAnswer,
            consent_id=consent["id"],
            use="photo" if answer == "yes" else "tag",
            answer=answer,
        )
    platform = a_row(connection, Platform, approved_from=NOW, approved_until=EARLIER)
    assert platform["approved_until"] < platform["approved_from"]
