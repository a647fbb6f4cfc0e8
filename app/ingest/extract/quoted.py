"""Attribution of quotations: “…,” he said; he said: “…”; According to him, “…”; “…” — A. Name."""

from typing import NamedTuple

from app.ingest.extract import phrases, verbs
from app.ingest.extract.found import Span
from app.ingest.extract.lexicon import sections
from app.ingest.extract.sentences import DASHES, Range
from app.ingest.extract.sheet import Sheet
from app.ingest.extract.words import (
    ADVERB,
    AUXILIARY,
    BARE,
    CAP,
    COLON,
    COMMA,
    COORDINATOR,
    DETERMINER,
    FUNCTION,
    OBJECT,
    PREPOSITION,
    RECIPIENT,
    STOP,
    SUBJECT,
    SUBORDINATOR,
    TIME,
    WHO,
)

QUOTABLE = frozenset({"speech", "thought"})
CLAUSE = sections("closed.txt")["clause"]
"""Words that begin a clause of what is said."""
SHORT = 6
"""Words of a quotation that needs a mark of its own to be speech."""
FAR, NEAR = 30, 8
"""Words between a cue and the quotation it introduces, with a comma before it and without."""
SIGNATURE = 12
"""Words of the longest name with post and place."""


class Naming(NamedTuple):
    """Who is named as the speaker of a quotation, and how."""

    source: Range | None
    cue: Range
    until: int
    rule: str


