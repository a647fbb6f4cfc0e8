"""The text as words: where each begins, and what is known of it. Every later stage walks on these.

A word's marks (quotation, comma, full stop) stay with it, as counts of what stands before and after
its core. What is known of a word does not depend on its place, so it is found once and kept.
"""

import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from sys import intern

from app.ingest.extract.lexicon import Form, sections, verb_forms

GAPS = (
    "\n\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000‒–—―"
)
"""What parts words beside the space: the line's end, other spaces, and dashes."""
GLUED = {mark: re.compile(rf"{mark}(?<=[,.?!:].)(?=\w)") for mark in '"“”'}
"""Each mark where it lacks the space behind it; a pattern that begins with one is found soonest."""

ARTICLE = re.compile(r"(?:al|el|an|ar|as|ash|at|ad|az|ul)-[A-Z]")
"""An Arabic article that a name begins with: `al-Busaidi`."""

OPENING = "\"“”„«»‘’'`([{<*•…-"
CLOSING = "\"“”„«»‘’'`)]}>*….,;:!?-"
STOPS = frozenset(".!?…")

CAP, CUE, COMMA, STOP, OPENS, CLOSES = 1, 2, 4, 8, 16, 32
BE, HAVE, DO, MODAL, ADVERB = 64, 128, 256, 512, 1024
SUBJECT, OBJECT, WHO, SUBORDINATOR, COORDINATOR = 2048, 4096, 8192, 16384, 32768
DETERMINER, PREPOSITION, TIME, RECIPIENT, POSSESSIVE = 65536, 1 << 17, 1 << 18, 1 << 19, 1 << 20
COLON, BARE, DIGIT, ABBREVIATION, ACCORDING = 1 << 21, 1 << 22, 1 << 23, 1 << 24, 1 << 25
LAST = 1 << 26
"""The last word of a paragraph."""
MARKED = CAP | CUE | STOP | ACCORDING
AUXILIARY = BE | HAVE | DO | MODAL
FUNCTION = (
    DETERMINER | PREPOSITION | SUBJECT | OBJECT | SUBORDINATOR | COORDINATOR | ADVERB | WHO | TIME
) | BE
"""Words that no name begins with."""

_SECTIONS = {
    "be": BE, "have": HAVE, "do": DO, "modal": MODAL, "adverb": ADVERB, "subject": SUBJECT,
    "object": OBJECT, "who": WHO, "subordinator": SUBORDINATOR, "coordinator": COORDINATOR,
    "determiner": DETERMINER, "preposition": PREPOSITION, "time": TIME, "recipient": RECIPIENT,
    "abbreviation": ABBREVIATION, "according": ACCORDING,
}  # fmt: skip


class Word:
    """What is known of a word wherever it stands."""

    __slots__ = ("cue", "end", "flags", "key", "lead", "marked", "size")

    def __init__(self, token: str) -> None:
        core = token.lstrip(OPENING)
        self.size = len(token) + 1
        """With the space behind it."""
        self.lead = len(token) - len(core)
        bare = core.rstrip(CLOSING)
        self.end = self.lead + len(bare)
        key = bare.lower().replace("’", "'")
        flags = _FLAGS.get(key, 0)
        if not flags and "'" in key:
            key, flags = _contracted(key)
        elif core[len(bare) :].startswith(("'", "’")) and key.endswith("s"):
            flags |= POSSESSIVE
        if key.endswith("ly") and not flags & ~POSSESSIVE and len(key) > 4 and bare[0].islower():
            flags |= ADVERB
        if key.endswith("n't"):
            flags |= ADVERB
        self.key = intern(key)
        self.cue: Form | None = _FORMS.get(key)
        if self.cue and not flags & POSSESSIVE:
            flags |= CUE
        flags |= _shape(bare) | _marks(core[len(bare) :], key, bare, token[0:1] == "(")
        self.flags = _shared.setdefault(flags, flags)
        self.marked = bool(self.flags & MARKED)


