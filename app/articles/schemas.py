"""Articles: filters and what is shown."""

from typing import Annotated, Literal, Self

from pydantic import Field, WrapValidator, model_validator

from app.codelists import ChangeType
from app.ingest.record import ArticleRecord
from app.web.schemas import (
    ARTICLE_ID,
    POSITION_ID,
    Curating,
    GroupRef,
    Item,
    ListQuery,
    Page,
    Query,
    Reason,
    Sent,
    Shown,
    date_field,
    filter_field,
    sort_field,
)


class Article(Shown):
    """A source document. Its text is never served; the hash tells which is meant."""

    id: str = Field(description="Stable id, from the text.", examples=[ARTICLE_ID])
    headline: str = Field(
        description="Its headline.",
        examples=[
            "Pakistan Says Talks With Afghanistan At A Stalemate Over Cross-Border Terror Concerns"
        ],
    )
    publisher: GroupRef = Field(
        description="Who published it.", examples=[{"slug": "outlook-india", "name": "Outlook"}]
    )
    agency: GroupRef | None = Field(
        description="The agency that supplied it or a part of it.",
        examples=[{"slug": "pti", "name": "Press Trust of India"}],
    )
    byline: str | None = Field(
        description="Who wrote it, as printed.",
        examples=["Outlook News Desk; curated by Saher Hiba Khan"],
    )
    published_on: str = Field(description="The day it appeared.", examples=["2025-11-15"])
    url: str | None = Field(description="Its address, where the record knows it.", examples=[None])
    language: str = Field(description="Its language (BCP 47).", examples=["en"])
    text_sha256: str = Field(
        description="SHA-256 (hex) of its text in UTF-8; all offsets count in that text.",
        examples=["ce54a64cad0bfbe1e5fe6b763fe469df18ab79bacc6d8a7ca3c17aa26f1d8e5e"],
    )
    characters: int = Field(
        description="Length of the text in Unicode code points.", examples=[4305]
    )
    rights: str = Field(
        description="Whose rights in the text are to be kept.",
        examples=["Outlook India, with inputs from PTI."],
    )


class ArticlePage(Page[Article]):
    """A page of articles."""


class ArticleItem(Item[Article]):
    """One article."""


EMPTY_RECORD = {
    "format": "onrecord/article-record/1",
    "article": {
        "headline": "Pakistan Says Talks With Afghanistan At A Stalemate",
        "publisher": "outlook-india",
        "published_on": "2025-11-15",
        "language": "en",
        "text_sha256": "ce54a64cad0bfbe1e5fe6b763fe469df18ab79bacc6d8a7ca3c17aa26f1d8e5e",
        "characters": 4305,
        "rights": "Outlook India, with inputs from PTI.",
    },
    "positions": [],
}
"""A record without facts, for examples."""


class LoadQuery(Query):
    """What loading a record takes."""

    dry_run: bool = Field(
        default=False,
        title="Dry run",
        description="Tell what would be written, and write nothing.",
        examples=[True],
    )


RecordAsSent = Annotated[ArticleRecord, WrapValidator(lambda value, _: value)]
"""A record that is not looked at yet: the way in names all of its faults, not the first few."""


class RecordSent(Sent):
    """An article record, with what goes with it."""

    record: RecordAsSent = Field(description="The record.", examples=[EMPTY_RECORD])
    text: str | None = Field(
        default=None,
        description="The article's text, to check every selector against, now and whenever a fact "
        "of it is curated. It is held, and never served.",
        examples=[None],
    )
    curation: Curating = "published"
    reason: Reason | None = None


class MetaSent(Sent):
    """What is known of an article beside its words; it goes before what the article states."""

    headline: str | None = Field(
        default=None, description="Its headline.", examples=["Talks resume at the border"]
    )
    publisher: str | None = Field(
        default=None, description="Who published it.", examples=["The Ferry Post"]
    )
    agency: str | None = Field(
        default=None, description="The agency that supplied it.", examples=["PTI"]
    )
    byline: str | None = Field(
        default=None, description="Who wrote it, as printed.", examples=["Outlook News Desk"]
    )
    published_on: str | None = Field(
        default=None, description="The day it appeared.", examples=["2025-11-15"]
    )
    url: str | None = Field(
        default=None,
        description="Its address.",
        examples=["https://ferrypost.example/border-talks"],
    )
    language: str | None = Field(
        default=None, description="Its language (BCP 47).", examples=["en"]
    )


FORMS = ("text", "html", "url")
"""In which an article may be sent."""


class ArticleSent(Sent):
    """An article to be read: its text, its HTML or its address, one of them."""

    text: str | None = Field(
        default=None,
        min_length=1,
        description="Its text. It is held, and never served.",
        examples=["Talks resume at the border\n\n“We are ready,” the minister said.\n"],
    )
    html: str | None = Field(
        default=None,
        min_length=1,
        description="Its page.",
        examples=["<html><body><p>“We are ready,” the minister said.</p></body></html>"],
    )
    url: str | None = Field(
        default=None,
        min_length=1,
        max_length=2000,
        description="Its address, or that of a feed. Only public addresses are fetched.",
        examples=["https://ferrypost.example/border-talks"],
    )
    meta: MetaSent = Field(
        default=MetaSent(),
        description="What is known of it.",
        examples=[{"publisher": "The Ferry Post", "published_on": "2025-11-15"}],
    )
    reason: Reason | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.text, self.html, self.url)) != 1:
            raise ValueError("send the text, the html or the url of an article, one of them.")
        return self


class Step(Shown):
    """A version that loading wrote, or would write."""

    kind: Literal["group", "official", "article", "position", "mediation_offer", "round"] = Field(
        description="The kind of entity.", examples=["position"]
    )
    id: str = Field(description="Its id or slug.", examples=[POSITION_ID])
    key: str | None = Field(
        description="For a new fact: its key in the record.", examples=["ceasefire-status"]
    )
    rev: int = Field(description="Number of the version.", examples=[1])
    change_type: ChangeType = Field(
        description="What it does to the version before.", examples=["new"]
    )


class Loading(Shown):
    """What loading a record did."""

    article: str = Field(description="Id of the article.", examples=[ARTICLE_ID])
    change: int | None = Field(
        description="The change that was written; null if everything was on record already, and "
        "on a dry run.",
        examples=[1],
    )
    dry_run: bool = Field(description="Whether nothing was to be written.", examples=[False])
    versions: list[Step] = Field(description="The versions written, in the order of writing.")


class LoadingItem(Item[Loading]):
    """What loading a record did."""


class ArticleQuery(ListQuery):
    """What the list of articles takes."""

    publisher: str | None = filter_field(
        "Who published it, by slug or name.", "outlook-india", "Publisher"
    )
    agency: str | None = filter_field("The agency, by slug or name.", "pti", "Agency")
    language: str | None = filter_field("The language (BCP 47).", "en", "Language")
    published_from: str | None = date_field("published on or after", "2025-11-01")
    published_to: str | None = date_field("published on or before", "2025-11-30")
    sort: Literal["-published_on", "published_on"] = sort_field("-published_on")
