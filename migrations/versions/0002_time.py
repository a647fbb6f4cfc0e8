"""The record in time: digests, the versions of topics; and tables for keys, answers and texts.

The digests and numbers of what is on record already are those that it would have had if they had
been there from the start: the content of a version as canonical JSON, the chain of the changes, and
the topics that each change touched in the tree of its day.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# Frozen here, like all that follows: the application may move on, this step may not.
Children = dict[str, tuple[str, dict[str, Any]]]
KINDS: dict[str, tuple[str, str, Children]] = {
    "country": ("country_versions", "code", {"names": ("country_names", {})}),
    "topic": ("topic_versions", "slug", {"codes": ("topic_codes", {})}),
    "group": (
        "group_versions",
        "slug",
        {
            "names": ("group_names", {}),
            "labels": ("group_labels", {"evidence": ("group_label_evidence", {})}),
        },
    ),
    "official": (
        "official_versions",
        "slug",
        {
            "names": ("official_names", {}),
            "tenures": ("tenures", {"evidence": ("tenure_evidence", {})}),
        },
    ),
    "article": ("article_versions", "id", {}),
    "position": (
        "position_versions",
        "id",
        {
            "targets": ("position_targets", {}),
            "clauses": ("position_clauses", {}),
            "evidence": ("position_evidence", {}),
        },
    ),
    "mediation_offer": (
        "mediation_offer_versions",
        "id",
        {
            "parties": ("offer_parties", {}),
            "responses": ("offer_responses", {}),
            "evidence": ("offer_evidence", {}),
        },
    ),
    "round": (
        "round_versions",
        "id",
        {"parties": ("round_parties", {}), "evidence": ("round_evidence", {})},
    ),
}
"""Of each kind: the table of its versions, what identifies it, and the tables of their children."""

FACTS = ("position_versions", "mediation_offer_versions", "round_versions")
DIGESTED = ("changes", *(versions for versions, _, _ in KINDS.values()))
NEW = ("topic_changes", "article_texts", "api_keys", "idempotent_answers")

NOT_SAID_BY_VERSIONS = {
    *("row_id", "rev", "recorded_in", "superseded_in", "change_type", "digest"),
    "record_digest",
}
NOT_SAID_BY_CHILDREN = {"row_id", "version_id", "ordinal"}
SAID_BY_CHANGES = ("seq", "kind", "by", "reason", "article_id", "method", "software")
GENESIS = "0" * 64
PUBLIC = ("published", "withdrawn")
BATCH = 100
"""Rows that are read and written at a time: a large record does not fit in memory."""


def upgrade() -> None:
    _create_tables()
    for name in DIGESTED:
        _add_digest(name)
    connection, tables = op.get_bind(), sa.MetaData()
    tables.reflect(connection, only=[*DIGESTED, *NEW, *_tables_of_children()], resolve_fks=False)
    for kind in KINDS:
        _fill_versions(connection, tables, kind)
    _fill_changes(connection, tables)
    _number_topics(connection, tables)


def downgrade() -> None:
    for name in reversed(NEW):
        op.drop_table(name)
    for name in DIGESTED:
        op.drop_column(name, "digest")


# The structure


def _create_tables() -> None:
    op.create_table(
        "topic_changes",
        sa.Column("topic", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_topic_changes_number")),
        sa.ForeignKeyConstraint(["seq"], ["changes.seq"], name=op.f("fk_topic_changes_seq")),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name=op.f("fk_topic_changes_topic")),
        sa.PrimaryKeyConstraint("topic", "number", name=op.f("pk_topic_changes")),
        sa.UniqueConstraint("topic", "seq", name=op.f("uq_topic_changes_topic_seq")),
    )
    op.create_index(op.f("ix_topic_changes_seq"), "topic_changes", ["seq"], unique=False)
    op.create_table(
        "article_texts",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_texts_article_id")
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_texts")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(secret_sha256) = 64", name=op.f("ck_api_keys_secret_hashed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
    )
    op.create_table(
        "idempotent_answers",
        sa.Column("api_key_id", KEY, nullable=False),
        sa.Column("idempotency_key", KEY, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], name=op.f("fk_idempotent_answers_api_key_id")
        ),
        sa.PrimaryKeyConstraint(
            "api_key_id", "idempotency_key", name=op.f("pk_idempotent_answers")
        ),
    )
    op.create_index(
        op.f("ix_idempotent_answers_answered_at"),
        "idempotent_answers",
        ["answered_at"],
        unique=False,
    )


def _add_digest(name: str) -> None:
    """Add the column, empty for now; later rows must bring it, so no default may stay.

    SQLite cannot take a default away, but adds a column without one to a table that has no rows:
    they are moved aside meanwhile, and the table keeps its constraints and indexes.
    """
    if op.get_bind().dialect.name == "postgresql":
        column = sa.Column("digest", sa.String(length=64), nullable=False, server_default="")
        op.add_column(name, column)
        op.alter_column(name, "digest", server_default=None)
        return
    columns = sa.inspect(op.get_bind()).get_columns(name)
    kept = ", ".join(f'"{column["name"]}"' for column in columns if "computed" not in column)
    op.execute(f"CREATE TABLE moved_aside AS SELECT {kept} FROM {name}")  # noqa: S608 - our own names
    op.execute(f"DELETE FROM {name}")  # noqa: S608 - our own names
    op.execute(f"ALTER TABLE {name} ADD COLUMN digest VARCHAR(64) NOT NULL")
    op.execute(f"INSERT INTO {name} ({kept}, digest) SELECT {kept}, '' FROM moved_aside")  # noqa: S608 - our own names
    op.execute("DROP TABLE moved_aside")


def _tables_of_children() -> Iterator[str]:
    for _, _, children in KINDS.values():
        for table, below in children.values():
            yield table
            yield from (name for name, _ in below.values())


# What is on record already


def _digest(content: Any) -> str:
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _said(table: sa.Table, row: sa.Row[Any], bookkeeping: set[str]) -> dict[str, Any]:
    """What a row says: its columns without those that keep it in its place."""
    said = [str(c.name) for c in table.c if c.name not in bookkeeping and c.computed is None]
    return {name: getattr(row, name) for name in said}


def _batches(
    connection: sa.Connection, table: sa.Table, number: str
) -> Iterator[Sequence[sa.Row[Any]]]:
    """All rows of a table in the order of their numbers, which are not negative."""
    column, last = table.c[number], -1
    ordered = sa.select(table).order_by(column).limit(BATCH)
    while rows := connection.execute(ordered.where(column > last)).all():
        yield rows
        last = getattr(rows[-1], number)


def _fill_versions(connection: sa.Connection, tables: sa.MetaData, kind: str) -> None:
    """Give each version of a kind the digest of what it says."""
    name, _, children = KINDS[kind]
    versions = tables.tables[name]
    fill = sa.update(versions).where(versions.c.row_id == sa.bindparam("of"))
    for rows in _batches(connection, versions, "row_id"):
        lists = _lists(connection, tables, children, [row.row_id for row in rows])
        digests = []
        for row in rows:
            said = _said(versions, row, NOT_SAID_BY_VERSIONS) | lists[row.row_id]
            digests.append({"of": row.row_id, "found": _digest({"kind": kind, **said})})
        connection.execute(fill.values(digest=sa.bindparam("found")), digests)


def _lists(
    connection: sa.Connection, tables: sa.MetaData, children: Children, parents: Sequence[int]
) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """What the children of each of these rows say, by the name of the list, in order."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {
        parent: {name: [] for name in children} for parent in parents
    }
    for name, (table_name, below) in children.items():
        table = tables.tables[table_name]
        ordered = sa.select(table).order_by(table.c.version_id, table.c.ordinal)
        for at in range(0, len(parents), BATCH):
            some = table.c.version_id.in_(parents[at : at + BATCH])
            rows = connection.execute(ordered.where(some)).all()
            ids = [row.row_id for row in rows] if below else []
            deeper = _lists(connection, tables, below, ids)
            for row in rows:
                said = _said(table, row, NOT_SAID_BY_CHILDREN)
                found[row.version_id][name].append(said | (deeper[row.row_id] if below else {}))
    return found


