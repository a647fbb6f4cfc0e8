"""Countries: filters and what is shown."""

from typing import Literal

from pydantic import Field

from app.web.schemas import Item, ListQuery, Page, Shown, filter_field, sort_field


class Region(Shown):
    """A region of the UN's M49 standard."""

    code: str = Field(description="M49 code.", examples=["034"])
    name: str = Field(description="Its name.", examples=["Southern Asia"])


class Country(Shown):
    """A state or territory. What it is called here says nothing about its status."""

    code: str = Field(description="ISO 3166-1 alpha-3; XKX for Kosovo.", examples=["PAK"])
    alpha2: str = Field(description="ISO 3166-1 alpha-2; XK for Kosovo.", examples=["PK"])
    numeric: str | None = Field(
        description="ISO 3166-1 numeric, three digits; null for a user-assigned code.",
        examples=["586"],
    )
    name: str = Field(description="Its name in news copy.", examples=["Pakistan"])
    official_name: str | None = Field(
        description="Its official name, if it differs.", examples=["Islamic Republic of Pakistan"]
    )
    aliases: list[str] = Field(
        description="Other names and spellings that lead to it.", examples=[["Turkey"]]
    )
    demonyms: list[str] = Field(
        description="Its adjectives and its people; they lead to it too.",
        examples=[["Pakistani", "Pakistanis"]],
    )
    metonyms: list[str] = Field(
        description="Capitals and institutions that stand for its government.",
        examples=[["Islamabad"]],
    )
    region: Region | None = Field(
        description="Its UN M49 sub-region.", examples=[{"code": "034", "name": "Southern Asia"}]
    )
    wikidata: str | None = Field(description="Its Wikidata item.", examples=["Q843"])
    user_assigned: bool = Field(
        description="Whether the codes are user-assigned, not ISO's own.", examples=[False]
    )


class CountryPage(Page[Country]):
    """A page of countries."""


class CountryItem(Item[Country]):
    """One country."""


class CountryQuery(ListQuery):
    """What the list of countries takes."""

    country: str | None = filter_field("By code or any known name.", "turkey", "Country")
    region: str | None = filter_field("UN M49 sub-region, by code.", "034", "Region")
    sort: Literal["code", "-code", "name", "-name"] = sort_field("code")
