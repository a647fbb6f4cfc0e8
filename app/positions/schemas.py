"""Positions: filters and what is shown."""

from typing import Any, Literal

from pydantic import Field

from app.codelists import Modality, Precision, Stance, Tone
from app.web.facts import FactQuery, Revision, VersionFields
from app.web.schemas import (
    ARTICLE_ID,
    POSITION_ID,
    QUOTATION,
    Actor,
    ArticleRef,
    AsOf,
    CountryRef,
    Evidence,
    GroupRef,
    Item,
    ItemLinks,
    ItemMeta,
    OfficialRef,
    Page,
    Query,
    Shown,
    TopicRef,
    date_field,
    filter_field,
    sort_field,
)

MAX_SOURCES = 1_000_000


class Clause(Shown):
    """Something that a position depends on, in our own words."""

    text: str = Field(
        description="In our own words.", examples=["The decision of the UN Security Council."]
    )
    group: GroupRef | None = Field(
        description="The body concerned, if one is.",
        examples=[{"slug": "un-security-council", "name": "UN Security Council"}],
    )


class Position(VersionFields):
    """What an actor said on a topic. It tells what was said, never what is so."""

    id: str = Field(description="Stable id.", examples=[POSITION_ID])
    country: CountryRef | None = Field(
        description="On whose behalf: the country.", examples=[{"code": "PAK", "name": "Pakistan"}]
    )
    body: GroupRef | None = Field(
        description="On whose behalf: the body.",
        examples=[{"slug": "pakistan-foreign-office", "name": "Foreign Office of Pakistan"}],
    )
    speaker: OfficialRef | None = Field(
        description="Who said it; null where the evidence names nobody.",
        examples=[{"slug": "tahir-andrabi", "name": "Tahir Andrabi"}],
    )
    speaker_role: str | None = Field(
        description="In which role, as the evidence gives it.",
        examples=["Foreign Office spokesperson"],
    )
    topic: TopicRef = Field(
        description="On which topic.", examples=[{"slug": "ceasefire", "name": "Ceasefire"}]
    )
    stance: Stance = Field(
        description="What the actor does by saying it.", examples=["declines_to_say"]
    )
    tone: Tone = Field(description="The tone that the stance has.", examples=["neutral"])
    modality: Modality = Field(description="In which mode it is put.", examples=["actual"])
    proposition: str = Field(
        description="What is said, in our own words, at most 300 characters.",
        examples=[
            "With a long border and scattered reports of incidents, it cannot be said whether the "
            "ceasefire holds."
        ],
    )
    quotation: str | None = Field(
        description="The speaker's own words: `exact` of the first direct evidence. Null where "
        "none is on record.",
        examples=[QUOTATION],
    )
    targets: list[Actor] = Field(
        description="Whom it is directed at or about.",
        examples=[
            [
                {
                    "country": {"code": "AFG", "name": "Afghanistan"},
                    "group": {"slug": "afghan-taliban-regime", "name": "Afghan Taliban regime"},
                }
            ]
        ],
    )
    conditions: list[Clause] = Field(
        description="What has to be met first.",
        examples=[
            [
                {
                    "text": "The Taliban take clear action against anti-Pakistan elements.",
                    "group": {"slug": "afghan-taliban-regime", "name": "Afghan Taliban regime"},
                }
            ]
        ],
    )
    awaits: list[Clause] = Field(
        description="What the actor says it waits for.",
        examples=[
            [
                {
                    "text": "The decision of the UN Security Council.",
                    "group": {"slug": "un-security-council", "name": "UN Security Council"},
                }
            ]
        ],
    )
    decided_by: list[Clause] = Field(
        description="Who is said to decide.",
        examples=[
            [
                {
                    "text": "The highest level, Parliament included.",
                    "group": {"slug": "parliament-of-pakistan", "name": "Parliament of Pakistan"},
                }
            ]
        ],
    )
    said_on: str | None = Field(
        description="When it was said, no finer than the evidence gives it: a day, a month "
        "(2025-11), a year (2025), or null.",
        examples=["2025-11-14"],
    )
    said_on_precision: Precision = Field(
        description="How much of the date the evidence gives.", examples=["day"]
    )
    reported_via: GroupRef | None = Field(
        description="The agency that reports it, where the evidence names one.",
        examples=[{"slug": "pti", "name": "Press Trust of India"}],
    )
    sources: int = Field(description="How many articles have it.", examples=[1])
    independent_sources: int = Field(
        description="From how many origins these articles have it: what several papers print from "
        "one agency counts once.",
        examples=[1],
    )
    articles: list[ArticleRef] = Field(
        description="The articles that the evidence stands in.",
        examples=[[{"id": ARTICLE_ID, "headline": "Pakistan Says Talks ..."}]],
    )
    evidence: list[Evidence] = Field(description="The words that prove it.")


class PositionPage(Page[Position]):
    """A page of positions."""


class PositionItem(Item[Position]):
    """One position."""


class PositionRevision(Revision[Position]):
    """One version of a position."""


