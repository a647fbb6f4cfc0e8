"""The language model where articles are taken in: what `EXTRACTOR` names, one for each process."""

import logging
from functools import cache
from typing import Any

from app.db import Database
from app.ingest.extract.actors import Actors
from app.ingest.extract.extractor import Extraction
from app.ingest.extract.found import Meta
from app.ingest.extract.model.adapter import ModelExtractor, from_settings
from app.ingest.extract.model.prompt import EDITION
from app.ingest.extract.papers import article
from app.ingest.read.plain import stated
from app.ingest.read.source import filled
from app.ingest.record import ArticleEntry, GroupEntry
from app.settings import Settings

METHOD = f"extracted by a language model, edition {EDITION}"
"""What refused articles are kept under: another edition reads them again."""

log = logging.getLogger(__name__)


def extract_source(text: str, meta: Meta) -> dict[str, Any]:
    """The article record of a text, as the model that the settings name finds it.

    What did not hold is left out, and each of it logged by name.

    Raises:
        ArticleRefused: there is no text, or the day on which it appeared is not known.
        ModelUnavailable, RequestRefused, AnswerRefused, BudgetSpent: there is no answer.
    """
    made = extract_by(_configured(), text, meta)
    for each in made.refused:
        log.warning("Refused: %s", each)
    return made.record.model_dump(mode="json", by_alias=True)


def extract_by(model: ModelExtractor, text: str, meta: Meta) -> Extraction:
    """What a model finds in a text, with what the text states of itself. Raises as above."""
    entry, papers = article(text, filled(meta, stated(text)))
    bodies = [GroupEntry(**each) for each in Actors(papers).groups()]
    return model.extract(text, ArticleEntry(**entry), bodies)


@cache
def _configured() -> ModelExtractor:
    """The model of this process: its connections and its budget last as long as that."""
    settings = Settings()
    return from_settings(settings, Database(settings))
