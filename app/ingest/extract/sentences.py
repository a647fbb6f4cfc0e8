"""Sentences: runs of words that end with a full stop, a question or an exclamation.

A stop within a quotation ends no sentence of the article's; one that stands last before the closing
mark does, unless the sentence goes on in a small letter.
"""

from bisect import bisect_left, bisect_right

from app.ingest.extract.words import BARE, CAP, CLOSES, DIGIT, OPENS, STOP, Words

Range = tuple[int, int]
"""Words of the text by their number, end exclusive."""

LONGEST = 400
"""Words of the longest sentence; only quotations make longer ones."""
DASHES = frozenset("-‒–—―")


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
    stops = [i for i, flag in enumerate(words.flags) if flag & STOP]
    found: list[Range] = []
    quote = stop = 0
    for begin, end in paragraphs:
        start = begin
        while stop < len(stops) and stops[stop] < end - 1:
            place = stops[stop]
            stop += 1
            while quote < len(quotes) and quotes[quote][1] <= place:
                quote += 1
            within = quote < len(quotes) and quotes[quote][0] <= place < quotes[quote][1] - 1
            if place < start or within or _goes_on(words, place):
                continue
            _add(found, (start, place + 1), quotes)
            start = place + 1
        if start < end:
            _add(found, (start, end), quotes)
    return found


def _add(found: list[Range], sentence: Range, quotes: list[Range]) -> None:
    """Keep a sentence; one beyond all measure is cut, so that no text takes more than its share."""
    start, end = sentence
    if end - start <= LONGEST:
        found.append(sentence)
        return
    place = bisect_left(quotes, (start, 0))
    while end - start > LONGEST:
        cut, held = start + LONGEST, 0
        while place < len(quotes) and quotes[place][0] < cut and held < LONGEST // 8:
            cut, held = max(cut, quotes[place][1]), held + 1
            place += 1
        cut = min(cut, end)
        found.append((start, cut))
        start = cut
    if start < end:
        found.append((start, end))


def _goes_on(words: Words, stop: int) -> bool:
    """Whether the word after a stop belongs to the same sentence."""
    flags = words.flags
    after = flags[stop + 1]
    if flags[stop] & CLOSES and not DASHES.isdisjoint(
        words.text[words.end(stop) : words.starts[stop + 1] + 2]
    ):
        return True
    if after & (CAP | OPENS | DIGIT):
        mark = words.text[words.end(stop) : words.starts[stop + 1]]
        return bool(flags[stop] & CLOSES and after & CAP) and ("?" in mark or "!" in mark)
    return not after & BARE
