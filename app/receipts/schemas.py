"""Receipts: what is asked and what is shown."""

from typing import Any, Literal

from pydantic import Field

from app.codelists import ChangeKind, ChangeType
from app.mediation.schemas import MediationOfferFilters
from app.positions.schemas import TopicFilters
from app.rounds.schemas import RoundFilters
from app.web.schemas import (
    ARTICLE_ID,
    POSITION_ID,
    AsOf,
    Coverage,
    ItemLinks,
    ItemMeta,
    Query,
    Shown,
    filter_field,
)

SHA = "7a024ee142614ab2627a5e4a979711d02bc5f9d602dd48cc5b46ead122a5ed90"
Noun = Literal[
    "country", "group", "official", "topic", "article", "position", "mediation_offer", "round"
]


class ReceiptArticle(Shown):
    """A source document, by what identifies it."""

    id: str = Field(description="Its id.", examples=[ARTICLE_ID])
    headline: str = Field(description="Its headline.", examples=["Pakistan Says Talks ..."])
    publisher: str = Field(description="Slug of the publisher.", examples=["outlook-india"])
    published_on: str = Field(description="The day it appeared.", examples=["2025-11-15"])
    text_sha256: str = Field(description="SHA-256 of its text in UTF-8.", examples=[SHA])
    characters: int = Field(description="Length of the text in code points.", examples=[4305])


class Recorded(Shown):
    """Who recorded a fact, when, and how it came about."""

    change: int = Field(description="The change that wrote this version.", examples=[1])
    at: str = Field(
        description="When it was recorded (RFC 3339, UTC).",
        examples=["2026-01-05T09:30:00.000000Z"],
    )
    by: str = Field(description="Who recorded it.", examples=["seed"])
    reason: str | None = Field(description="Why.", examples=[None])
    method: str = Field(description="How the fact came about.", examples=["curated by hand"])
    software: str = Field(description="The code that stored it.", examples=["onrecord 0.1.0"])


class Digests(Shown):
    """What the receipt can be checked by."""

    fact: str = Field(description="SHA-256 of `fact` in canonical JSON.", examples=[SHA])
    record: str = Field(
        description="The digest of the record after the change; see `/v1/record/{change}`.",
        examples=[SHA],
    )


class Signature(Shown):
    """An Ed25519 signature of a receipt (all but this) in canonical JSON."""

    algorithm: Literal["Ed25519"] = Field(description="RFC 8032.", examples=["Ed25519"])
    key: str = Field(
        description="Which of the keys at `/.well-known/jwks.json`: its `kid`.",
        examples=["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"],
    )
    public_key: str = Field(
        description="That key, in base64url: to see that nothing was altered. Whose it is, only "
        "the address tells.",
        examples=["8a82hDfNHfh4jh3lxvedILbstjKlC9SRjK-_8KiIl4Y"],
    )
    value: str = Field(
        description="The signature, in base64url.",
        examples=["pIm0-h9m9Q8fWmcuE2TwGfGJRpgvWr3FRWpSIqkM5ZJ6fYvEjcW2vKJqQ1bCUr4w3hVWUJ"],
    )


_SIGNATURE: Any = Field(
    default=None,
    description="Where this service signs receipts; absent where it does not.",
    examples=[None],
)


class Receipt(Shown):
    """What the record says of a fact, in canonical JSON (RFC 8785), with its digest."""

    format: str = Field(description="What this is.", examples=["onrecord/receipt/1"])
    kind: Literal["position", "mediation_offer", "round"] = Field(
        description="The kind of fact.", examples=["position"]
    )
    id: str = Field(description="Its id.", examples=[POSITION_ID])
    rev: int = Field(description="The version.", examples=[1])
    change_type: ChangeType = Field(
        description="What it did to the version before.", examples=["new"]
    )
    fact: dict[str, Any] = Field(
        description="What the version says, by codes and slugs, with its evidence.",
        examples=[{"kind": "position", "id": POSITION_ID, "stance": "declines_to_say"}],
    )
    articles: list[ReceiptArticle] = Field(description="The articles that the evidence stands in.")
    recorded: Recorded = Field(description="Who recorded it, when and how.")
    digests: Digests = Field(description="What it can be checked by.")
    digest: str = Field(
        description="SHA-256 of the receipt without this field and the signature, in canonical "
        "JSON.",
        examples=[SHA],
    )
    signature: Signature | None = _SIGNATURE


class ReceiptQuery(Query):
    """What a receipt takes."""

    as_of: AsOf = None


