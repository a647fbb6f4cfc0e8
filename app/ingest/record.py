"""The article record: the one format in which facts come in, whoever wrote them.

Written in YAML or JSON, published as a JSON Schema (`docs/article-record.schema.json`). It never
holds the article's text: only where in the text the proof stands, and a hash of it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from app.codelists import (
    EndStatus,
    GroupKind,
    Modality,
    OfferKind,
    OfferStatus,
    Outcome,
    QuoteType,
    Response,
    Stance,
)
from app.dates import PATTERN, parse_date
from app.errors import Fault, RecordRefused, near_miss

FORMAT = "onrecord/article-record/1"
MAX_AFFIX = 32
"""Prefix and suffix tell like places apart; more would republish the article piece by piece."""

Path_ = tuple[str | int, ...]
"""A place in the record: ("positions", 4, "evidence", 0, "start")."""


def _partial_date(value: object) -> str:
    """YAML reads 2025-11-14 as a date and 2025 as a number; the record has them as written."""
    written = value.isoformat() if isinstance(value, date) else str(value)
    return str(parse_date(written))


Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80, examples=["pakistan-foreign-office"]),
]
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^\S(.*\S)?$")]
When = Annotated[
    str,
    BeforeValidator(_partial_date),
    Field(pattern=PATTERN, description="A day, a month or a year.", examples=["2025-11-14"]),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Wikidata = Annotated[str, Field(pattern=r"^Q[1-9][0-9]*$", examples=["Q843"])]


class _Part(BaseModel):
    """A part of the record; a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Selector(_Part):
    """Where in the article's text the proof stands, and what stands there."""

    start: int = Field(ge=0, description="First code point of the selection.", examples=[2249])
    end: int = Field(gt=0, description="Code point after the selection.", examples=[2471])
    quote_type: QuoteType = Field(description="How the words carry the fact.")
    exact: str | None = Field(
        default=None,
        min_length=1,
        description="Direct speech only: the spoken words, without the outer quotation marks and "
        "a comma before the closing one.",
        examples=["It is a long border."],
    )
    prefix: str = Field(max_length=MAX_AFFIX, description="The text just before the selection.")
    suffix: str = Field(max_length=MAX_AFFIX, description="The text just after the selection.")
    exact_sha256: Sha256 = Field(
        description="SHA-256 of the words: of `exact` for direct speech, else of the selection."
    )
    cue: str | None = Field(default=None, max_length=80, description="The word that attributes.")
    source_text: str | None = Field(
        default=None, max_length=120, description="How the text names the source."
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


class ActorRef(_Part):
    """A country or a group, by code, slug or a known name."""

    country: str | None = Field(default=None, examples=["AFG"])
    group: str | None = Field(default=None, examples=["afghan-taliban-regime"])

    @model_validator(mode="after")
    def _exactly_one(self) -> "ActorRef":
        if (self.country is None) == (self.group is None):
            raise ValueError("name a country or a group, one of them.")
        return self


class ArticleEntry(_Part):
    """The source document."""

    headline: str = Field(min_length=1, max_length=300)
    publisher: str = Field(description="A group.", examples=["outlook-india"])
    agency: str | None = Field(default=None, description="A group.", examples=["pti"])
    byline: str | None = Field(default=None, max_length=200)
    published_on: date
    url: str | None = Field(default=None, pattern=r"^https?://\S+$", max_length=2000)
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", examples=["en"])
    text_sha256: Sha256 = Field(description="SHA-256 of the text in UTF-8.")
    characters: int = Field(gt=0, description="Length of the text in code points.")
    rights: str = Field(min_length=1, max_length=300)


class LabelEntry(_Part):
    """A name that one side uses for a group."""

    text: Text
    used_by: ActorRef
    evidence: Proof


class GroupEntry(_Part):
    """A body that the article attests."""

    slug: Slug
    name: Text
    kind: GroupKind
    country: str | None = Field(default=None, examples=["PAK"])
    aliases: list[Text] = []
    labels: list[LabelEntry] = []
    wikidata: Wikidata | None = None


class TenureEntry(_Part):
    """A person in a post, as the article attests it."""

    post: Text
    group: str | None = None
    country: str | None = None
    from_: When | None = Field(default=None, alias="from")
    to: When | None = None
    end_status: EndStatus
    attested_on: date
    evidence: Proof


class OfficialEntry(_Part):
    """A person that the article attests."""

    slug: Slug
    name: Text
    name_variants: list[Text] = []
    wikidata: Wikidata | None = None
    tenures: list[TenureEntry] = []


class ClauseEntry(_Part):
    """A condition, what is awaited, or who decides: in our own words, with the body if one is."""

    text: Text
    group: str | None = None


class _Fact(_Part):
    """What all facts have."""

    key: Slug = Field(description="Stable name of the fact within the record.")
    topic: str = Field(examples=["ceasefire"])
    reported_via: str | None = Field(default=None, description="The agency that reports it.")
    evidence: Proof


class PositionEntry(_Fact):
    """A statement by an actor on a topic."""

    country: str | None = Field(default=None, examples=["PAK"])
    body: str | None = Field(default=None, examples=["pakistan-foreign-office"])
    speaker: str | None = Field(default=None, examples=["tahir-andrabi"])
    speaker_role: Text | None = None
    stance: Stance
    modality: Modality
    proposition: Text = Field(description="What is said, in our own words.")
    targets: list[ActorRef] = []
    conditions: list[ClauseEntry] = []
    awaits: list[ClauseEntry] = []
    decided_by: list[ClauseEntry] = []
    said_on: When | None = None

    @model_validator(mode="after")
    def _somebody_says_it(self) -> "PositionEntry":
        if not (self.country or self.body or self.speaker):
            raise ValueError("a position needs an actor: country, body or speaker.")
        return self


class ResponseEntry(_Part):
    """How a party answered an offer."""

    party: ActorRef
    response: Response
    on: When | None = None
    position: Slug | None = Field(
        default=None, description="Key of the position in this record that states the answer."
    )


class OfferEntry(_Fact):
    """A third party's offer, or a party's opening for one."""

    mediator: ActorRef
    parties: list[ActorRef] = Field(min_length=1)
    kind: OfferKind
    status: OfferStatus
    explicit: bool = Field(description="Does the text state an offer as made?")
    announced_by: str | None = Field(default=None, description="An official.")
    announced_by_role: Text | None = None
    offered_on: When | None = None
    responses: list[ResponseEntry] = []


class RoundEntry(_Fact):
    """One meeting in a process."""

    process: Slug
    ordinal: int | None = Field(default=None, ge=1, le=10_000)
    venue: Text | None = None
    host: str | None = Field(default=None, description="A country.")
    held_on: When | None = None
    parties: list[ActorRef] = Field(min_length=1)
    outcome: Outcome


class ArticleRecord(_Part):
    """The facts of one article, with the words that prove each."""

    format: Literal["onrecord/article-record/1"]
    method: Text = Field(
        default="curated", description="How the facts came about: by hand, or which extractor."
    )
    article: ArticleEntry
    groups: list[GroupEntry] = []
    officials: list[OfficialEntry] = []
    positions: list[PositionEntry] = []
    mediation_offers: list[OfferEntry] = []
    rounds: list[RoundEntry] = []

    def digest(self) -> str:
        """SHA-256 over what the record says, whatever the file looks like."""
        return entry_digest(self)


SECTIONS = ("groups", "officials", "positions", "mediation_offers", "rounds")


@dataclass
class Draft:
    """A record on its way in: what could be read of it, and every fault found so far."""

    record: ArticleRecord | None
    faults: list[Fault] = field(default_factory=list)
    kept: dict[str, list[int]] = field(default_factory=dict)
    """For sections with unreadable entries: the places in the file of the entries that remain."""
    left_out: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Keys and slugs of the unreadable entries: the others may refer to them."""
    loose: list[tuple[Path_, Selector]] = field(default_factory=list)
    """Selectors of the unreadable entries, with their places: they are checked all the same."""

    def entries(self, section: str) -> Iterator[tuple[int, Any]]:
        """The readable entries of a section, each with its place in the file."""
        found = getattr(self.record, section, [])
        return zip(self.kept.get(section, range(len(found))), found, strict=True)

    def selectors(self) -> Iterator[tuple[Path_, Selector]]:
        """Every readable selector, with its place in the file."""
        for section in SECTIONS:
            for index, entry in self.entries(section):
                yield from _selectors_in(entry, (section, index))
        yield from self.loose

    def fault(self, path: Path_, detail: str, suggestion: str | None = None) -> None:
        """Note a fault at a place in the file."""
        self.faults.append(Fault(detail, pointer=pointer(path), suggestion=suggestion))

    def accepted(self) -> ArticleRecord:
        """The record if it has no fault. Raises RecordRefused with all of them."""
        if self.record is None or self.faults:
            count = len(self.faults)
            raise RecordRefused(
                f"The record has {count} fault{'s' if count != 1 else ''}; nothing was stored.",
                sorted(self.faults, key=lambda fault: _natural(fault.pointer or "")),
            )
        return self.record


def read_file(path: Path) -> object:
    """The content of a record file, YAML or JSON. Raises RecordRefused if it is neither."""
    try:
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RecordRefused(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise RecordRefused(f"{path} is not UTF-8 ({error.reason} at {error.start}).") from error
    try:
        return yaml.safe_load(written)
    except (yaml.YAMLError, ValueError) as error:
        raise RecordRefused(f"{path} is neither YAML nor JSON: {error}") from error


def parse(raw: object) -> Draft:
    """Read a record, leaving out what is unreadable so that the rest can still be checked."""
    try:
        return Draft(ArticleRecord.model_validate(raw))
    except ValidationError as error:
        draft = Draft(None, [_schema_fault(each) for each in error.errors()])
        faulty = _faulty_entries(error)
    if faulty is None or not isinstance(raw, dict):
        return draft
    readable = dict(raw)
    for section, places in faulty.items():
        draft.kept[section] = [i for i in range(len(raw[section])) if i not in places]
        readable[section] = [raw[section][i] for i in draft.kept[section]]
        for place in sorted(places):
            _leave_out(draft, (section, place), raw[section][place])
    draft.record = ArticleRecord.model_validate(readable)
    return draft


def _leave_out(draft: Draft, path: Path_, entry: object) -> None:
    """Keep of an unreadable entry what others need: its name, and the selectors that are whole."""
    if not isinstance(entry, dict):
        return
    draft.left_out[str(path[0])] |= {str(entry[n]) for n in ("key", "slug") if n in entry}
    proofs = entry.get("evidence")
    for index, proof in enumerate(proofs if isinstance(proofs, list) else ()):
        with suppress(ValidationError):
            draft.loose.append(((*path, "evidence", index), Selector.model_validate(proof)))


def _selectors_in(part: BaseModel, path: Path_) -> Iterator[tuple[Path_, Selector]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if not isinstance(value, list):
            continue
        for index, item in enumerate(value):
            if isinstance(item, Selector):
                yield (*path, name, index), item
            elif isinstance(item, BaseModel):
                yield from _selectors_in(item, (*path, name, index))


def pointer(path: Path_) -> str:
    """A place as people write it: ``positions[4].evidence[0].start``."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")


