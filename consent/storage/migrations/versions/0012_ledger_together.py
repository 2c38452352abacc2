"""Find the last of what was changed at once by an index: an import has a hundred thousand lines."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TOGETHER = "ix_ledger_event_recorded_at_actor_kind_position"


def upgrade() -> None:
    op.create_index(op.f(TOGETHER), "ledger_event", ["recorded_at", "actor", "kind", "position"])


def downgrade() -> None:
    op.drop_index(op.f(TOGETHER), "ledger_event")