class Quoted(Sheet):
    """The rules for quotations."""

    def quotation_first(self) -> None:
        """Read a sentence that begins with a quotation: `“…,” he said. “…,” said he, “…”`."""
        quotes = self.quotes
        last = 0
        while last + 1 < len(quotes) and quotes[last + 1][0] - quotes[last][1] <= 1:
            last += 1
        begin = quotes[last][1]
        end = quotes[last + 1][0] if last + 1 < len(quotes) else self.end
        got = self.after_quotation(begin, end) or self._signature(begin, end)
        if got is None:
            return
        content = [self.words.quote_spans[quote[0]] for quote in quotes[: last + 1]]
        self.use(self.begin, begin)
        self.place, self.source = got.until, got.source
        if end < self.end and self._goes_on(got.until, end):
            content.append(self.words.quote_spans[end])
            self.use(end, end + 1)
            self.place = quotes[last + 1][1]
        self.emit(content, got.source, got.cue, got.rule)

    def _goes_on(self, start: int, second: int) -> bool:
        """Whether a second quotation is the same speech: `“…,” he said, “…”`."""
        before = self.flags[second - 1]
        if before & STOP:
            return True
        return bool(before & (COMMA | BARE)) and not self.has_cue(start, second)

    def begins_quoted(self) -> bool:
        """Whether the sentence begins with a quotation that is no mere word or title."""
        if not self.quotes:
            return False
        first, stop = self.quotes[0]
        if not self.flags[stop - 1] & (COMMA | STOP) and stop - first < SHORT:
            return False
        lead = BARE | ADVERB | COORDINATOR
        return all(self.flags[k] & lead for k in range(self.begin, first))

    def after_quotation(self, begin: int, end: int) -> Naming | None:
        """The speaker that is named behind a quotation."""
        flags = self.flags
        for cue in self.cues:
            if not begin <= cue < end:
                continue
            found = verbs.group(self.words, cue, begin)
            if found.begin <= begin:
                return self._verb_first(cue, end)
            if found.shape in verbs.NO_VERBS:
                continue
            source = self._source_first(found.begin, begin)
            if source is None:
                if flags[found.begin - 1] & COORDINATOR or found.shape == "participle":
                    return None
                continue
            if flags[source[0]] & WHO:
                continue
            far = source[0] - begin > SIGNATURE and not flags[source[0] - 1] & COMMA
            if far or any(flags[k] & AUXILIARY for k in range(begin, source[0])):
                return None
            return Naming(source, (cue, cue + 1), self._tail(cue + 1, end), "quote-source-verb")
        return None

    def _source_first(self, before: int, begin: int) -> Range | None:
        """`Andrabi, the spokesman, said`: what follows the quotation at once is the speaker."""
        source = phrases.subject(self.words, before, begin)
        if source and self.flags[source[0]] & WHO:
            return source
        first = self.flags[begin]
        if first & (CAP | DETERMINER) and not first & (PREPOSITION | TIME | SUBORDINATOR | SUBJECT):
            return begin, before
        return source

    def _verb_first(self, cue: int, end: int) -> Naming:
        """`said Andrabi`."""
        if self.flags[cue] & (COMMA | STOP):
            return Naming(None, (cue, cue + 1), cue + 1, "quote-verb")
        stop = phrases.phrase_end(self.words, cue + 1, end)
        source = (cue + 1, stop) if stop > cue + 1 else None
        if source and self.flags[cue + 1] & OBJECT and not self.flags[cue + 1] & DETERMINER:
            source = None
        return Naming(source, (cue, cue + 1), max(stop, cue + 1), "quote-verb-source")

    def _signature(self, begin: int, end: int) -> Naming | None:
        """A name behind a dash: `“…” — A. Speaker`."""
        flags, start = self.flags, begin
        while start < end and flags[start] & BARE:
            start += 1
        if start == end or end - start > SIGNATURE or self.has_cue(start, end):
            return None
        if not flags[start] & CAP or flags[start] & FUNCTION:
            return None
        place = self.words.quote_spans[self.quotes[0][0]][1]
        if DASHES.isdisjoint(self.words.text[place : self.words.starts[start] + 1]):
            return None
        return Naming((start, end), (start, start + 1), end, "signature")

    def _tail(self, index: int, end: int) -> int:
        """Past the time, place and hearer of a saying."""
        while index < end and not self.flags[index - 1] & (COMMA | STOP):
            index += 1
        return index

    def quoted_after(self, cue: int) -> tuple[Span, int] | None:
        """The quotation that a cue introduces, and the word after: `said in a statement: “…”`."""
        quotes, place = self.quotes, 0
        while place < len(quotes) and quotes[place][0] <= cue:
            place += 1
        if place == len(quotes) or not self._introduces(cue, quotes[place][0]):
            return None
        first, stop = quotes[place]
        while self._adjoins(place, stop):
            place += 1
            stop = quotes[place][1]
        if not self._complete(first, stop):
            return None
        spans = self.words.quote_spans
        return (spans[first][0], spans[quotes[place][0]][1]), stop

    def _adjoins(self, place: int, stop: int) -> bool:
        """Whether the next quotation goes on where one ends: `“…” and “…”`."""
        if place + 1 == len(self.quotes) or self.flags[stop - 1] & STOP:
            return False
        return self.quotes[place + 1][0] - stop <= 1

    def _complete(self, first: int, stop: int) -> bool:
        """Whether a quotation is all that is said, not a part of a clause."""
        flags = self.flags
        if stop >= self.end or flags[stop - 1] & (COMMA | STOP) or flags[first - 1] & COMMA:
            return True
        return stop - first >= SHORT - 2 and bool(flags[stop] & (COORDINATOR | SUBORDINATOR))

    def _introduces(self, cue: int, first: int) -> bool:
        """Whether nothing but hearer, time and place stands between a cue and a quotation."""
        flags, before = self.flags, self.flags[first - 1]
        if first - cue > (FAR if before & COMMA else NEAR):
            return False
        for other in self.cues:
            between = cue < other < first and not self.capital(other)
            if between and not flags[other - 1] & WHO and self.is_verb(other):
                return False
        if before & COLON or first == cue + 1:
            return True
        if before & COMMA:
            return not any(self.key(k) in CLAUSE for k in range(cue + 1, first))
        spare = RECIPIENT | TIME | BARE | ADVERB
        return all(flags[k] & spare or self.key(k) == "that" for k in range(cue + 1, first))

    def anchored(self) -> list[tuple[int, int]]:
        """Cues that introduce a quotation, each with the word that content before it ends at."""
        found = []
        for first, _ in self.quotes:
            for cue in [c for c in self.cues if first - FAR <= c < first][-2:]:
                if not self.form(cue).groups & QUOTABLE or not self._introduces(cue, first):
                    continue
                group = verbs.group(self.words, cue, self.begin)
                if group.shape in verbs.NO_VERBS:
                    continue
                source = None
                if group.shape != "participle":
                    source = phrases.subject(self.words, group.begin, self.begin)
                found.append((cue, source[0] if source else group.begin))
        return found

    def after_colons(self) -> None:
        """`Clinton: “…”`, `She had this message: “…”`."""
        for first, _ in self.quotes:
            if first in self.used or first == 0 or not self.flags[first - 1] & COLON:
                continue
            source = self.namer(first)
            if source is not None:
                self.use(first, first + 1)
                self.emit([self.words.quote_spans[first]], source, (first - 1, first), "colon")

    def according(self, index: int) -> None:
        """`According to X, …`; `…, according to X`. What it covers is read no further."""
        if index + 2 >= self.end or index < self.place or self.key(index + 1) != "to":
            return
        stop = phrases.to_comma(self.words, index + 2, self.end)
        if index - self.begin < 3:
            if stop >= self.end:
                return
            quoted = self.quoted_after(stop - 1)
            if quoted:
                self.use(stop, quoted[1])
            content = [quoted[0]] if quoted else self.spans(stop, self.end)
            self.place = self.end
        elif index - self.place >= 3:
            content = self.spans(self.place, index)
            self.place = stop
        else:
            return
        self.emit(content, (index + 2, stop), (index, index + 2), "according-to")
