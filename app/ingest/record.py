"""The article record: the one format in which facts come in, whoever wrote them.

Written in YAML or JSON, published as a JSON Schema (`docs/article-record.schema.json`). It never
holds the article's text: only where in the text the proof stands, and a hash of it.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from app.codelists import (
    EndStatus,
    GroupKind,
    Modality,
    OfferKind,
    OfferStatus,
    Outcome,
    Precision,
    QuoteType,
    Response,
    Stance,
)
from app.dates import PATTERN, parse_date
from app.errors import MAX_SHOWN, brief
from app.faults import storable

MAX_AFFIX = 32
"""Prefix and suffix tell like places apart; more would republish the article piece by piece."""

MAX_CHARACTERS = 2**31 - 1


def _partial_date(value: object) -> str:
    """A year may be written as a number; YAML and Python have days as dates."""
    if isinstance(value, date):
        return str(parse_date(value.isoformat()))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(parse_date(f"{value:04}" if 0 <= value <= 9999 else brief(value)))
    if not isinstance(value, str) or len(value) > MAX_SHOWN:
        raise ValueError(f"{brief(value)} is not a date: write 2025-11-14, 2025-11 or 2025.")
    return str(parse_date(value))


def _day(value: object) -> date:
    """A day, no finer and no coarser. Numbers are none: pydantic would count them from 1970."""
    parsed = parse_date(_partial_date(value))
    if parsed.precision != Precision.DAY:
        raise ValueError(f"{parsed} is not a day: write 2025-11-14.")
    return parsed.first


Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, examples=["pakistan-foreign-office"]),
]
Text = Annotated[
    str,
    Field(min_length=1, max_length=300, pattern=r"^\S(.*\S)?$", examples=["Foreign Office"]),
]
When = Annotated[
    str,
    Field(pattern=PATTERN, description="A day, a month or a year.", examples=["2025-11-14"]),
    BeforeValidator(_partial_date),
]
Day = Annotated[date, BeforeValidator(_day)]
Sha256 = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        examples=["3ec2ff17b7f8504ed036317d56d2df8ee3fb41f2e3ba7cc58dba4dde50e16d73"],
    ),
]
Wikidata = Annotated[
    str, Field(pattern=r"^Q[1-9][0-9]*$", description="Wikidata item.", examples=["Q843"])
]


class Part(BaseModel):
    """A part of the record; a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    _storable = field_validator("*")(storable)


class Selector(Part):
    """Where in the article's text the proof stands, and what stands there."""

    start: int = Field(
        strict=True, ge=0, description="First code point of the selection.", examples=[2249]
    )
    end: int = Field(
        strict=True, gt=0, description="Code point after the selection.", examples=[2471]
    )
    quote_type: QuoteType = Field(description="How the words carry the fact.", examples=["direct"])
    exact: str | None = Field(
        default=None,
        min_length=1,
        description="Direct speech only: the spoken words, without the outer quotation marks and "
        "a comma before the closing one.",
        examples=["It is a long border."],
    )
    prefix: str = Field(
        max_length=MAX_AFFIX,
        description="The text just before the selection.",
        examples=[" be definitive. "],
    )
    suffix: str = Field(
        max_length=MAX_AFFIX,
        description="The text just after the selection.",
        examples=[" he said."],
    )
    exact_sha256: Sha256 = Field(
        description="SHA-256 of the words: of `exact` for direct speech, else of the selection."
    )
    cue: str | None = Field(
        default=None, max_length=80, description="The word that attributes.", examples=["said"]
    )
    source_text: str | None = Field(
        default=None,
        max_length=120,
        description="How the text names the source.",
        examples=["Andrabi"],
    )

    @model_validator(mode="after")
    def _words_only_if_spoken(self) -> "Selector":
        if self.start >= self.end:
            raise ValueError(f"start {self.start} is not before end {self.end}.")
        if (self.quote_type == QuoteType.DIRECT) != (self.exact is not None):
            raise ValueError(
                "direct speech carries its words in `exact`, and nothing else does "
                f"(quote_type is {self.quote_type.value})."
            )
        return self