def _fill_changes(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Chain the changes, and make each later than the one before: as_of relies on it."""
    changes = tables.tables["changes"]
    fill = sa.update(changes).where(changes.c.seq == sa.bindparam("of"))
    digest, at = GENESIS, None
    for rows in _batches(connection, changes, "seq"):
        written = _written(connection, tables, rows[0].seq, rows[-1].seq)
        filled = []
        for row in rows:
            said = {name: getattr(row, name) for name in SAID_BY_CHANGES}
            versions = sorted(written[row.seq], key=lambda v: (v["kind"], v["id"], v["rev"]))
            digest = _digest({"previous": digest, **said, "versions": versions})
            at = row.at if at is None else max(row.at, at + timedelta(microseconds=1))
            filled.append({"of": row.seq, "found": digest, "moment": at})
        values = fill.values(digest=sa.bindparam("found"), at=sa.bindparam("moment"))
        connection.execute(values, filled)


def _written(
    connection: sa.Connection, tables: sa.MetaData, first: int, last: int
) -> dict[int, list[dict[str, Any]]]:
    """The versions that each of these changes wrote, as its digest takes them in."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for kind, (name, key, _) in KINDS.items():
        v = tables.tables[name]
        statement = sa.select(v.c.recorded_in, v.c[key], v.c.rev, v.c.change_type, v.c.digest)
        for row in connection.execute(statement.where(v.c.recorded_in.between(first, last))):
            seq, id_, rev, change_type, digest = row
            entry = {"id": id_, "rev": rev, "change_type": change_type, "digest": digest}
            found[seq].append({"kind": kind, **entry})
    return found


def _number_topics(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Number the changes of each topic: those that touched facts on it or on a narrower one."""
    moves: dict[int, dict[str, str | None]] = defaultdict(dict)
    topics = tables.tables["topic_versions"]
    for row in connection.execute(sa.select(topics.c.recorded_in, topics.c.slug, topics.c.broader)):
        moves[row.recorded_in][row.slug] = row.broader
    tree: dict[str, str | None] = {}
    numbers: Counter[str] = Counter()
    for rows in _batches(connection, tables.tables["changes"], "seq"):
        touched = _touched(connection, tables, rows[0].seq, rows[-1].seq)
        numbered = []
        for row in rows:
            # The tree as the change left it, for what a fact was before it as well.
            tree |= moves[row.seq]
            for topic in sorted(_with_broader(touched[row.seq], tree)):
                numbers[topic] += 1
                numbered.append({"topic": topic, "number": numbers[topic], "seq": row.seq})
        if numbered:
            connection.execute(sa.insert(tables.tables["topic_changes"]), numbered)


def _touched(
    connection: sa.Connection, tables: sa.MetaData, first: int, last: int
) -> dict[int, set[str]]:
    """The topics of the public facts that each of these changes wrote or replaced."""
    found: dict[int, set[str]] = defaultdict(set)
    for name in FACTS:
        facts = tables.tables[name]
        for change in (facts.c.recorded_in, facts.c.superseded_in):
            public = facts.c.curation.in_(PUBLIC)
            statement = sa.select(change, facts.c.topic).distinct()
            for seq, topic in connection.execute(
                statement.where(change.between(first, last), public)
            ):
                found[seq].add(topic)
    return found


def _with_broader(topics: set[str], broader: dict[str, str | None]) -> set[str]:
    """Topics and all above them."""
    found: set[str] = set()
    for each in topics:
        topic: str | None = each
        while topic is not None and topic not in found:
            found.add(topic)
            topic = broader.get(topic)
    return found