def _topic(example: str) -> Any:
    return filter_field("The topic, narrower ones included.", example, "Topic")


class PositionAnswerQuery(TopicFilters):
    """The question about positions that a receipt is asked for."""

    as_of: AsOf = None


class MediationOfferAnswerQuery(MediationOfferFilters):
    """The question about mediation offers that a receipt is asked for."""

    topic: str | None = _topic("mediation")
    as_of: AsOf = None


class RoundAnswerQuery(RoundFilters):
    """The question about rounds that a receipt is asked for."""

    topic: str | None = _topic("peace-talks")
    as_of: AsOf = None


AnswerQuery = PositionAnswerQuery | MediationOfferAnswerQuery | RoundAnswerQuery

MAX_LISTED = 1_000
"""Facts that the receipt of an answer lists."""


class ListedFact(Shown):
    """A fact that an answer holds."""

    id: str = Field(description="Its id.", examples=[POSITION_ID])
    rev: int = Field(description="Its version.", examples=[1])
    digest: str = Field(description="SHA-256 of what the version says.", examples=[SHA])


class RecordState(Shown):
    """The state of the record that was asked."""

    version: int = Field(description="Number of its last change.", examples=[1])
    at: str = Field(
        description="When that was recorded (RFC 3339, UTC).",
        examples=["2026-01-05T09:30:00.000000Z"],
    )
    digest: str = Field(
        description="The digest of the record then; see `/v1/record/{change}`.", examples=[SHA]
    )


class AnswerReceipt(Shown):
    """What the record answers to a question: which facts, or that there are none."""

    format: str = Field(description="What this is.", examples=["onrecord/answer-receipt/1"])
    path: str = Field(description="Where the question was asked.", examples=["/v1/positions"])
    query: dict[str, Any] = Field(
        description="The question, as sent.", examples=[{"country": "AFG"}]
    )
    filters: dict[str, list[str]] = Field(
        description="How it was read.", examples=[{"country": ["AFG"]}]
    )
    record: RecordState | None = Field(
        description="The state of the record that was asked; null before its first change."
    )
    total: int = Field(description="How many facts match.", examples=[0])
    facts: list[ListedFact] = Field(description="The facts that match, by id.", examples=[[]])
    coverage: Coverage | None = Field(
        description="For an empty answer, what it covers; else null.", examples=[None]
    )
    digest: str = Field(
        description="SHA-256 of the receipt without this field and the signature, in canonical "
        "JSON.",
        examples=[SHA],
    )
    signature: Signature | None = _SIGNATURE


class VersionDigest(Shown):
    """The digest of one version that a change wrote."""

    kind: Noun = Field(description="The kind of entity.", examples=["position"])
    id: str = Field(description="Its id, code or slug.", examples=[POSITION_ID])
    rev: int = Field(description="The version.", examples=[1])
    change_type: ChangeType = Field(description="What was done to it.", examples=["new"])
    digest: str = Field(description="SHA-256 of what it says.", examples=[SHA])


class RecordDigest(Shown):
    """The digest of the record after a change, and all that it follows from."""

    seq: int = Field(description="Number of the change.", examples=[1])
    kind: ChangeKind = Field(description="What sort of transaction.", examples=["ingest"])
    by: str = Field(description="Who wrote it.", examples=["seed"])
    reason: str | None = Field(description="Why.", examples=[None])
    article_id: str | None = Field(
        description="The article whose record came in.", examples=[ARTICLE_ID]
    )
    method: str = Field(description="How the facts came about.", examples=["curated by hand"])
    software: str = Field(description="The code that stored it.", examples=["onrecord 0.1.0"])
    versions: list[VersionDigest] = Field(
        description="Every version that the change wrote, by kind, identifier and number. Drafts "
        "are listed by digest too: the chain must not have gaps."
    )
    previous: str = Field(
        description="The digest of the record before; sixty-four zeros before the first change.",
        examples=["e1e6827fa33b633d98af4d994fb5c2777f84f29070922086c9654479274e891d"],
    )
    digest: str = Field(
        description="SHA-256 of all the other fields, in canonical JSON. The time of recording is "
        "not in it, so that two deployments that load the same records agree.",
        examples=[SHA],
    )


class RecordDigestItem(Shown):
    """The digest of the record after a change."""

    data: RecordDigest = Field(description="The digest and what it follows from.")
    meta: ItemMeta = Field(description="About the answer.")
    links: ItemLinks = Field(description="Where to go.")
