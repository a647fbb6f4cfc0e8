"""Mediation offers: filters and what is shown."""

from typing import Literal

from pydantic import Field

from app.codelists import OfferKind, OfferStatus, Precision, Response
from app.web.facts import FactQuery, Revision, VersionFields
from app.web.schemas import (
    ARTICLE_ID,
    OFFER_ID,
    POSITION_ID,
    Actor,
    ArticleRef,
    Evidence,
    GroupRef,
    Item,
    OfficialRef,
    Page,
    Query,
    Shown,
    TopicRef,
    date_field,
    filter_field,
    sort_field,
)


class PartyResponse(Shown):
    """How one party answered an offer."""

    party: Actor = Field(
        description="The party.",
    )
    response: Response = Field(
        description="Its answer. A party that said nothing has `none_on_record`.",
        examples=["appreciated"],
    )
    responded_on: str | None = Field(
        description="When it answered, no finer than the evidence gives it.",
        examples=["2025-11-14"],
    )
    responded_on_precision: Precision = Field(
        description="How much of the date the evidence gives.", examples=["day"]
    )
    position: str | None = Field(
        description="Id of the position that states the answer.", examples=[POSITION_ID]
    )


class MediationOffer(VersionFields):
    """A third party's offer to help the parties to a conflict, or a party's opening for one."""

    id: str = Field(description="Stable id.", examples=[OFFER_ID])
    mediator: Actor = Field(
        description="The third party.",
    )
    parties: list[Actor] = Field(
        description="The parties it would stand between.",
    )
    topic: TopicRef = Field(
        description="On which topic.", examples=[{"slug": "mediation", "name": "Mediation"}]
    )
    kind: OfferKind = Field(description="What is offered.", examples=["mediation"])
    status: OfferStatus = Field(
        description="How far it has come, as far as the evidence states it.", examples=["offered"]
    )
    explicit: bool = Field(
        description="Whether the evidence states an offer as made. `false` for a mere opening.",
        examples=[True],
    )
    announced_by: OfficialRef | None = Field(
        description="Who announced it.",
        examples=[{"slug": "recep-tayyip-erdogan", "name": "Recep Tayyip Erdoğan"}],
    )
    announced_by_role: str | None = Field(description="In which role.", examples=["President"])
    offered_on: str | None = Field(
        description="When it was made, no finer than the evidence gives it; null where the "
        "evidence gives no date.",
        examples=[None],
    )
    offered_on_precision: Precision = Field(
        description="How much of the date the evidence gives.", examples=["unknown"]
    )
    responses: list[PartyResponse] = Field(description="Each party's answer.")
    reported_via: GroupRef | None = Field(
        description="The agency that reports it, where the evidence names one.",
        examples=[{"slug": "pti", "name": "Press Trust of India"}],
    )
    articles: list[ArticleRef] = Field(
        description="The articles that the evidence stands in.",
    )
    evidence: list[Evidence] = Field(description="The words that prove it.")


class MediationOfferPage(Page[MediationOffer]):
    """A page of mediation offers."""


class MediationOfferItem(Item[MediationOffer]):
    """One mediation offer."""


class MediationOfferRevision(Revision[MediationOffer]):
    """One version of a mediation offer."""


class MediationOfferHistory(Page[MediationOfferRevision]):
    """The versions of a mediation offer."""


class MediationOfferFilters(Query):
    """What mediation offers can be filtered by."""

    mediator: str | None = filter_field(
        "The third party: a country (its bodies included) or a body.", "TUR", "Mediator"
    )
    party: str | None = filter_field(
        "A party: a country (its bodies included) or a body.", "PAK", "Party"
    )
    kind: str | None = filter_field(
        "What is offered; see `/v1/codes/offer-kind`.", "delegation", "Kind"
    )
    status: str | None = filter_field(
        "How far it has come; see `/v1/codes/offer-status`.", "announced", "Status"
    )
    response: str | None = filter_field(
        "An answer that some party gave; see `/v1/codes/response`.", "appreciated", "Response"
    )
    explicit: bool | None = Field(
        default=None,
        title="Explicit",
        description="`true`: only offers stated as made; `false`: only openings for one.",
        examples=[True],
    )
    announced_by: str | None = filter_field(
        "Who announced it, by slug or name.", "recep-tayyip-erdogan", "Announced by"
    )
    article: str | None = filter_field(
        "The article that evidence stands in, by id.", ARTICLE_ID, "Article"
    )
    offered_from: str | None = date_field("offered on or after", "2025-11-01")
    offered_to: str | None = date_field("offered on or before", "2025-11-30")


class _MediationOfferList(FactQuery):
    sort: Literal["-offered_on", "offered_on", "-recorded_in", "recorded_in"] = sort_field(
        "-offered_on"
    )


class TopicMediationOfferQuery(_MediationOfferList, MediationOfferFilters):
    """What the list of a topic's mediation offers takes."""


class MediationOfferQuery(TopicMediationOfferQuery):
    """What the list of mediation offers takes."""

    topic: str | None = filter_field(
        "The topic, narrower ones included; see `/v1/topics`.", "mediation", "Topic"
    )
