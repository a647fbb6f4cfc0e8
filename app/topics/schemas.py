"""Topics: filters and what is shown."""

from typing import Literal

from pydantic import Field

from app.codelists import TopicScheme
from app.web.schemas import Item, ListQuery, Page, Shown, TopicRef, filter_field, sort_field


class TopicCode(Shown):
    """What an outside scheme calls a topic."""

    scheme: TopicScheme = Field(description="The scheme.", examples=["iptc"])
    code: str = Field(description="Its code there.", examples=["20000639"])


class Topic(Shown):
    """A subject that positions are on."""

    slug: str = Field(description="Stable slug.", examples=["ceasefire"])
    name: str = Field(description="Its name.", examples=["Ceasefire"])
    description: str = Field(
        description="What belongs here.",
        examples=["Whether fighting has been stopped, and whether the stop holds."],
    )
    broader: TopicRef | None = Field(
        description="The topic above it; null at the top.",
        examples=[{"slug": "security", "name": "Security"}],
    )
    narrower: list[TopicRef] = Field(
        description="The topics below it.",
        examples=[[{"slug": "peace-talks", "name": "Peace talks"}]],
    )
    codes: list[TopicCode] = Field(description="Its codes in outside schemes.")


class TopicPage(Page[Topic]):
    """A page of topics."""


class TopicItem(Item[Topic]):
    """One topic."""


class TopicQuery(ListQuery):
    """What the list of topics takes."""

    broader: str | None = filter_field(
        "Topics directly below this one.", "security", "Broader topic"
    )
    sort: Literal["slug", "-slug", "name", "-name"] = sort_field("slug")