Proof = Annotated[list[Selector], Field(min_length=1, description="The words that prove it.")]


class ActorRef(Part):
    """A country or a group, by code, slug or a known name."""

    country: str | None = Field(
        default=None, description="A country: code or a known name.", examples=["AFG"]
    )
    group: str | None = Field(
        default=None, description="A group: slug or a known name.", examples=[None]
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "ActorRef":
        if (self.country is None) == (self.group is None):
            raise ValueError("name a country or a group, one of them.")
        return self


class ArticleEntry(Part):
    """The source document."""

    headline: str = Field(
        min_length=1,
        max_length=300,
        description="Its headline.",
        examples=["Pakistan Says Talks With Afghanistan At A Stalemate"],
    )
    publisher: str = Field(description="A group.", examples=["outlook-india"])
    agency: str | None = Field(default=None, description="A group.", examples=["pti"])
    byline: str | None = Field(
        default=None,
        max_length=200,
        description="Who wrote it, as printed.",
        examples=["Outlook News Desk"],
    )
    published_on: Day = Field(description="The day it appeared.", examples=["2025-11-15"])
    url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        max_length=2000,
        description="Its address, if known.",
        examples=[None],
    )
    language: str = Field(
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$",
        description="Its language (BCP 47).",
        examples=["en"],
    )
    text_sha256: Sha256 = Field(description="SHA-256 of the text in UTF-8.")
    characters: int = Field(
        strict=True,
        gt=0,
        le=MAX_CHARACTERS,
        description="Length of the text in code points.",
        examples=[4305],
    )
    rights: str = Field(
        min_length=1,
        max_length=300,
        description="Whose rights in the text are to be kept.",
        examples=["Outlook India, with inputs from PTI."],
    )


class LabelEntry(Part):
    """A name that one side uses for a group."""

    text: Text = Field(description="The name.", examples=["Fitnah-al-Khawaraj"])
    used_by: ActorRef = Field(description="Who uses it.", examples=[{"country": "PAK"}])
    evidence: Proof


class GroupEntry(Part):
    """A body that the article attests."""

    slug: Slug = Field(description="What it goes by in the record.", examples=["ttp"])
    name: Text = Field(description="Its name.", examples=["Tehrik-i-Taliban Pakistan"])
    kind: GroupKind = Field(description="What sort of body it is.", examples=["armed_group"])
    country: str | None = Field(
        default=None, description="The country it belongs to, if to any.", examples=["PAK"]
    )
    aliases: list[Text] = Field(
        default=[], description="Other names that lead to it.", examples=[["TTP"]]
    )
    labels: list[LabelEntry] = Field(
        default=[], description="Names that one side uses.", examples=[[]]
    )
    wikidata: Wikidata | None = Field(default=None, description="Wikidata item.", examples=[None])


class TenureEntry(Part):
    """A person in a post, as the article attests it."""

    post: Text = Field(description="The post.", examples=["spokesperson"])
    group: str | None = Field(
        default=None, description="The body it is in.", examples=["pakistan-foreign-office"]
    )
    country: str | None = Field(default=None, description="Its country.", examples=["PAK"])
    from_: When | None = Field(
        default=None, alias="from", description="Since when, if stated.", examples=[None]
    )
    to: When | None = Field(default=None, description="Until when, if stated.", examples=[None])
    end_status: EndStatus = Field(description="What is known of its end.", examples=["unknown"])
    attested_on: Day = Field(
        description="The day for which the article attests it.", examples=["2025-11-14"]
    )
    evidence: Proof


class OfficialEntry(Part):
    """A person that the article attests."""

    slug: Slug = Field(description="What the person goes by.", examples=["tahir-andrabi"])
    name: Text = Field(description="The name.", examples=["Tahir Andrabi"])
    name_variants: list[Text] = Field(
        default=[], description="Other names that lead to the person.", examples=[["Andrabi"]]
    )
    wikidata: Wikidata | None = Field(default=None, description="Wikidata item.", examples=[None])
    tenures: list[TenureEntry] = Field(
        default=[], description="The posts the article attests.", examples=[[]]
    )


