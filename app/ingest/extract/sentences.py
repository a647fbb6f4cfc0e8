"""Sentences: runs of words that end with a full stop, a question or an exclamation.

A stop within a quotation ends no sentence of the article's; one that stands last before the closing
mark does, unless the sentence goes on in a small letter.
"""

import re
from bisect import bisect_left, bisect_right

from app.ingest.extract.quotations import Quotation
from app.ingest.extract.words import BARE, CAP, CLOSES, DIGIT, OPENS, STOP, Words

Range = tuple[int, int]
"""Words of the text by their number, end exclusive."""

PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The lines that have something in them, as spans without the space around them."""
    found = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            at = start + line.find(bare[0])
            found.append((at, at + len(bare)))
        start += len(line) + 1
    return found


def word_ranges(words: Words, spans: list[tuple[int, int]]) -> list[Range]:
    """Spans of the text as ranges of words; both in order."""
    starts = words.starts
    return [(max(bisect_right(starts, s) - 1, 0), bisect_left(starts, e)) for s, e in spans]


def sentences(words: Words, paragraphs: list[Range], quotes: list[Range]) -> list[Range]:
    """The sentences of each paragraph."""
    flags, found = words.flags, []
    place, count = 0, len(quotes)
    for begin, end in paragraphs:
        start = begin
        for i in range(begin, end):
            if not flags[i] & STOP or i + 1 >= end:
                continue
            while place < count and quotes[place][1] <= i:
                place += 1
            if place < count and quotes[place][0] <= i < quotes[place][1] - 1:
                continue
            if _goes_on(words, i):
                continue
            found.append((start, i + 1))
            start = i + 1
        if start < end:
            found.append((start, end))
    return found


def _goes_on(words: Words, stop: int) -> bool:
    """Whether the word after a stop belongs to the same sentence."""
    flags = words.flags
    after = flags[stop + 1]
    if after & (CAP | OPENS | DIGIT):
        mark = words.text[words.end(stop) : words.starts[stop + 1]]
        return bool(flags[stop] & CLOSES and after & CAP) and ("?" in mark or "!" in mark)
    if after & BARE:
        return False
    return True