class PositionHistory(Page[PositionRevision]):
    """The versions of a position."""


def _number(description: str, example: int) -> Any:
    """One end of a range of a number."""
    return Field(default=None, ge=1, le=MAX_SOURCES, description=description, examples=[example])


class PositionFilters(Query):
    """What positions can be filtered by."""

    country: str | None = filter_field(
        "On whose behalf: a country by alpha-3, alpha-2 or any known name.", "PAK", "Country"
    )
    body: str | None = filter_field(
        "On whose behalf: a body by slug or known name.", "pakistan-foreign-office", "Body"
    )
    speaker: str | None = filter_field("Who said it, by slug or name.", "tahir-andrabi", "Speaker")
    target: str | None = filter_field(
        "Whom it is directed at or about: a country (its bodies included) or a body.",
        "AFG",
        "Target",
    )
    stance: str | None = filter_field(
        "What the actor does; see `/v1/codes/stance`.", "declines_to_say", "Stance"
    )
    tone: str | None = filter_field(
        "The tone of the stance: cooperative, neutral, conflictual.", "neutral", "Tone"
    )
    modality: str | None = filter_field("The mode; see `/v1/codes/modality`.", "actual", "Modality")
    article: str | None = filter_field(
        "The article that evidence stands in, by id.", ARTICLE_ID, "Article"
    )
    said_from: str | None = date_field("said on or after", "2025-11-01")
    said_to: str | None = date_field("said on or before", "2025-11-30")
    sources_from: int | None = _number("Said in at least so many articles.", 2)
    sources_to: int | None = _number("Said in at most so many articles.", 1)
    independent_sources_from: int | None = _number(
        "From at least so many independent origins: what papers print from one agency is one.", 2
    )
    independent_sources_to: int | None = _number("From at most so many independent origins.", 1)
    q: str | None = Field(
        default=None,
        title="Search",
        max_length=500,
        description="Words that must all occur in the proposition or the quotation, whatever "
        'their case and accents; `"a phrase"` in this order, `attack*` for a beginning. Words are '
        "not stemmed.",
        examples=["ceasefire border"],
    )


class TopicFilters(PositionFilters):
    """What positions can be filtered by, the topic included."""

    topic: str | None = filter_field(
        "The topic, narrower ones included; see `/v1/topics`.", "ceasefire", "Topic"
    )


class _PositionList(FactQuery):
    sort: Literal["-said_on", "said_on", "-recorded_in", "recorded_in"] = sort_field("-said_on")


class PositionQuery(_PositionList, TopicFilters):
    """What the list of positions takes."""


class TopicPositionQuery(_PositionList, PositionFilters):
    """What the list of a topic's positions takes."""


Dimension = Literal[
    "country", "body", "speaker", "topic", "stance", "tone", "modality", "month", "year"
]

MAX_CELLS = 10_000


class CountQuery(TopicFilters):
    """What the counts take."""

    as_of: AsOf = None

    by: list[Dimension] = Field(
        title="Count by",
        min_length=1,
        max_length=3,
        description="What to count by, one to three: `by=country&by=topic` makes a matrix, "
        "`by=month` a time series.",
        examples=[["country", "topic"]],
    )


class CountCell(Shown):
    """How many positions there are of one combination. It has the dimensions asked for."""

    country: CountryRef | None = Field(
        default=None, description="The country.", examples=[{"code": "PAK", "name": "Pakistan"}]
    )
    body: GroupRef | None = Field(
        default=None,
        description="The body.",
        examples=[{"slug": "pakistan-foreign-office", "name": "Foreign Office of Pakistan"}],
    )
    speaker: OfficialRef | None = Field(
        default=None,
        description="The speaker.",
        examples=[{"slug": "tahir-andrabi", "name": "Tahir Andrabi"}],
    )
    topic: TopicRef | None = Field(
        default=None,
        description="The topic.",
        examples=[{"slug": "mediation", "name": "Mediation"}],
    )
    stance: Stance | None = Field(default=None, description="The stance.", examples=["appreciates"])
    tone: Tone | None = Field(default=None, description="The tone.", examples=["cooperative"])
    modality: Modality | None = Field(default=None, description="The mode.", examples=["actual"])
    month: str | None = Field(
        default=None,
        description="The month said; null where the evidence gives none.",
        examples=["2025-11"],
    )
    year: str | None = Field(
        default=None,
        description="The year said; null where the evidence gives none.",
        examples=["2025"],
    )
    count: int = Field(description="How many positions.", examples=[2])


class CountMeta(ItemMeta):
    """About counts."""

    total: int = Field(description="The sum of the cells: all that match.", examples=[13])
    cells: int = Field(description="How many cells there are; none is empty.", examples=[7])
    filters: dict[str, list[str]] = Field(
        description="How the filters were read.", examples=[{"country": ["PAK"]}]
    )


class Counts(Shown):
    """Counts of positions."""

    data: list[CountCell] = Field(description="The cells, ordered by their dimensions.")
    meta: CountMeta = Field(description="About the counts.")
    links: ItemLinks = Field(description="Where to go.")
