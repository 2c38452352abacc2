"""Count tries."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "try_count",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(key_sha256) = 64", name=op.f("ck_try_count_key_sha256_is_sha256")),
        sa.CheckConstraint("tries > 0", name=op.f("ck_try_count_tries_is_positive")),
        sa.CheckConstraint(
            "last_at IS NULL OR last_at >= began_at", name=op.f("ck_try_count_last_at_not_before_began_at")
        ),
        sa.PrimaryKeyConstraint("scope", "key_sha256", name=op.f("pk_try_count")),
    )
    op.create_index(op.f("ix_try_count_last_at"), "try_count", ["last_at"])


def downgrade() -> None:
    op.drop_table("try_count")
