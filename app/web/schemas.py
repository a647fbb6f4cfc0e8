"""The parts that answers are made of, and the parameters that every list takes."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.codelists import ProblemType, QuoteType
from app.faults import storable

T = TypeVar("T")

MAX_LIMIT = 200
DEFAULT_LIMIT = 20
COUNT_CAP = 10_000
"""Matches up to which a total is exact; beyond, it is on demand."""

UNTALLIED_CAP = 500
"""The same for positions where no tally is kept of what the filters ask for."""

PAST_CAP = 50
"""The same for a past moment, of which less is kept; or the limit of the page if that is more."""

SEARCH_CAP = MAX_LIMIT
"""The same for a search, at any moment."""

ARTICLE_ID = "art_scfda635kzgz3rk6"
POSITION_ID = "pos_p7fa7rnyooqcoefj"
OFFER_ID = "med_hfq4myi2tga66pbi"
ROUND_ID = "rnd_4ogsa5dh4sfsjjva"
"""Ids of the first article and of facts in it, for examples."""

CURSOR = (
    "29WlDY7MWzEsIi1zYWlkX29uIiwiYzk1NWE5ODc5NTU5IiwiMjAyNS0xMS0x"
    "NCIsInBvc19xNmx0ZGhjdnJ4bWtzZXByIl0"
)
"""The cursor after three positions of the first article."""

QUOTATION = (
    "It is a long border. We keep receiving reports on incidents here and there. So, it is a "
    "difficult situation. I am not in a position to say whether the ceasefire is holding or not "
    "holding, but it is a difficult situation"
)


class Shown(BaseModel):
    """A part of an answer: all of its fields are always there."""

    # What checks it is for the OpenAPI document alone, and made when that is asked for.
    model_config = ConfigDict(extra="forbid", defer_build=True)


class CountryRef(Shown):
    """A state or territory, in short."""

    code: str = Field(description="ISO 3166-1 alpha-3, or XKX.", examples=["PAK"])
    name: str = Field(description="Its name in news copy.", examples=["Pakistan"])


class GroupRef(Shown):
    """A body, in short."""

    slug: str = Field(description="Its slug.", examples=["pakistan-foreign-office"])
    name: str = Field(description="Its name.", examples=["Foreign Office of Pakistan"])


class OfficialRef(Shown):
    """A person, in short."""

    slug: str = Field(description="The slug.", examples=["tahir-andrabi"])
    name: str = Field(description="The name.", examples=["Tahir Andrabi"])


class TopicRef(Shown):
    """A subject, in short."""

    slug: str = Field(description="Its slug.", examples=["ceasefire"])
    name: str = Field(description="Its name.", examples=["Ceasefire"])


class ArticleRef(Shown):
    """A source document, in short."""

    id: str = Field(description="Its id.", examples=[ARTICLE_ID])
    headline: str = Field(
        description="Its headline.",
        examples=[
            "Pakistan Says Talks With Afghanistan At A Stalemate Over Cross-Border Terror Concerns"
        ],
    )


class Actor(Shown):
    """A country, or a group with the country that it belongs to (if to any)."""

    country: CountryRef | None = Field(
        description="The country itself, or the country of the group.",
        examples=[{"code": "AFG", "name": "Afghanistan"}],
    )
    group: GroupRef | None = Field(
        description="The group; null where the country itself is meant.",
        examples=[{"slug": "afghan-taliban-regime", "name": "Afghan Taliban regime"}],
    )


class Evidence(Shown):
    """The words that prove a fact: a place in an article's text, and a hash of what stands there.

    The place is a W3C Web Annotation TextPositionSelector, the words with what surrounds them a
    TextQuoteSelector. Only words that somebody spoke are served.
    """

    article: ArticleRef = Field(
        description="The source document.",
        examples=[{"id": ARTICLE_ID, "headline": "Pakistan Says Talks ..."}],
    )
    start: int = Field(
        description="First code point of the selection in the article's text; the quotation mark "
        "counts.",
        examples=[2249],
    )
    end: int = Field(description="The code point after the selection.", examples=[2471])
    exact: str | None = Field(
        description="Direct speech: the spoken words, without the outer quotation marks and a "
        "comma before the closing one. Null for a reporter's words.",
        examples=[QUOTATION],
    )
    prefix: str = Field(
        description="What stands just before the selection, to tell like places apart.",
        examples=[" be definitive. "],
    )
    suffix: str = Field(description="What stands just after the selection.", examples=[" he said."])
    exact_sha256: str = Field(
        description="SHA-256 (hex, of UTF-8): of `exact` for direct speech, else of the selection.",
        examples=["3ec2ff17b7f8504ed036317d56d2df8ee3fb41f2e3ba7cc58dba4dde50e16d73"],
    )
    quote_type: QuoteType = Field(description="How the words carry the fact.", examples=["direct"])
    cue: str | None = Field(
        description="The word in the text that attributes the statement.", examples=["said"]
    )
    source_text: str | None = Field(
        description="How the text names the source at this place.", examples=["he"]
    )


class Coverage(Shown):
    """What an empty answer was looked for in, so that it is not read as more than it is."""

    on_record: int = Field(
        description="How many entries of this kind the record holds in all.", examples=[13]
    )
    articles: int = Field(description="How many articles the record covers.", examples=[1])
    published_from: str | None = Field(
        description="When the earliest of them appeared.", examples=["2025-11-15"]
    )
    published_to: str | None = Field(
        description="When the latest of them appeared.", examples=["2025-11-15"]
    )
    note: str = Field(
        description="The same in words, with what to ask instead where the record knows.",
        examples=[
            "None of the 13 positions on record matches. The record covers 1 article, published "
            "2025-11-15; silence in it is not evidence that nothing was said."
        ],
    )


class ItemMeta(Shown):
    """About an answer."""

    record_version: int | None = Field(
        description="The number of the last change that the answer takes in; null before the "
        "first.",
        examples=[1],
    )
    as_of: str | None = Field(
        description="The moment asked for; null for the present.", examples=[None]
    )


class ListMeta(ItemMeta):
    """About a list."""

    total: int = Field(description="How many entries match, over all pages.", examples=[13])
    total_relation: str = Field(
        description="`eq`: the total is exact. `gte`: there are at least so many; ask for "
        "`total=exact` to have them counted.",
        pattern="^(eq|gte)$",
        examples=["eq"],
    )
    filters: dict[str, list[str]] = Field(
        description="How the filters were read: names resolved to codes, a leading `!` for those "
        "left out.",
        examples=[{"country": ["PAK"], "topic": ["ceasefire"]}],
    )
    coverage: Coverage | None = Field(
        description="For an empty answer, what it covers; else null.", examples=[None]
    )


class ItemLinks(Shown):
    """Where to go from an item."""

    self: str = Field(
        description="The versioned address of this answer.",
        examples=[f"/v1/positions/{POSITION_ID}"],
    )


class ListLinks(Shown):
    """Where to go from a list."""

    self: str = Field(
        description="The versioned address of this page.", examples=["/v1/positions?limit=3"]
    )
    next: str | None = Field(
        description="The next page of the same record version; null on the last.",
        examples=[f"/v1/positions?limit=3&cursor={CURSOR}"],
    )


class Page(Shown, Generic[T]):
    """A page of a list."""

    data: list[T] = Field(description="The entries.")
    meta: ListMeta = Field(description="About the list.")
    links: ListLinks = Field(description="Where to go.")


class Item(Shown, Generic[T]):
    """One entry."""

    data: T = Field(description="The entry.")
    meta: ItemMeta = Field(description="About the answer.")
    links: ItemLinks = Field(description="Where to go.")


class PartialPage(Page[dict[str, Any]]):
    """A page asked for with `fields`: its entries have those fields only."""

    data: list[dict[str, Any]] = Field(
        description="The entries, cut to the fields asked for.",
        examples=[[{"id": POSITION_ID, "stance": "declines_to_say"}]],
    )


class PartialItem(Item[dict[str, Any]]):
    """An item asked for with `fields`: it has those fields only."""

    data: dict[str, Any] = Field(
        description="The entry, cut to the fields asked for.",
        examples=[{"id": POSITION_ID, "stance": "declines_to_say"}],
    )


class ProblemFault(Shown):
    """One thing that is wrong with a request."""

    detail: str = Field(
        description="What is wrong.", examples=["No such parameter; see `allowed`."]
    )
    parameter: str | None = Field(
        default=None, description="The parameter at fault.", examples=["contry"]
    )
    pointer: str | None = Field(
        default=None,
        description="The place in the body at fault.",
        examples=["positions[4].evidence[0].start"],
    )
    allowed: list[str] | None = Field(
        default=None, description="What is allowed, if it can be listed.", examples=[["country"]]
    )
    suggestion: str | None = Field(
        default=None, description="What was probably meant.", examples=["country"]
    )


class Problem(Shown):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(
        description="The sort of problem: an address that explains it.",
        examples=[f"/v1/codes/problem#{ProblemType.INVALID_REQUEST.value}"],
    )
    title: str = Field(
        description="The sort of problem in words.", examples=["The request is not as documented"]
    )
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(
        description="What went wrong this time.",
        examples=["contry: no such parameter. Did you mean country?"],
    )
    instance: str = Field(description="The path asked for.", examples=["/v1/positions"])
    errors: list[ProblemFault] = Field(
        description="Everything that is wrong, one by one.",
        examples=[
            [{"parameter": "contry", "detail": "No such parameter.", "suggestion": "country"}]
        ],
    )
    request_id: str | None = Field(
        description="Quote this when you report it; also in the X-Request-ID header.",
        examples=["5f1c9d8e6b7a4c3d2e1f0a9b8c7d6e5f"],
    )


# What is sent


class Sent(BaseModel):
    """What is sent; a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid")

    _storable = field_validator("*")(storable)


Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1000,
        pattern=r"\S",
        description="Why. It is public, and stays.",
        examples=["The spokesperson welcomed the offer; the record had him merely appreciate it."],
    ),
]

