"""Articles onto the record: read, extracted, loaded as drafts for review, each in its own change.

An article that is refused, by the reader, the extractor or the pipeline, is told by name; the rest
go on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.codelists import Curation
from app.db import Database
from app.errors import ArticleRefused, OnRecordError, RecordRefused
from app.ingest.extract.found import Meta
from app.ingest.pipeline import ingest
from app.ingest.read.source import Read, Refused, Source
from app.ingest.store import Outcome

Extractor = Callable[[str, Meta], dict[str, Any]]
"""Makes an article record, as read from JSON, of a canonical text and what is known of it.

It may raise ArticleRefused, for an article of which too little is known to record it.
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one article."""

    name: str
    outcome: Outcome | None
    """What was loaded, or none if it was refused."""
    error: OnRecordError | None = None


def take_in(
    database: Database, articles: Read, extract: Extractor, *, by: str, reason: str | None = None
) -> Iterator[Taken]:
    """Load what is read, article by article, with its text; tells of each what became of it."""
    for article in articles:
        if isinstance(article, Refused):
            yield Taken(article.name, None, article.error)
            continue
        try:
            yield Taken(article.name, _loaded(database, article, extract, by=by, reason=reason))
        except (ArticleRefused, RecordRefused) as error:
            yield Taken(article.name, None, error)


def _loaded(
    database: Database, source: Source, extract: Extractor, *, by: str, reason: str | None
) -> Outcome:
    raw = extract(source.text, source.meta)
    return ingest(database, raw, text=source.text, by=by, reason=reason, curation=Curation.DRAFT)
