"""Keep the ledger's signed checkpoints, and the keys that signed them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ledger_key",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(length=320), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 320", name=op.f("ck_ledger_key_name_has_a_length")),
        sa.CheckConstraint("length(public_key) = 64", name=op.f("ck_ledger_key_public_key_is_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_ledger_key_public_key")),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("key_id", NUMBER, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(root) = 64", name=op.f("ck_ledger_checkpoint_root_is_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_ledger_checkpoint_size_is_positive")),
        sa.ForeignKeyConstraint(["key_id"], ["ledger_key.id"], name=op.f("fk_ledger_checkpoint_key_id")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_ledger_checkpoint")),
    )


def downgrade() -> None:
    op.drop_table("ledger_checkpoint")
    op.drop_table("ledger_key")
