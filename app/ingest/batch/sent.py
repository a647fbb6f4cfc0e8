"""An article as a request brings it: its text, its HTML or its address, and what is known of it."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import orjson

from app.errors import ArticleRefused
from app.ingest.batch.named import extractor_at
from app.ingest.read.fetch import Bounds, Fetcher
from app.ingest.read.given import given_meta
from app.ingest.read.reader import read
from app.ingest.read.source import Read, Refused, Source
from app.settings import Settings

FORMS = ("text", "html", "url")


def read_sent(sent: Mapping[str, Any], fetcher: Fetcher) -> Read:
    """Every article in what was sent: an address may be that of a feed.

    Raises ArticleRefused for metadata that is none.
    """
    form = next(each for each in FORMS if sent.get(each) is not None)
    meta = sent.get("meta") or {}
    if form == "url":
        yield from read(sent["url"], fetcher, given_meta(meta))
        return
    line = orjson.dumps({form: sent[form], **meta})
    for each in read("-", fetcher, stdin=BytesIO(line)):
        yield _called(each, form)


def extracted_at_once(sent: Mapping[str, Any], settings: Settings) -> tuple[object, str]:
    """The record of the one article that was sent, and its text. Raises ArticleRefused."""
    (found,) = read_sent(sent, Fetcher(Bounds.of(settings)))
    if isinstance(found, Refused):
        raise found.error
    record = extractor_at(settings.extractor).record(found.text, found.meta)
    return record, found.text


def _called(each: Source | Refused, name: str) -> Source | Refused:
    """It came by no file: it is called by its form."""
    if isinstance(each, Refused):
        return Refused(name, ArticleRefused(each.error.detail, each.error.faults))
    return Source(each.text, each.meta, name)
