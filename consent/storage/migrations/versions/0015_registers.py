"""Keep the department's registers: accounts, rules, training, the policy, recordings, spokespersons and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
KINDS = "kind IN ('contractor', 'employee', 'intern', 'volunteer')"
TABLES = (
    "policy_acknowledgement", "account_decision", "rule_decision", "training", "spokesperson", "recording_authorization",
    "posting_rule", "policy_version", "platform_account", "communication_note",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "communication_note",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("program_id", NUMBER, nullable=False),
        sa.Column("text_en", sa.String(length=4000), nullable=False),
        sa.Column("text_es", sa.String(length=4000), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("added_by", NUMBER, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= added_at", name=op.f("ck_communication_note_ended_at_not_before_added_at")
        ),
        sa.CheckConstraint(
            "length(text_en) BETWEEN 1 AND 4000", name=op.f("ck_communication_note_text_en_has_a_length")
        ),
        sa.CheckConstraint(
            "length(text_es) BETWEEN 1 AND 4000", name=op.f("ck_communication_note_text_es_has_a_length")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_communication_note_added_by")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_communication_note_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communication_note")),
    )
    op.create_index(op.f("ix_communication_note_program_id"), "communication_note", ["program_id"])
    op.create_table(
        "platform_account",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("platform_id", NUMBER, nullable=False),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("handle", sa.String(length=128), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("audience", sa.String(length=128), nullable=False),
        sa.Column("purposes", sa.String(length=1000), nullable=False),
        sa.Column("retention", sa.String(length=128), nullable=False),
        sa.Column("asked_by", NUMBER, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "length(url) BETWEEN 9 AND 300 AND substr(url, 1, 8) = 'https://'",
            name=op.f("ck_platform_account_url_is_https"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= asked_at", name=op.f("ck_platform_account_ended_at_not_before_asked_at")
        ),
        sa.CheckConstraint(
            "length(audience) BETWEEN 1 AND 128", name=op.f("ck_platform_account_audience_has_a_length")
        ),
        sa.CheckConstraint("length(handle) BETWEEN 1 AND 128", name=op.f("ck_platform_account_handle_has_a_length")),
        sa.CheckConstraint(
            "length(purposes) BETWEEN 1 AND 1000", name=op.f("ck_platform_account_purposes_has_a_length")
        ),
        sa.CheckConstraint(
            "length(retention) BETWEEN 1 AND 128", name=op.f("ck_platform_account_retention_has_a_length")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_platform_account_asked_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_platform_account_owner_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_platform_account_platform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_account")),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.String(length=128), nullable=False),
        sa.Column("version", sa.String(length=128), nullable=False),
        sa.Column("reference", sa.String(length=1000), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("added_by", NUMBER, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 128", name=op.f("ck_policy_version_number_has_a_length")),
        sa.CheckConstraint(
            "length(reference) BETWEEN 1 AND 1000", name=op.f("ck_policy_version_reference_has_a_length")
        ),
        sa.CheckConstraint("length(version) BETWEEN 1 AND 128", name=op.f("ck_policy_version_version_has_a_length")),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_policy_version_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("number", "version", name=op.f("uq_policy_version_number_version")),
    )
    op.create_table(
        "posting_rule",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("platform_id", NUMBER, nullable=True),
        sa.Column("program_id", NUMBER, nullable=True),
        sa.Column("place", sa.String(length=128), nullable=True),
        sa.Column("text_en", sa.String(length=1000), nullable=False),
        sa.Column("text_es", sa.String(length=1000), nullable=False),
        sa.Column("forbids", sa.String(length=128), nullable=False),
        sa.Column("minors_only", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("asked_by", NUMBER, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("place IS NULL OR forbids = ''", name=op.f("ck_posting_rule_a_place_is_only_told_of")),
        sa.CheckConstraint(
            "CASE WHEN platform_id IS NULL THEN 0 ELSE 1 END + CASE WHEN program_id IS NULL THEN 0 ELSE 1 END + CASE WHEN place IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_posting_rule_holds_in_one_area"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= asked_at", name=op.f("ck_posting_rule_ended_at_not_before_asked_at")
        ),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= starts", name=op.f("ck_posting_rule_last_day_not_before_starts")
        ),
        sa.CheckConstraint("length(place) BETWEEN 1 AND 128", name=op.f("ck_posting_rule_place_has_a_length")),
        sa.CheckConstraint("length(text_en) BETWEEN 1 AND 1000", name=op.f("ck_posting_rule_text_en_has_a_length")),
        sa.CheckConstraint("length(text_es) BETWEEN 1 AND 1000", name=op.f("ck_posting_rule_text_es_has_a_length")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_posting_rule_asked_by")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_posting_rule_platform_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_posting_rule_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_rule")),
    )
    op.create_table(
        "recording_authorization",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("supervisor_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("device", sa.String(length=128), nullable=False),
        sa.Column("program_id", NUMBER, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("still", sa.Boolean(), nullable=False),
        sa.Column("moving", sa.Boolean(), nullable=False),
        sa.Column("voice", sa.Boolean(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= added_at",
            name=op.f("ck_recording_authorization_ended_at_not_before_added_at"),
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_recording_authorization_ends_at_after_starts_at")
        ),
        sa.CheckConstraint(
            "length(device) BETWEEN 1 AND 128", name=op.f("ck_recording_authorization_device_has_a_length")
        ),
        sa.CheckConstraint(
            "still OR moving OR voice", name=op.f("ck_recording_authorization_allows_some_kind_of_media")
        ),
        sa.CheckConstraint(
            "supervisor_id <> staff_id", name=op.f("ck_recording_authorization_is_given_by_another_person")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_recording_authorization_program_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recording_authorization_staff_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["staff.id"], name=op.f("fk_recording_authorization_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_authorization")),
    )
    op.create_index(op.f("ix_recording_authorization_staff_id"), "recording_authorization", ["staff_id"])
    op.create_table(
        "spokesperson",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("named_by", NUMBER, nullable=False),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= named_at", name=op.f("ck_spokesperson_ended_at_not_before_named_at")
        ),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= starts", name=op.f("ck_spokesperson_last_day_not_before_starts")
        ),
        sa.CheckConstraint("named_by <> staff_id", name=op.f("ck_spokesperson_is_named_by_another_person")),
        sa.ForeignKeyConstraint(["named_by"], ["staff.id"], name=op.f("fk_spokesperson_named_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_spokesperson_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spokesperson")),
    )
    op.create_index(op.f("ix_spokesperson_staff_id"), "spokesperson", ["staff_id"])
    op.create_table(
        "training",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("course", sa.String(length=128), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("added_by", NUMBER, nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("added_by <> staff_id", name=op.f("ck_training_is_entered_by_another_person")),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= added_at", name=op.f("ck_training_ended_at_not_before_added_at")
        ),
        sa.CheckConstraint("length(course) BETWEEN 1 AND 128", name=op.f("ck_training_course_has_a_length")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= taken_on", name=op.f("ck_training_valid_until_not_before_taken_on")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_training_added_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_training_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_staff_id"), "training", ["staff_id"])
    op.create_table(
        "account_decision",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("asked_by", NUMBER, nullable=False),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("decided_by", NUMBER, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_account_decision_is_not_decided_by_whoever_asked")),
        sa.CheckConstraint("decided_by <> owner_id", name=op.f("ck_account_decision_is_not_decided_by_the_owner")),
        sa.ForeignKeyConstraint(["account_id"], ["platform_account.id"], name=op.f("fk_account_decision_account_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_account_decision_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_account_decision_decided_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_account_decision_owner_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_decision")),
    )
    op.create_table(
        "policy_acknowledgement",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("policy_version_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("signed_as", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("acknowledged_at", INSTANT, nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_policy_acknowledgement_language_is_known")),
        sa.CheckConstraint("length(pdf) > 0", name=op.f("ck_policy_acknowledgement_pdf_is_there")),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_policy_acknowledgement_pdf_sha256_is_sha256")),
        sa.CheckConstraint(
            "length(signed_as) BETWEEN 1 AND 128", name=op.f("ck_policy_acknowledgement_signed_as_has_a_length")
        ),
        sa.ForeignKeyConstraint(
            ["policy_version_id"], ["policy_version.id"], name=op.f("fk_policy_acknowledgement_policy_version_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_policy_acknowledgement_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_acknowledgement")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_policy_acknowledgement_pdf_sha256")),
        sa.UniqueConstraint(
            "policy_version_id", "staff_id", name=op.f("uq_policy_acknowledgement_policy_version_id_staff_id")
        ),
    )
    op.create_index(op.f("ix_policy_acknowledgement_staff_id"), "policy_acknowledgement", ["staff_id"])
    op.create_table(
        "rule_decision",
        sa.Column("rule_id", NUMBER, nullable=False),
        sa.Column("asked_by", NUMBER, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("decided_by", NUMBER, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_rule_decision_is_not_decided_by_whoever_asked")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_rule_decision_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_rule_decision_decided_by")),
        sa.ForeignKeyConstraint(["rule_id"], ["posting_rule.id"], name=op.f("fk_rule_decision_rule_id")),
        sa.PrimaryKeyConstraint("rule_id", name=op.f("pk_rule_decision")),
    )

    # Whoever works here so far counts as an employee until somebody says otherwise.
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("kind", sa.String(length=64), nullable=False, server_default="employee"))
    with op.batch_alter_table("staff") as staff:
        staff.alter_column("kind", server_default=None)
        staff.create_check_constraint(op.f("ck_staff_kind_is_known"), KINDS)


def downgrade() -> None:
    with op.batch_alter_table("staff") as staff:
        staff.drop_constraint(op.f("ck_staff_kind_is_known"), type_="check")
        staff.drop_column("kind")
    for table in TABLES:
        op.drop_table(table)
