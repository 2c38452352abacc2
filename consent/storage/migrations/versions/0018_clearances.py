"""Keep what was cleared to be posted, with what the gate said, and what was posted."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
A_NAME = "length(use) BETWEEN 1 AND 64 AND trim(use, 'abcdefghijklmnopqrstuvwxyz-') = ''"


def refers(table: str, column: str, to: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.{key}"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("program_id", NUMBER, nullable=True),
        sa.Column("uses", sa.String(length=128), nullable=False),
        sa.Column("planned_at", INSTANT, nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("unidentified", sa.Integer(), nullable=False),
        sa.Column("group_check_id", NUMBER, nullable=True),
        sa.Column("made_by", NUMBER, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 64", name=op.f("ck_clearance_number_has_a_length")),
        sa.CheckConstraint("length(what) BETWEEN 1 AND 300", name=op.f("ck_clearance_what_has_a_length")),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_clearance_headcount_is_not_negative")),
        sa.CheckConstraint("unidentified >= 0", name=op.f("ck_clearance_unidentified_is_not_negative")),
        refers("clearance", "account_id", "platform_account"),
        refers("clearance", "program_id", "program"),
        refers("clearance", "group_check_id", "group_check"),
        refers("clearance", "made_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint("number", name=op.f("uq_clearance_number")),
    )
    op.create_index(op.f("ix_clearance_made_by"), "clearance", ["made_by"])
    op.create_table(
        "clearance_person",
        sa.Column("clearance_id", NUMBER, nullable=False),
        sa.Column("patron_id", NUMBER, nullable=False),
        refers("clearance_person", "clearance_id", "clearance"),
        refers("clearance_person", "patron_id", "patron"),
        sa.PrimaryKeyConstraint("clearance_id", "patron_id", name=op.f("pk_clearance_person")),
    )
    op.create_index(op.f("ix_clearance_person_patron_id"), "clearance_person", ["patron_id"])
    op.create_table(
        "clearance_capture",
        sa.Column("clearance_id", NUMBER, nullable=False),
        sa.Column("media", sa.String(length=64), nullable=False),
        sa.Column("captured_at", INSTANT, nullable=False),
        sa.Column("staff_id", NUMBER, nullable=False),
        sa.Column("device", sa.String(length=128), nullable=False),
        sa.CheckConstraint("media IN ('still', 'moving', 'voice')", name=op.f("ck_clearance_capture_media_is_known")),
        sa.CheckConstraint("length(device) BETWEEN 1 AND 128", name=op.f("ck_clearance_capture_device_has_a_length")),
        refers("clearance_capture", "clearance_id", "clearance"),
        refers("clearance_capture", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("clearance_id", "media", name=op.f("pk_clearance_capture")),
    )
    op.create_table(
        "clearance_decision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("clearance_id", NUMBER, nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("decided_by", NUMBER, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("posting_at", INSTANT, nullable=False),
        sa.Column("checklist", sa.String(length=128), nullable=False),
        sa.Column("failures", sa.Text(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("event_position", NUMBER, nullable=False),
        refers("clearance_decision", "clearance_id", "clearance"),
        refers("clearance_decision", "decided_by", "staff"),
        refers("clearance_decision", "event_position", "ledger_event", "position"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance_decision")),
    )
    op.create_index(op.f("ix_clearance_decision_clearance_id"), "clearance_decision", ["clearance_id"])
    op.create_table(
        "clearance_verdict",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("decision_id", NUMBER, nullable=False),
        sa.Column("patron_id", NUMBER, nullable=False),
        sa.Column("use", sa.String(length=64), nullable=False),
        sa.Column("capture", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint(A_NAME, name=op.f("ck_clearance_verdict_use_is_a_name")),
        sa.CheckConstraint("allowed = (reason IS NULL)", name=op.f("ck_clearance_verdict_has_a_reason_unless_allowed")),
        sa.CheckConstraint("capture >= 0", name=op.f("ck_clearance_verdict_capture_is_not_negative")),
        refers("clearance_verdict", "decision_id", "clearance_decision"),
        refers("clearance_verdict", "patron_id", "patron"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance_verdict")),
    )
    op.create_index(op.f("ix_clearance_verdict_decision_id"), "clearance_verdict", ["decision_id"])
    op.create_table(
        "clearance_recheck",
        sa.Column("decision_id", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "cause IN ('found-at-the-post', 'found-by-the-sweep', 'permission-changed')",
            name=op.f("ck_clearance_recheck_cause_is_known"),
        ),
        refers("clearance_recheck", "decision_id", "clearance_decision"),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_clearance_recheck")),
    )
    op.create_table(
        "post",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("clearance_id", NUMBER, nullable=False),
        sa.Column("decision_id", NUMBER, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("posted_at", INSTANT, nullable=False),
        sa.Column("told_by", NUMBER, nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("still_allowed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "length(url) BETWEEN 9 AND 500 AND substr(url, 1, 8) = 'https://'", name=op.f("ck_post_url_is_https")
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR told_at >= posted_at", name=op.f("ck_post_told_at_not_before_posted_at")
        ),
        refers("post", "clearance_id", "clearance"),
        refers("post", "decision_id", "clearance_decision"),
        refers("post", "told_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("clearance_id", name=op.f("uq_post_clearance_id")),
    )
    op.create_table(
        "post_person",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("patron_id", NUMBER, nullable=False),
        refers("post_person", "post_id", "post"),
        refers("post_person", "patron_id", "patron"),
        sa.PrimaryKeyConstraint("post_id", "patron_id", name=op.f("pk_post_person")),
    )
    op.create_index(op.f("ix_post_person_patron_id"), "post_person", ["patron_id"])


def downgrade() -> None:
    for table in (
        "post_person",
        "post",
        "clearance_recheck",
        "clearance_verdict",
        "clearance_decision",
        "clearance_capture",
        "clearance_person",
        "clearance",
    ):
        op.drop_table(table)
