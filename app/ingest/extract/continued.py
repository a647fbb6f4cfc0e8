"""Speech that goes on: quotations whose own sentence names no speaker.

They belong to whoever spoke before, to the name that stands under or over them, or to nobody.
"""

from app.ingest.extract.attribution import Attributions
from app.ingest.extract.sentences import DASHES, Range
from app.ingest.extract.sheet import Found, Sentence
from app.ingest.extract.words import BARE, CAP, COLON, COMMA, FUNCTION, STOP, Words

NAME_LINE = 12
"""Words of the longest line that is taken for a name with its post or place."""
MARKS = frozenset("\"“”„«»‘’'`")


class Continued:
    """Gives a quotation that stands alone to its speaker."""

    def __init__(
        self,
        words: Words,
        got: Attributions,
        paragraph_of: list[int],
        sentences: list[Range],
    ) -> None:
        self.words, self.opened, self.sentences = words, got.opened, sentences
        self.paragraph_of = paragraph_of
        self.by_sentence: dict[int, list[Found]] = {}
        for each in got.found:
            self.by_sentence.setdefault(each.sentence, []).append(each)
        self.made: list[Found] = []
        self.given: set[int] = set()
        self.over: bool | None = None
        """Whether names stand over quotations here, not under them; the first one tells."""

    def give_back(self, loose: list[tuple[Sentence, Range]]) -> None:
        """Give the paragraphs of a speech that are left open to whoever is named at its end."""
        for sentence, quote in reversed(loose):
            span = self.words.quote_spans[quote[0]]
            following = self.by_sentence.get(sentence.number + 1)
            if not following or self.words.text[span[1] - 1] in MARKS:
                continue
            last, whole = following[0], quote == (sentence.begin, sentence.end)
            beside = self.paragraph_of[sentence.number + 1] == self.paragraph_of[sentence.number]
            if whole and not beside and last.rule.startswith(("quote-", "continued")):
                self._make(Found([span], last.source, last.cue, "continued", sentence.number))
                self.given.add(quote[0])

    def give(self, sentence: Sentence, quote: Range) -> None:
        """Find the speaker of one quotation, if it is speech."""
        if quote[0] in self.given or not self._is_speech(sentence, quote):
            return
        span = self.words.quote_spans[quote[0]]
        mine = self.by_sentence.get(sentence.number, ())
        before = [f for f in mine if f.content[-1][1] <= span[0]]
        previous = before[-1] if before else None
        if previous is None:
            named = self._beside(sentence.number)
            if named is not None:
                self._make(Found([span], named, None, "name-line", sentence.number))
                return
            previous = self._previous(sentence.number)
        if previous is not None:
            self._make(Found([span], previous.source, previous.cue, "continued", sentence.number))

    def _make(self, found: Found) -> None:
        self.made.append(found)
        self.by_sentence.setdefault(found.sentence, []).append(found)

    def _is_speech(self, sentence: Sentence, quote: Range) -> bool:
        """A sentence of its own, not a title or a word held at arm's length."""
        begin, end = quote
        if begin - sentence.begin <= 1 and sentence.end - end <= 1:
            return end - begin >= 2 or self._after_quotation(sentence.number, begin)
        return begin > sentence.begin and bool(self.words.flags[begin - 1] & COLON)

    def _after_quotation(self, number: int, word: int) -> bool:
        """Whether one quoted word goes on from a quotation: `“We sail,” he said. “Soon.”`."""
        before = (
            self.by_sentence.get(number - 1) if word and self.words.flags[word] & STOP else None
        )
        beside = before and self.paragraph_of[number - 1] == self.paragraph_of[number]
        return bool(before and beside and before[-1].rule.startswith("quote-"))

    def _beside(self, number: int) -> Range | None:
        """The name under a quotation, or over it: `- A. Speaker, of this place`."""
        under = self._name_line(number + 1, number, dashed=True)
        if under is not None:
            return under
        under = self._name_line(number + 1, number)
        over = self._name_line(number - 1, number)
        if self.over is None and (under or over):
            self.over = over is not None
        return over if self.over else under

    def _name_line(self, number: int, quote: int, *, dashed: bool = False) -> Range | None:
        """A paragraph that holds a name and no sentence."""
        if not 0 <= number < len(self.sentences) or number in self.by_sentence:
            return None
        paragraph = self.paragraph_of
        if paragraph[number] == paragraph[quote] or self._shares(number):
            return None
        begin, end = self.sentences[number]
        words = self.words
        place = words.starts[begin]
        marked = bool(DASHES.intersection(words.text[max(0, place - 1) : place + 1]))
        while begin < end and words.flags[begin] & BARE:
            begin += 1
        if end - begin > NAME_LINE or begin == end or (dashed and not marked):
            return None
        flags = words.flags
        if not flags[begin] & CAP or flags[begin] & FUNCTION:
            return None
        if marked or flags[begin] & (COMMA | COLON):
            return begin, end
        named = end - begin > 1 and flags[begin + 1] & CAP and not flags[end - 1] & STOP
        return (begin, end) if named else None

    def _shares(self, number: int) -> bool:
        """Whether a sentence has another in its paragraph."""
        paragraph = self.paragraph_of
        return any(
            0 <= other < len(paragraph) and paragraph[other] == paragraph[number]
            for other in (number - 1, number + 1)
        )

    def _previous(self, quote: int) -> Found | None:
        """The attribution before it, in this paragraph or the one before."""
        paragraph = self.paragraph_of
        for number in range(quote - 1, max(-1, quote - 8), -1):
            if paragraph[number] < paragraph[quote] - 1:
                return None
            if number == quote - 1 and number in self.opened:
                return self.opened[number]
            said = self.by_sentence.get(number)
            if said:
                return _who_spoke(said)
        return None


def _who_spoke(said: list[Found]) -> Found:
    """Of the attributions of a sentence, the one that speech goes on from."""
    for each in said:
        if each.rule.startswith(("quote", "continued", "name-line")) or "-quote" in each.rule:
            return each
    for each in reversed(said):
        if not each.rule.startswith("relative") and each.source is not None:
            return each
    return said[-1]
