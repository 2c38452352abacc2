"""Let staff open a menu at a kiosk, and keep its text size and sound."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kiosk") as table:
        table.add_column(sa.Column("staff_pin_hash", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("large_text", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))
    # For the kiosks that there were; a new one is told both.
    with op.batch_alter_table("kiosk") as table:
        table.alter_column("large_text", server_default=None)
        table.alter_column("silent", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("kiosk") as table:
        for column in ("silent", "large_text", "staff_pin_hash"):
            table.drop_column(column)
