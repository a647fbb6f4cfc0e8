"""Talks rounds: the meetings of a process."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Date, Index, UniqueConstraint
from sqlmodel import Field

from app.codelists import Outcome
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


class Round(FactIdentity, table=True):
    """The identity of a meeting."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("article_id", "record_key"),)


class RoundVersion(FactVersion, table=True):
    """A meeting as recorded."""

    __tablename__ = "round_versions"
    __table_args__ = (
        *fact_constraints("round_versions", "id"),
        one_of("outcome", Outcome),
        *dated("held_on"),
        CheckConstraint("ordinal >= 1", name="ordinal"),
        Index("ix_round_versions_held", "held_key", "id"),
        Index("ix_round_versions_process", "process", "held_key", "id"),
        Index("ix_round_versions_topic", "topic", "held_key", "id"),
    )

    id: str = Field(foreign_key="rounds.id", sa_type=Key)
    process: str = Field(sa_type=Key)
    """The slug of the series of talks that the meeting belongs to."""
    topic: str = Field(foreign_key="topics.slug", sa_type=Key)
    ordinal: int | None = None
    venue: str | None = None
    host: str | None = Field(default=None, foreign_key="countries.code", index=True, sa_type=Key)
    held_on: date | None = None
    held_on_precision: str
    held_key: date | None = Field(
        default=None,
        sa_column=Column(Date, Computed("coalesce(held_on, '0001-01-01')", persisted=True)),
    )
    outcome: str
    reported_via: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)
    merged_into: str | None = Field(default=None, foreign_key="rounds.id", sa_type=Key)


class RoundParty(Actor, table=True):
    """A party at the table."""

    __tablename__ = "round_parties"
    __table_args__ = actor_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="round_versions.row_id", sa_type=BigInteger
    )


class RoundEvidence(Evidence, table=True):
    """The words that prove the meeting."""

    __tablename__ = "round_evidence"
    __table_args__ = evidence_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="round_versions.row_id", sa_type=BigInteger
    )
