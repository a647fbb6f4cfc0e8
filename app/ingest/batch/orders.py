"""How a batch is to be done."""

from dataclasses import dataclass

from app.ingest.batch.workers import Extractor
from app.ingest.pipeline import AT_ONCE, Terms


@dataclass(frozen=True)
class Orders:
    """How a batch is to be done."""

    extractor: Extractor
    by: str
    """Who loads the articles, for the changes."""
    reason: str | None = None
    terms: Terms = AT_ONCE
    workers: int = 1
    """Processes that extract; with none it is done in this one."""
    seconds: float = 60.0
    """How long an article may take to extract."""
    retry: bool = False
    """Whether what was refused before is tried again."""
    again: bool = False
    """Whether what is on record is extracted again, as by a newer extractor."""
