"""Growth: tallies of positions, the horizons of dates, and an index for each filter and order."""

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


DATED = {
    "article": ("article_versions", "published_on"),
    "position": ("position_versions", "said_on"),
    "mediation_offer": ("mediation_offer_versions", "offered_on"),
    "round": ("round_versions", "held_on"),
}
EXTENDED = (
    ("position_versions", "recorded_in", ("id",)),
    ("mediation_offer_versions", "recorded_in", ("id",)),
    ("round_versions", "recorded_in", ("id",)),
    ("article_versions", "publisher", ("published_on", "id")),
    ("article_versions", "agency", ("published_on", "id")),
)
"""Indexes that go on with the order that a list has."""
BY_DATE = ("stance", "modality")
BY_CHANGE = ("country_code", "topic", "speaker", "body", "stance", "modality")


def upgrade() -> None:
    _create_tables()
    _create_indexes()
    _fill_tallies()
    _fill_totals()
    _fill_horizons()
    _take_statistics()


def downgrade() -> None:
    op.drop_index("ix_changes_kind", "changes")
    for column in BY_DATE:
        op.drop_index(_name(column), "position_versions")
    for column in BY_CHANGE:
        op.drop_index(f"{_name(column)}_recorded", "position_versions")
    for table, column, _ in EXTENDED:
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.drop_table("horizons")
    op.drop_table("position_totals")
    op.drop_table("position_tallies")


def _take_statistics() -> None:
    """SQLite chooses indexes by statistics that know nothing of new ones until it is told."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA analysis_limit = 1000")
        op.execute("ANALYZE")


def _create_tables() -> None:
    op.create_table(
        "position_tallies",
        sa.Column("cube", KEY, nullable=False),
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("c", KEY, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("cube", "a", "b", "c", name=op.f("pk_position_tallies")),
    )
    op.create_table(
        "position_totals",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name=op.f("fk_position_totals_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_position_totals")),
    )
    op.create_table(
        "horizons",
        sa.Column("kind", KEY, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("latest", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name=op.f("fk_horizons_seq")),
        sa.PrimaryKeyConstraint("kind", "seq", name=op.f("pk_horizons")),
    )


def _create_indexes() -> None:
    op.create_index("ix_changes_kind", "changes", ["kind", "seq"])
    for column in BY_DATE:
        op.create_index(_name(column), "position_versions", [column, "said_key", "id"])
    for column in BY_CHANGE:
        name = f"{_name(column)}_recorded"
        op.create_index(name, "position_versions", [column, "recorded_in", "id"])
    for table, column, order in EXTENDED:
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column, *order])


def _name(column: str) -> str:
    return f"ix_position_versions_{column.removesuffix('_code')}"


def _fill_tallies() -> None:
    month = MONTH[op.get_bind().dialect.name]
    for cube in CUBES:
        said = (month if name == "month" else COLUMNS.get(name, name) for name in cube)
        values = [f"coalesce({value}, '')" for value in said] + ["''"] * (3 - len(cube))
        op.execute(
            "INSERT INTO position_tallies (cube, a, b, c, n) "  # noqa: S608 - our own names
            f"SELECT '{'/'.join(cube)}', {', '.join(values)}, count(*) FROM position_versions "
            "WHERE superseded_in IS NULL AND curation = 'published' GROUP BY 2, 3, 4"
        )


def _fill_totals() -> None:
    """How many positions were published after each change that altered their number."""
    published = "FROM position_versions WHERE curation = 'published'"
    op.execute(
        "INSERT INTO position_totals (seq, n) "  # noqa: S608 - our own names
        "SELECT seq, sum(added) OVER (ORDER BY seq) FROM ("
        "SELECT seq, sum(added) AS added FROM ("
        f"SELECT recorded_in AS seq, 1 AS added {published} UNION ALL "
        f"SELECT superseded_in, -1 {published} AND superseded_in IS NOT NULL"
        ") AS moved GROUP BY seq HAVING sum(added) <> 0) AS by_change"
    )


def _fill_horizons() -> None:
    """Of each kind, the changes that brought a later date than all before."""
    for kind, (name, date) in DATED.items():
        latest = f"max(coalesce({date}, '0001-01-01'))"
        op.execute(
            "INSERT INTO horizons (kind, seq, latest) "  # noqa: S608 - our own names
            f"SELECT '{kind}', seq, latest FROM (SELECT recorded_in AS seq, {latest} AS latest, "
            f"max({latest}) OVER (ORDER BY recorded_in ROWS BETWEEN UNBOUNDED PRECEDING "
            f"AND 1 PRECEDING) AS earlier FROM {name} GROUP BY recorded_in) AS by_change "
            "WHERE earlier IS NULL OR latest > earlier"
        )
