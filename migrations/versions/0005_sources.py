"""Sources: how many articles each version of a position stands on, and how many are independent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Frozen here, like all that follows: the application may move on, this step may not.
COUNTS = ("sources", "independent_sources")
ORDERS = {"": "said_key", "_recorded": "recorded_in"}
SEVERAL = (
    "row_id IN (SELECT version_id FROM position_evidence GROUP BY version_id "
    "HAVING min(article_id) <> max(article_id))"
)
ORIGINS = """
SELECT min(coalesce(
    CASE WHEN joined.row_id IS NULL THEN v.reported_via ELSE joined.reported_via END,
    article.agency, article.publisher
)) AS origin
FROM position_evidence AS proof
JOIN article_versions AS article ON article.id = proof.article_id
    AND article.recorded_in <= v.recorded_in
    AND (article.superseded_in IS NULL OR article.superseded_in > v.recorded_in)
LEFT JOIN (positions AS other JOIN position_versions AS joined ON joined.id = other.id)
    ON other.article_id = proof.article_id AND joined.merged_into = v.id
    AND joined.record_digest IS NOT NULL AND joined.recorded_in <= v.recorded_in
    AND (joined.superseded_in IS NULL OR joined.superseded_in > v.recorded_in)
WHERE proof.version_id = v.row_id GROUP BY proof.article_id
"""
"""The origin of each article that a version `v` cites: the agency that supplied it, else who
published it. An agency that the position itself names, or its reading in that article, comes
first."""


def upgrade() -> None:
    for name in COUNTS:
        check = op.f(f"ck_position_versions_{name}")
        op.execute(
            f"ALTER TABLE position_versions ADD COLUMN {name} INTEGER DEFAULT 1 NOT NULL "
            f"CONSTRAINT {check} CHECK ({name} >= 1)"
        )
    merged = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "ix_position_versions_merged_into",
        "position_versions",
        ["merged_into"],
        sqlite_where=merged,
        postgresql_where=merged,
    )
    _count()
    for name in COUNTS:
        many = sa.text(f"{name} > 1")
        for suffix, order in ORDERS.items():
            op.create_index(
                f"ix_position_versions_{name}{suffix}",
                "position_versions",
                [order, "id"],
                sqlite_where=many,
                postgresql_where=many,
            )
    _take_statistics()


def downgrade() -> None:
    for name in COUNTS:
        for suffix in ORDERS:
            op.drop_index(f"ix_position_versions_{name}{suffix}", "position_versions")
    op.drop_index("ix_position_versions_merged_into", "position_versions")
    for name in COUNTS:
        op.execute(f"ALTER TABLE position_versions DROP COLUMN {name}")


def _count() -> None:
    """Most versions have one source, which is what the columns begin with."""
    op.execute(
        "UPDATE position_versions AS v SET "  # noqa: S608 - our own names
        "sources = (SELECT count(DISTINCT proof.article_id) FROM position_evidence AS proof "
        "WHERE proof.version_id = v.row_id), "
        f"independent_sources = (SELECT count(DISTINCT origin) FROM ({ORIGINS}) "
        f"AS origins) WHERE {SEVERAL}"
    )


def _take_statistics() -> None:
    """SQLite chooses indexes by statistics that know nothing of new ones until it is told."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA analysis_limit = 1000")
        op.execute("ANALYZE")
