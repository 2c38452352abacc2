"""Make the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_api_token_name_has_a_length")),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_api_token_token_sha256_is_sha256")),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= added_at", name=op.f("ck_api_token_revoked_at_not_before_added_at")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("name", name=op.f("uq_api_token_name")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_api_token_token_sha256")),
    )
    op.create_table(
        "form_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("title_es", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("body_es", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(form) BETWEEN 1 AND 64", name=op.f("ck_form_version_form_has_a_length")),
        sa.CheckConstraint("length(text_sha256) = 64", name=op.f("ck_form_version_text_sha256_is_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_version")),
        sa.UniqueConstraint("form", "version", name=op.f("uq_form_version_form_version")),
    )
    op.create_table(
        "guardian",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("first_name", sa.String(length=128), nullable=False),
        sa.Column("last_name", sa.String(length=128), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("external_id <> 'self'", name=op.f("ck_guardian_external_id_is_not_self")),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_guardian_external_id_has_a_length")),
        sa.CheckConstraint("length(first_name) BETWEEN 1 AND 128", name=op.f("ck_guardian_first_name_has_a_length")),
        sa.CheckConstraint("length(last_name) BETWEEN 1 AND 128", name=op.f("ck_guardian_last_name_has_a_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("external_id", name=op.f("uq_guardian_external_id")),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("device_sha256", sa.String(length=64), nullable=True),
        sa.Column("enrollment_sha256", sa.String(length=64), nullable=True),
        sa.Column("enrollment_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_of_order", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_kiosk_name_has_a_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("device_sha256", name=op.f("uq_kiosk_device_sha256")),
        sa.UniqueConstraint("enrollment_sha256", name=op.f("uq_kiosk_enrollment_sha256")),
        sa.UniqueConstraint("name", name=op.f("uq_kiosk_name")),
    )
    op.create_table(
        "ledger_event",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('card-issued', 'card-revoked', 'consent-matched', 'consent-signed', 'consent-voided', 'consent-witnessed', 'demo-added', 'enrollment-added', 'enrollment-ended', 'esign-policy-set', 'form-published', 'form-withdrawn', 'guardian-added', 'guardian-changed', 'guardianship-added', 'guardianship-ended', 'hold-ended', 'hold-placed', 'kiosk-added', 'kiosk-changed', 'kiosk-enrolled', 'patron-added', 'patron-changed', 'platform-added', 'platform-changed', 'program-added', 'program-changed', 'program-lead-added', 'program-lead-removed', 'roster-printed', 'signing-rejected', 'staff-added', 'staff-password-chosen', 'token-added', 'token-revoked', 'voiding-refused', 'voiding-requested', 'withdrawal-made', 'withdrawal-voided')",
            name=op.f("ck_ledger_event_kind_is_known"),
        ),
        sa.CheckConstraint("length(leaf) = 64", name=op.f("ck_ledger_event_leaf_is_sha256")),
        sa.CheckConstraint("position > 0", name=op.f("ck_ledger_event_position_is_positive")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_event")),
    )
    op.create_table(
        "patron",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("first_name", sa.String(length=128), nullable=False),
        sa.Column("last_name", sa.String(length=128), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("emancipated_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_patron_external_id_has_a_length")),
        sa.CheckConstraint("length(first_name) BETWEEN 1 AND 128", name=op.f("ck_patron_first_name_has_a_length")),
        sa.CheckConstraint("length(last_name) BETWEEN 1 AND 128", name=op.f("ck_patron_last_name_has_a_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron")),
        sa.UniqueConstraint("external_id", name=op.f("uq_patron_external_id")),
    )
    op.create_table(
        "platform",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("approved_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_platform_external_id_has_a_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_platform_name_has_a_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform")),
        sa.UniqueConstraint("external_id", name=op.f("uq_platform_external_id")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_program_external_id_has_a_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_program_name_has_a_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("external_id", name=op.f("uq_program_external_id")),
    )
    op.create_table(
        "registry_mark",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_registry_mark")),
    )
    op.create_table(
        "shown_text",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_shown_text_sha256_is_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_shown_text")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(email) BETWEEN 1 AND 320", name=op.f("ck_staff_email_has_a_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_staff_name_has_a_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_staff_fs_uniquifier")),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "name IN ('administrator', 'director', 'front-desk', 'poster', 'program-lead', 'records-officer')",
            name=op.f("ck_staff_role_name_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_role_name")),
    )
    op.create_table(
        "word_trigram",
        sa.Column("trigram", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("trigram", "word", name=op.f("pk_word_trigram")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(code_sha256) = 64", name=op.f("ck_card_code_sha256_is_sha256")),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= issued_at", name=op.f("ck_card_revoked_at_not_before_issued_at")
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["staff.id"], name=op.f("fk_card_issued_by")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_card_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_card_code_sha256")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_patron_id"), ["patron_id"], unique=False)
        batch_op.create_index(
            "uq_card_live_patron_id",
            ["patron_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "enrollment",
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_enrollment_patron_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_enrollment_program_id")),
        sa.PrimaryKeyConstraint("program_id", "patron_id", name=op.f("pk_enrollment")),
    )
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrollment_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "form_withdrawal",
        sa.Column("form_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_version.id"], name=op.f("fk_form_withdrawal_form_version_id")
        ),
        sa.PrimaryKeyConstraint("form_version_id", name=op.f("pk_form_withdrawal")),
    )
    op.create_table(
        "guardianship",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guardian_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("relationship", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beyond_majority", sa.Boolean(), nullable=False),
        sa.Column("order_seen", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "relationship IN ('parent', 'court-appointed-guardian', 'power-of-attorney', 'agency')",
            name=op.f("ck_guardianship_relationship_is_known"),
        ),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_guardianship_until_after_since")),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_guardianship_added_by")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_guardianship_guardian_id")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_guardianship_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
        sa.UniqueConstraint(
            "guardian_id", "patron_id", "since", name=op.f("uq_guardianship_guardian_id_patron_id_since")
        ),
    )
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardianship_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_hold_external_id_has_a_length")),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_hold_until_after_since")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_hold_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("external_id", name=op.f("uq_hold_external_id")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "kiosk_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_sha256", sa.String(length=64), nullable=False),
        sa.Column("kiosk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_kiosk_draft_language_is_known")),
        sa.CheckConstraint("length(draft_sha256) = 64", name=op.f("ck_kiosk_draft_draft_sha256_is_sha256")),
        sa.CheckConstraint(
            "touched_at IS NULL OR touched_at >= started_at",
            name=op.f("ck_kiosk_draft_touched_at_not_before_started_at"),
        ),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_kiosk_draft_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_draft")),
        sa.UniqueConstraint("draft_sha256", name=op.f("uq_kiosk_draft_draft_sha256")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_kiosk_draft_idempotency_key")),
    )
    with op.batch_alter_table("kiosk_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_draft_kiosk_id"), ["kiosk_id"], unique=False)

    op.create_table(
        "patron_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_together", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("token_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_as", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=64), nullable=True),
        sa.Column("program", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_check_patron_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_patron_check_staff_id")),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_patron_check_token_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron_check")),
    )
    with op.batch_alter_table("patron_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patron_check_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "patron_handle",
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.CheckConstraint("length(account) BETWEEN 1 AND 200", name=op.f("ck_patron_handle_account_has_a_length")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_handle_patron_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_patron_handle_platform_id")),
        sa.PrimaryKeyConstraint("patron_id", "platform_id", name=op.f("pk_patron_handle")),
    )
    op.create_table(
        "patron_word",
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_word_patron_id")),
        sa.PrimaryKeyConstraint("word", "patron_id", name=op.f("pk_patron_word")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("patron_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patron_word_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "program_lead",
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_lead_program_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_program_lead_staff_id")),
        sa.PrimaryKeyConstraint("program_id", "staff_id", name=op.f("pk_program_lead")),
    )
    with op.batch_alter_table("program_lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_lead_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "roster_print",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("sort", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("length(content_sha256) = 64", name=op.f("ck_roster_print_content_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["printed_by"], ["staff.id"], name=op.f("fk_roster_print_printed_by")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_roster_print_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_print")),
        sa.UniqueConstraint("serial", name=op.f("uq_roster_print_serial")),
    )
    with op.batch_alter_table("roster_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_print_program_id"), ["program_id"], unique=False)

    op.create_table(
        "sealed_content",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_sealed_content_salt_has_256_bits")),
        sa.ForeignKeyConstraint(["position"], ["ledger_event.position"], name=op.f("fk_sealed_content_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_sealed_content")),
    )
    op.create_table(
        "signing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=True),
        sa.Column("kiosk_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_signing_language_is_known")),
        sa.CheckConstraint("length(body_sha256) = 64", name=op.f("ck_signing_body_sha256_is_sha256")),
        sa.CheckConstraint("length(reference) BETWEEN 1 AND 64", name=op.f("ck_signing_reference_has_a_length")),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"], name=op.f("fk_signing_kiosk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_signing_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_signing_reference")),
    )
    op.create_table(
        "staff_role_held",
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_role_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_held_staff_id")),
        sa.ForeignKeyConstraint(["staff_role_id"], ["staff_role.id"], name=op.f("fk_staff_role_held_staff_role_id")),
        sa.PrimaryKeyConstraint("staff_id", "staff_role_id", name=op.f("pk_staff_role_held")),
    )
    op.create_table(
        "withdrawal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guardian_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("every_use", sa.Boolean(), nullable=False),
        sa.Column("assurance", sa.String(length=64), nullable=False),
        sa.Column("asked_how", sa.String(length=64), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "asked_how IN ('in-person', 'by-phone', 'by-email', 'by-letter')",
            name=op.f("ck_withdrawal_asked_how_is_known"),
        ),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_withdrawal_external_id_has_a_length")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_withdrawal_guardian_id")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_withdrawal_patron_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name=op.f("fk_withdrawal_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("external_id", name=op.f("uq_withdrawal_external_id")),
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawal_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("signing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("form_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shown_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("assurance", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channels", sa.String(length=64), nullable=False),
        sa.Column("every_platform", sa.Boolean(), nullable=False),
        sa.Column("every_program", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("event_position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "assurance IN ('desk', 'imported', 'paper', 'kiosk-unwitnessed', 'kiosk-witnessed')",
            name=op.f("ck_consent_assurance_is_known"),
        ),
        sa.CheckConstraint(
            "channels IN ('department', 'personal', 'department personal')", name=op.f("ck_consent_channels_are_known")
        ),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_consent_language_is_known")),
        sa.CheckConstraint(
            "expires_at IS NULL OR expires_at > signed_at", name=op.f("ck_consent_expires_at_after_signed_at")
        ),
        sa.CheckConstraint("length(external_id) BETWEEN 1 AND 64", name=op.f("ck_consent_external_id_has_a_length")),
        sa.ForeignKeyConstraint(["event_position"], ["ledger_event.position"], name=op.f("fk_consent_event_position")),
        sa.ForeignKeyConstraint(["form_version_id"], ["form_version.id"], name=op.f("fk_consent_form_version_id")),
        sa.ForeignKeyConstraint(["shown_sha256"], ["shown_text.sha256"], name=op.f("fk_consent_shown_sha256")),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_consent_signing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("event_position", name=op.f("uq_consent_event_position")),
        sa.UniqueConstraint("external_id", name=op.f("uq_consent_external_id")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_signing_id"), ["signing_id"], unique=False)

    op.create_table(
        "signing_copy",
        sa.Column("signing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_signing_copy_token_sha256_is_sha256")),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_signing_copy_signing_id")),
        sa.PrimaryKeyConstraint("signing_id", name=op.f("pk_signing_copy")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_signing_copy_token_sha256")),
    )
    op.create_table(
        "signing_rejection",
        sa.Column("signing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rejected_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rejected_by"], ["staff.id"], name=op.f("fk_signing_rejection_rejected_by")),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_signing_rejection_signing_id")),
        sa.PrimaryKeyConstraint("signing_id", name=op.f("pk_signing_rejection")),
    )
    op.create_table(
        "withdrawal_use",
        sa.Column("withdrawal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("use", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "use IN ('record', 'photo', 'video', 'name', 'tag', 'friend', 'follow', 'message', 'repost')",
            name=op.f("ck_withdrawal_use_use_is_known"),
        ),
        sa.ForeignKeyConstraint(["withdrawal_id"], ["withdrawal.id"], name=op.f("fk_withdrawal_use_withdrawal_id")),
        sa.PrimaryKeyConstraint("withdrawal_id", "use", name=op.f("pk_withdrawal_use")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "withdrawal_voiding",
        sa.Column("withdrawal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("voided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seconded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["seconded_by"], ["staff.id"], name=op.f("fk_withdrawal_voiding_seconded_by")),
        sa.ForeignKeyConstraint(["voided_by"], ["staff.id"], name=op.f("fk_withdrawal_voiding_voided_by")),
        sa.ForeignKeyConstraint(["withdrawal_id"], ["withdrawal.id"], name=op.f("fk_withdrawal_voiding_withdrawal_id")),
        sa.PrimaryKeyConstraint("withdrawal_id", name=op.f("pk_withdrawal_voiding")),
    )
    op.create_table(
        "consent_answer",
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("use", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_consent_answer_answer_is_known")),
        sa.CheckConstraint(
            "use IN ('record', 'photo', 'video', 'name', 'tag', 'friend', 'follow', 'message', 'repost')",
            name=op.f("ck_consent_answer_use_is_known"),
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_answer_consent_id")),
        sa.PrimaryKeyConstraint("consent_id", "use", name=op.f("pk_consent_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent_platform",
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("platform_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_platform_consent_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_consent_platform_platform_id")),
        sa.PrimaryKeyConstraint("consent_id", "platform_id", name=op.f("pk_consent_platform")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent_program",
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_program_consent_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_consent_program_program_id")),
        sa.PrimaryKeyConstraint("consent_id", "program_id", name=op.f("pk_consent_program")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consent_voiding",
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("voided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seconded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_voiding_consent_id")),
        sa.ForeignKeyConstraint(["seconded_by"], ["staff.id"], name=op.f("fk_consent_voiding_seconded_by")),
        sa.ForeignKeyConstraint(["voided_by"], ["staff.id"], name=op.f("fk_consent_voiding_voided_by")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent_voiding")),
    )
    op.create_table(
        "patron_match",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patron_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guardian_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_patron_match_consent_id")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_patron_match_guardian_id")),
        sa.ForeignKeyConstraint(["matched_by"], ["staff.id"], name=op.f("fk_patron_match_matched_by")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_patron_match_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron_match")),
    )
    with op.batch_alter_table("patron_match", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patron_match_consent_id"), ["consent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patron_match_patron_id"), ["patron_id"], unique=False)

    op.create_table(
        "voiding_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(consent_id IS NULL) <> (withdrawal_id IS NULL)", name=op.f("ck_voiding_request_names_one_record")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_voiding_request_consent_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_voiding_request_requested_by")),
        sa.ForeignKeyConstraint(["withdrawal_id"], ["withdrawal.id"], name=op.f("fk_voiding_request_withdrawal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voiding_request")),
    )
    with op.batch_alter_table("voiding_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voiding_request_consent_id"), ["consent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_voiding_request_withdrawal_id"), ["withdrawal_id"], unique=False)

    op.create_table(
        "witnessing",
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("witnessed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("identified_by", sa.String(length=64), nullable=True),
        sa.Column("order_seen", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "identified_by IN ('document-seen', 'known-to-staff')", name=op.f("ck_witnessing_identified_by_is_known")
        ),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_witnessing_consent_id")),
        sa.ForeignKeyConstraint(["witnessed_by"], ["staff.id"], name=op.f("fk_witnessing_witnessed_by")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_witnessing")),
    )
    op.create_table(
        "voiding_refusal",
        sa.Column("request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["refused_by"], ["staff.id"], name=op.f("fk_voiding_refusal_refused_by")),
        sa.ForeignKeyConstraint(["request_id"], ["voiding_request.id"], name=op.f("fk_voiding_refusal_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_voiding_refusal")),
    )


def downgrade() -> None:
    op.drop_table("voiding_refusal")
    op.drop_table("witnessing")
    with op.batch_alter_table("voiding_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voiding_request_withdrawal_id"))
        batch_op.drop_index(batch_op.f("ix_voiding_request_consent_id"))

    op.drop_table("voiding_request")
    with op.batch_alter_table("patron_match", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patron_match_patron_id"))
        batch_op.drop_index(batch_op.f("ix_patron_match_consent_id"))

    op.drop_table("patron_match")
    op.drop_table("consent_voiding")
    op.drop_table("consent_program")
    op.drop_table("consent_platform")
    op.drop_table("consent_answer")
    op.drop_table("withdrawal_voiding")
    op.drop_table("withdrawal_use")
    op.drop_table("signing_rejection")
    op.drop_table("signing_copy")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_signing_id"))

    op.drop_table("consent")
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawal_patron_id"))

    op.drop_table("withdrawal")
    op.drop_table("staff_role_held")
    op.drop_table("signing")
    op.drop_table("sealed_content")
    with op.batch_alter_table("roster_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_print_program_id"))

    op.drop_table("roster_print")
    with op.batch_alter_table("program_lead", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_lead_staff_id"))

    op.drop_table("program_lead")
    with op.batch_alter_table("patron_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patron_word_patron_id"))

    op.drop_table("patron_word")
    op.drop_table("patron_handle")
    with op.batch_alter_table("patron_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patron_check_patron_id"))

    op.drop_table("patron_check")
    with op.batch_alter_table("kiosk_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kiosk_draft_kiosk_id"))

    op.drop_table("kiosk_draft")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hold_patron_id"))

    op.drop_table("hold")
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardianship_patron_id"))

    op.drop_table("guardianship")
    op.drop_table("form_withdrawal")
    with op.batch_alter_table("enrollment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrollment_patron_id"))

    op.drop_table("enrollment")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_card_live_patron_id",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_card_patron_id"))

    op.drop_table("card")
    op.drop_table("word_trigram")
    op.drop_table("staff_role")
    op.drop_table("staff")
    op.drop_table("shown_text")
    op.drop_table("registry_mark")
    op.drop_table("program")
    op.drop_table("platform")
    op.drop_table("patron")
    op.drop_table("ledger_event")
    op.drop_table("kiosk")
    op.drop_table("guardian")
    op.drop_table("form_version")
    op.drop_table("api_token")
