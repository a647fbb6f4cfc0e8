"""Positions: statements by actors on topics."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from app.codelists import ClauseKind, Modality, Stance
from app.models.base import (
    Actor,
    Evidence,
    FactIdentity,
    FactVersion,
    Key,
    actor_constraints,
    dated,
    evidence_constraints,
    fact_constraints,
    one_of,
)


class Position(FactIdentity, table=True):
    """The identity of a statement."""

    __tablename__ = "positions"
    __table_args__ = (UniqueConstraint("article_id", "record_key"),)


def _ordered_by_filter() -> Iterator[Index]:
    """Of each column that lists are filtered by, an index in each order that lists have."""
    for name, column in (
        ("country", "country_code"),
        *((name, name) for name in ("topic", "speaker", "body", "stance", "modality")),
    ):
        yield Index(f"ix_position_versions_{name}", column, "said_key", "id")
        yield Index(f"ix_position_versions_{name}_recorded", column, "recorded_in", "id")


def _corroborated() -> Iterator[Index]:
    """Of those with more than one source, which are few, an index in each order."""
    for column in ("sources", "independent_sources"):
        many = text(f"{column} > 1")
        for suffix, order in (("", "said_key"), ("_recorded", "recorded_in")):
            name = f"ix_position_versions_{column}{suffix}"
            yield Index(name, order, "id", sqlite_where=many, postgresql_where=many)


def _merged() -> Index:
    """Of those that were merged into another, which are few."""
    some, name = text("merged_into IS NOT NULL"), "ix_position_versions_merged_into"
    return Index(name, "merged_into", sqlite_where=some, postgresql_where=some)


def _number() -> Any:
    """A column that counts from one."""
    return Field(default=1, sa_column_kwargs={"server_default": text("1")})


class PositionVersion(FactVersion, table=True):
    """A statement as recorded."""

    __tablename__ = "position_versions"
    __table_args__ = (
        *fact_constraints("position_versions", "id"),
        one_of("stance", Stance),
        one_of("modality", Modality),
        *dated("said_on"),
        CheckConstraint("length(proposition) BETWEEN 1 AND 300", name="proposition"),
        CheckConstraint(
            "country_code IS NOT NULL OR body IS NOT NULL OR speaker IS NOT NULL", name="actor"
        ),
        Index("ix_position_versions_said", "said_key", "id"),
        *_ordered_by_filter(),
        *_corroborated(),
        _merged(),
        CheckConstraint("sources >= 1", name="sources"),
        CheckConstraint("independent_sources >= 1", name="independent_sources"),
    )

    id: str = Field(foreign_key="positions.id", sa_type=Key)
    country_code: str | None = Field(default=None, foreign_key="countries.code", sa_type=Key)
    body: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)
    speaker: str | None = Field(default=None, foreign_key="officials.slug", sa_type=Key)
    speaker_role: str | None = None
    topic: str = Field(foreign_key="topics.slug", sa_type=Key)
    stance: str
    modality: str
    proposition: str = Field(max_length=300)
    said_on: date | None = None
    said_on_precision: str
    said_key: date | None = Field(
        default=None,
        sa_column=Column(Date, Computed("coalesce(said_on, '0001-01-01')", persisted=True)),
    )
    """Orders facts by date, those without one first."""
    reported_via: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)
    merged_into: str | None = Field(default=None, foreign_key="positions.id", sa_type=Key)
    sources: int = _number()
    """How many articles the evidence stands in; see `app.sources`."""
    independent_sources: int = _number()
    """From how many origins these articles have it."""


class PositionTarget(Actor, table=True):
    """Whom a statement is directed at or about."""

    __tablename__ = "position_targets"
    __table_args__ = actor_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="position_versions.row_id", sa_type=BigInteger
    )


class PositionClause(SQLModel, table=True):
    """A condition, what is awaited, or who decides."""

    __tablename__ = "position_clauses"
    __table_args__ = (one_of("kind", ClauseKind),)

    version_id: int = Field(
        primary_key=True, foreign_key="position_versions.row_id", sa_type=BigInteger
    )
    ordinal: int = Field(primary_key=True)
    kind: str
    text: str = Field(max_length=300)
    group_slug: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)


class PositionEvidence(Evidence, table=True):
    """The words that prove a statement was made."""

    __tablename__ = "position_evidence"
    __table_args__ = evidence_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="position_versions.row_id", sa_type=BigInteger
    )
