"""Articles made up for tests, and an extractor for nothing but these.

It stands in for the one that reads real articles: a batch has to be right with any.
"""

import os
import re
import signal
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from random import Random
from typing import Any

from app.ingest.extract.found import Meta
from app.ingest.read.source import Source

METHOD = "extracted by a toy, version 1"
PEOPLE = ("Ada Quill", "Bo Marsh", "Cy Dunn", "Di Stone", "Ed Frost", "Flo Reed")
COUNTRIES = ("PAK", "AFG", "TUR", "IRN", "RUS", "QAT")
TOPICS = ("ceasefire", "trade-and-transit", "peace-talks", "repatriation")
STANCES = ("asserts", "denies", "demands", "welcomes")
_QUOTED = re.compile(r"“([^”]+)” said ([A-Z]\w+ [A-Z]\w+) of ([A-Z]{3}) on ([a-z-]+)\.")


def articles(count: int, seed: int = 7, sentences: int = 3) -> Iterator[Source]:
    """So many articles, the same each time; some of them have nothing in them."""
    random = Random(seed)  # noqa: S311 - chance that repeats
    for number in range(count):
        lines = [f"Report {number} of {seed}", ""]
        for place in range(sentences if random.random() < 0.9 else 0):
            person = random.choice(PEOPLE) + random.choice(("", "", "sen"))
            told = f"We shall {random.choice(('talk', 'wait', 'trade', 'listen'))} {number}-{place}"
            lines.append(
                f"“{told},” said {person} of {random.choice(COUNTRIES)} on {random.choice(TOPICS)}."
            )
        lines.append("Nothing else was heard.")
        yield source("\n".join(lines) + "\n", f"article {number}")


def source(text: str, name: str) -> Source:
    """An article with what is stated of it."""
    meta = Meta(
        headline=text.partition("\n")[0],
        publisher="outlook-india",
        published_on=date(2025, 11, 15),
        language="en",
    )
    return Source(text, meta, name)


def extract(text: str, meta: Meta) -> dict[str, Any]:
    """The record of an article, if it lets itself be read."""
    if "[kills its reader]" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "[cannot be read]" in text:
        raise ZeroDivisionError("there is nothing to divide by")
    found = list(_QUOTED.finditer(text))
    officials = {each[2]: _official(text, each) for each in reversed(found)}
    return {
        "format": "onrecord/article-record/1",
        "method": METHOD,
        "article": {
            "headline": meta.headline,
            "publisher": "nobody" if "[nobody printed it]" in text else meta.publisher,
            "published_on": str(meta.published_on),
            "language": meta.language,
            "text_sha256": _sha256(text),
            "characters": len(text),
            "rights": "Made up.",
        },
        "officials": [officials[name] for name in sorted(officials)],
        "positions": [_position(text, place, each) for place, each in enumerate(found)],
    }


def _official(text: str, found: re.Match[str]) -> dict[str, Any]:
    post = {
        "post": "spokesperson",
        "country": found[3],
        "end_status": "unknown",
        "attested_on": "2025-11-15",
        "evidence": [_selector(text, found.start(2), found.end(3), None)],
    }
    return {"slug": _slug(found[2]), "name": found[2], "tenures": [post]}


def _position(text: str, place: int, found: re.Match[str]) -> dict[str, Any]:
    return {
        "key": f"said-{place}",
        "country": found[3],
        "speaker": _slug(found[2]),
        "topic": found[4],
        "stance": STANCES[len(found[1]) % len(STANCES)],
        "modality": "actual",
        "proposition": f"What is to be done is told in sentence {place}.",
        "targets": [{"country": COUNTRIES[len(found[2]) % len(COUNTRIES)]}],
        "said_on": "2025-11-14",
        "extraction": {"rule": "quote-said", "confidence": 0.9 if "talk" in found[1] else 0.5},
        "evidence": [_selector(text, found.start(1) - 1, found.end(1) + 1, found[1].rstrip(","))],
    }


def _selector(text: str, start: int, end: int, spoken: str | None) -> dict[str, Any]:
    words = text[start:end] if spoken is None else spoken
    return {
        "start": start,
        "end": end,
        "quote_type": "mention" if spoken is None else "direct",
        **({"exact": spoken} if spoken is not None else {}),
        "prefix": text[max(0, start - 16) : start],
        "suffix": text[end : end + 16],
        "exact_sha256": _sha256(words),
    }


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()
