"""Officials: filters and what is shown."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.codelists import EndStatus
from app.web.schemas import (
    CountryRef,
    Evidence,
    GroupRef,
    Item,
    ListQuery,
    Page,
    Shown,
    filter_field,
    sort_field,
)


class Tenure(Shown):
    """A person in a post, as far as the evidence shows."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)

    post: str = Field(description="The post.", examples=["Foreign Office spokesperson"])
    group: GroupRef | None = Field(
        description="The body in which.",
        examples=[{"slug": "pakistan-foreign-office", "name": "Foreign Office of Pakistan"}],
    )
    country: CountryRef | None = Field(
        description="The country for which.", examples=[{"code": "PAK", "name": "Pakistan"}]
    )
    from_: str | None = Field(
        alias="from",
        description="Since when: a day, a month or a year; null where the evidence does not say.",
        examples=[None],
    )
    to: str | None = Field(
        description="Until when; null where the evidence does not say.", examples=[None]
    )
    end_status: EndStatus = Field(
        description="What the record knows of its end.", examples=["in_post"]
    )
    attested_on: str = Field(
        description="A day on which the evidence shows the person in the post.",
        examples=["2025-11-14"],
    )
    evidence: list[Evidence] = Field(description="The words that show it.")


class Official(Shown):
    """A person who holds or held a post."""

    slug: str = Field(description="Stable slug.", examples=["tahir-andrabi"])
    name: str = Field(description="The name.", examples=["Tahir Andrabi"])
    name_variants: list[str] = Field(
        description="Other ways in which the name is written.", examples=[["Andrabi"]]
    )
    wikidata: str | None = Field(description="The Wikidata item.", examples=["Q39259"])
    tenures: list[Tenure] = Field(description="The posts.")


class OfficialPage(Page[Official]):
    """A page of officials."""


class OfficialItem(Item[Official]):
    """One official."""


class OfficialQuery(ListQuery):
    """What the list of officials takes."""

    official: str | None = filter_field("By slug or any known name.", "Erdogan", "Official")
    country: str | None = filter_field("A country for which the post is held.", "PAK", "Country")
    group: str | None = filter_field(
        "A body in which the post is held.", "pakistan-foreign-office", "Group"
    )
    sort: Literal["slug", "-slug", "name", "-name"] = sort_field("slug")
