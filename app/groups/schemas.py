"""Groups: filters and what is shown."""

from typing import Literal

from pydantic import Field

from app.codelists import GroupKind
from app.web.schemas import (
    Actor,
    CountryRef,
    Evidence,
    Item,
    ListQuery,
    Page,
    Shown,
    filter_field,
    sort_field,
)


class Label(Shown):
    """A name that one side uses for a group, and that the record does not make its own."""

    text: str = Field(description="The label.", examples=["Fitnah-Al-Khawaraj"])
    used_by: Actor = Field(
        description="Who uses it.",
    )
    evidence: list[Evidence] = Field(description="The words that show it in use.")


class Group(Shown):
    """A body that acts or is addressed."""

    slug: str = Field(description="Stable slug.", examples=["pakistan-foreign-office"])
    name: str = Field(description="Its name.", examples=["Foreign Office of Pakistan"])
    kind: GroupKind = Field(description="What sort of body it is.", examples=["ministry"])
    country: CountryRef | None = Field(
        description="The country it belongs to or governs in; null where to none.",
        examples=[{"code": "PAK", "name": "Pakistan"}],
    )
    aliases: list[str] = Field(
        description="Other names that lead to it.", examples=[["Pakistan Foreign Office"]]
    )
    labels: list[Label] = Field(description="Names that one side uses for it.")
    wikidata: str | None = Field(description="Its Wikidata item.", examples=["Q37470"])


class GroupPage(Page[Group]):
    """A page of groups."""


class GroupItem(Item[Group]):
    """One group."""


class GroupQuery(ListQuery):
    """What the list of groups takes."""

    group: str | None = filter_field("By slug or any known name.", "TTP", "Group")
    kind: str | None = filter_field(
        "What sort of body; see `/v1/codes/group-kind`.", "ministry", "Kind"
    )
    country: str | None = filter_field("The country it belongs to.", "PAK", "Country")
    sort: Literal["slug", "-slug", "name", "-name"] = sort_field("slug")
