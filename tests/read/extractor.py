"""An extractor that is simple enough to foresee: one position for each quotation in the text."""

import re
from typing import Any

from app.errors import ArticleRefused
from app.ingest.extract.found import Meta
from app.ingest.verify import sha256

METHOD = "test"
QUOTATION = re.compile("“([^”]*?),?”")


def extract(text: str, meta: Meta) -> dict[str, Any]:
    """The record of an article: the speaker is always Pakistan, the topic the ceasefire."""
    if meta.published_on is None:
        raise ArticleRefused("The day on which it appeared is not known.")
    return {
        "format": "onrecord/article-record/1",
        "method": METHOD,
        "article": {
            "headline": meta.headline,
            "publisher": "ferry-post",
            "published_on": str(meta.published_on),
            "url": meta.url,
            "byline": meta.byline,
            "language": meta.language or "en",
            "text_sha256": sha256(text),
            "characters": len(text),
            "rights": "The Ferry Post.",
        },
        "groups": [{"slug": "ferry-post", "name": "The Ferry Post", "kind": "publisher"}],
        "positions": [
            {
                "key": f"quotation-{number}",
                "country": "PAK",
                "topic": "ceasefire",
                "stance": "asserts",
                "modality": "actual",
                "proposition": f"Said in words of its own, number {number}.",
                "evidence": [
                    {
                        "start": found.start(),
                        "end": found.end(),
                        "quote_type": "direct",
                        "exact": found[1],
                        "prefix": "",
                        "suffix": "",
                        "exact_sha256": sha256(found[1]),
                    }
                ],
            }
            for number, found in enumerate(QUOTATION.finditer(text), 1)
        ],
    }