Curating = Annotated[
    Literal["published", "draft"],
    Field(
        description="Public at once, or a draft that only those with a key see.",
        examples=["published"],
    ),
]


# Parameters

Limit = Annotated[
    int,
    Field(
        ge=1,
        le=MAX_LIMIT,
        title="Page size",
        description=f"Entries on a page, 1 to {MAX_LIMIT}; more is refused, not cut.",
        examples=[20],
    ),
]
Cursor = Annotated[
    str | None,
    Field(
        title="Cursor",
        description="From `links.next` of the page before, as it is. It pins the record version, "
        "so that pages fit together while new facts arrive. It goes with the same filters and "
        "sort.",
        examples=[CURSOR],
    ),
]
Fields = Annotated[
    str | None,
    Field(
        title="Fields",
        description="Only these fields of each entry, separated by commas; its identifier always "
        "comes along.",
        examples=["id"],
    ),
]
AsOf = Annotated[
    str | None,
    Field(
        title="As of",
        max_length=40,
        description="The record as it stood then: the number of a change, or a time (RFC 3339; a "
        "`+` is written `%2B`). Such an answer never changes. Without it, the present.",
        examples=["1"],
    ),
]
Total = Annotated[
    Literal["exact"] | None,
    Field(
        title="Exact total",
        description="`exact` counts all matches. Else counting stops where it would cost more than "
        f"the page: at {COUNT_CAP:,}, for positions at {UNTALLIED_CAP:,} where the filters are on "
        "more than country, body, speaker, topic, stance, modality and whole months, for a search "
        f"at {SEARCH_CAP:,}, for a past moment at {PAST_CAP:,} (or `limit`), and at a sample of "
        "what has a target that very many share.",
        examples=["exact"],
    ),
]


