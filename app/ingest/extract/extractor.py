"""What every extractor offers: from an article to its record, and what was refused on the way.

The one that reads by rules and the one that asks a language model stand behind the same protocol.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from app.ingest.record import ArticleEntry, ArticleRecord, GroupEntry


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was found and does not go into the record, by its name and with the reason."""

    section: str
    """The section of the record that it was for: `positions`."""
    key: str
    """The fact's key, or the name of the person or body."""
    detail: str
    words: str | None = None
    """The words that were quoted, if they are what is refused."""
    suggestion: str | None = None
    whole: bool = True
    """Whether the entry is refused, or only this part of it and the rest stands."""

    def __str__(self) -> str:
        shown = f" {self.words!r}" if self.words is not None else ""
        meant = f" Did you mean {self.suggestion}?" if self.suggestion else ""
        return f"{self.section} {self.key}:{shown} {self.detail}{meant}"


@dataclass(frozen=True, slots=True)
class Usage:
    """What an extraction took of what is paid for; nothing for one that runs here."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    """In the currency of the prices that the settings give."""
    estimated: bool = False
    """Whether the most that it can have been stands in for what nobody counted."""

    @property
    def tokens(self) -> int:
        """Both kinds together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost + other.cost,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor made of an article."""

    record: ArticleRecord
    """Ready for the one way in (`app.ingest.pipeline`), which verifies it again."""
    refused: tuple[Refusal, ...] = ()
    usage: Usage = field(default_factory=Usage)

    @property
    def counts(self) -> dict[str, int]:
        """How much was refused, by section."""
        return counted(self.refused)


def counted(refused: Iterable[Refusal]) -> dict[str, int]:
    """How much was refused, by section."""
    return dict(sorted(Counter(each.section for each in refused).items()))


class Extractor(Protocol):
    """Makes article records from articles."""

    @property
    def name(self) -> str:
        """What it goes by in a record's `method`."""

    @property
    def version(self) -> str:
        """Which edition of it: another one may find other facts in the same text."""

    def extract(
        self, text: str, meta: ArticleEntry, bodies: Sequence[GroupEntry] = ()
    ) -> Extraction:
        """The facts of an article.

        Args:
            text: the article's canonical text, which all selectors refer to.
            meta: what is known of the article; its hash and length are those of the text.
            bodies: what the record declares besides: a publisher that is not on record yet.
        """
