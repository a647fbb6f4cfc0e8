"""Code lists: what is shown."""

from pydantic import Field

from app.web.schemas import ItemLinks, Shown


class Code(Shown):
    """One code."""

    code: str = Field(description="The code.", examples=["declines_to_say"])
    definition: str = Field(
        description="What it means.", examples=["Says that it will not or cannot say."]
    )
    cameo: str | None = Field(
        description="The CAMEO code that it is closest to; null where CAMEO has none.",
        examples=["011"],
    )
    plover: str | None = Field(
        description="The PLOVER event type; `dropped` where PLOVER left the CAMEO category out; "
        "null where neither scheme describes it.",
        examples=["dropped"],
    )
    tone: str | None = Field(
        description="For stances: the tone that it has; else null.", examples=["neutral"]
    )


class CodeList(Shown):
    """A closed vocabulary."""

    name: str = Field(description="Its name.", examples=["stance"])
    description: str = Field(
        description="What it is for.", examples=["What an actor does by saying it."]
    )
    codes: list[Code] = Field(description="Its codes.")


class CodeLists(Shown):
    """All code lists."""

    data: list[CodeList] = Field(description="The lists.")
    links: ItemLinks = Field(description="Where to go.")


class CodeListItem(Shown):
    """One code list."""

    data: CodeList = Field(description="The list.")
    links: ItemLinks = Field(description="Where to go.")
