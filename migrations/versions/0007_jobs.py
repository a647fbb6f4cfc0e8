"""Jobs, and texts that were refused: what comes in by the batch and after the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    key = sa.String(collation="C") if postgres else sa.String()
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "refused_articles",
        sa.Column("text_sha256", sa.String(64), nullable=False),
        *(sa.Column(n, sa.String(), nullable=False) for n in ("name", "reason", "sort", "method")),
        sa.Column("refused_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("text_sha256", name=op.f("pk_refused_articles")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", key, nullable=False),
        sa.Column("api_key_id", key, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(
            sa.Column(f"articles_{name}", sa.Integer(), nullable=False)
            for name in ("read", "stored", "unchanged", "refused")
        ),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_jobs_state")
        ),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_jobs_leased")
        ),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_jobs_api_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_waiting", "jobs", ["state", "created_at"])
    op.create_index("ix_jobs_api_key_id", "jobs", ["api_key_id", "created_at"])


def downgrade() -> None:
    op.drop_table("jobs")
    op.drop_table("refused_articles")