def _contracted(key: str) -> tuple[str, int]:
    """A word with another one hung on by an apostrophe: `he's`, `they'd`, `Andrabi's`."""
    base, _, hung = key.rpartition("'")
    flags = _FLAGS.get(base, 0) & (SUBJECT | WHO | SUBORDINATOR)
    if flags and hung in _HUNG:
        return base, flags | _HUNG[hung]
    if hung == "s":
        return base, POSSESSIVE
    return key, 0


_HUNG = {"s": BE, "re": BE, "m": BE, "ve": HAVE, "d": MODAL, "ll": MODAL}


def _shape(bare: str) -> int:
    """What the letters look like."""
    if not bare:
        return BARE
    first = bare[0]
    if first.isdigit():
        return DIGIT
    return CAP if first.isupper() or ("-" in bare and ARTICLE.match(bare)) else 0


def _marks(after: str, key: str, bare: str, bracketed: bool) -> int:
    """What the marks after a word say."""
    flags = 0
    if not after:
        return flags
    if "," in after or ";" in after or ":" in after:
        flags |= COMMA
        if ":" in after:
            flags |= COLON
    if bracketed and ")" in after:
        return flags
    if any(mark in STOPS for mark in after) and not _abbreviated(after, key, bare):
        flags |= STOP
    return flags


def _abbreviated(after: str, key: str, bare: str) -> bool:
    """A full stop that belongs to the word."""
    if not after.startswith("."):
        return after.startswith("…") and "." not in after
    if after[1:].strip("\"”’'»)"):
        return after[1:2] in {",", ";"} or (after.startswith("..") and len(after) <= 3)
    initial = bare.isupper() and bare not in {"I", "X"} and max(map(len, bare.split("."))) == 1
    return initial or bool(_FLAGS.get(key, 0) & ABBREVIATION)


_shared: dict[int, int] = {}
"""Flags that were met: words that have the same share one number, so that less is kept at hand."""
_FLAGS: dict[str, int] = {}
for _name, _words in sections("function.txt").items():
    for _word in _words:
        _FLAGS[_word] = _FLAGS.get(_word, 0) | _SECTIONS[_name]
_FORMS = verb_forms()


class _Known(dict[str, Word]):
    """Words that were met before. Bounded: text of any sort may come."""

    MOST = 200_000

    def __missing__(self, token: str) -> Word:
        if len(self) >= self.MOST:
            self.clear()
        word = self[token] = Word(token)
        return word


_known = _Known()


def _parted(text: str) -> str:
    """The text with a space for all that parts words; every character stays in its place."""
    for gap in GAPS:
        text = text.replace(gap, " ")
    for mark, glued in GLUED.items():
        if mark in text:
            text = glued.sub(" ", text)
    return text.replace("--", "  ")


class Words:
    """The words of a text, as parallel lists."""

    __slots__ = (
        "count",
        "flags",
        "marked",
        "quote_ranges",
        "quote_spans",
        "starts",
        "text",
        "words",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = list(map(_known.__getitem__, _parted(text).split(" ")))
        self.flags = [word.flags for word in self.words]
        self.marked = [index for index, word in enumerate(self.words) if word.marked]
        """Words that some stage begins from; the others are looked at from there."""
        self.starts = list(accumulate([word.size for word in self.words], initial=0))
        self.count = len(self.words)
        self.quote_spans: dict[int, tuple[int, int]] = {}
        """Quotations by their first word."""
        self.quote_ranges: list[tuple[int, int]] = []

    def quote(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Take note of the quotations; gives the words of each."""
        ranges = []
        for start, end in spans:
            first = max(bisect_right(self.starts, start) - 1, 0)
            if start == self.starts[first + 1] - 1:
                first += 1
            stop = bisect_left(self.starts, end)
            self.flags[first] |= OPENS
            self.flags[stop - 1] |= CLOSES
            self.quote_spans[first] = (start, end)
            ranges.append((first, stop))
        self.quote_ranges = ranges
        return ranges

    def start(self, index: int) -> int:
        """Where the core of a word begins in the text."""
        return self.starts[index] + self.words[index].lead

    def end(self, index: int) -> int:
        """Where the core of a word ends in the text."""
        return self.starts[index] + self.words[index].end
