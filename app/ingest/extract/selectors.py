"""Selectors: where in the text a fact stands, made so that they hold."""

from typing import Any

from app.codelists import QuoteType
from app.ingest.extract.found import Span
from app.ingest.verify import OPENING, cut_off_marks, sha256, spoken

AFFIX = 16
"""Enough to tell like places apart."""


def selector(
    text: str,
    span: Span,
    quote_type: QuoteType,
    cue: Span | None = None,
    source: Span | None = None,
) -> dict[str, Any] | None:
    """The selector of a span; None if none can be made that holds."""
    start, end = span
    direct = quote_type == QuoteType.DIRECT
    if direct:
        start, end = _with_marks(text, start, end)
    if not 0 <= start < end <= len(text):
        return None
    words = spoken(text, start, end) if direct else text[start:end]
    if not words or "\x00" in words or (direct and cut_off_marks(text, start, end)):
        return None
    made: dict[str, Any] = {"start": start, "end": end, "quote_type": quote_type.value}
    if direct:
        made["exact"] = words
    made["prefix"] = _storable(text[max(0, start - AFFIX) : start])
    made["suffix"] = _storable(text[end : end + AFFIX])
    made["exact_sha256"] = sha256(words)
    low, high = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    high = len(text) if high < 0 else high
    for name, place, longest in (("cue", cue, 80), ("source_text", source, 120)):
        if place and low <= place[0] < place[1] <= high and place[1] - place[0] <= longest:
            written = text[place[0] : place[1]]
            if "\x00" not in written:
                made[name] = written
    return made


def _storable(affix: str) -> str:
    return "" if "\x00" in affix else affix


def _with_marks(text: str, start: int, end: int) -> Span:
    """A span of direct speech with the quotation marks that stand beside it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start and text[start] not in OPENING and text[start - 1] in OPENING:
        start -= 1
    if cut_off_marks(text, start, end) if start < end else False:
        end += 2 if text[end : end + 1] == "," else 1
    return start, end
