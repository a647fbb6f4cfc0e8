"""The sheet on which a sentence is worked out: what is known of it, and what was found in it."""

from dataclasses import dataclass

from app.ingest.extract import phrases, verbs
from app.ingest.extract.found import Span
from app.ingest.extract.lexicon import Form
from app.ingest.extract.sentences import Range
from app.ingest.extract.words import (
    BARE,
    CAP,
    CLOSES,
    COMMA,
    CUE,
    OPENS,
    PREPOSITION,
    STOP,
    SUBORDINATOR,
    Words,
)

NAMING = 6
"""Words of the longest phrase before a colon that is taken for a name as it stands."""

BARE_OR_OPENS, BARE_OR_CLOSES = BARE | OPENS, BARE | CLOSES


@dataclass(slots=True)
class Found:
    """An attribution before its speaker is known."""

    content: list[Span]
    source: Range | None
    cue: Range | None
    rule: str
    sentence: int


@dataclass(slots=True)
class Sentence:
    """A sentence with the cues outside of its quotations, and with these."""

    number: int
    begin: int
    end: int
    cues: list[int]
    quotes: list[Range]


class Sheet:
    """A sentence being worked out, from left to right."""

    def __init__(self, words: Words, sentence: Sentence) -> None:
        self.words, self.flags, self.known = words, words.flags, words.words
        self.sentence = sentence
        self.begin, self.end = sentence.begin, sentence.end
        self.quotes = sentence.quotes
        self.cues = sentence.cues
        self.place = sentence.begin
        """Up to where the sentence is read."""
        self.source: Range | None = None
        """The last source that was found."""
        self.used: set[int] = set()
        """Quotations that belong to an attribution, by their first word."""
        self.mine: list[Found] = []

    def key(self, index: int) -> str:
        """A word as the lexicons write it."""
        return self.known[index].key

    def form(self, cue: int) -> Form:
        """The verb that a cue is a form of."""
        form = self.known[cue].cue
        assert form is not None  # noqa: S101 - only cues are asked for
        return form

    def is_verb(self, cue: int) -> bool:
        """Whether a cue is a verb of its own here."""
        return verbs.group(self.words, cue, self.place).shape not in verbs.NO_VERBS

    def capital(self, cue: int) -> bool:
        """Whether a cue is written with a capital, as part of a name may be."""
        return bool(self.flags[cue] & CAP)

    def emit(self, content: list[Span], source: Range | None, cue: Range, rule: str) -> None:
        """Keep an attribution, if it has content."""
        if content:
            self.mine.append(Found(content, source, cue, rule, self.sentence.number))

    def use(self, start: int, stop: int) -> None:
        """Take note that the quotations between two words belong to an attribution."""
        for quote in self.quotes:
            if start <= quote[0] < stop:
                self.used.add(quote[0])

    def spans(self, start: int, stop: int) -> list[Span]:
        """The text of some words, without the marks and spaces at its edges."""
        flags, words = self.flags, self.words
        while start < stop and flags[start] & BARE_OR_OPENS == BARE:
            start += 1
        while stop > start and flags[stop - 1] & BARE_OR_CLOSES == BARE:
            stop -= 1
        if stop <= start:
            return []
        begin, end = words.start(start), words.end(stop - 1)
        if self.quotes:
            self.use(start, stop)
            if start in words.quote_spans:
                begin = words.quote_spans[start][0]
            for quote in self.quotes:
                if quote[1] == stop and quote[0] >= start:
                    end = words.quote_spans[quote[0]][1]
        return [(begin, end)] if end > begin else []

    def main_subject(self, before: int) -> Range | None:
        """The subject that a participle or a second verb leans on: the first in the sentence."""
        start = self.begin
        for index in range(self.begin, before):
            if index == start:
                got = phrases.leading(self.words, start, before)
                if got is not None:
                    return got
            if self.flags[index] & (COMMA | CLOSES):
                start = index + 1
        return None

    def led(self, before: int) -> Range | None:
        """Who did what came before; but whoever is named behind `when` did not."""
        source = self.source
        if source and source[0] > self.begin and self.flags[source[0] - 1] & SUBORDINATOR:
            return self.main_subject(before) or source
        return source or self.main_subject(before)

    def namer(self, stop: int) -> Range | None:
        """Who is named by the words before a colon."""
        for found in reversed(self.mine):
            if found.source and not found.rule.startswith("relative"):
                return found.source
        flags, begin = self.flags, stop - 1
        while begin > self.begin and not flags[begin - 1] & (STOP | CLOSES):
            begin -= 1
        if stop - begin <= NAMING and flags[begin] & CAP and not flags[begin] & PREPOSITION:
            verb = flags[stop - 1] & CUE and not flags[stop - 1] & CAP  # `Holm disagreed: “…”`
            return begin, stop - 1 if verb and stop - begin > 1 else stop
        return self.main_subject(stop)

    def has_cue(self, start: int, stop: int) -> bool:
        """Whether some words hold a verb of attribution."""
        return any(self.flags[k] & CUE and not self.flags[k] & CAP for k in range(start, stop))
