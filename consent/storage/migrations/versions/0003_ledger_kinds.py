"""Let the ledger's kinds grow without rebuilding it: the database guards their shape, and the program their list.

The ledger is the biggest table. A new member of `EventKind` needs no migration: it is stored under its own name, which
is letters and hyphens. That no other name is stored is the program's to keep, which records `EventKind` only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SHAPE = "length(kind) BETWEEN 1 AND 64 AND trim(kind, 'abcdefghijklmnopqrstuvwxyz-') = ''"
KINDS = (
    "card-issued card-revoked consent-matched consent-signed consent-voided consent-witnessed demo-added "
    "enrollment-added enrollment-ended esign-policy-set form-published form-withdrawn guardian-added guardian-changed "
    "guardianship-added guardianship-ended hold-ended hold-placed kiosk-added kiosk-changed kiosk-enrolled "
    "patron-added patron-changed platform-added platform-changed program-added program-changed program-lead-added "
    "program-lead-removed roster-printed signing-rejected staff-added staff-password-chosen token-added token-revoked "
    "voiding-refused voiding-requested withdrawal-made withdrawal-voided"
)


def upgrade() -> None:
    with op.batch_alter_table("ledger_event") as table:
        table.drop_constraint(op.f("ck_ledger_event_kind_is_known"), type_="check")
        table.create_check_constraint(op.f("ck_ledger_event_kind_is_a_name"), SHAPE)


def downgrade() -> None:
    """What a later version recorded stays on record."""
    recorded = op.get_bind().scalars(sa.text("SELECT DISTINCT kind FROM ledger_event"))
    listed = ", ".join(f"'{kind}'" for kind in sorted({*KINDS.split(), *recorded}))
    with op.batch_alter_table("ledger_event") as table:
        table.drop_constraint(op.f("ck_ledger_event_kind_is_a_name"), type_="check")
        table.create_check_constraint(op.f("ck_ledger_event_kind_is_known"), f"kind IN ({listed})")
