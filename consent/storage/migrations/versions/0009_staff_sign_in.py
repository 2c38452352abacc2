"""Keep where staff are signed in, and their second factors."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proof", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=128), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_staff_session_token_sha256_is_sha256")),
        sa.CheckConstraint(
            "proof IN ('authenticator', 'password', 'provider', 'recovery-code', 'security-key')",
            name=op.f("ck_staff_session_proof_is_known"),
        ),
        sa.CheckConstraint(
            "last_seen_at IS NULL OR last_seen_at >= started_at",
            name=op.f("ck_staff_session_last_seen_at_not_before_started_at"),
        ),
        sa.CheckConstraint(
            "proven_at IS NULL OR proven_at >= started_at",
            name=op.f("ck_staff_session_proven_at_not_before_started_at"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_staff_session_ended_at_not_before_started_at")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_staff_session_token_sha256")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"])
    op.create_table(
        "staff_security_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_staff_security_key_name_has_a_length")),
        sa.CheckConstraint(
            "last_used_at IS NULL OR last_used_at >= added_at",
            name=op.f("ck_staff_security_key_last_used_at_not_before_added_at"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_security_key_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_security_key")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_staff_security_key_credential_id")),
    )
    op.create_index(op.f("ix_staff_security_key_staff_id"), "staff_security_key", ["staff_id"])
    op.create_table(
        "staff_authenticator",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("encrypted_secret", sa.Text(), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 128", name=op.f("ck_staff_authenticator_name_has_a_length")),
        sa.CheckConstraint(
            "last_used_at IS NULL OR last_used_at >= added_at",
            name=op.f("ck_staff_authenticator_last_used_at_not_before_added_at"),
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_authenticator_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_authenticator")),
    )
    op.create_index(op.f("ix_staff_authenticator_staff_id"), "staff_authenticator", ["staff_id"])
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(code_sha256) = 64", name=op.f("ck_staff_recovery_code_code_sha256_is_sha256")),
        sa.CheckConstraint(
            "used_at IS NULL OR used_at >= made_at", name=op.f("ck_staff_recovery_code_used_at_not_before_made_at")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_code")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_staff_recovery_code_code_sha256")),
    )
    op.create_index(op.f("ix_staff_recovery_code_staff_id"), "staff_recovery_code", ["staff_id"])


def downgrade() -> None:
    for table in ("staff_recovery_code", "staff_authenticator", "staff_security_key", "staff_session"):
        op.drop_table(table)
