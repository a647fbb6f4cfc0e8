"""Reading an article: every stage in its turn, from plain text to attributions with speakers."""

from bisect import bisect_right

from app.codelists import QuoteType
from app.ingest.extract.attribution import attributions
from app.ingest.extract.confidence import confidence
from app.ingest.extract.continued import Continued
from app.ingest.extract.found import Attribution, Person, Reading, Span
from app.ingest.extract.layout import layout, told
from app.ingest.extract.people import Named, as_person, people
from app.ingest.extract.quotations import quotations
from app.ingest.extract.sentences import Range, paragraphs, sentences, word_ranges
from app.ingest.extract.sheet import Found
from app.ingest.extract.speakers import Speakers
from app.ingest.extract.transcripts import Turn, turns
from app.ingest.extract.words import LAST, Words

BESIDE = frozenset({"byline", "caption", "credit", "date"})
"""Parts of the layout whose names are not the story's."""


def read(text: str) -> Reading:
    """Read an article's plain text.

    Attributions in the headline and in the other parts that the layout has are found too; compare
    with `body` to leave them out.
    """
    lines = paragraphs(text)
    parts = layout(text, lines)
    own = [told(text, line) for line in lines]
    article = _Article(text, [parts.headline, *own[1:]] if parts.headline else own)
    taken = turns(text, lines)
    found = article.found(taken)
    headline = article.lines[0] if parts.headline else (0, 0)
    beside = [span for kind, span in parts.notes.items() if kind in BESIDE]
    named = people(article.words, headline, word_ranges(article.words, beside))
    speakers = Speakers(article.words, named, article.sentences)
    persons = {id(each): as_person(article.words, each) for each in named.everybody()}
    answers = speakers.interviewed(_first_turn(found)) if taken else None
    made = []
    for each in found:
        turn = each.rule == "turn"
        speaker = speakers.answer(each, answers) if turn else speakers.resolve(each)
        made.append(article.attribution(each, *speaker, persons))
    words = article.words
    return Reading(
        text=text,
        headline=parts.headline,
        body=parts.body,
        paragraphs=tuple(lines),
        sentences=tuple([(words.starts[a], words.starts[b] - 1) for a, b in article.sentences]),
        people=tuple(persons.values()),
        attributions=tuple(made),
        notes=parts.notes,
    )


def _first_turn(found: list[Found]) -> int:
    """The first word of the first turn of a transcript."""
    return min(each.source[0] for each in found if each.rule == "turn" and each.source)


class _Article:
    """The words, quotations and sentences of an article."""

    def __init__(self, text: str, lines: list[Span]) -> None:
        self.words = Words(text)
        self.quotations = quotations(text)
        self.quotes = self.words.quote([(q.start, q.end) for q in self.quotations])
        self.lines = word_ranges(self.words, lines)
        for _, end in self.lines:
            self.words.flags[end - 1] |= LAST
        self.sentences = sentences(self.words, self.lines, self.quotes)
        begins = [begin for begin, _ in self.lines]
        self.paragraph_of = [bisect_right(begins, begin) - 1 for begin, _ in self.sentences]
        self.starts = [quotation.start for quotation in self.quotations]
        self.plain = {(q.start, q.end) for q in self.quotations if not q.typewritten}

    def found(self, taken: list[Turn]) -> list[Found]:
        """Every attribution, in the order of the text."""
        spoken = {number for turn in taken for number in turn.paragraphs}
        silent = {n for n, paragraph in enumerate(self.paragraph_of) if paragraph in spoken}
        got = attributions(self.words, self.sentences, self.quotes, silent)
        goes_on = Continued(self.words, got, self.paragraph_of, self.sentences)
        goes_on.give_back(got.loose)
        for sentence, quote in got.loose:
            goes_on.give(sentence, quote)
        found = [*got.found, *goes_on.made, *map(self._turn, taken)]
        return sorted(found, key=lambda each: each.content[0])

    def _turn(self, turn: Turn) -> Found:
        """A turn of a transcript: its label is the source, the colon the cue."""
        begin = bisect_right(self.words.starts, turn.label[0]) - 1
        end = bisect_right(self.words.starts, turn.label[1] - 1)
        sentence = bisect_right(self.sentences, (begin, self.words.count)) - 1
        return Found(turn.content, (begin, end), None, "turn", sentence)

    def attribution(
        self,
        found: Found,
        name: str | None,
        person: Named | None,
        persons: dict[int, Person],
    ) -> Attribution:
        """An attribution as the stages after this one take it."""
        kind = self._type(found)
        known = None
        if person is not None:
            known = persons.get(id(person)) or as_person(self.words, person)
        return Attribution(
            quote_type=kind,
            content=tuple(found.content),
            source=self._span(found.source),
            cue=self._span(found.cue),
            speaker=name,
            person=known,
            rule=found.rule,
            confidence=confidence(found.rule),
        )

    def _span(self, found: Range | None) -> Span | None:
        if found is None:
            return None
        words, (first, stop) = self.words, found
        begin, end = words.start(first), words.end(stop - 1)
        return (begin, end) if begin < end else None

    def _type(self, found: Found) -> QuoteType:
        """Direct if all is quoted, mixed if something is."""
        if found.rule == "turn" or self.plain.issuperset(found.content):
            return QuoteType.DIRECT
        return QuoteType.MIXED if any(map(self._quotes, found.content)) else QuoteType.INDIRECT

    def _quotes(self, span: Span) -> bool:
        """Whether a span has quoted words in it."""
        after = bisect_right(self.starts, span[0])
        if after < len(self.starts) and self.starts[after] < span[1]:
            return True
        return after > 0 and self.quotations[after - 1].end > span[0]
