"""Remember the one-time code of a new registry apart from its records."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setup_code",
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code_sha256) = 64", name=op.f("ck_setup_code_code_sha256_is_sha256")),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_setup_code")),
    )


def downgrade() -> None:
    op.drop_table("setup_code")
