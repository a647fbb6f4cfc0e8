"""Quotations: what is asked and what is answered."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.dates import PATTERN, parse_date
from app.web.schemas import (
    POSITION_ID,
    QUOTATION,
    ArticleRef,
    Coverage,
    ItemMeta,
    OfficialRef,
    Shown,
)

MAX_QUOTE = 5_000


class QuoteQuestion(BaseModel):
    """Words to be looked for."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1,
        max_length=MAX_QUOTE,
        description="The words, with or without quotation marks around them.",
        examples=[QUOTATION],
    )
    speaker: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Who is said to have said them, by slug or name; anybody without it.",
        examples=["Andrabi"],
    )
    said_on: str | None = Field(
        default=None,
        pattern=PATTERN,
        max_length=10,
        description="When: a day, a month or a year; any time without it.",
        examples=["2025-11-14"],
    )

    @field_validator("text", "speaker")
    @classmethod
    def _no_nul(cls, value: str | None) -> str | None:
        if value is not None and "\x00" in value:
            raise ValueError("holds a NUL byte, which no text may")
        return value

    @field_validator("said_on")
    @classmethod
    def _a_date(cls, value: str | None) -> str | None:
        if value is not None:
            parse_date(value)
        return value


class WordDifference(Shown):
    """Words that differ."""

    given: str = Field(description="As asked; empty where they are missing.", examples=["short"])
    recorded: str = Field(
        description="As recorded; empty where they were added.", examples=["long"]
    )


class QuoteMatch(Shown):
    """A recorded quotation that holds the words, or most of them."""

    position: str = Field(description="Id of the position.", examples=[POSITION_ID])
    link: str = Field(description="Where it is.", examples=[f"/v1/positions/{POSITION_ID}"])
    speaker: OfficialRef | None = Field(
        description="Who said it.", examples=[{"slug": "tahir-andrabi", "name": "Tahir Andrabi"}]
    )
    said_on: str | None = Field(description="When.", examples=["2025-11-14"])
    article: ArticleRef = Field(description="The article it stands in.")
    start: int = Field(description="First code point of the selection.", examples=[2249])
    end: int = Field(description="The code point after it.", examples=[2471])
    exact: str = Field(description="The words as recorded.", examples=[QUOTATION])
    whole: bool = Field(
        description="Whether the words are the whole quotation, not a part.", examples=[True]
    )
    differences: list[WordDifference] = Field(
        description="The words that differ; empty if none does."
    )


class QuoteAnswer(Shown):
    """Whether words are on record."""

    verdict: Literal["verbatim", "partial", "not_on_record"] = Field(
        description="`verbatim`: these words, but for typography, are in a recorded quotation. "
        "`partial`: a recorded quotation holds most of them; `differences` names those that "
        "differ. `not_on_record`: none does. Only `verbatim` is a yes.",
        examples=["verbatim"],
    )
    normalised: str = Field(
        description="The words as compared: quotation marks, dashes, ellipses and white space made "
        "alike, nothing else.",
        examples=[QUOTATION],
    )
    matches: list[QuoteMatch] = Field(description="The quotations, the nearest first.")
    coverage: Coverage | None = Field(
        description="For words that are not on record, what was looked through; else null."
    )


class QuoteAnswerItem(Shown):
    """Whether words are on record."""

    data: QuoteAnswer = Field(description="The answer.")
    meta: ItemMeta = Field(description="About the answer.")
