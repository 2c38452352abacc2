"""Keep who is in a picture while it is being checked."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "group_check",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("uses", sa.String(length=64), nullable=False),
        sa.Column("platform_id", NUMBER, nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("program_id", NUMBER, nullable=True),
        sa.Column("planned_at", INSTANT, nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("unidentified", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint("length(uses) BETWEEN 1 AND 64", name=op.f("ck_group_check_uses_has_a_length")),
        sa.CheckConstraint("channel IN ('department', 'personal')", name=op.f("ck_group_check_channel_is_known")),
        sa.CheckConstraint("headcount >= 1", name=op.f("ck_group_check_headcount_is_positive")),
        sa.CheckConstraint("unidentified >= 0", name=op.f("ck_group_check_unidentified_is_not_negative")),
        sa.CheckConstraint(
            "changed_at IS NULL OR changed_at >= started_at",
            name=op.f("ck_group_check_changed_at_not_before_started_at"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= started_at", name=op.f("ck_group_check_closed_at_not_before_started_at")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_group_check_staff_id")),
        sa.ForeignKeyConstraint(["platform_id"], ["platform.id"], name=op.f("fk_group_check_platform_id")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_group_check_program_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_check")),
    )
    op.create_index(op.f("ix_group_check_staff_id"), "group_check", ["staff_id"])
    op.create_table(
        "group_check_person",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group_check_id", NUMBER, nullable=False),
        sa.Column("named", sa.String(length=64), nullable=False),
        sa.Column("patron_id", NUMBER, nullable=True),
        sa.Column("in_vain", sa.String(length=64), nullable=True),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.CheckConstraint("length(named) BETWEEN 1 AND 64", name=op.f("ck_group_check_person_named_has_a_length")),
        sa.CheckConstraint(
            "added_by IN ('scan', 'roster', 'search')", name=op.f("ck_group_check_person_added_by_is_known")
        ),
        sa.CheckConstraint(
            "in_vain IN ('not-known', 'card-replaced', 'card-expired')",
            name=op.f("ck_group_check_person_in_vain_is_known"),
        ),
        sa.CheckConstraint(
            "(patron_id IS NULL) <> (in_vain IS NULL)", name=op.f("ck_group_check_person_is_a_patron_or_nobody")
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR removed_at >= added_at",
            name=op.f("ck_group_check_person_removed_at_not_before_added_at"),
        ),
        sa.ForeignKeyConstraint(
            ["group_check_id"], ["group_check.id"], name=op.f("fk_group_check_person_group_check_id")
        ),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_group_check_person_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_check_person")),
        sa.UniqueConstraint("group_check_id", "named", name=op.f("uq_group_check_person_group_check_id_named")),
    )


def downgrade() -> None:
    op.drop_table("group_check_person")
    op.drop_table("group_check")
