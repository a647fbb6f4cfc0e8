"""Talks rounds: filters and what is shown."""

from typing import Literal

from pydantic import Field

from app.codelists import Outcome, Precision
from app.web.facts import FactQuery, Revision, VersionFields
from app.web.schemas import (
    ARTICLE_ID,
    ROUND_ID,
    Actor,
    ArticleRef,
    CountryRef,
    Evidence,
    GroupRef,
    Item,
    Page,
    Query,
    TopicRef,
    date_field,
    filter_field,
    sort_field,
)


class Round(VersionFields):
    """One meeting in a process of talks."""

    id: str = Field(description="Stable id.", examples=[ROUND_ID])
    process: str = Field(
        description="Slug of the series of talks that it belongs to.",
        examples=["pakistan-afghanistan-talks"],
    )
    topic: TopicRef = Field(
        description="On which topic.", examples=[{"slug": "peace-talks", "name": "Peace talks"}]
    )
    ordinal: int | None = Field(
        description="Which round of the process it is, if the evidence says.", examples=[3]
    )
    venue: str | None = Field(description="Where it was held.", examples=["Istanbul"])
    host: CountryRef | None = Field(
        description="The country of the venue.", examples=[{"code": "TUR", "name": "Türkiye"}]
    )
    held_on: str | None = Field(
        description="When it was held, no finer than the evidence gives it.",
        examples=["2025-11-07"],
    )
    held_on_precision: Precision = Field(
        description="How much of the date the evidence gives.", examples=["day"]
    )
    parties: list[Actor] = Field(
        description="Who met.",
    )
    outcome: Outcome = Field(description="How it ended.", examples=["no_agreement"])
    reported_via: GroupRef | None = Field(
        description="The agency that reports it, where the evidence names one.",
        examples=[{"slug": "pti", "name": "Press Trust of India"}],
    )
    articles: list[ArticleRef] = Field(description="The articles that the evidence stands in.")
    evidence: list[Evidence] = Field(description="The words that prove it.")


class RoundPage(Page[Round]):
    """A page of rounds."""


class RoundItem(Item[Round]):
    """One round."""


class RoundRevision(Revision[Round]):
    """One version of a round."""


class RoundHistory(Page[RoundRevision]):
    """The versions of a round."""


class RoundFilters(Query):
    """What rounds can be filtered by."""

    process: str | None = filter_field(
        "The series of talks, by slug.", "pakistan-afghanistan-talks", "Process"
    )
    party: str | None = filter_field(
        "A party: a country (its bodies included) or a body.", "AFG", "Party"
    )
    host: str | None = filter_field("The country of the venue.", "TUR", "Host")
    outcome: str | None = filter_field(
        "How it ended; see `/v1/codes/outcome`.", "no_agreement", "Outcome"
    )
    article: str | None = filter_field(
        "The article that evidence stands in, by id.", ARTICLE_ID, "Article"
    )
    held_from: str | None = date_field("held on or after", "2025-11-01")
    held_to: str | None = date_field("held on or before", "2025-11-30")


class _RoundList(FactQuery):
    sort: Literal["-held_on", "held_on", "-recorded_in", "recorded_in"] = sort_field("-held_on")


class TopicRoundQuery(_RoundList, RoundFilters):
    """What the list of a topic's rounds takes."""


class RoundQuery(TopicRoundQuery):
    """What the list of rounds takes."""

    topic: str | None = filter_field(
        "The topic, narrower ones included; see `/v1/topics`.", "peace-talks", "Topic"
    )