class ClauseEntry(Part):
    """A condition, what is awaited, or who decides: in our own words, with the body if one is."""

    text: Text = Field(
        description="It, in our own words.", examples=["the Security Council decides"]
    )
    group: str | None = Field(
        default=None, description="The body, if it is one.", examples=["un-security-council"]
    )


class ExtractionEntry(Part):
    """How an extractor found a fact."""

    rule: str = Field(
        min_length=1,
        max_length=80,
        description="The rule that made it.",
        examples=["quote-source-verb"],
    )
    confidence: float = Field(
        ge=0, le=1, description="How often the rule is right, as measured.", examples=[0.9]
    )


class _Fact(Part):
    """What all facts have."""

    topic: str = Field(description="Slug or name of a topic.", examples=["ceasefire"])
    reported_via: str | None = Field(
        default=None, description="The agency that reports it: a group.", examples=["pti"]
    )


class _Recorded(Part):
    """What the facts of a record have besides."""

    key: Slug = Field(
        description="Stable name of the fact within the record.", examples=["ceasefire-status"]
    )
    evidence: Proof
    extraction: ExtractionEntry | None = Field(
        default=None,
        description="How an extractor found it; nothing for what a person wrote. No part of what "
        "the fact says: a change here alone is no correction.",
        examples=[None],
    )


EXTRACTED = "extracted by "
"""How the `method` of a record begins that an extractor wrote; its name and version follow."""


class PositionFields(_Fact):
    """A statement by an actor on a topic."""

    country: str | None = Field(
        default=None, description="The country that speaks.", examples=["PAK"]
    )
    body: str | None = Field(
        default=None, description="The group that speaks.", examples=["pakistan-foreign-office"]
    )
    speaker: str | None = Field(
        default=None, description="The official who speaks.", examples=["tahir-andrabi"]
    )
    speaker_role: Text | None = Field(
        default=None, description="The speaker's post, as stated.", examples=["spokesperson"]
    )
    stance: Stance = Field(description="What is done by saying it.", examples=["declines_to_say"])
    modality: Modality = Field(description="Of what it speaks.", examples=["actual"])
    proposition: Text = Field(
        description="What is said, in our own words.",
        examples=["It cannot be said whether the ceasefire holds."],
    )
    targets: list[ActorRef] = Field(
        default=[], description="Whom it is directed at or about.", examples=[[{"country": "AFG"}]]
    )
    conditions: list[ClauseEntry] = Field(
        default=[], description="What has to be met first.", examples=[[]]
    )
    awaits: list[ClauseEntry] = Field(
        default=[], description="What the actor waits for.", examples=[[]]
    )
    decided_by: list[ClauseEntry] = Field(default=[], description="Who decides.", examples=[[]])
    said_on: When | None = Field(
        default=None, description="When: a day, a month or a year.", examples=["2025-11-14"]
    )

    @model_validator(mode="after")
    def _somebody_says_it(self) -> Self:
        if not (self.country or self.body or self.speaker):
            raise ValueError("a position needs an actor: country, body or speaker.")
        return self


class PositionEntry(PositionFields, _Recorded):
    """A statement by an actor on a topic."""


class ResponseFields(Part):
    """How a party answered an offer."""

    party: ActorRef = Field(description="Who answers.", examples=[{"country": "PAK"}])
    response: Response = Field(description="The answer.", examples=["appreciated"])
    on: When | None = Field(
        default=None, description="When: a day, a month or a year.", examples=[None]
    )


class ResponseEntry(ResponseFields):
    """How a party answered an offer."""

    position: Slug | None = Field(
        default=None,
        description="Key of the position in this record that states the answer.",
        examples=["iran-offer"],
    )


