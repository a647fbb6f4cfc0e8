"""Analysis: what is asked and what is shown."""

from typing import Literal

from pydantic import Field

from app.positions.schemas import Position, TopicFilters
from app.web.schemas import (
    AsOf,
    CountryRef,
    ItemLinks,
    ItemMeta,
    ListQuery,
    Query,
    Shown,
    TopicRef,
    filter_field,
    sort_field,
)

MAX_STATEMENTS = 2_000
"""Statements that are looked through for shifts; beyond, a narrower question is asked for."""

MAX_COMPARED = 20


class OpenDecisionQuery(ListQuery, TopicFilters):
    """What the list of open decisions takes."""

    sort: Literal["-said_on", "said_on", "-recorded_in", "recorded_in"] = sort_field("-said_on")


class CompareQuery(Query):
    """What a comparison takes."""

    country: str = Field(
        title="Countries",
        min_length=1,
        max_length=500,
        description=f"The countries to compare, up to {MAX_COMPARED}, joined by `|`: by code or "
        "any known name.",
        examples=["PAK|AFG"],
    )
    topic: str | None = filter_field(
        "The topic, narrower ones included; all topics without it.", "ceasefire", "Topic"
    )
    latest: int = Field(
        default=3,
        ge=1,
        le=20,
        title="Latest",
        description="How many of each country's latest positions are shown.",
        examples=[3],
    )
    as_of: AsOf = None


class Side(Shown):
    """What one country says."""

    country: CountryRef = Field(
        description="The country.", examples=[{"code": "AFG", "name": "Afghanistan"}]
    )
    statement: Literal["on_record", "none_on_record"] = Field(
        description="Whether the record holds a statement of its own.", examples=["none_on_record"]
    )
    total: int = Field(description="How many positions it has here.", examples=[0])
    target_of: int = Field(
        description="How many positions of others are directed at or about it here.", examples=[7]
    )
    positions: list[Position] = Field(description="Its latest positions.")


class Comparison(Shown):
    """Countries side by side."""

    data: list[Side] = Field(description="The countries, in the order asked for.")
    meta: ItemMeta = Field(description="About the answer.")
    links: ItemLinks = Field(description="Where to go.")


class ShiftQuery(Query):
    """What the shifts take."""

    country: str | None = filter_field("Whose: a country by code or name.", "PAK", "Country")
    topic: str | None = filter_field(
        "The topic, narrower ones included; see `/v1/topics`.", "trade-and-transit", "Topic"
    )
    as_of: AsOf = None


ShiftClass = Literal[
    "decided",
    "reversed",
    "became_conditional",
    "condition_dropped",
    "hardened",
    "softened",
    "changed",
]


class Shift(Shown):
    """Two consecutive statements of one actor on one topic that differ in stance or conditions."""

    country: CountryRef = Field(
        description="The actor.", examples=[{"code": "PAK", "name": "Pakistan"}]
    )
    topic: TopicRef = Field(
        description="The topic.",
        examples=[{"slug": "trade-and-transit", "name": "Trade and transit"}],
    )
    shift: ShiftClass = Field(
        description="`decided`: undecided or silent before, a stance now. `reversed`: the opposite "
        "of the stance before. `became_conditional`, `condition_dropped`: conditions came or went. "
        "`hardened`, `softened`: the tone moved against or towards the other side. `changed`: "
        "another stance of the same tone.",
        examples=["became_conditional"],
    )
    before: Position = Field(description="The earlier statement, with its quotation.")
    after: Position = Field(description="The later statement, with its quotation.")


class Shifts(Shown):
    """Where stances shifted."""

    data: list[Shift] = Field(description="The shifts, the latest first.")
    meta: ItemMeta = Field(description="About the answer.")
    links: ItemLinks = Field(description="Where to go.")
