"""Let staff open a menu at a kiosk, and keep its text size and sound."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kiosk", sa.Column("staff_pin_hash", sa.String(length=200), nullable=True))
    op.add_column("kiosk", sa.Column("large_text", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("kiosk", sa.Column("silent", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for column in ("silent", "large_text", "staff_pin_hash"):
        op.drop_column("kiosk", column)
