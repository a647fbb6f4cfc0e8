"""Changes: filters and what is shown."""

from typing import Literal

from pydantic import Field, model_validator

from app.articles.schemas import Article
from app.codelists import ChangeKind, ChangeType
from app.countries.schemas import Country
from app.groups.schemas import Group
from app.mediation.schemas import MediationOffer
from app.officials.schemas import Official
from app.positions.schemas import Position
from app.rounds.schemas import Round
from app.topics.schemas import Topic
from app.web.schemas import (
    ARTICLE_ID,
    MAX_LIMIT,
    POSITION_ID,
    ArticleRef,
    Item,
    ListQuery,
    Page,
    Shown,
    filter_field,
    sort_field,
)

Noun = Literal[
    "country", "group", "official", "topic", "article", "position", "mediation_offer", "round"
]


class Touched(Shown):
    """How many versions of one kind and change type a change wrote."""

    kind: Noun = Field(description="The kind of entity.", examples=["position"])
    change_type: ChangeType = Field(description="What was done to them.", examples=["new"])
    count: int = Field(description="How many.", examples=[13])


class WrittenVersion(Shown):
    """A version that a change wrote, and what it says."""

    kind: Noun = Field(description="The kind of entity.", examples=["position"])
    id: str = Field(description="Its id, code or slug.", examples=[POSITION_ID])
    rev: int = Field(description="The version written.", examples=[1])
    change_type: ChangeType = Field(description="What was done to it.", examples=["new"])
    merged_into: str | None = Field(
        description="For a merged fact: the id of the fact that goes on.", examples=[None]
    )
    entry: (
        Position | MediationOffer | Round | Article | Official | Group | Country | Topic | None
    ) = Field(
        description="The entity as the change left it, as its own address shows it; null where it "
        "was withdrawn or merged. Names in it are those of that moment.",
        examples=[None],
    )


class Change(Shown):
    """One transaction on the record."""

    seq: int = Field(
        description="Its number: without a gap, in the order of commits. 0 is the reference data "
        "that the record starts from.",
        examples=[1],
    )
    at: str = Field(
        description="When it was recorded (RFC 3339, UTC).",
        examples=["2026-01-05T09:30:00.000000Z"],
    )
    kind: ChangeKind = Field(description="What sort of transaction.", examples=["ingest"])
    by: str = Field(description="Who wrote it.", examples=["seed"])
    reason: str | None = Field(
        description="Why, for anything but a first recording.", examples=[None]
    )
    article: ArticleRef | None = Field(description="The article whose record came in.")
    method: str = Field(description="How the facts came about.", examples=["curated by hand"])
    software: str = Field(description="The code that stored it.", examples=["onrecord 0.1.0"])
    touched: list[Touched] = Field(description="What it wrote, counted.")


class ChangeDetail(Change):
    """One transaction on the record, with every version that it wrote."""

    versions: list[WrittenVersion] = Field(
        description=f"The versions that it wrote, by kind and identifier: the first {MAX_LIMIT}; "
        "`/v1/changes/{seq}/versions` pages through all of them."
    )


class ChangePage(Page[Change]):
    """A page of changes."""


class ChangeItem(Item[ChangeDetail]):
    """One change."""


class VersionPage(Page[WrittenVersion]):
    """A page of the versions that a change wrote."""


class VersionQuery(ListQuery):
    """What the list of a change's versions takes."""

    sort: Literal["name"] = Field(
        default="name",
        title="Order",
        description="By kind and identifier; there is no other order.",
        examples=["name"],
    )


class ChangeQuery(ListQuery):
    """What the list of changes takes."""

    kind: str | None = filter_field(
        "What sort of transaction; see `/v1/codes/change-kind`.", "ingest", "Kind"
    )
    article: str | None = filter_field(
        "The article whose record came in, by id.", ARTICLE_ID, "Article"
    )
    since: int | None = Field(
        default=None,
        ge=-1,
        lt=2**63,
        title="Since",
        description="Only changes after this one, in order unless `sort` says otherwise: what a "
        "consumer that has followed the record up to here asks for. -1 gives them all.",
        examples=[0],
    )
    sort: Literal["-seq", "seq"] = sort_field("-seq")

    @model_validator(mode="after")
    def _in_order(self) -> "ChangeQuery":
        if self.since is not None and "sort" not in self.model_fields_set:
            self.sort = "seq"
        return self