def entry_digest(entry: BaseModel) -> str:
    """SHA-256 of what an entry says: fields left at their default do not count."""
    said = entry.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _faulty_entries(error: ValidationError) -> dict[str, set[int]] | None:
    """The places of the unreadable entries; nothing if a fault lies outside of all entries."""
    faulty: dict[str, set[int]] = defaultdict(set)
    for each in error.errors():
        location = each["loc"]
        if len(location) < 2 or location[0] not in SECTIONS or not isinstance(location[1], int):
            return None
        faulty[str(location[0])].add(location[1])
    return faulty


def _schema_fault(error: Any) -> Fault:
    """A fault of pydantic's in our words."""
    allowed, suggestion, detail = None, None, error["msg"].removeprefix("Value error, ")
    given = error.get("input")
    if error["type"] == "enum":
        allowed = [each.strip("'") for each in error["ctx"]["expected"].split(", ")]
        allowed = [*allowed[:-1], *[a.strip("'") for a in allowed[-1].split(" or ")]]
        suggestion = near_miss(str(given), allowed)
        detail = f"{given!r} is not one of {', '.join(allowed)}."
    elif error["type"] == "extra_forbidden":
        detail = "the format has no such field."
    elif error["type"] == "missing":
        detail = "this field is missing."
    elif isinstance(given, str | int | float | bool) and error["type"] != "value_error":
        detail = f"{given!r}: {detail[:1].lower()}{detail[1:]}."
    return Fault(detail, pointer=pointer(error["loc"]), allowed=allowed, suggestion=suggestion)


def _natural(place: str) -> list[tuple[int, str]]:
    """Order places as in the file: positions[2] before positions[10]."""
    return [(int(p), "") if p.isdigit() else (-1, p) for p in place.replace("]", "[").split("[")]


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema (2020-12), for editors, curators and other systems."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/schemas/article-record.json",
        **ArticleRecord.model_json_schema(by_alias=True),
    }
