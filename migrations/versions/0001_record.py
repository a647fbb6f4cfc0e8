"""The record: identities, versions, their children, and full-text search."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Frozen here: the application may move on, this step may not.
SEARCH = {
    "sqlite": [
        "CREATE VIRTUAL TABLE position_search USING fts5(words, content='', tokenize='ascii')"
    ],
    "postgresql": [
        "CREATE TABLE position_search (version_id BIGINT NOT NULL, words TSVECTOR NOT NULL, "
        "CONSTRAINT pk_position_search PRIMARY KEY (version_id), "
        "CONSTRAINT fk_position_search_version_id FOREIGN KEY (version_id) "
        "REFERENCES position_versions (row_id))",
        "CREATE INDEX ix_position_search_words ON position_search USING gin (words)",
    ],
}

TABLES = (
    "articles",
    "countries",
    "groups",
    "officials",
    "topics",
    "changes",
    "mediation_offers",
    "positions",
    "rounds",
    "article_versions",
    "country_versions",
    "group_versions",
    "mediation_offer_versions",
    "official_versions",
    "position_versions",
    "round_versions",
    "topic_versions",
    "country_names",
    "group_labels",
    "group_names",
    "offer_evidence",
    "offer_parties",
    "offer_responses",
    "official_names",
    "position_clauses",
    "position_evidence",
    "position_targets",
    "round_evidence",
    "round_parties",
    "tenures",
    "topic_codes",
    "group_label_evidence",
    "tenure_evidence",
)


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_table(
        "countries",
        sa.Column("code", KEY, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_countries")),
    )
    op.create_table(
        "groups",
        sa.Column("slug", KEY, nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_groups")),
    )
    op.create_table(
        "officials",
        sa.Column("slug", KEY, nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_officials")),
    )
    op.create_table(
        "topics",
        sa.Column("slug", KEY, nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_topics")),
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("article_id", KEY, nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("software", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reference', 'ingest', 'curation')", name=op.f("ck_changes_kind")
        ),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_changes_seq")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_changes_article_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_article_id"), "changes", ["article_id"], unique=False)
    op.create_index(op.f("ix_changes_at"), "changes", ["at"], unique=False)
    op.create_table(
        "mediation_offers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=True),
        sa.Column("record_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_mediation_offers_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediation_offers")),
        sa.UniqueConstraint(
            "article_id", "record_key", name=op.f("uq_mediation_offers_article_id_record_key")
        ),
    )
    op.create_table(
        "positions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=True),
        sa.Column("record_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_positions_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint(
            "article_id", "record_key", name=op.f("uq_positions_article_id_record_key")
        ),
    )
    op.create_table(
        "rounds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=True),
        sa.Column("record_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_rounds_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint(
            "article_id", "record_key", name=op.f("uq_rounds_article_id_record_key")
        ),
    )
    op.create_table(
        "article_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("publisher", KEY, nullable=False),
        sa.Column("agency", KEY, nullable=True),
        sa.Column("byline", sa.String(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("rights", sa.String(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_article_versions_change_type"),
        ),
        sa.CheckConstraint("characters > 0", name=op.f("ck_article_versions_characters")),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_article_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_article_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(
            ["agency"], ["groups.slug"], name=op.f("fk_article_versions_agency")
        ),
        sa.ForeignKeyConstraint(["id"], ["articles.id"], name=op.f("fk_article_versions_id")),
        sa.ForeignKeyConstraint(
            ["publisher"], ["groups.slug"], name=op.f("fk_article_versions_publisher")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_article_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_article_versions_superseded_in")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint("id", "rev", name=op.f("uq_article_versions_id_rev")),
    )
    op.create_index(
        op.f("ix_article_versions_agency"), "article_versions", ["agency"], unique=False
    )
    op.create_index(
        "ix_article_versions_id_recorded", "article_versions", ["id", "recorded_in"], unique=False
    )
    op.create_index(
        "ix_article_versions_published_on", "article_versions", ["published_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_article_versions_publisher"), "article_versions", ["publisher"], unique=False
    )
    op.create_index(
        op.f("ix_article_versions_recorded_in"), "article_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        op.f("ix_article_versions_superseded_in"),
        "article_versions",
        ["superseded_in"],
        unique=False,
    )
    op.create_index(
        "ux_article_versions_current",
        "article_versions",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "country_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("alpha2", sa.String(length=2), nullable=False),
        sa.Column("numeric", sa.String(length=3), nullable=True),
        sa.Column("name", KEY, nullable=False),
        sa.Column("official_name", sa.String(), nullable=True),
        sa.Column("region_code", sa.String(length=3), nullable=True),
        sa.Column("region_name", sa.String(), nullable=True),
        sa.Column("wikidata", sa.String(), nullable=True),
        sa.Column("user_assigned", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_country_versions_change_type"),
        ),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_country_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_country_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["countries.code"], name=op.f("fk_country_versions_code")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_country_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_country_versions_superseded_in")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_country_versions")),
        sa.UniqueConstraint("code", "rev", name=op.f("uq_country_versions_code_rev")),
    )
    op.create_index(
        "ix_country_versions_code_recorded",
        "country_versions",
        ["code", "recorded_in"],
        unique=False,
    )
    op.create_index(
        op.f("ix_country_versions_recorded_in"), "country_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        op.f("ix_country_versions_superseded_in"),
        "country_versions",
        ["superseded_in"],
        unique=False,
    )
    op.create_index(
        "ux_country_versions_alpha2",
        "country_versions",
        ["alpha2"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_index(
        "ux_country_versions_current",
        "country_versions",
        ["code"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "group_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("slug", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("wikidata", sa.String(), nullable=True),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_group_versions_change_type"),
        ),
        sa.CheckConstraint(
            "kind IN ('ministry', 'government', 'legislature', 'court', 'military', 'intergovernmental', 'de_facto_authority', 'armed_group', 'mission', 'political_party', 'news_agency', 'publisher', 'other')",
            name=op.f("ck_group_versions_kind"),
        ),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_group_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_group_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_group_versions_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_group_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(["slug"], ["groups.slug"], name=op.f("fk_group_versions_slug")),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_group_versions_superseded_in")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_group_versions")),
        sa.UniqueConstraint("slug", "rev", name=op.f("uq_group_versions_slug_rev")),
    )
    op.create_index(
        op.f("ix_group_versions_country_code"), "group_versions", ["country_code"], unique=False
    )
    op.create_index(
        op.f("ix_group_versions_recorded_in"), "group_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        "ix_group_versions_slug_recorded", "group_versions", ["slug", "recorded_in"], unique=False
    )
    op.create_index(
        op.f("ix_group_versions_superseded_in"), "group_versions", ["superseded_in"], unique=False
    )
    op.create_index(
        "ux_group_versions_current",
        "group_versions",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "mediation_offer_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("curation", sa.String(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("mediator_country", KEY, nullable=True),
        sa.Column("mediator_group", KEY, nullable=True),
        sa.Column("topic", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("explicit", sa.Boolean(), nullable=False),
        sa.Column("announced_by", KEY, nullable=True),
        sa.Column("announced_by_role", sa.String(), nullable=True),
        sa.Column("offered_on", sa.Date(), nullable=True),
        sa.Column("offered_on_precision", sa.String(), nullable=False),
        sa.Column(
            "offered_key",
            sa.Date(),
            sa.Computed("coalesce(offered_on, '0001-01-01')", persisted=True),
            nullable=True,
        ),
        sa.Column("reported_via", KEY, nullable=True),
        sa.Column("merged_into", KEY, nullable=True),
        sa.CheckConstraint(
            "(change_type = 'merged') = (merged_into IS NOT NULL)",
            name=op.f("ck_mediation_offer_versions_merged"),
        ),
        sa.CheckConstraint(
            "change_type NOT IN ('merged', 'withdrawn') OR curation = 'withdrawn'",
            name=op.f("ck_mediation_offer_versions_gone"),
        ),
        sa.CheckConstraint(
            "(offered_on IS NULL) = (offered_on_precision = 'unknown')",
            name=op.f("ck_mediation_offer_versions_offered_on_unknown"),
        ),
        sa.CheckConstraint(
            "NOT (explicit AND status = 'invited')",
            name=op.f("ck_mediation_offer_versions_invited_is_not_explicit"),
        ),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_mediation_offer_versions_change_type"),
        ),
        sa.CheckConstraint(
            "curation IN ('draft', 'published', 'withdrawn')",
            name=op.f("ck_mediation_offer_versions_curation"),
        ),
        sa.CheckConstraint(
            "kind IN ('good_offices', 'facilitation', 'mediation', 'delegation', 'venue', 'monitoring', 'guarantee', 'unspecified')",
            name=op.f("ck_mediation_offer_versions_kind"),
        ),
        sa.CheckConstraint(
            "offered_on_precision IN ('day', 'month', 'year', 'unknown')",
            name=op.f("ck_mediation_offer_versions_offered_on_precision"),
        ),
        sa.CheckConstraint(
            "status IN ('invited', 'announced', 'offered', 'under_consideration', 'accepted', 'active', 'lapsed', 'withdrawn', 'declined', 'concluded')",
            name=op.f("ck_mediation_offer_versions_status"),
        ),
        sa.CheckConstraint(
            "mediator_country IS NOT NULL OR mediator_group IS NOT NULL",
            name=op.f("ck_mediation_offer_versions_mediator"),
        ),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_mediation_offer_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_mediation_offer_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(
            ["announced_by"],
            ["officials.slug"],
            name=op.f("fk_mediation_offer_versions_announced_by"),
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["mediation_offers.id"], name=op.f("fk_mediation_offer_versions_id")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_country"],
            ["countries.code"],
            name=op.f("fk_mediation_offer_versions_mediator_country"),
        ),
        sa.ForeignKeyConstraint(
            ["mediator_group"],
            ["groups.slug"],
            name=op.f("fk_mediation_offer_versions_mediator_group"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["mediation_offers.id"],
            name=op.f("fk_mediation_offer_versions_merged_into"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_mediation_offer_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(
            ["reported_via"], ["groups.slug"], name=op.f("fk_mediation_offer_versions_reported_via")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_in"],
            ["changes.seq"],
            name=op.f("fk_mediation_offer_versions_superseded_in"),
        ),
        sa.ForeignKeyConstraint(
            ["topic"], ["topics.slug"], name=op.f("fk_mediation_offer_versions_topic")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_mediation_offer_versions")),
        sa.UniqueConstraint("id", "rev", name=op.f("uq_mediation_offer_versions_id_rev")),
    )
    op.create_index(
        "ix_mediation_offer_versions_id_recorded",
        "mediation_offer_versions",
        ["id", "recorded_in"],
        unique=False,
    )
    op.create_index(
        "ix_mediation_offer_versions_mediator",
        "mediation_offer_versions",
        ["mediator_country", "offered_key", "id"],
        unique=False,
    )
    op.create_index(
        "ix_mediation_offer_versions_offered",
        "mediation_offer_versions",
        ["offered_key", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mediation_offer_versions_recorded_in"),
        "mediation_offer_versions",
        ["recorded_in"],
        unique=False,
    )
    op.create_index(
        op.f("ix_mediation_offer_versions_superseded_in"),
        "mediation_offer_versions",
        ["superseded_in"],
        unique=False,
    )
    op.create_index(
        "ix_mediation_offer_versions_topic",
        "mediation_offer_versions",
        ["topic", "offered_key", "id"],
        unique=False,
    )
    op.create_index(
        "ux_mediation_offer_versions_current",
        "mediation_offer_versions",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "official_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("slug", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("wikidata", sa.String(), nullable=True),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_official_versions_change_type"),
        ),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_official_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_official_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_official_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(
            ["slug"], ["officials.slug"], name=op.f("fk_official_versions_slug")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_official_versions_superseded_in")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_official_versions")),
        sa.UniqueConstraint("slug", "rev", name=op.f("uq_official_versions_slug_rev")),
    )
    op.create_index(
        op.f("ix_official_versions_recorded_in"), "official_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        "ix_official_versions_slug_recorded",
        "official_versions",
        ["slug", "recorded_in"],
        unique=False,
    )
    op.create_index(
        op.f("ix_official_versions_superseded_in"),
        "official_versions",
        ["superseded_in"],
        unique=False,
    )
    op.create_index(
        "ux_official_versions_current",
        "official_versions",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "position_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("curation", sa.String(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("body", KEY, nullable=True),
        sa.Column("speaker", KEY, nullable=True),
        sa.Column("speaker_role", sa.String(), nullable=True),
        sa.Column("topic", KEY, nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("modality", sa.String(), nullable=False),
        sa.Column("proposition", sa.String(length=300), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("said_on_precision", sa.String(), nullable=False),
        sa.Column(
            "said_key",
            sa.Date(),
            sa.Computed("coalesce(said_on, '0001-01-01')", persisted=True),
            nullable=True,
        ),
        sa.Column("reported_via", KEY, nullable=True),
        sa.Column("merged_into", KEY, nullable=True),
        sa.CheckConstraint(
            "(change_type = 'merged') = (merged_into IS NOT NULL)",
            name=op.f("ck_position_versions_merged"),
        ),
        sa.CheckConstraint(
            "change_type NOT IN ('merged', 'withdrawn') OR curation = 'withdrawn'",
            name=op.f("ck_position_versions_gone"),
        ),
        sa.CheckConstraint(
            "(said_on IS NULL) = (said_on_precision = 'unknown')",
            name=op.f("ck_position_versions_said_on_unknown"),
        ),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_position_versions_change_type"),
        ),
        sa.CheckConstraint(
            "curation IN ('draft', 'published', 'withdrawn')",
            name=op.f("ck_position_versions_curation"),
        ),
        sa.CheckConstraint(
            "modality IN ('actual', 'past', 'future', 'hypothetical')",
            name=op.f("ck_position_versions_modality"),
        ),
        sa.CheckConstraint(
            "said_on_precision IN ('day', 'month', 'year', 'unknown')",
            name=op.f("ck_position_versions_said_on_precision"),
        ),
        sa.CheckConstraint(
            "stance IN ('acknowledges', 'asserts', 'accuses', 'denies', 'demands', 'rejects', 'warns', 'commits', 'offers', 'accepts', 'welcomes', 'appreciates', 'appeals', 'conditions', 'undecided', 'declines_to_say')",
            name=op.f("ck_position_versions_stance"),
        ),
        sa.CheckConstraint(
            "country_code IS NOT NULL OR body IS NOT NULL OR speaker IS NOT NULL",
            name=op.f("ck_position_versions_actor"),
        ),
        sa.CheckConstraint(
            "length(proposition) BETWEEN 1 AND 300", name=op.f("ck_position_versions_proposition")
        ),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_position_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_position_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(["body"], ["groups.slug"], name=op.f("fk_position_versions_body")),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_position_versions_country_code")
        ),
        sa.ForeignKeyConstraint(["id"], ["positions.id"], name=op.f("fk_position_versions_id")),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["positions.id"], name=op.f("fk_position_versions_merged_into")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_position_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(
            ["reported_via"], ["groups.slug"], name=op.f("fk_position_versions_reported_via")
        ),
        sa.ForeignKeyConstraint(
            ["speaker"], ["officials.slug"], name=op.f("fk_position_versions_speaker")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_position_versions_superseded_in")
        ),
        sa.ForeignKeyConstraint(
            ["topic"], ["topics.slug"], name=op.f("fk_position_versions_topic")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_position_versions")),
        sa.UniqueConstraint("id", "rev", name=op.f("uq_position_versions_id_rev")),
    )
    op.create_index(
        "ix_position_versions_body", "position_versions", ["body", "said_key", "id"], unique=False
    )
    op.create_index(
        "ix_position_versions_country",
        "position_versions",
        ["country_code", "said_key", "id"],
        unique=False,
    )
    op.create_index(
        "ix_position_versions_id_recorded", "position_versions", ["id", "recorded_in"], unique=False
    )
    op.create_index(
        op.f("ix_position_versions_recorded_in"), "position_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        "ix_position_versions_said", "position_versions", ["said_key", "id"], unique=False
    )
    op.create_index(
        "ix_position_versions_speaker",
        "position_versions",
        ["speaker", "said_key", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_position_versions_superseded_in"),
        "position_versions",
        ["superseded_in"],
        unique=False,
    )
    op.create_index(
        "ix_position_versions_topic", "position_versions", ["topic", "said_key", "id"], unique=False
    )
    op.create_index(
        "ux_position_versions_current",
        "position_versions",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "round_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("curation", sa.String(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("process", KEY, nullable=False),
        sa.Column("topic", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("host", KEY, nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("held_on_precision", sa.String(), nullable=False),
        sa.Column(
            "held_key",
            sa.Date(),
            sa.Computed("coalesce(held_on, '0001-01-01')", persisted=True),
            nullable=True,
        ),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reported_via", KEY, nullable=True),
        sa.Column("merged_into", KEY, nullable=True),
        sa.CheckConstraint(
            "(change_type = 'merged') = (merged_into IS NOT NULL)",
            name=op.f("ck_round_versions_merged"),
        ),
        sa.CheckConstraint(
            "change_type NOT IN ('merged', 'withdrawn') OR curation = 'withdrawn'",
            name=op.f("ck_round_versions_gone"),
        ),
        sa.CheckConstraint(
            "(held_on IS NULL) = (held_on_precision = 'unknown')",
            name=op.f("ck_round_versions_held_on_unknown"),
        ),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_round_versions_change_type"),
        ),
        sa.CheckConstraint(
            "curation IN ('draft', 'published', 'withdrawn')",
            name=op.f("ck_round_versions_curation"),
        ),
        sa.CheckConstraint(
            "held_on_precision IN ('day', 'month', 'year', 'unknown')",
            name=op.f("ck_round_versions_held_on_precision"),
        ),
        sa.CheckConstraint(
            "outcome IN ('ongoing', 'no_agreement', 'suspended', 'ceasefire', 'partial', 'full', 'unknown')",
            name=op.f("ck_round_versions_outcome"),
        ),
        sa.CheckConstraint("ordinal >= 1", name=op.f("ck_round_versions_ordinal")),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_round_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_round_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(["host"], ["countries.code"], name=op.f("fk_round_versions_host")),
        sa.ForeignKeyConstraint(["id"], ["rounds.id"], name=op.f("fk_round_versions_id")),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["rounds.id"], name=op.f("fk_round_versions_merged_into")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_round_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(
            ["reported_via"], ["groups.slug"], name=op.f("fk_round_versions_reported_via")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_round_versions_superseded_in")
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name=op.f("fk_round_versions_topic")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_round_versions")),
        sa.UniqueConstraint("id", "rev", name=op.f("uq_round_versions_id_rev")),
    )
    op.create_index("ix_round_versions_held", "round_versions", ["held_key", "id"], unique=False)
    op.create_index(op.f("ix_round_versions_host"), "round_versions", ["host"], unique=False)
    op.create_index(
        "ix_round_versions_id_recorded", "round_versions", ["id", "recorded_in"], unique=False
    )
    op.create_index(
        "ix_round_versions_process", "round_versions", ["process", "held_key", "id"], unique=False
    )
    op.create_index(
        op.f("ix_round_versions_recorded_in"), "round_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        op.f("ix_round_versions_superseded_in"), "round_versions", ["superseded_in"], unique=False
    )
    op.create_index(
        "ix_round_versions_topic", "round_versions", ["topic", "held_key", "id"], unique=False
    )
    op.create_index(
        "ux_round_versions_current",
        "round_versions",
        ["id"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "topic_versions",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("recorded_in", sa.BigInteger(), nullable=False),
        sa.Column("superseded_in", sa.BigInteger(), nullable=True),
        sa.Column("change_type", sa.String(), nullable=False),
        sa.Column("slug", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("broader", KEY, nullable=True),
        sa.Column("description", sa.String(), nullable=False),
        sa.CheckConstraint(
            "change_type IN ('new', 'updated', 'corrected', 'superseded', 'withdrawn', 'merged')",
            name=op.f("ck_topic_versions_change_type"),
        ),
        sa.CheckConstraint("rev >= 1", name=op.f("ck_topic_versions_rev")),
        sa.CheckConstraint(
            "superseded_in > recorded_in", name=op.f("ck_topic_versions_superseded_later")
        ),
        sa.ForeignKeyConstraint(
            ["broader"], ["topics.slug"], name=op.f("fk_topic_versions_broader")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_in"], ["changes.seq"], name=op.f("fk_topic_versions_recorded_in")
        ),
        sa.ForeignKeyConstraint(["slug"], ["topics.slug"], name=op.f("fk_topic_versions_slug")),
        sa.ForeignKeyConstraint(
            ["superseded_in"], ["changes.seq"], name=op.f("fk_topic_versions_superseded_in")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_topic_versions")),
        sa.UniqueConstraint("slug", "rev", name=op.f("uq_topic_versions_slug_rev")),
    )
    op.create_index(op.f("ix_topic_versions_broader"), "topic_versions", ["broader"], unique=False)
    op.create_index(
        op.f("ix_topic_versions_recorded_in"), "topic_versions", ["recorded_in"], unique=False
    )
    op.create_index(
        "ix_topic_versions_slug_recorded", "topic_versions", ["slug", "recorded_in"], unique=False
    )
    op.create_index(
        op.f("ix_topic_versions_superseded_in"), "topic_versions", ["superseded_in"], unique=False
    )
    op.create_index(
        "ux_topic_versions_current",
        "topic_versions",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("superseded_in IS NULL"),
        postgresql_where=sa.text("superseded_in IS NULL"),
    )
    op.create_table(
        "country_names",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('name', 'alias', 'demonym', 'metonym')", name=op.f("ck_country_names_kind")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["country_versions.row_id"], name=op.f("fk_country_names_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_country_names")),
    )
    op.create_index(op.f("ix_country_names_folded"), "country_names", ["folded"], unique=False)
    op.create_table(
        "group_labels",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("used_by_country", KEY, nullable=True),
        sa.Column("used_by_group", KEY, nullable=True),
        sa.CheckConstraint(
            "CASE WHEN used_by_country IS NULL THEN 0 ELSE 1 END + CASE WHEN used_by_group IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_group_labels_one_of_used_by_country_used_by_group"),
        ),
        sa.ForeignKeyConstraint(
            ["used_by_country"], ["countries.code"], name=op.f("fk_group_labels_used_by_country")
        ),
        sa.ForeignKeyConstraint(
            ["used_by_group"], ["groups.slug"], name=op.f("fk_group_labels_used_by_group")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["group_versions.row_id"], name=op.f("fk_group_labels_version_id")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_group_labels")),
        sa.UniqueConstraint(
            "version_id", "ordinal", name=op.f("uq_group_labels_version_id_ordinal")
        ),
    )
    op.create_table(
        "group_names",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('name', 'alias', 'demonym', 'metonym')", name=op.f("ck_group_names_kind")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["group_versions.row_id"], name=op.f("fk_group_names_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_group_names")),
    )
    op.create_index(op.f("ix_group_names_folded"), "group_names", ["folded"], unique=False)
    op.create_table(
        "offer_evidence",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(), nullable=True),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("exact_sha256", sa.String(length=64), nullable=False),
        sa.Column("quote_type", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(quote_type = 'direct') = (exact IS NOT NULL)",
            name=op.f("ck_offer_evidence_exact_if_direct"),
        ),
        sa.CheckConstraint(
            "quote_type IN ('direct', 'mixed', 'indirect', 'mention')",
            name=op.f("ck_offer_evidence_quote_type"),
        ),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at < end_at", name=op.f("ck_offer_evidence_span")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_offer_evidence_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["mediation_offer_versions.row_id"],
            name=op.f("fk_offer_evidence_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_offer_evidence")),
    )
    op.create_index(
        op.f("ix_offer_evidence_article_id"), "offer_evidence", ["article_id"], unique=False
    )
    op.create_table(
        "offer_parties",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("group_slug", KEY, nullable=True),
        sa.CheckConstraint(
            "country_code IS NOT NULL OR group_slug IS NOT NULL",
            name=op.f("ck_offer_parties_country_or_group"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_offer_parties_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["group_slug"], ["groups.slug"], name=op.f("fk_offer_parties_group_slug")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["mediation_offer_versions.row_id"],
            name=op.f("fk_offer_parties_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_offer_parties")),
    )
    op.create_index(
        op.f("ix_offer_parties_country_code"), "offer_parties", ["country_code"], unique=False
    )
    op.create_index(
        op.f("ix_offer_parties_group_slug"), "offer_parties", ["group_slug"], unique=False
    )
    op.create_table(
        "offer_responses",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("group_slug", KEY, nullable=True),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("responded_on_precision", sa.String(), nullable=False),
        sa.Column("position_id", KEY, nullable=True),
        sa.CheckConstraint(
            "(responded_on IS NULL) = (responded_on_precision = 'unknown')",
            name=op.f("ck_offer_responses_responded_on_unknown"),
        ),
        sa.CheckConstraint(
            "responded_on_precision IN ('day', 'month', 'year', 'unknown')",
            name=op.f("ck_offer_responses_responded_on_precision"),
        ),
        sa.CheckConstraint(
            "response != 'none_on_record' OR (responded_on IS NULL AND position_id IS NULL)",
            name=op.f("ck_offer_responses_silence_is_bare"),
        ),
        sa.CheckConstraint(
            "response IN ('none_on_record', 'acknowledged', 'appreciated', 'would_welcome', 'accepted', 'conditional', 'deferred', 'declined')",
            name=op.f("ck_offer_responses_response"),
        ),
        sa.CheckConstraint(
            "country_code IS NOT NULL OR group_slug IS NOT NULL",
            name=op.f("ck_offer_responses_country_or_group"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_offer_responses_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["group_slug"], ["groups.slug"], name=op.f("fk_offer_responses_group_slug")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_offer_responses_position_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["mediation_offer_versions.row_id"],
            name=op.f("fk_offer_responses_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_offer_responses")),
    )
    op.create_index(
        op.f("ix_offer_responses_country_code"), "offer_responses", ["country_code"], unique=False
    )
    op.create_index(
        op.f("ix_offer_responses_group_slug"), "offer_responses", ["group_slug"], unique=False
    )
    op.create_index(
        op.f("ix_offer_responses_position_id"), "offer_responses", ["position_id"], unique=False
    )
    op.create_table(
        "official_names",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("folded", KEY, nullable=False),
        sa.CheckConstraint(
            "kind IN ('name', 'alias', 'demonym', 'metonym')", name=op.f("ck_official_names_kind")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["official_versions.row_id"], name=op.f("fk_official_names_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_official_names")),
    )
    op.create_index(op.f("ix_official_names_folded"), "official_names", ["folded"], unique=False)
    op.create_table(
        "position_clauses",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("group_slug", KEY, nullable=True),
        sa.CheckConstraint(
            "kind IN ('condition', 'awaits', 'decided_by')", name=op.f("ck_position_clauses_kind")
        ),
        sa.ForeignKeyConstraint(
            ["group_slug"], ["groups.slug"], name=op.f("fk_position_clauses_group_slug")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["position_versions.row_id"],
            name=op.f("fk_position_clauses_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_position_clauses")),
    )
    op.create_table(
        "position_evidence",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(), nullable=True),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("exact_sha256", sa.String(length=64), nullable=False),
        sa.Column("quote_type", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(quote_type = 'direct') = (exact IS NOT NULL)",
            name=op.f("ck_position_evidence_exact_if_direct"),
        ),
        sa.CheckConstraint(
            "quote_type IN ('direct', 'mixed', 'indirect', 'mention')",
            name=op.f("ck_position_evidence_quote_type"),
        ),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at < end_at", name=op.f("ck_position_evidence_span")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_position_evidence_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["position_versions.row_id"],
            name=op.f("fk_position_evidence_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_position_evidence")),
    )
    op.create_index(
        op.f("ix_position_evidence_article_id"), "position_evidence", ["article_id"], unique=False
    )
    op.create_table(
        "position_targets",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("group_slug", KEY, nullable=True),
        sa.CheckConstraint(
            "country_code IS NOT NULL OR group_slug IS NOT NULL",
            name=op.f("ck_position_targets_country_or_group"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_position_targets_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["group_slug"], ["groups.slug"], name=op.f("fk_position_targets_group_slug")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["position_versions.row_id"],
            name=op.f("fk_position_targets_version_id"),
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_position_targets")),
    )
    op.create_index(
        op.f("ix_position_targets_country_code"), "position_targets", ["country_code"], unique=False
    )
    op.create_index(
        op.f("ix_position_targets_group_slug"), "position_targets", ["group_slug"], unique=False
    )
    op.create_table(
        "round_evidence",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(), nullable=True),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("exact_sha256", sa.String(length=64), nullable=False),
        sa.Column("quote_type", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(quote_type = 'direct') = (exact IS NOT NULL)",
            name=op.f("ck_round_evidence_exact_if_direct"),
        ),
        sa.CheckConstraint(
            "quote_type IN ('direct', 'mixed', 'indirect', 'mention')",
            name=op.f("ck_round_evidence_quote_type"),
        ),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at < end_at", name=op.f("ck_round_evidence_span")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_round_evidence_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["round_versions.row_id"], name=op.f("fk_round_evidence_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_round_evidence")),
    )
    op.create_index(
        op.f("ix_round_evidence_article_id"), "round_evidence", ["article_id"], unique=False
    )
    op.create_table(
        "round_parties",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("group_slug", KEY, nullable=True),
        sa.CheckConstraint(
            "country_code IS NOT NULL OR group_slug IS NOT NULL",
            name=op.f("ck_round_parties_country_or_group"),
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_round_parties_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["group_slug"], ["groups.slug"], name=op.f("fk_round_parties_group_slug")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["round_versions.row_id"], name=op.f("fk_round_parties_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_round_parties")),
    )
    op.create_index(
        op.f("ix_round_parties_country_code"), "round_parties", ["country_code"], unique=False
    )
    op.create_index(
        op.f("ix_round_parties_group_slug"), "round_parties", ["group_slug"], unique=False
    )
    op.create_table(
        "tenures",
        sa.Column("row_id", ROW_ID, nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("group_slug", KEY, nullable=True),
        sa.Column("country_code", KEY, nullable=True),
        sa.Column("started_on", sa.String(length=10), nullable=True),
        sa.Column("ended_on", sa.String(length=10), nullable=True),
        sa.Column("end_status", sa.String(), nullable=False),
        sa.Column("attested_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "end_status IN ('in_post', 'ended', 'unknown')", name=op.f("ck_tenures_end_status")
        ),
        sa.ForeignKeyConstraint(
            ["country_code"], ["countries.code"], name=op.f("fk_tenures_country_code")
        ),
        sa.ForeignKeyConstraint(
            ["group_slug"], ["groups.slug"], name=op.f("fk_tenures_group_slug")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["official_versions.row_id"], name=op.f("fk_tenures_version_id")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_tenures")),
        sa.UniqueConstraint("version_id", "ordinal", name=op.f("uq_tenures_version_id_ordinal")),
    )
    op.create_index(op.f("ix_tenures_country_code"), "tenures", ["country_code"], unique=False)
    op.create_index(op.f("ix_tenures_group_slug"), "tenures", ["group_slug"], unique=False)
    op.create_table(
        "topic_codes",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.CheckConstraint("scheme IN ('iptc', 'plover')", name=op.f("ck_topic_codes_scheme")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["topic_versions.row_id"], name=op.f("fk_topic_codes_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_topic_codes")),
    )
    op.create_table(
        "group_label_evidence",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(), nullable=True),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("exact_sha256", sa.String(length=64), nullable=False),
        sa.Column("quote_type", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(quote_type = 'direct') = (exact IS NOT NULL)",
            name=op.f("ck_group_label_evidence_exact_if_direct"),
        ),
        sa.CheckConstraint(
            "quote_type IN ('direct', 'mixed', 'indirect', 'mention')",
            name=op.f("ck_group_label_evidence_quote_type"),
        ),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at < end_at", name=op.f("ck_group_label_evidence_span")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_group_label_evidence_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["group_labels.row_id"], name=op.f("fk_group_label_evidence_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_group_label_evidence")),
    )
    op.create_index(
        op.f("ix_group_label_evidence_article_id"),
        "group_label_evidence",
        ["article_id"],
        unique=False,
    )
    op.create_table(
        "tenure_evidence",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("end_at", sa.Integer(), nullable=False),
        sa.Column("exact", sa.String(), nullable=True),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("exact_sha256", sa.String(length=64), nullable=False),
        sa.Column("quote_type", sa.String(), nullable=False),
        sa.Column("cue", sa.String(), nullable=True),
        sa.Column("source_text", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(quote_type = 'direct') = (exact IS NOT NULL)",
            name=op.f("ck_tenure_evidence_exact_if_direct"),
        ),
        sa.CheckConstraint(
            "quote_type IN ('direct', 'mixed', 'indirect', 'mention')",
            name=op.f("ck_tenure_evidence_quote_type"),
        ),
        sa.CheckConstraint(
            "start_at >= 0 AND start_at < end_at", name=op.f("ck_tenure_evidence_span")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_tenure_evidence_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["tenures.row_id"], name=op.f("fk_tenure_evidence_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "ordinal", name=op.f("pk_tenure_evidence")),
    )
    op.create_index(
        op.f("ix_tenure_evidence_article_id"), "tenure_evidence", ["article_id"], unique=False
    )
    for statement in SEARCH[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("position_search")
    for table in reversed(TABLES):
        op.drop_table(table)
