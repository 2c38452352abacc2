"""Keep when staff were invited, last came and leave, and who may post on which platform."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("staff") as staff:
        staff.add_column(sa.Column("invited_at", INSTANT, nullable=True))
        staff.add_column(sa.Column("last_day", sa.Date(), nullable=True))
        staff.add_column(sa.Column("last_used_at", INSTANT, nullable=True))
    op.create_table(
        "posting_request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("platform_id", NUMBER, nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("access", sa.String(length=64), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("requested_by", NUMBER, nullable=False),
        sa.Column("requested_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(account) BETWEEN 1 AND 128", name=op.f("ck_posting_request_account_has_a_length")),
        sa.CheckConstraint("access IN ('administer', 'post')", name=op.f("ck_posting_request_access_is_known")),
        sa.CheckConstraint("requested_by <> staff_id", name=op.f("ck_posting_request_is_asked_by_another_person")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_posting_request_staff_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_posting_request_platform_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_posting_request_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_request")),
    )
    op.create_index(op.f("ix_posting_request_staff_id"), "posting_request", ["staff_id"])
    op.create_table(
        "posting_refusal",
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("refused_by", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["posting_request.id"], name=op.f("fk_posting_refusal_request_id")),
        sa.ForeignKeyConstraint(["refused_by"], ["staff.id"], name=op.f("fk_posting_refusal_refused_by")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_posting_refusal")),
    )
    op.create_table(
        "posting_authorization",
        sa.Column("request_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("requested_by", NUMBER, nullable=False),
        sa.Column("approved_by", NUMBER, nullable=False),
        sa.Column("approved_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "approved_by <> staff_id", name=op.f("ck_posting_authorization_is_approved_by_another_person")
        ),
        sa.CheckConstraint(
            "approved_by <> requested_by", name=op.f("ck_posting_authorization_is_not_approved_by_whoever_asked")
        ),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= approved_at",
            name=op.f("ck_posting_authorization_revoked_at_not_before_approved_at"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["posting_request.id"], name=op.f("fk_posting_authorization_request_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_posting_authorization_staff_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["staff.id"], name=op.f("fk_posting_authorization_requested_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_posting_authorization_approved_by")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_posting_authorization")),
    )


def downgrade() -> None:
    op.drop_table("posting_authorization")
    op.drop_table("posting_refusal")
    op.drop_table("posting_request")
    with op.batch_alter_table("staff") as staff:
        staff.drop_column("last_used_at")
        staff.drop_column("last_day")
        staff.drop_column("invited_at")
