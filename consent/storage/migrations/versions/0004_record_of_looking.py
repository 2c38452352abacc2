"""Keep who looked at what, and find the changes of one person's record."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 1_000
SHAPE = "length(kind) BETWEEN 1 AND 64 AND trim(kind, 'abcdefghijklmnopqrstuvwxyz-') = ''"
INDEXES = {
    "ledger_event": (("recorded_at", "position"), ("actor", "recorded_at"), ("kind", "recorded_at")),
    "ledger_subject": (("patron", "position"),),
    "look": (("looked_at", "id"), ("actor", "looked_at"), ("kind", "looked_at"), ("patron_id", "looked_at")),
    "patron_check": (("asked_at", "id"), ("patron_id", "asked_at")),
}
OF_SOME_ROWS = {
    ("token_id", "asked_at"): "token_id IS NOT NULL",
    ("staff_id", "asked_at"): "staff_id IS NOT NULL",
    ("door", "asked_at"): "door <> 'api'",
}


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("id", KEY, nullable=False),
        sa.Column("shown_together", sa.String(length=32), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("patron_id", KEY, nullable=True),
        sa.Column("about", sa.String(length=64), nullable=True),
        sa.CheckConstraint(SHAPE, name=op.f("ck_look_kind_is_a_name")),
        sa.CheckConstraint("length(shown_together) BETWEEN 1 AND 32", name=op.f("ck_look_shown_together_has_a_length")),
        sa.CheckConstraint("length(actor) BETWEEN 1 AND 64", name=op.f("ck_look_actor_has_a_length")),
        sa.CheckConstraint("length(about) BETWEEN 1 AND 64", name=op.f("ck_look_about_has_a_length")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_look_patron_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    op.create_table(
        "ledger_subject",
        sa.Column("position", KEY, nullable=False),
        sa.Column("patron", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(patron) BETWEEN 1 AND 64", name=op.f("ck_ledger_subject_patron_has_a_length")),
        sa.ForeignKeyConstraint(["position"], ["ledger_event.position"], name=op.f("fk_ledger_subject_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_subject")),
    )
    op.drop_index(op.f("ix_patron_check_patron_id"), "patron_check")
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(_name(table, columns), table, columns)
    for columns, rows in OF_SOME_ROWS.items():
        only = sa.text(rows)
        op.create_index(
            _name("patron_check", columns), "patron_check", columns, sqlite_where=only, postgresql_where=only
        )
    _name_subjects()


def downgrade() -> None:
    for columns in reversed(OF_SOME_ROWS):
        op.drop_index(_name("patron_check", columns), "patron_check")
    for table in ("patron_check", "ledger_event"):
        for columns in INDEXES[table]:
            op.drop_index(_name(table, columns), table)
    op.create_index(op.f("ix_patron_check_patron_id"), "patron_check", ["patron_id"])
    op.drop_table("ledger_subject")
    op.drop_table("look")


def _name(table: str, columns: tuple[str, ...]) -> str:
    return op.f(f"ix_{table}_{'_'.join(columns)}")


def _name_subjects() -> None:
    """Of everything that happened before."""
    subjects = sa.table("ledger_subject", sa.column("position"), sa.column("patron"))
    found = [{"position": position, "patron": patron} for position, patron in _subjects()]
    for start in range(0, len(found), BATCH):
        op.get_bind().execute(sa.insert(subjects), found[start : start + BATCH])


def _subjects() -> Iterator[tuple[int, str]]:
    sealed = op.get_bind().execute(sa.text("SELECT position, canonical FROM sealed_content ORDER BY position"))
    for position, canonical in sealed:
        content = json.loads(canonical)
        patron = content.get("id") if content.get("type") == "patron" else content.get("patron")
        if isinstance(patron, str):
            yield position, patron
