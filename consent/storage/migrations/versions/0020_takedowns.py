"""Keep what must come down and what staff reported, whose task each is, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
CHORE = "ck_chore_done_chore_is_known"
CHORES = ("backed-up", "backup-read-back", "erased-space-wiped", "examined", "verification-begun", "verified")
A_NAME = "length(reason) BETWEEN 1 AND 64 AND trim(reason, 'abcdefghijklmnopqrstuvwxyz-') = ''"


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def make_assignments(about: str) -> None:
    table = f"{about}_assignment"
    op.create_table(
        table,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column(f"{about}_id", NUMBER, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("assigned_by", NUMBER, nullable=False),
        sa.Column("assigned_at", INSTANT, nullable=False),
        refers(table, f"{about}_id", about),
        refers(table, "staff_id", "staff"),
        refers(table, "assigned_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{about}_id"), table, [f"{about}_id"])


def upgrade() -> None:
    op.create_table(
        "takedown",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("patron_id", NUMBER, nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("uses", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "action IN ('take-down', 'unfollow', 'unfriend', 'untag')", name=op.f("ck_takedown_action_is_known")
        ),
        sa.CheckConstraint(A_NAME, name=op.f("ck_takedown_reason_is_a_name")),
        sa.CheckConstraint("length(uses) BETWEEN 1 AND 128", name=op.f("ck_takedown_uses_has_a_length")),
        refers("takedown", "post_id", "post"),
        refers("takedown", "patron_id", "patron"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
    )
    op.create_index(op.f("ix_takedown_post_id"), "takedown", ["post_id"])
    op.create_index(op.f("ix_takedown_patron_id"), "takedown", ["patron_id"])
    make_assignments("takedown")
    op.create_table(
        "takedown_closing",
        sa.Column("takedown_id", NUMBER, nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("gone_at", INSTANT, nullable=True),
        sa.Column("reposts_asked", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("closed_by", NUMBER, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.CheckConstraint("outcome IN ('cannot', 'gone', 'kept')", name=op.f("ck_takedown_closing_outcome_is_known")),
        sa.CheckConstraint(
            "(outcome = 'gone') = (gone_at IS NOT NULL)", name=op.f("ck_takedown_closing_gone_has_a_time")
        ),
        sa.CheckConstraint(
            "outcome <> 'cannot' OR length(note) > 0",
            name=op.f("ck_takedown_closing_cannot_has_a_note"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= gone_at", name=op.f("ck_takedown_closing_closed_at_not_before_gone_at")
        ),
        refers("takedown_closing", "takedown_id", "takedown"),
        refers("takedown_closing", "closed_by", "staff"),
        sa.PrimaryKeyConstraint("takedown_id", name=op.f("pk_takedown_closing")),
    )
    op.create_table(
        "report",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("platform_id", NUMBER, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("wrong", sa.String(length=1000), nullable=False),
        sa.Column("reported_by", NUMBER, nullable=False),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 64", name=op.f("ck_report_number_has_a_length")),
        sa.CheckConstraint("length(wrong) BETWEEN 1 AND 1000", name=op.f("ck_report_wrong_has_a_length")),
        sa.CheckConstraint(
            "length(url) BETWEEN 9 AND 500 AND substr(url, 1, 8) = 'https://'", name=op.f("ck_report_url_is_https")
        ),
        refers("report", "platform_id", "platform"),
        refers("report", "reported_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("number", name=op.f("uq_report_number")),
    )
    make_assignments("report")
    op.create_table(
        "report_progress",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("report_id", NUMBER, nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("done_by", NUMBER, nullable=False),
        sa.Column("done_at", INSTANT, nullable=False),
        sa.CheckConstraint("step IN ('closed', 'corrected')", name=op.f("ck_report_progress_step_is_known")),
        refers("report_progress", "report_id", "report"),
        refers("report_progress", "done_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_progress")),
        sa.UniqueConstraint("report_id", "step", name=op.f("uq_report_progress_report_id_step")),
    )
    _know_chores(*sorted((*CHORES, "takedowns-swept")))


def downgrade() -> None:
    op.execute("DELETE FROM chore_done WHERE chore = 'takedowns-swept'")
    _know_chores(*CHORES)
    for table in (
        "report_progress",
        "report_assignment",
        "report",
        "takedown_closing",
        "takedown_assignment",
        "takedown",
    ):
        op.drop_table(table)


def _know_chores(*chores: str) -> None:
    with op.batch_alter_table("chore_done") as table:
        table.drop_constraint(op.f(CHORE), type_="check")
        table.create_check_constraint(op.f(CHORE), f"chore IN {chores}")
