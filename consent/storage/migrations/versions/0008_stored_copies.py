"""Keep each signed copy as it was given out, and when the registry last did its housekeeping."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "stored_copy",
        sa.Column("signing_id", NUMBER, nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("status_sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(pdf_sha256) = 64", name=op.f("ck_stored_copy_pdf_sha256_is_sha256")),
        sa.CheckConstraint("length(status_sha256) = 64", name=op.f("ck_stored_copy_status_sha256_is_sha256")),
        sa.CheckConstraint("length(pdf) > 0", name=op.f("ck_stored_copy_pdf_is_there")),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_stored_copy_signing_id")),
        sa.PrimaryKeyConstraint("signing_id", name=op.f("pk_stored_copy")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_stored_copy_pdf_sha256")),
        sa.UniqueConstraint("status_sha256", name=op.f("uq_stored_copy_status_sha256")),
    )
    op.create_table(
        "chore_done",
        sa.Column("chore", sa.String(length=64), nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "chore IN ('backed-up', 'backup-read-back', 'examined')", name=op.f("ck_chore_done_chore_is_known")
        ),
        sa.PrimaryKeyConstraint("chore", name=op.f("pk_chore_done")),
    )


def downgrade() -> None:
    op.drop_table("chore_done")
    op.drop_table("stored_copy")
