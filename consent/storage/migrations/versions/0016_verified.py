"""Note when every record was last verified, so that it is done each day and once."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CONSTRAINT = "ck_chore_done_chore_is_known"
BEFORE = "'backed-up', 'backup-read-back', 'examined'"
NEW = "'verification-begun', 'verified'"


def upgrade() -> None:
    with op.batch_alter_table("chore_done") as table:
        table.drop_constraint(op.f(CONSTRAINT), type_="check")
        table.create_check_constraint(op.f(CONSTRAINT), f"chore IN ({BEFORE}, {NEW})")


def downgrade() -> None:
    op.execute("DELETE FROM chore_done WHERE chore IN ('verification-begun', 'verified')")
    with op.batch_alter_table("chore_done") as table:
        table.drop_constraint(op.f(CONSTRAINT), type_="check")
        table.create_check_constraint(op.f(CONSTRAINT), f"chore IN ({BEFORE})")
