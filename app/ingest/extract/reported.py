"""Reported speech: whose it is, and where what is said begins and ends."""

from app.ingest.extract import phrases, verbs
from app.ingest.extract.found import Span
from app.ingest.extract.lexicon import particles, sections
from app.ingest.extract.quoted import QUOTABLE, Quoted
from app.ingest.extract.sentences import Range
from app.ingest.extract.sheet import Found, Sentence
from app.ingest.extract.verbs import Group
from app.ingest.extract.words import (
    ADVERB,
    AUXILIARY,
    BARE,
    CAP,
    CLOSES,
    COLON,
    COMMA,
    COORDINATOR,
    CUE,
    DETERMINER,
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

PARTICLES = particles()
ADJUNCT = TIME | PREPOSITION | RECIPIENT | ADVERB
"""What may follow a verb of saying that nothing said follows."""
TAIL = 9
"""Words of the longest time and place behind `he said`."""
NO_SOURCES = frozenset({"you", "you've", "let's"})
THAT = frozenset({"that", "whether"})
ENDS_LEAD = COMMA | STOP | COORDINATOR
LINKS = sections("closed.txt")["link"]

Ruled = tuple[Range | None, str | None]
"""A source and the rule that found it; without a rule it is no attribution."""
NEITHER: Ruled = (None, None)


class Reported(Quoted):
    """The rules for reported speech, cue by cue."""

    def __init__(self, words: Words, sentence: Sentence) -> None:
        super().__init__(words, sentence)
        self.shape = ""
        """The shape of the last verb that counted."""
        self.limit = sentence.end
        """Where the next quotation's own attribution begins."""
        self.opened: Found | None = None
        """Who is about to be quoted, when the sentence ends with a colon."""

    def cue(self, number: int) -> None:
        """Read what a cue attributes."""
        cue = self.cues[number]
        found = verbs.group(self.words, cue, self.place)
        if not self._counts(found):
            return
        source, rule = self._source(found)
        if rule is None:
            return
        quoted = self.quoted_after(cue) if self.quotes else None
        if quoted:
            self._quotation(found, source, f"{rule}-quote", quoted)
            return
        before = self._content_before(found, source)
        if before:
            content, self.place = before
            rule = f"content-{rule}"
        else:
            start = self._content_start(cue)
            stop = self._content_end(number, start)
            if stop <= start:
                self._nothing(found, source, rule)
                return
            content = self.spans(start, stop)
            if found.shape == "passive" or "seeming" in self.form(cue).groups:
                content, source = self._matter(found) + content, None
            self.place = stop
        self._keep(found, source)
        self.emit(
            content, source, (found.begin, cue + 1), f"{rule}/{found.shape}/{self.form(cue).group}"
        )

    def _quotation(
        self, found: Group, source: Range | None, rule: str, quoted: tuple[Span, int]
    ) -> None:
        """A quotation that the cue introduces; what follows it may name the speaker better."""
        span, self.place = quoted
        self.use(found.verb, self.place)
        if self.flags[self.place - 1] & COMMA:
            own = self.after_quotation(self.place, self.end)
            if own is not None:
                self.source, self.place = own.source, own.until
                self.emit([span], own.source, own.cue, own.rule)
                return
        self._keep(found, source)
        self.emit([span], source, (found.begin, found.verb + 1), f"{rule}/{found.shape}")

    def _nothing(self, found: Group, source: Range | None, rule: str) -> None:
        if self.flags[self.limit - 1] & COLON:
            self.open(source, (found.begin, found.verb + 1), rule)

    def _keep(self, found: Group, source: Range | None) -> None:
        self.source = source or self.source
        kinds = self.form(found.verb).kinds
        self.shape = found.shape
        if found.shape == "finite" and "past" not in kinds:
            self.shape = "base" if "base" in kinds else "present"

    def open(self, source: Range | None, cue: Range, rule: str) -> None:
        """Take note of who is quoted next: the sentence ends with a colon."""
        source = source or self.source or self.namer(self.end)
        self.opened = Found([], source, cue, rule, self.sentence.number)

    def _counts(self, found: Group) -> bool:
        """Whether a cue is a verb, and has the particle that it needs."""
        if found.shape in verbs.NO_VERBS:
            return False
        form = self.form(found.verb)
        if found.shape == "passive" and form.group in {"directive", "intent"}:
            return False
        needed = PARTICLES.get(form.verb)
        after = found.verb + 1
        return needed is None or (after < self.limit and self.key(after) in needed)

    def _source(self, found: Group) -> Ruled:
        """Who says it, and by which rule that was found."""
        before, shape = found.begin - 1, found.shape
        if shape == "participle":
            return self._of_participle(found)
        if shape == "passive":
            return None, "passive"
        if before < self.begin or self.key(before) in NO_SOURCES:
            return NEITHER
        if self.flags[before] & COORDINATOR:
            return self._joined(found)
        source = phrases.subject(self.words, found.begin, self.place)
        if source is not None:
            return source, "relative" if self.flags[source[0]] & WHO else "source-verb"
        return self._without_subject(found)

    def _joined(self, found: Group) -> Ruled:
        """`He promised peace and called for talks`."""
        if not self._in_step(found, self.shape):
            return NEITHER
        return self.led(found.begin), "joined"

    def _in_step(self, found: Group, shape: str) -> bool:
        """Whether a verb behind `and` has the tense before it; `and reports` may be a noun."""
        kinds = self.form(found.verb).kinds
        if "past" in kinds or found.begin < found.verb:
            return True
        return shape in ({"modal", "base"} if "base" in kinds else {"present"})

    def _without_subject(self, found: Group) -> Ruled:
        """A verb with no phrase before it leans on whoever was named last."""
        if self.flags[found.begin - 1] & COMMA:
            after = found.verb + 1
            if after < self.limit and self.flags[after] & (CAP | DETERMINER):
                return NEITHER  # `…, said Andrabi` belongs to what stands before, if that is said
            return self.source or self.main_subject(found.begin), "after-comma"
        return self.source, "unsure"

    def _of_participle(self, found: Group) -> Ruled:
        """`…, saying`, `by saying`, `a statement saying`."""
        before = found.begin - 1
        if before < self.begin:
            return None, "opening-participle"
        flag = self.flags[before]
        if flag & (COMMA | CLOSES | BARE):
            return self.source or self.main_subject(found.begin), "participle"
        if flag & PREPOSITION:
            return self.source or self.main_subject(found.begin), "gerund"
        if flag & (COORDINATOR | SUBORDINATOR):
            return self.source, "joined-participle"
        speech = "speech" in self.form(found.verb).groups
        if flag & (DETERMINER | POSSESSIVE | AUXILIARY) or not speech:
            return NEITHER
        return self._reduced(found)

    def _reduced(self, found: Group) -> Ruled:
        """`those saying`; but `a statement saying` is its author's."""
        source = phrases.subject(self.words, found.begin, self.place)
        if source and not self.flags[source[1] - 1] & CAP and self.key(source[0]) in {"a", "an"}:
            source = self.source or self.main_subject(found.begin) or source
        return source, "reduced"

    def _matter(self, found: Group) -> list[Span]:
        """What a passive or `seems` is about: the subject belongs to what is said."""
        got = phrases.subject(self.words, found.begin, self.place)
        return self.spans(*got) if got else []

    def _content_before(self, found: Group, source: Range | None) -> tuple[list[Span], int] | None:
        """The content that stands before: `It would rain, he said`."""
        flags, begin, end = self.flags, self.place, self.limit
        if source is None or source[0] - begin < 3 or found.shape == "participle":
            return None
        if not flags[source[0] - 1] & (COMMA | CLOSES):
            return None
        stop = self._said_all(found.verb) if self.form(found.verb).groups & QUOTABLE else None
        if stop is None:
            return None
        if flags[begin] & (PREPOSITION | SUBORDINATOR | CUE | TIME) and stop + 1 < end:
            return None
        content = self.spans(begin, source[0])
        more = stop + 1 < end and flags[stop] & COMMA and not flags[stop + 1] & CUE
        if more and self.key(stop + 1) not in LINKS:
            return content + self.spans(stop + 1, end), end
        return content, min(stop + 1, end)

    def all_before(self) -> bool:
        """Read a sentence that its last cue attributes as a whole: `It asked for rain, he said`."""
        found = verbs.group(self.words, self.cues[-1], self.place)
        if self.begins_quoted() or self.place > self.begin or found.shape != "finite":
            return False
        if self.quotes and any(self.quoted_after(cue) for cue in self.cues):
            return False
        source = phrases.subject(self.words, found.begin, self.begin)
        before = self._content_before(found, source)
        if source is None or before is None or before[1] < self.end - 1:
            return False
        self.emit(
            before[0], source, (found.begin, found.verb + 1), "content-source-verb/finite/speech"
        )
        return True

    def _said_all(self, cue: int) -> int | None:
        """The last word of a saying that nothing follows but its time and place."""
        flags, stop = self.flags, cue
        limit = min(self.limit, cue + TAIL)
        while stop < limit and not flags[stop] & (COMMA | STOP):
            stop += 1
            if stop == limit:
                break
            if flags[stop] & (OPENS | SUBJECT | SUBORDINATOR) or self.key(stop) in {"that", "to"}:
                return None
            if stop == cue + 1 and not self._is_adjunct(stop):
                return None
        return None if stop == limit and stop < self.limit else stop

    def _is_adjunct(self, index: int) -> bool:
        """Whether a word behind `said` tells when, where or to whom."""
        if self.key(index) in {"this", "last", "earlier"}:
            return True
        return bool(self.flags[index] & ADJUNCT) and not self.flags[index] & DETERMINER

    def _content_start(self, cue: int) -> int:
        """Past hearer, time and place, to what is said."""
        flags, known, start = self.flags, self.known, cue + 1
        limit = min(self.limit, cue + 12)
        for index in range(start, limit):
            flag = flags[index]
            if flag & OPENS:
                return start
            if known[index].key in THAT and index - start <= 8:
                return index
            if flag & ENDS_LEAD:
                break
        while start < limit and flags[start] & (RECIPIENT | TIME):
            if flags[start] & (STOP | DETERMINER):
                break
            if start + 1 < limit and flags[start] & RECIPIENT and flags[start + 1] & AUXILIARY:
                break  # `said lawmakers would meet`
            start += 1
        return start

    def _content_end(self, number: int, start: int) -> int:
        """Where what is said ends: at the next attribution that does not belong to it."""
        own = self.form(self.cues[number]).kinds
        past = "past" in own and "base" not in own
        for cue in self.cues[number + 1 :]:
            if cue >= self.limit:
                break
            if cue > start:
                at = self._boundary(cue, start, past=past)
                if at is not None:
                    return at
        return self.limit

    def _boundary(self, cue: int, start: int, *, past: bool) -> int | None:
        """Where a later attribution begins, if what is said before does not take it in."""
        flags = self.flags
        following = verbs.group(self.words, cue, start)
        before = following.begin - 1
        if before <= start or following.shape in verbs.NO_VERBS:
            return None
        if following.shape == "participle":
            return following.begin if flags[before] & (COMMA | CLOSES) else None
        if flags[before] & COORDINATOR:
            present = past and not self._in_step(following, "")
            return None if present else before
        if flags[before] & WHO and before - 1 > start and flags[before - 1] & COMMA:
            return before
        source = phrases.subject(self.words, following.begin, start)
        if source is None or source[0] - 1 <= start:
            return None
        return self._link(source[0])

    def _link(self, first: int) -> int | None:
        """Where the clause begins whose subject is given, if it is one beside the clause before."""
        flags, link = self.flags, first - 1
        while flags[link] & BARE and link > self.begin:
            link -= 1
        aside = link < first - 1 or flags[link] & COMMA
        if aside and flags[self.begin] & (SUBORDINATOR | CUE | PREPOSITION):
            return first
        joined = flags[link] & (COORDINATOR | SUBORDINATOR)
        return link if joined and flags[link - 1] & (COMMA | CLOSES) else None
