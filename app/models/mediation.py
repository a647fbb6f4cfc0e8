"""Mediation offers: a third party's offer, or a party's opening for one, and the answers."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Date, Index, UniqueConstraint
from sqlmodel import Field

from app.codelists import OfferKind, OfferStatus, Precision, Response
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


class MediationOffer(FactIdentity, table=True):
    """The identity of an offer."""

    __tablename__ = "mediation_offers"
    __table_args__ = (UniqueConstraint("article_id", "record_key"),)


class MediationOfferVersion(FactVersion, table=True):
    """An offer as recorded."""

    __tablename__ = "mediation_offer_versions"
    __table_args__ = (
        *fact_constraints("mediation_offer_versions", "id"),
        one_of("kind", OfferKind),
        one_of("status", OfferStatus),
        *dated("offered_on"),
        CheckConstraint("NOT (explicit AND status = 'invited')", name="invited_is_not_explicit"),
        CheckConstraint(
            "mediator_country IS NOT NULL OR mediator_group IS NOT NULL", name="mediator"
        ),
        Index("ix_mediation_offer_versions_offered", "offered_key", "id"),
        Index("ix_mediation_offer_versions_mediator", "mediator_country", "offered_key", "id"),
        Index("ix_mediation_offer_versions_topic", "topic", "offered_key", "id"),
    )

    id: str = Field(foreign_key="mediation_offers.id", sa_type=Key)
    mediator_country: str | None = Field(default=None, foreign_key="countries.code", sa_type=Key)
    mediator_group: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)
    topic: str = Field(foreign_key="topics.slug", sa_type=Key)
    kind: str
    status: str
    explicit: bool
    announced_by: str | None = Field(default=None, foreign_key="officials.slug", sa_type=Key)
    announced_by_role: str | None = None
    offered_on: date | None = None
    offered_on_precision: str
    offered_key: date | None = Field(
        default=None,
        sa_column=Column(Date, Computed("coalesce(offered_on, '0001-01-01')", persisted=True)),
    )
    reported_via: str | None = Field(default=None, foreign_key="groups.slug", sa_type=Key)
    merged_into: str | None = Field(default=None, foreign_key="mediation_offers.id", sa_type=Key)


class OfferParty(Actor, table=True):
    """A party between which the mediator would stand."""

    __tablename__ = "offer_parties"
    __table_args__ = actor_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="mediation_offer_versions.row_id", sa_type=BigInteger
    )


class OfferResponse(Actor, table=True):
    """How a party answered."""

    __tablename__ = "offer_responses"
    __table_args__ = (
        *actor_constraints(),
        one_of("response", Response),
        *dated("responded_on"),
        CheckConstraint(
            "response != 'none_on_record' OR (responded_on IS NULL AND position_id IS NULL)",
            name="silence_is_bare",
        ),
    )

    version_id: int = Field(
        primary_key=True, foreign_key="mediation_offer_versions.row_id", sa_type=BigInteger
    )
    response: str
    responded_on: date | None = None
    responded_on_precision: str = Precision.UNKNOWN
    position_id: str | None = Field(
        default=None, foreign_key="positions.id", index=True, sa_type=Key
    )
    """The position that states the answer."""


class OfferEvidence(Evidence, table=True):
    """The words that prove the offer, or the opening for one."""

    __tablename__ = "offer_evidence"
    __table_args__ = evidence_constraints()

    version_id: int = Field(
        primary_key=True, foreign_key="mediation_offer_versions.row_id", sa_type=BigInteger
    )
