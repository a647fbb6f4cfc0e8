"""Tallies: counts of the current published positions, of pairs of what they can be counted by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# Frozen here, like all that follows: the application may move on, this step may not.
CUBES = (
    ("modality", "stance"),
    ("modality", "topic"),
    ("stance", "topic"),
    ("country", "modality"),
    ("country", "stance"),
    ("country", "topic"),
    ("modality", "month"),
    ("stance", "month"),
    ("topic", "month"),
    ("country", "month"),
    ("body", "topic"),
    ("speaker", "topic"),
    ("country", "topic", "stance"),
)
COLUMNS = {"country": "country_code"}
MONTH = {
    "sqlite": "substr(said_on, 1, CASE said_on_precision WHEN 'year' THEN 4 ELSE 7 END)",
    "postgresql": "to_char(said_on, CASE said_on_precision WHEN 'year' THEN 'YYYY' ELSE 'YYYY-MM' END)",
}
"""The month that a position was said in, or the year if that is all that is known."""


def upgrade() -> None:
    op.create_table(
        "position_tallies",
        sa.Column("cube", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("c", KEY, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cube", "a", "b", "c", name=op.f("pk_position_tallies")),
    )
    month = MONTH[op.get_bind().dialect.name]
    for cube in CUBES:
        said = (month if name == "month" else COLUMNS.get(name, name) for name in cube)
        values = [f"coalesce({value}, '')" for value in said] + ["''"] * (3 - len(cube))
        op.execute(
            "INSERT INTO position_tallies (cube, a, b, c, n) "  # noqa: S608 - our own names
            f"SELECT '{'/'.join(cube)}', {', '.join(values)}, count(*) FROM position_versions "
            "WHERE superseded_in IS NULL AND curation = 'published' GROUP BY 2, 3, 4"
        )


def downgrade() -> None:
    op.drop_table("position_tallies")
