"""Review: which rule of an extractor found a fact and how sure it was; drafts have an index."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Frozen here, like all that follows: the application may move on, this step may not.
FACTS = ("position_versions", "mediation_offer_versions", "round_versions")


def upgrade() -> None:
    double = sa.Double().compile(op.get_bind().dialect)
    for table in FACTS:
        check = op.f(f"ck_{table}_confidence")
        op.execute(f"ALTER TABLE {table} ADD COLUMN rule VARCHAR(120)")
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN confidence {double} "
            f"CONSTRAINT {check} CHECK (confidence BETWEEN 0 AND 1)"
        )
        draft = sa.text("curation = 'draft'")
        op.create_index(
            f"ix_{table}_draft",
            table,
            ["superseded_in"],
            sqlite_where=draft,
            postgresql_where=draft,
        )


def downgrade() -> None:
    for table in FACTS:
        op.drop_index(f"ix_{table}_draft", table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN confidence")
        op.execute(f"ALTER TABLE {table} DROP COLUMN rule")
