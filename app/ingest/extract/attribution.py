"""Attribution: who is laid what in the mouth, sentence by sentence, from its cues outwards."""

from dataclasses import dataclass

from app.ingest.extract import clauses
from app.ingest.extract.clauses import Group
from app.ingest.extract.found import Span
from app.ingest.extract.lexicon import particles
from app.ingest.extract.sentences import Range
from app.ingest.extract.words import (
    ADVERB,
    AUXILIARY,
    BARE,
    BE,
    CAP,
    CLOSES,
    COLON,
    COMMA,
    COORDINATOR,
    CUE,
    DETERMINER,
    DIGIT,
    OBJECT,
    OPENS,
    POSSESSIVE,
    PREPOSITION,
    RECIPIENT,
    STOP,
    SUBJECT,
    SUBORDINATOR,
    TIME,
    WHO,
    Words,
)

QUOTABLE = frozenset({"speech", "thought"})
PARTICLES = particles()
ADJUNCT = TIME | PREPOSITION | RECIPIENT | ADVERB
"""What may follow a verb of saying that nothing said follows."""


@dataclass(slots=True)
class Found:
    """An attribution before its speaker is known."""

    content: list[Span]
    source: Range | None
    cue: Range | None
    rule: str
    sentence: int
    verb: str = ""


@dataclass(slots=True)
class Sentence:
    """A sentence with the quotations in it."""

    number: int
    begin: int
    end: int
    quotes: list[Range]


