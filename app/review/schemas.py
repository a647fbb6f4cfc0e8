"""Review: what is asked, sent and shown."""

from typing import Literal

from pydantic import Field

from app.codelists import ChangeType, Curation
from app.mediation.schemas import MediationOffer
from app.positions.schemas import Position
from app.rounds.schemas import Round
from app.web.schemas import (
    ARTICLE_ID,
    POSITION_ID,
    ArticleRef,
    Item,
    ListQuery,
    Page,
    Reason,
    Sent,
    Shown,
    filter_field,
    sort_field,
)

FactKind = Literal["position", "mediation_offer", "round"]

MAX_CHOICES = 200
"""Drafts that are decided on at once, at most."""


class Proposed(Shown):
    """The fact that a proposal would change."""

    id: str = Field(description="Its id.", examples=[POSITION_ID])
    rev: int = Field(description="Its version; send it as `onto` with the decision.", examples=[2])
    curation: Curation = Field(
        description="How it stands. Once it is withdrawn, the proposal stands for itself.",
        examples=["published"],
    )
    differs: list[str] = Field(
        description="The fields in which the proposal differs from it.", examples=[["stance"]]
    )


class Waiting(Shown):
    """A draft that waits for a decision, with what a decision goes by."""

    id: str = Field(description="Its id.", examples=[POSITION_ID])
    kind: FactKind = Field(description="The kind of fact.", examples=["position"])
    rev: int = Field(description="Its version; send it with the decision.", examples=[1])
    article: ArticleRef = Field(description="The source document.")
    rule: str | None = Field(
        description="The rule of the extractor that found it; null if a person wrote it.",
        examples=["quote-verb-source"],
    )
    confidence: float | None = Field(
        description="How sure the extractor was, from 0 to 1.", examples=[0.87]
    )
    method: str = Field(
        description="How this version came about.", examples=["extracted by rules 1"]
    )
    recorded_in: int = Field(description="The change that wrote it.", examples=[2])
    proposes: Proposed | None = Field(
        description="For a proposal, the fact that it would change; null for a new fact.",
        examples=[None],
    )
    fact: Position | MediationOffer | Round = Field(
        description="What it says, as its own address shows it to those with a key."
    )


class WaitingPage(Page[Waiting]):
    """A page of what waits for review."""


class ReviewQuery(ListQuery):
    """What the list of what waits for review takes."""

    article: str | None = filter_field("The article, by id.", ARTICLE_ID, "Article")
    kind: str | None = filter_field(
        "The kind of fact: `position`, `mediation_offer` or `round`.", "position", "Kind of fact"
    )
    what: Literal["draft", "proposal"] | None = Field(
        default=None,
        title="What",
        description="`draft`: only new facts. `proposal`: only what an extractor would change.",
        examples=["proposal"],
    )
    below: float | None = Field(
        default=None,
        title="Below",
        ge=0,
        le=1,
        description="Only what the extractor was less sure of than this.",
        examples=[0.7],
    )
    sort: Literal["confidence", "-confidence", "recorded_in", "-recorded_in"] = sort_field(
        "confidence"
    )


class ChoiceSent(Sent):
    """A draft that is decided on."""

    id: str = Field(max_length=80, description="Its id.", examples=[POSITION_ID])
    rev: int = Field(
        ge=1,
        lt=2**31,
        description="Its version as you read it; 412 if it has another by now.",
        examples=[1],
    )
    onto: int | None = Field(
        default=None,
        ge=1,
        lt=2**31,
        description="For a proposal: the version of its fact as you read it. Without it, a fact "
        "that was changed after the proposal was made is a 412.",
        examples=[None],
    )


class Decisions(Sent):
    """What is decided, of which drafts, and why."""

    decision: Literal["accept", "reject"] = Field(
        description="`accept` publishes them, `reject` withdraws them.", examples=["accept"]
    )
    reason: Reason
    facts: list[ChoiceSent] = Field(
        min_length=1,
        max_length=MAX_CHOICES,
        description="The drafts: all of them in one change, or none.",
    )


class Done(Shown):
    """A version that a decision wrote."""

    kind: FactKind = Field(description="The kind of fact.", examples=["position"])
    id: str = Field(description="Its id.", examples=[POSITION_ID])
    rev: int = Field(description="Number of the version.", examples=[2])
    change_type: ChangeType = Field(
        description="What it does to the version before.", examples=["new"]
    )
    curation: Curation = Field(description="How it stands now.", examples=["published"])


class Decided(Shown):
    """What a decision wrote."""

    change: int = Field(description="The change that was written.", examples=[3])
    versions: list[Done] = Field(
        description="The versions written. An accepted proposal writes two: its fact's, and its "
        "own, merged into that."
    )


class DecidedItem(Item[Decided]):
    """What a decision wrote."""
