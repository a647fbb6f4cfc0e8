"""The article itself: its publisher, agency and day. Whoever is not told is `unknown-publisher`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from app.codelists import GroupKind
from app.errors import ArticleRefused
from app.faults import storable
from app.folding import fold
from app.ingest.extract.found import Meta
from app.ingest.extract.vocabulary import Group, slugify, vocabulary
from app.ingest.extract.when import date_in
from app.ingest.verify import sha256

UNKNOWN = Group("unknown-publisher", "Unknown publisher", GroupKind.PUBLISHER)
"""Who publishes what nobody claims: a body of its own, so that no real one is credited with it."""

UNTITLED = "Untitled"
ENGLISH = "en"
_DESK = re.compile(
    r"(?:By )?(?:The )?(?P<name>[^;,]{2,60}?) (?:News Desk|Web Desk|Desk|News Service|Bureau|Staff"
    r"|Correspondent|Reporter)\b"
)
_PLACED = re.compile(r"(?:[A-Z][A-Z .'’-]{2,40}|[A-Z][a-z]+)(?:, |: | \()(?P<date>.{8,30})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
_URL = re.compile(r"https?://\S{1,1990}")


def article(text: str, meta: Meta) -> tuple[dict[str, Any], list[Group]]:
    """The record's entry of the article, and the groups that it names: publisher and agency.

    Raises:
        ArticleRefused: the text is none, or the day it appeared is not known.
    """
    _check(text)
    meta = replace(meta, published_on=meta.published_on or _dateline(text))
    if meta.published_on is None:
        raise ArticleRefused(
            "The day on which the article appeared is not known: neither its text nor what is "
            "given with it tells. Nothing in it can be dated."
        )
    publisher = _publisher(meta)
    agency = _named(meta.agency, GroupKind.NEWS_AGENCY) if meta.agency else None
    with_inputs = f", with inputs from {agency.name}" if agency else ""
    entry: dict[str, Any] = {
        "headline": _line(meta.headline, 300) or UNTITLED,
        "publisher": publisher.slug,
        "agency": agency.slug if agency else None,
        "byline": _line(meta.byline, 200),
        "published_on": str(meta.published_on),
        "url": meta.url if meta.url and _URL.fullmatch(meta.url) else None,
        "language": _language(meta.language),
        "text_sha256": sha256(text),
        "characters": len(text),
        "rights": f"{publisher.name}{with_inputs}. The text is not served."[:300],
    }
    kept = {name: value for name, value in entry.items() if value is not None}
    return kept, [each for each in (publisher, agency) if each]


def on_or_before(written: str | None, published: date) -> str | None:
    """A partial date, unless it lies after the day of publication or is none."""
    return written if written and written <= str(published)[: len(written)] else None


def _dateline(text: str) -> date | None:
    """The day, year and all, that the line over the story or its dateline gives."""
    for line in text[:1500].split("\n")[:12]:
        found = _PLACED.match(line)
        written = date_in(line, found.span("date"), None) if found else None
        if written and len(written) == len("2025-11-14"):
            return date.fromisoformat(written)
    return None


def _check(text: str) -> None:
    try:
        storable(text)
    except ValueError as error:
        raise ArticleRefused(f"The text {error}") from None
    if not text.strip():
        raise ArticleRefused("The text has no words.")


def _line(written: str | None, longest: int) -> str | None:
    line = " ".join((written or "").replace("\x00", " ").split())[:longest].strip()
    return line or None


def _language(written: str | None) -> str:
    return written if written and _LANGUAGE.fullmatch(written) else ENGLISH


def _publisher(meta: Meta) -> Group:
    known = vocabulary()
    if meta.publisher:
        return _named(meta.publisher, GroupKind.PUBLISHER)
    for domain in _domains(meta.url):
        if domain in known.domains:
            return known.papers[known.domains[domain]]
    desk = _DESK.match(meta.byline or "")
    found = _known(desk["name"], GroupKind.PUBLISHER) if desk else None
    return found or UNKNOWN


def _domains(url: str | None) -> Iterator[str]:
    """The host of an address, and the domains that it is in."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return
    parts = host.lower().split(".")
    for index in range(len(parts) - 1):
        yield ".".join(parts[index:])


def _known(name: str, kind: GroupKind) -> Group | None:
    folded = fold(name)
    for paper in vocabulary().papers.values():
        names = [paper.slug.replace("-", " "), *map(fold, (paper.name, *paper.aliases))]
        if paper.kind == kind and folded in names:
            return paper
    return None


def _named(name: str, kind: GroupKind) -> Group:
    """A paper or agency by its name; one that we do not know is taken by the name given."""
    line = _line(name, 300) or UNKNOWN.name
    return _known(line, kind) or Group(slugify(line, UNKNOWN.slug), line, kind)