class Query(BaseModel):
    """The query parameters of a path: those named here and no others."""

    model_config = ConfigDict(extra="forbid")


class ItemQuery(Query):
    """What an item takes."""

    fields: Fields = None
    as_of: AsOf = None


class ListQuery(Query):
    """What every list takes."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None
    fields: Fields = None
    total: Total = None
    as_of: AsOf = None


def sort_field(default: str) -> Any:
    """The `sort` parameter of a list."""
    return Field(
        default=default,
        title="Order",
        description="What the list is ordered by; a leading `-` is descending. Equal entries are "
        "ordered by identifier.",
        examples=[default],
    )


def filter_field(description: str, example: str | None, title: str) -> Any:
    """A filter of alternatives."""
    return Field(
        default=None,
        title=title,
        max_length=2000,
        description=f"{description} Alternatives are joined by `|`; a leading `!` on each leaves "
        "them out.",
        examples=[example],
    )


def date_field(what: str, example: str) -> Any:
    """One end of a range of dates."""
    return Field(
        default=None,
        title=what[:1].upper() + what[1:],
        max_length=10,
        description=f"{what[:1].upper() + what[1:]}, this day included. A month (2025-11) or a "
        "year means all of it. Entries without a date do not match; one known to the month or the "
        "year counts from its first day.",
        examples=[example],
    )
