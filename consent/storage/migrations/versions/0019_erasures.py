"""Let two people order that somebody's personal data is erased."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CHORE = "ck_chore_done_chore_is_known"
CHORES = ("backed-up", "backup-read-back", "examined", "verification-begun", "verified")
WHOLE = "ck_sealed_content_is_whole_or_erased"


def upgrade() -> None:
    op.create_table(
        "erasure_request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("patron_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("requested_by", NUMBER, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_erasure_request_patron_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_erasure_request_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_patron_id"), "erasure_request", ["patron_id"])
    op.create_table(
        "erasure_refusal",
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("refused_by", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["erasure_request.id"], name=op.f("fk_erasure_refusal_request_id")),
        sa.ForeignKeyConstraint(["refused_by"], ["staff.id"], name=op.f("fk_erasure_refusal_refused_by")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_erasure_refusal")),
    )
    op.create_table(
        "erasure",
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("patron_id", NUMBER, nullable=False),
        sa.Column("requested_by", NUMBER, nullable=False),
        sa.Column("approved_by", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("despite", sa.Text(), nullable=True),
        sa.CheckConstraint("approved_by <> requested_by", name=op.f("ck_erasure_two_people_agree")),
        sa.ForeignKeyConstraint(["request_id"], ["erasure_request.id"], name=op.f("fk_erasure_request_id")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_erasure_patron_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_erasure_requested_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_erasure_approved_by")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("patron_id", name=op.f("uq_erasure_patron_id")),
    )
    op.create_table(
        "erased_record",
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("order_id", NUMBER, nullable=False),
        sa.CheckConstraint(
            "length(table_name) BETWEEN 1 AND 64", name=op.f("ck_erased_record_table_name_has_a_length")
        ),
        sa.CheckConstraint("length(key) BETWEEN 1 AND 64", name=op.f("ck_erased_record_key_has_a_length")),
        sa.ForeignKeyConstraint(["order_id"], ["erasure.request_id"], name=op.f("fk_erased_record_order_id")),
        sa.PrimaryKeyConstraint("table_name", "key", name=op.f("pk_erased_record")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_erased_record_order_id"), "erased_record", ["order_id"])
    with op.batch_alter_table("sealed_content") as table:
        table.alter_column("salt", existing_type=sa.LargeBinary(length=32), nullable=True)
        table.alter_column("canonical", existing_type=sa.Text(), nullable=True)
        table.create_check_constraint(op.f(WHOLE), "(salt IS NULL) = (canonical IS NULL)")
    with op.batch_alter_table("shown_text") as table:
        table.alter_column("text", existing_type=sa.Text(), nullable=True)
    with op.batch_alter_table("stored_copy") as table:
        table.alter_column("pdf", existing_type=sa.LargeBinary(), nullable=True)
    with op.batch_alter_table("paper_scan") as table:
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=True)
    _know_chores(*sorted((*CHORES, "erased-space-wiped")))


def downgrade() -> None:
    """Only where nothing was erased: what is gone cannot be made whole."""
    op.execute("DELETE FROM chore_done WHERE chore = 'erased-space-wiped'")
    _know_chores(*CHORES)
    with op.batch_alter_table("paper_scan") as table:
        table.alter_column("content", existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table("stored_copy") as table:
        table.alter_column("pdf", existing_type=sa.LargeBinary(), nullable=False)
    with op.batch_alter_table("shown_text") as table:
        table.alter_column("text", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("sealed_content") as table:
        table.drop_constraint(op.f(WHOLE), type_="check")
        table.alter_column("canonical", existing_type=sa.Text(), nullable=False)
        table.alter_column("salt", existing_type=sa.LargeBinary(length=32), nullable=False)
    for name in ("erased_record", "erasure", "erasure_refusal", "erasure_request"):
        op.drop_table(name)


def _know_chores(*chores: str) -> None:
    with op.batch_alter_table("chore_done") as table:
        table.drop_constraint(op.f(CHORE), type_="check")
        table.create_check_constraint(op.f(CHORE), f"chore IN {chores}")
