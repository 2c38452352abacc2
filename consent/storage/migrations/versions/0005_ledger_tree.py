"""Make the ledger a Merkle tree, and seal the rows that are stored as they are stored.

Each event recorded so far becomes an entry of the tree. What stands in the registry's tables was sealed by no event
until now, so it is told once, with `ledger-opened` events, exactly as the `registry-rows/1` schema says.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = {
    "api_token": "id name token_sha256 added_at revoked_at",
    "card": "id patron_id code_sha256 issued_at issued_by expires_on revoked_at",
    "consent": "id external_id signing_id form_version_id shown_sha256 language assurance signed_at expires_at channels "
    "every_platform every_program signature event_position",
    "consent_answer": "consent_id use answer",
    "consent_platform": "consent_id platform_id",
    "consent_program": "consent_id program_id",
    "consent_voiding": "consent_id at reason voided_by seconded_by",
    "enrollment": "program_id patron_id",
    "form_version": "id form version uses title_en title_es body_en body_es text_sha256 published_at",
    "form_withdrawal": "form_version_id at",
    "guardian": "id external_id first_name last_name email phone added_at",
    "guardianship": "id patron_id guardian_id relationship since until beyond_majority order_seen added_by",
    "hold": "id external_id patron_id since until reason",
    "kiosk": "id name device_sha256 enrollment_sha256 enrollment_until added_at out_of_order",
    "ledger_subject": "position patron",
    "patron": "id external_id first_name last_name born adult emancipated_on added_at",
    "patron_handle": "patron_id platform_id account",
    "patron_match": "id consent_id patron_id guardian_id matched_at matched_by",
    "platform": "id external_id name approved_from approved_until",
    "program": "id external_id name starts ends",
    "program_lead": "program_id staff_id since",
    "registry_mark": "name value",
    "roster_print": "id serial program_id valid_on sort content_sha256 printed_at printed_by",
    "shown_text": "sha256 text",
    "signing": "id reference idempotency_key body_sha256 kiosk_id language signed_at",
    "signing_copy": "signing_id token_sha256 expires_at",
    "signing_rejection": "signing_id at rejected_by reason",
    "staff": "id email name active added_at",
    "staff_role": "id name",
    "staff_role_held": "staff_id staff_role_id",
    "voiding_refusal": "request_id at refused_by",
    "voiding_request": "id consent_id withdrawal_id reason requested_by requested_at",
    "withdrawal": "id external_id patron_id guardian_id at every_use assurance asked_how recorded_by recorded_at",
    "withdrawal_use": "withdrawal_id use",
    "withdrawal_voiding": "withdrawal_id at reason voided_by seconded_by",
    "witnessing": "consent_id at witnessed_by identified_by order_seen",
}
LONG = {
    "consent_voiding.reason",
    "form_version.title_en",
    "form_version.title_es",
    "form_version.body_en",
    "form_version.body_es",
    "hold.reason",
    "registry_mark.value",
    "shown_text.text",
    "signing_rejection.reason",
    "voiding_request.reason",
    "withdrawal_voiding.reason",
}
TRUTHS = {"beyond_majority", "order_seen", "out_of_order", "adult", "active", "every_platform", "every_program"}
TRUTHS |= {"every_use"}
INSTANTS = {"at", "since", "until", "added_at", "revoked_at", "issued_at", "signed_at", "expires_at", "published_at"}
INSTANTS |= {"enrollment_until", "matched_at", "approved_from", "approved_until", "printed_at", "requested_at"}
INSTANTS |= {"recorded_at"}
AT_A_TIME = 1_000


def upgrade() -> None:
    op.create_table(
        "sealed_rows",
        sa.Column("position", KEY, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("canonical", sa.Text(), nullable=True),
        sa.CheckConstraint("length(leaf) = 64", name=op.f("ck_sealed_rows_leaf_is_sha256")),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_sealed_rows_salt_has_256_bits")),
        sa.CheckConstraint("(salt IS NULL) = (canonical IS NULL)", name=op.f("ck_sealed_rows_is_whole_or_destroyed")),
        sa.ForeignKeyConstraint(["position"], ["ledger_event.position"], name=op.f("fk_sealed_rows_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_sealed_rows")),
    )
    op.create_table(
        "ledger_node",
        sa.Column("position", KEY, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_ledger_node_hash_has_256_bits")),
        sa.CheckConstraint("level >= 0", name=op.f("ck_ledger_node_level_is_not_negative")),
        sa.ForeignKeyConstraint(["position"], ["ledger_event.position"], name=op.f("fk_ledger_node_position")),
        sa.PrimaryKeyConstraint("position", "level", name=op.f("pk_ledger_node")),
        sqlite_with_rowid=False,
    )
    _seal_what_is_stored()
    _grow_the_tree()


def downgrade() -> None:
    op.drop_table("ledger_node")
    op.drop_table("sealed_rows")


def _seal_what_is_stored() -> None:
    for table, columns in TABLES.items():
        for kept in _rows(table, columns.split()):
            rows = [{"columns": columns.split(), "kept": kept, "table": table}]
            _record({"table": table, "rows": len(kept)}, {"rows": rows, "schema": "registry-rows/1"})


def _rows(table: str, columns: list[str]) -> Iterator[list[list[object]]]:
    """A page at a time, by key."""
    connection = op.get_bind()
    stored = sa.table(table, *(sa.column(column, sa.types.NullType()) for column in columns))
    key = sa.inspect(connection).get_pk_constraint(table)["constrained_columns"]
    result = connection.execute(sa.select(stored).order_by(*(stored.c[name] for name in key)))
    while page := result.fetchmany(AT_A_TIME):
        yield [[_told(table, name, value) for name, value in zip(columns, row, strict=True)] for row in page]


def _record(content: dict[str, object], rows: dict[str, object]) -> None:
    connection = op.get_bind()
    position = (connection.scalar(sa.text("SELECT max(position) FROM ledger_event")) or 0) + 1
    now = datetime.now(UTC)
    sealed, beside = _seal(content), _seal(rows)
    instant = now if connection.dialect.name == "postgresql" else now.replace(tzinfo=None)
    events = sa.table(
        "ledger_event",
        sa.column("position"),
        sa.column("kind"),
        sa.column("recorded_at", sa.DateTime(timezone=connection.dialect.name == "postgresql")),
        sa.column("actor"),
        sa.column("leaf"),
    )
    connection.execute(
        sa.insert(events).values(
            position=position, kind="ledger-opened", recorded_at=instant, actor="migration", leaf=sealed["leaf"]
        )
    )
    connection.execute(
        sa.text("INSERT INTO sealed_content (position, salt, canonical) VALUES (:position, :salt, :canonical)"),
        {"position": position, "salt": sealed["salt"], "canonical": sealed["canonical"]},
    )
    connection.execute(
        sa.text(
            "INSERT INTO sealed_rows (position, leaf, salt, canonical) VALUES (:position, :leaf, :salt, :canonical)"
        ),
        {"position": position, **beside},
    )


def _grow_the_tree() -> None:
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            "SELECT e.position, e.kind, e.recorded_at, e.actor, e.leaf, r.leaf AS rows FROM ledger_event e "
            "LEFT JOIN sealed_rows r ON r.position = e.position ORDER BY e.position"
        )
    )
    nodes: list[dict[str, object]] = []
    edge: list[bytes] = []
    while page := found.fetchmany(AT_A_TIME):
        for row in page:
            entry = {"position": row.position, "kind": row.kind, "actor": row.actor, "leaf": row.leaf, "rows": row.rows}
            entry |= {"recorded_at": _instant(row.recorded_at), "schema": "ledger-entry/1"}
            reached, level = hashlib.sha256(b"\x00" + _canonical(entry)).digest(), 0
            nodes.append({"position": row.position, "level": level, "hash": reached})
            while row.position % (2 << level) == 0:
                reached, level = hashlib.sha256(b"\x01" + edge.pop() + reached).digest(), level + 1
                nodes.append({"position": row.position, "level": level, "hash": reached})
            edge.append(reached)
    insert = sa.text("INSERT INTO ledger_node (position, level, hash) VALUES (:position, :level, :hash)")
    for start in range(0, len(nodes), AT_A_TIME):
        connection.execute(insert, nodes[start : start + AT_A_TIME])


def _seal(content: dict[str, object]) -> dict[str, object]:
    salt, canonical = secrets.token_bytes(32), _canonical(content)
    return {"leaf": hashlib.sha256(salt + canonical).hexdigest(), "salt": salt, "canonical": canonical.decode()}


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _told(table: str, column: str, value: object) -> object:
    if value is None:
        return None
    if column in INSTANTS:
        return _instant(value)
    if column in TRUTHS:
        return bool(value)
    if f"{table}.{column}" in LONG:
        return {"sha256": hashlib.sha256(str(value).encode()).hexdigest()}
    if f"{table}.{column}" in {"consent.signature", "form_version.uses"}:
        whole = json.loads(value) if isinstance(value, str) else value
        return {"sha256": hashlib.sha256(_canonical(whole)).hexdigest()}
    return value.isoformat() if isinstance(value, date) else value


def _instant(value: object) -> str:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(instant, datetime)
    naive = instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant
    return naive.isoformat(timespec="microseconds") + "Z"
