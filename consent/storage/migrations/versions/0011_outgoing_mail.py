"""Keep an outbox, so that nothing that is signed waits for a mail server."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=64), nullable=False),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("signing_id", NUMBER, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("given_up_at", INSTANT, nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.CheckConstraint("kind IN ('checkpoint', 'signed-copy')", name=op.f("ck_outgoing_mail_kind_is_known")),
        sa.CheckConstraint("language IN ('en', 'es')", name=op.f("ck_outgoing_mail_language_is_known")),
        sa.CheckConstraint(
            "length(to_address) BETWEEN 1 AND 320", name=op.f("ck_outgoing_mail_to_address_has_a_length")
        ),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_outgoing_mail_is_sent_or_given_up")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_outgoing_mail_tries_are_counted")),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_outgoing_mail_signing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    op.create_index(op.f("ix_outgoing_mail_signing_id"), "outgoing_mail", ["signing_id"])
    op.create_index(op.f("ix_outgoing_mail_next_try_at"), "outgoing_mail", ["next_try_at"])


def downgrade() -> None:
    op.drop_table("outgoing_mail")
