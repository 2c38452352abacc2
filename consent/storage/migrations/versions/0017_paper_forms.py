"""Keep what was signed on paper: the scan, and who entered it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "paper_scan",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_paper_scan_sha256_is_sha256")),
        sa.CheckConstraint("pages > 0", name=op.f("ck_paper_scan_has_pages")),
        sa.CheckConstraint("length(content) > 0", name=op.f("ck_paper_scan_content_is_there")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_paper_scan")),
    )
    op.create_table(
        "paper_entry",
        sa.Column("signing_id", NUMBER, nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.Column("entered_by", NUMBER, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("order_seen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_paper_entry_signing_id")),
        sa.ForeignKeyConstraint(["scan_sha256"], ["paper_scan.sha256"], name=op.f("fk_paper_entry_scan_sha256")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_paper_entry_entered_by")),
        sa.PrimaryKeyConstraint("signing_id", name=op.f("pk_paper_entry")),
    )
    with op.batch_alter_table("paper_entry") as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_entry_scan_sha256"), ["scan_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_entry_entered_by"), ["entered_by"], unique=False)


def downgrade() -> None:
    op.drop_table("paper_entry")
    op.drop_table("paper_scan")