class Reader:
    """Reads sentences in order; each may lean on what the one before said."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.found: list[Found] = []
        self.opened: dict[int, Found] = {}
        """By sentence, who is about to be quoted."""
        self.loose: list[tuple[Sentence, Range]] = []

    def read(self, sentence: Sentence) -> None:
        """Find the attributions of a sentence."""
        _Reading(self, sentence).read()


class _Reading:
    def __init__(self, reader: Reader, sentence: Sentence) -> None:
        self.reader, self.words, self.sentence = reader, reader.words, sentence
        self.flags = reader.words.flags
        self.place = sentence.begin
        self.used: set[int] = set()
        self.source: Range | None = None
        self.shape = ""
        self.cues = self._cues()
        self.mine: list[Found] = []

    def _cues(self) -> list[int]:
        flags, found = self.flags, []
        begin = self.sentence.begin
        for start, end in [*self.sentence.quotes, (self.sentence.end, 0)]:
            found += [i for i in range(begin, start) if flags[i] & CUE and self._is_cue(i)]
            begin = end
        return found

    def _is_cue(self, index: int) -> bool:
        """A capital in the sentence makes a name of it: `Ban`; in a headline everything has one."""
        if not self.flags[index] & CAP or index == self.sentence.begin or self.sentence.number == 0:
            return True
        form = self.words.words[index].cue
        return form is not None and "base" not in form.kinds

    def read(self) -> None:
        quotes = self.sentence.quotes
        if quotes and self._leads(quotes[0]):
            self._quotation_first()
        self._according()
        for number, cue in enumerate(self.cues):
            if cue >= self.place:
                self._cue(number, cue)
        for quote in quotes:
            if quote[0] not in self.used and flags_before(self.flags, quote[0]) & COLON:
                self._after_colon(quote)
        if (
            not self.sentence.number in self.reader.opened
            and self.flags[self.sentence.end - 1] & COLON
        ):
            self._open(
                self._namer(self.sentence.end), (self.sentence.end - 1, self.sentence.end), "colon"
            )
        self.reader.found += self.mine
        for quote in quotes:
            if quote[0] not in self.used:
                self.reader.loose.append((self.sentence, quote))

    # quotation first

    def _leads(self, quote: Range) -> bool:
        begin = self.sentence.begin
        return quote[0] - begin <= 1 or all(
            self.flags[k] & (BARE | ADVERB | COORDINATOR) for k in range(begin, quote[0])
        )

    def _quotation_first(self) -> None:
        """“…,” he said. “…,” said he, “…”."""
        quotes, flags = self.sentence.quotes, self.flags
        last = 0
        begin = quotes[0][1]
        while last + 1 < len(quotes) and quotes[last + 1][0] - begin <= 1:
            last += 1
            begin = quotes[last][1]
        end = quotes[last + 1][0] if last + 1 < len(quotes) else self.sentence.end
        got = self._after_quotation(begin, end)
        if got is None:
            return
        source, cue, until, rule = got
        content = [self._quote_span(q) for q in quotes[: last + 1]]
        self.used.update(q[0] for q in quotes[: last + 1])
        self.place = until
        self.source = source
        if last + 1 < len(quotes) and (end - until <= 6 or flags[end - 1] & (COMMA | STOP)):
            between = any(flags[k] & CUE for k in range(until, end))
            if not between or flags[end - 1] & STOP:
                content.append(self._quote_span(quotes[last + 1]))
                self.used.add(quotes[last + 1][0])
                self.place = quotes[last + 1][1]
        self._emit(content, source, cue, rule)

    def _after_quotation(self, begin: int, end: int) -> tuple[Range | None, Range, int, str] | None:
        """The attribution that stands after a quotation."""
        words, flags = self.words, self.flags
        for cue in self.cues:
            if not begin <= cue < end:
                continue
            found = clauses.group(words, cue, begin)
            if found.shape in {"noun", "infinitive"} and found.begin > begin:
                continue
            if found.begin <= begin:
                if flags[cue] & (COMMA | STOP):
                    return None, (cue, cue + 1), cue + 1, "quote-verb"
                stop = clauses.phrase_end(words, cue + 1, end)
                source = (cue + 1, stop) if stop > cue + 1 else None
                if source and flags[cue + 1] & OBJECT and not flags[cue + 1] & DETERMINER:
                    source = None
                return source, (cue, cue + 1), max(stop, cue + 1), "quote-verb-source"
            source = clauses.subject(words, found.begin, begin)
            if source is None:
                if flags[found.begin - 1] & COORDINATOR or found.shape == "participle":
                    break
                continue
            if source[0] - begin > 12 and not flags[source[0] - 1] & COMMA:
                break
            if any(flags[k] & AUXILIARY for k in range(begin, source[0])):
                break
            return source, (cue, cue + 1), self._tail(cue + 1, end), "quote-source-verb"
        return None

    def _tail(self, start: int, end: int) -> int:
        """Past the time, place and hearer of a saying."""
        index = start
        while index < end and not self.flags[index - 1] & (COMMA | STOP | COLON):
            index += 1
        return index

    # cue by cue

    def _cue(self, number: int, cue: int) -> None:
        words, flags = self.words, self.flags
        begin, end = self.place, self.sentence.end
        form = words.words[cue].cue
        assert form
        first = clauses.group(words, cue, begin)
        if not self._counts(first, end):
            return
        source, rule = self._source(first)
        if rule is None:
            return
        quoted = self._quoted_after(cue, end)
        before = None if quoted else self._content_before(first, source, end)
        if quoted:
            content, self.place = [quoted[0]], quoted[1]
            rule = f"{rule}-quote"
        elif before:
            content, self.place = before
            rule = f"content-{rule}"
        else:
            start = self._content_start(cue, end)
            stop = self._content_end(number, first, start, end)
            if stop <= start:
                if flags[end - 1] & COLON:
                    self._open(source, (first.begin, cue + 1), rule)
                return
            content = self._spans(start, stop)
            if first.shape == "passive" or form.groups & {"seeming"}:
                content = self._matter(first) + content
                source = None
            self.place = stop
        self.source = source or self.source
        self.shape = "base" if first.shape == "finite" and "base" in form.kinds else first.shape
        self._emit(content, source, (first.begin, cue + 1), rule + "/" + first.shape)

    def _counts(self, found: Group, end: int) -> bool:
        if found.shape in {"noun", "infinitive"}:
            return False
        form = self.words.words[found.verb].cue
        assert form
        needed = PARTICLES.get(form.verb)
        if needed:
            after = self.words.words[found.verb + 1].key if found.verb + 1 < end else ""
            if after not in needed:
                return False
        return True

    def _source(self, found: Group) -> tuple[Range | None, str | None]:
        """Who says it, and by which rule that was found."""
        flags, begin = self.flags, self.sentence.begin
        previous = found.begin - 1
        floor = max(self.place, begin)
        if found.shape == "participle":
            if previous < begin or flags[previous] & (COMMA | CLOSES | BARE):
                if previous < begin:
                    return None, "opening-participle"
                return self.source or self._main_subject(found), "participle"
            if flags[previous] & PREPOSITION:
                return self.source or self._main_subject(found), "gerund"
            if flags[previous] & (COORDINATOR | SUBORDINATOR):
                return self.source, "joined-participle"
            form = self.words.words[found.verb].cue
            if (
                flags[previous] & (DETERMINER | POSSESSIVE | AUXILIARY)
                or not form
                or "speech" not in form.groups
            ):
                return None, None
            source = clauses.subject(self.words, found.begin, floor)
            return source, "reduced"
        if found.shape == "passive":
            return None, "passive"
        if previous < begin:
            return None, None
        if self.words.words[previous].key in {"you", "you've", "let's"}:
            return None, None
        if flags[previous] & COORDINATOR:
            form = self.words.words[found.verb].cue
            if (
                form
                and "base" in form.kinds
                and found.begin == found.verb
                and self.shape not in {"modal", "base"}
            ):
                return None, None
            return (self.source or self._main_subject(found)), "joined"
        source = clauses.subject(self.words, found.begin, floor)
        if source is None and flags[previous] & COMMA:
            return self.source or self._main_subject(found), "after-comma"
        if source is None:
            return self.source, "unsure"
        if flags[source[0]] & WHO:
            return source, "relative"
        return source, "source-verb"

    def _main_subject(self, found: Group) -> Range | None:
        """The subject of the clause that a participle or a second verb leans on."""
        flags, begin = self.flags, self.sentence.begin
        starts = [begin]
        starts += [k + 1 for k in range(begin, found.begin) if flags[k] & (COMMA | CLOSES)]
        best = None
        for start in starts:
            got = clauses.leading(self.words, start, found.begin)
            if got and best is None:
                best = got
        return best

    def _matter(self, found: Group) -> list[Span]:
        """What a passive or `seems` is about: the subject belongs to what is said."""
        got = clauses.subject(self.words, found.begin, max(self.place, self.sentence.begin))
        return self._spans(*got) if got else []

    def _content_before(
        self, found: Group, source: Range | None, end: int
    ) -> tuple[list[Span], int] | None:
        """The content that stands before: `It would rain, he said`."""
        flags = self.flags
        cue = found.verb
        if source is None or source[0] <= self.place or not flags[source[0] - 1] & (COMMA | CLOSES):
            return None
        if found.shape == "participle":
            return None
        form = self.words.words[cue].cue
        if form is None or not form.groups & QUOTABLE:
            return None
        limit = min(end, cue + 9)
        stop = cue
        while stop < limit and not flags[stop] & (COMMA | STOP):
            stop += 1
            if stop < limit and stop == cue + 1 and not flags[stop] & ADJUNCT:
                return None
            if stop < limit and flags[stop] & (OPENS | SUBJECT | SUBORDINATOR):
                return None
            if stop < limit and self.words.words[stop].key in {"that", "to"}:
                return None
        if stop == limit and stop < end:
            return None
        begin = self.place
        if source[0] - begin < 3:
            return None
        if flags[begin] & (PREPOSITION | SUBORDINATOR | CUE | TIME) and stop + 1 < end:
            return None
        content = self._spans(begin, source[0])
        if stop + 1 < end and flags[stop] & COMMA:
            key = self.words.words[stop + 1].key
            following = flags[stop + 1]
            if not (following & CUE or key in {"who", "which", "but", "and", "while", "as"}):
                content += self._spans(stop + 1, end)
                return content, end
        return content, min(stop + 1, end)

    def _open(self, source: Range | None, cue: Range, rule: str) -> None:
        """A sentence that ends with a colon: what it announces follows."""
        verb = self.words.words[cue[1] - 1].cue
        number = self.sentence.number
        self.reader.opened[number] = Found(
            [], source or self.source, cue, rule, number, verb.verb if verb else ""
        )

    def _quoted_after(self, cue: int, end: int) -> tuple[Span, int] | None:
        """The quotation that a cue introduces: `said in a statement: “…”`."""
        words, flags = self.words, self.flags
        place = 0
        quotes = self.sentence.quotes
        while place < len(quotes) and quotes[place][0] <= cue:
            place += 1
        if place == len(quotes) or quotes[place][0] - cue > 16:
            return None
        first, stop = quotes[place]
        if any(cue < k < first and not flags[k] & CAP and self._finite(k) for k in self.cues):
            return None
        if first > cue + 1 and not flags[first - 1] & COMMA:
            if not all(flags[k] & (RECIPIENT | TIME | BARE) for k in range(cue + 1, first)):
                return None
        elif any(
            flags[k] & (SUBJECT | SUBORDINATOR) or words.words[k].key == "that"
            for k in range(cue + 1, first - 1)
        ):
            return None
        while (
            place + 1 < len(quotes)
            and quotes[place + 1][0] - stop <= 1
            and not flags[stop - 1] & STOP
        ):
            place += 1
            stop = quotes[place][1]
        if stop < end and not flags[stop - 1] & (COMMA | STOP) and not flags[first - 1] & COMMA:
            return None
        for quote in quotes:
            if first <= quote[0] < stop:
                self.used.add(quote[0])
        return (words.quote_spans[first][0], words.quote_spans[quotes[place][0]][1]), stop

    def _finite(self, cue: int) -> bool:
        return clauses.group(self.words, cue, self.place).shape not in {"noun", "infinitive"}

    def _content_start(self, cue: int, end: int) -> int:
        """Past particle, hearer, time and place, to what is said."""
        words, flags = self.words, self.flags
        start = cue + 1
        limit = min(end, cue + 12)
        for index in range(start, limit):
            if flags[index] & OPENS:
                return start
            if words.words[index].key in {"that", "whether"} and index - start <= 8:
                return index
            if flags[index] & (COMMA | STOP):
                break
        while (
            start < limit
            and flags[start] & (RECIPIENT | TIME)
            and not flags[start] & (STOP | DETERMINER)
        ):
            start += 1
        return start

    def _content_end(self, number: int, found: Group, start: int, end: int) -> int:
        """Where what is said ends: at the next attribution that does not belong to it."""
        words, flags = self.words, self.flags
        for index in range(number + 1, len(self.cues)):
            cue = self.cues[index]
            if cue <= start:
                continue
            following = clauses.group(words, cue, start)
            at = following.begin
            before = at - 1
            if before <= start:
                continue
            if following.shape in {"noun", "infinitive"}:
                continue
            if following.shape == "participle":
                if flags[before] & (COMMA | CLOSES):
                    return at
                continue
            if flags[before] & COORDINATOR:
                return before
            if flags[before] & WHO and before - 1 > start and flags[before - 1] & COMMA:
                return before
            source = clauses.subject(words, at, start)
            if source and source[0] - 1 > start:
                link = source[0] - 1
                if flags[link] & COMMA and flags[self.sentence.begin] & (
                    SUBORDINATOR | CUE | PREPOSITION
                ):
                    return source[0]
                if flags[link] & (COORDINATOR | SUBORDINATOR) and flags[link - 1] & (
                    COMMA | CLOSES
                ):
                    return link
        for index in range(start + 1, end):
            if words.words[index].key == "according" and flags[index - 1] & (COMMA | CLOSES):
                return index
        return end

    def _according(self) -> None:
        """`According to X, …`; `…, according to X`. What it covers is read no further."""
        words, flags = self.words, self.flags
        begin, end = self.sentence.begin, self.sentence.end
        for index in range(self.place, end - 2):
            if words.words[index].key != "according" or words.words[index + 1].key != "to":
                continue
            if index - self.place >= 3 and flags[index - 1] & (COMMA | CLOSES):
                stop = clauses.to_comma(words, index + 2, end)
                content = self._spans(self.place, index)
            elif index - begin < 3:
                stop = clauses.to_comma(words, index + 2, end)
                if stop >= end:
                    return
                quoted = self._quoted_after(stop - 1, end)
                content = [quoted[0]] if quoted else self._spans(stop, end)
            elif index - self.place >= 3:
                stop = clauses.to_comma(words, index + 2, end)
                content = self._spans(self.place, index)
            else:
                return
            self._emit(content, (index + 2, stop), (index, index + 2), "according-to")
            self.place = end if index - begin < 3 else stop
            return

    def _after_colon(self, quote: Range) -> None:
        """`Clinton: “…”`, `She had this message: “…”`."""
        source = self._namer(quote[0])
        if source is None:
            return
        self.used.add(quote[0])
        self._emit([self._quote_span(quote)], source, (quote[0] - 1, quote[0]), "colon")

    def _namer(self, stop: int) -> Range | None:
        """Who is named by the words before a colon."""
        for found in reversed(self.mine):
            if found.source and not found.rule.startswith("relative"):
                return found.source
        begin = stop - 1
        while begin > self.sentence.begin and not self.flags[begin - 1] & (STOP | CLOSES):
            begin -= 1
        if stop - begin <= 6 and self.flags[begin] & CAP and not self.flags[begin] & PREPOSITION:
            return begin, stop
        return self._main_subject(Group(stop, stop, "finite"))

    # making

    def _quote_span(self, quote: Range) -> Span:
        words = self.words
        return words.quote_spans[quote[0]]

    def _spans(self, start: int, stop: int) -> list[Span]:
        """The text of some words, without the marks and spaces at its edges."""
        words, flags = self.words, self.flags
        while start < stop and flags[start] & BARE and not flags[start] & OPENS:
            start += 1
        while stop > start and flags[stop - 1] & BARE:
            stop -= 1
        if stop <= start:
            return []
        for quote in self.sentence.quotes:
            if start <= quote[0] < stop:
                self.used.add(quote[0])
        begin = words.start(start)
        if start in words.quote_spans:
            begin = words.quote_spans[start][0]
        end = words.end(stop - 1)
        for quote in self.sentence.quotes:
            if quote[1] == stop and quote[0] >= start:
                end = words.quote_spans[quote[0]][1]
        return [(begin, end)] if end > begin else []

    def _emit(self, content: list[Span], source: Range | None, cue: Range, rule: str) -> None:
        if not content:
            return
        verb = self.words.words[cue[1] - 1].cue
        self.mine.append(
            Found(content, source, cue, rule, self.sentence.number, verb.verb if verb else "")
        )


def flags_before(flags: list[int], index: int) -> int:
    """The flags of the word before."""
    return flags[index - 1] if index else 0
