"""Topics in time: what is asked and what is shown."""

from typing import Any, Literal

from pydantic import Field

from app.codelists import ChangeKind, ChangeType, Precision
from app.mediation.schemas import MediationOffer
from app.positions.schemas import Position
from app.rounds.schemas import Round
from app.web.schemas import (
    POSITION_ID,
    Item,
    ItemLinks,
    ItemMeta,
    ListQuery,
    Page,
    Query,
    Shown,
    TopicRef,
    sort_field,
)

FactKind = Literal["position", "mediation_offer", "round"]


class ChangeTypeCount(Shown):
    """How many facts a change touched in one way."""

    change_type: ChangeType = Field(description="What was done to them.", examples=["new"])
    count: int = Field(description="How many facts.", examples=[17])


class TopicVersion(Shown):
    """One version of a topic: a change that touched facts on it or on a narrower topic."""

    number: int = Field(description="Number of the version, from 1.", examples=[1])
    change: int = Field(description="The change that made it.", examples=[1])
    at: str = Field(
        description="When it was recorded (RFC 3339, UTC).",
        examples=["2026-01-05T09:30:00.000000Z"],
    )
    kind: ChangeKind = Field(description="What sort of transaction.", examples=["ingest"])
    by: str = Field(description="Who wrote it.", examples=["seed"])
    reason: str | None = Field(description="Why.", examples=[None])
    facts: list[ChangeTypeCount] = Field(
        description="The facts on the topic that it touched, counted by what was done to them."
    )


class TopicVersionPage(Page[TopicVersion]):
    """The versions of a topic."""


class TopicVersionQuery(ListQuery):
    """What the list of a topic's versions takes."""

    sort: Literal["-number", "number"] = sort_field("-number")


class FactCount(Shown):
    """The facts of one kind as of a topic's version."""

    total: int = Field(description="How many there are.", examples=[13])
    list: str = Field(
        description="Where all of them are listed.",
        examples=["/v1/topics/security/positions?as_of=1"],
    )


class TopicState(TopicVersion):
    """A topic as of one of its versions."""

    topic: TopicRef = Field(
        description="The topic.", examples=[{"slug": "security", "name": "Security"}]
    )
    positions: list[Position] = Field(description="Its positions, the latest first, up to 200.")
    mediation_offers: list[MediationOffer] = Field(description="Its offers, up to 200.")
    rounds: list[Round] = Field(description="Its rounds of talks, up to 200.")
    counts: dict[FactKind, FactCount] = Field(
        description="How many facts of each kind there are, and where all are listed.",
        examples=[
            {"position": {"total": 4, "list": "/v1/topics/security/positions?as_of=1"}},
        ],
    )


class TopicStateItem(Item[TopicState]):
    """A topic as of one of its versions."""


class DiffQuery(Query):
    """What a diff takes."""

    from_: int = Field(
        alias="from",
        ge=0,
        lt=2**31,
        title="From version",
        description="The topic's version to start from; 0 is before the first.",
        examples=[0],
    )
    to: int = Field(
        ge=0,
        lt=2**31,
        title="To version",
        description="The topic's version to arrive at.",
        examples=[1],
    )


class Operation(Shown):
    """One operation of a JSON Patch (RFC 6902)."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"] = Field(
        description="What is done.", examples=["replace"]
    )
    path: str = Field(
        description="Where (JSON Pointer); the empty path is the whole.", examples=["/stance"]
    )
    value: Any = Field(default=None, description="The new value.", examples=["asserts"])
    from_: str | None = Field(
        default=None, alias="from", description="For move and copy: from where.", examples=["/a"]
    )


class FactDiff(Shown):
    """What happened to one fact between two versions of a topic."""

    kind: FactKind = Field(description="The kind of fact.", examples=["position"])
    id: str = Field(description="Its id.", examples=[POSITION_ID])
    change_type: ChangeType = Field(
        description="What the last change that touched it did to it.", examples=["corrected"]
    )
    change: int = Field(
        description="The last change that touched it: one before the old version where it came or "
        "went because its topic was moved in the tree.",
        examples=[2],
    )
    reason: str | None = Field(
        description="Why, as that change says.", examples=["The date was misread."]
    )
    patch: list[Operation] = Field(
        description="Applied to the old representation (null where there was none), this gives the "
        "new one (null where there is none)."
    )


class TopicDiff(Shown):
    """What happened to a topic's facts between two of its versions."""

    topic: TopicRef = Field(
        description="The topic.", examples=[{"slug": "security", "name": "Security"}]
    )
    from_change: int | None = Field(
        description="The change that made the old version; null for version 0.", examples=[1]
    )
    to_change: int | None = Field(
        description="The change that made the new version; null for version 0.", examples=[2]
    )
    facts: list[FactDiff] = Field(description="The facts that differ, by kind and id.")


class TopicDiffItem(Shown):
    """What happened to a topic's facts between two of its versions."""

    data: TopicDiff = Field(description="The difference.")
    meta: ItemMeta = Field(description="About the answer.")
    links: ItemLinks = Field(description="Where to go.")


class TimelineEntry(Shown):
    """A fact on both clocks: when it happened, and when it was recorded."""

    kind: FactKind = Field(description="The kind of fact.", examples=["position"])
    id: str = Field(description="Its id.", examples=[POSITION_ID])
    on: str | None = Field(
        description="When it was said, offered or held, no finer than the evidence gives it.",
        examples=["2025-11-14"],
    )
    on_precision: Precision = Field(
        description="How much of the date the evidence gives.", examples=["day"]
    )
    recorded_in: int = Field(description="The change that wrote this version.", examples=[1])
    recorded_at: str = Field(
        description="When that was (RFC 3339, UTC).", examples=["2026-01-05T09:30:00.000000Z"]
    )
    rev: int = Field(description="Number of the version.", examples=[1])
    summary: str = Field(description="Stance, status or outcome.", examples=["declines_to_say"])
    link: str = Field(description="Where the fact is.", examples=[f"/v1/positions/{POSITION_ID}"])


class TimelinePage(Page[TimelineEntry]):
    """A topic's facts on both clocks."""


class TimelineQuery(ListQuery):
    """What a timeline takes."""

    sort: Literal["on", "-on", "recorded_in", "-recorded_in"] = sort_field("on")
