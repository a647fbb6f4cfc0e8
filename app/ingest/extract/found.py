"""What the stages hand to one another: places in the text, and what was found there.

What an article has many of is a named tuple: it cannot change either, and is made in half the time.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.codelists import QuoteType

Span = tuple[int, int]
"""Code points of the text, end exclusive."""


class Person(NamedTuple):
    """Somebody the article names, under the fullest name and post that it gives."""

    name: str
    """The fullest form: `Tahir Andrabi`."""
    surname: str
    role: str | None
    """The post as the text has it: `Foreign Office spokesperson`."""
    mention: Span
    """The first mention with post and title: `Foreign Office spokesperson Tahir Andrabi`."""
    gender: str | None = None
    """`he`, `she` or `they`, where the text or the name tells."""


class Attribution(NamedTuple):
    """Words, or their sense, that the article lays in somebody's mouth."""

    quote_type: QuoteType
    content: tuple[Span, ...]
    """In the order of the text; direct speech with its quotation marks."""
    source: Span | None
    """How the text names the speaker here: `he`, `the spokesperson`, `Andrabi`."""
    cue: Span | None
    """The word that attributes: `said`, `according to`."""
    speaker: str | None
    """Whom the source stands for: a person's fullest name, or a body's or country's name."""
    person: Person | None
    rule: str
    """The rule that found it: `quote-verb-source`."""
    confidence: float
    """Between 0 and 1: how often the rule is right on articles that people have annotated."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as the first stages read it: what the facts are made from."""

    text: str
    headline: Span | None
    body: Span
    """From the first sentence of the story to the last, without credits."""
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    people: tuple[Person, ...]
    attributions: tuple[Attribution, ...]
    """In the order of the text."""
    notes: dict[str, Span] = field(default_factory=dict)
    """Other parts that the layout has: `deck`, `byline`, `caption`, `summary`, `credit`, `date`."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an article besides its text; None for what nobody tells."""

    headline: str | None = None
    publisher: str | None = None
    """A name or slug of the publisher."""
    agency: str | None = None
    byline: str | None = None
    published_on: date | None = None
    url: str | None = None
    language: str | None = None