class OfferFields(_Fact):
    """A third party's offer, or a party's opening for one."""

    mediator: ActorRef = Field(description="Who offers.", examples=[{"country": "IRN"}])
    parties: list[ActorRef] = Field(
        min_length=1,
        description="Between whom.",
        examples=[[{"country": "PAK"}, {"country": "AFG"}]],
    )
    kind: OfferKind = Field(description="What is offered.", examples=["mediation"])
    status: OfferStatus = Field(description="How far it got.", examples=["offered"])
    explicit: bool = Field(
        strict=True, description="Does the text state an offer as made?", examples=[True]
    )
    announced_by: str | None = Field(default=None, description="An official.", examples=[None])
    announced_by_role: Text | None = Field(
        default=None, description="That official's post, as stated.", examples=[None]
    )
    offered_on: When | None = Field(
        default=None, description="When: a day, a month or a year.", examples=[None]
    )
    responses: Sequence[ResponseFields]


class OfferEntry(OfferFields, _Recorded):
    """A third party's offer, or a party's opening for one."""

    responses: list[ResponseEntry] = Field(
        default=[], description="How the parties answered.", examples=[[]]
    )


class RoundFields(_Fact):
    """One meeting in a process."""

    process: Slug = Field(
        description="The series of talks.", examples=["pakistan-afghanistan-talks"]
    )
    ordinal: int | None = Field(
        default=None, strict=True, ge=1, le=10_000, description="Which round.", examples=[3]
    )
    venue: Text | None = Field(default=None, description="Where.", examples=["Istanbul"])
    host: str | None = Field(default=None, description="A country.", examples=["TUR"])
    held_on: When | None = Field(
        default=None, description="When: a day, a month or a year.", examples=["2025-11-07"]
    )
    parties: list[ActorRef] = Field(
        min_length=1,
        description="Who met.",
        examples=[[{"country": "PAK"}, {"country": "AFG"}]],
    )
    outcome: Outcome = Field(description="How it ended.", examples=["no_agreement"])


class RoundEntry(RoundFields, _Recorded):
    """One meeting in a process."""


class ArticleRecord(Part):
    """The facts of one article, with the words that prove each."""

    format: Literal["onrecord/article-record/1"] = Field(
        description="What this is.", examples=["onrecord/article-record/1"]
    )
    method: Text = Field(
        default="curated",
        description="How the facts came about: by hand, or which extractor.",
        examples=["curated by hand"],
    )
    article: ArticleEntry = Field(description="The source document.")
    groups: list[GroupEntry] = Field(
        default=[], description="Bodies that it attests.", examples=[[]]
    )
    officials: list[OfficialEntry] = Field(
        default=[], description="Persons that it attests.", examples=[[]]
    )
    positions: list[PositionEntry] = Field(default=[], description="Who said what.", examples=[[]])
    mediation_offers: list[OfferEntry] = Field(
        default=[], description="Who offered to mediate.", examples=[[]]
    )
    rounds: list[RoundEntry] = Field(
        default=[], description="Which talks were held.", examples=[[]]
    )

    @property
    def extracted(self) -> bool:
        """Whether an extractor wrote it: its method or one of its facts says so."""
        facts: list[_Recorded] = [*self.positions, *self.mediation_offers, *self.rounds]
        return self.method.startswith(EXTRACTED) or any(fact.extraction for fact in facts)

    def digest(self) -> str:
        """SHA-256 over what the record says, whatever the file looks like."""
        return entry_digest(self)


SECTIONS = ("groups", "officials", "positions", "mediation_offers", "rounds")


def entry_digest(entry: BaseModel) -> str:
    """SHA-256 of what an entry says.

    Fields left at their default do not count, nor does how an extractor found it.
    """
    said = entry.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    for fact in (said, *(each for section in SECTIONS for each in said.get(section, ()))):
        fact.pop("extraction", None)
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema (2020-12), for editors, curators and other systems."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/schemas/article-record.json",
        **ArticleRecord.model_json_schema(by_alias=True),
    }
