"""Speech that goes on: quotations whose own sentence names no speaker."""

from app.ingest.extract.attribution import Found, Sentence
from app.ingest.extract.found import Span
from app.ingest.extract.sentences import Range
from app.ingest.extract.words import CLOSES, COLON, CAP, COMMA, OPENS, STOP, Words


class Continued:
    """Gives a quotation that stands alone to whoever spoke before it."""

    def __init__(
        self, words: Words, found: list[Found], opened: dict[int, Found], paragraph_of: list[int]
    ) -> None:
        self.words, self.opened = words, opened
        self.paragraph_of = paragraph_of
        self.by_sentence: dict[int, list[Found]] = {}
        for each in found:
            self.by_sentence.setdefault(each.sentence, []).append(each)
        self.made: list[Found] = []

    def give(self, sentence: Sentence, quote: Range) -> None:
        """Find the speaker of one quotation, if it is speech."""
        if not self._is_speech(sentence, quote):
            return
        span = self.words.quote_spans[quote[0]]
        mine = self.by_sentence.get(sentence.number, ())
        before = [f for f in mine if f.content[-1][1] <= span[0]]
        if before:
            self._join(before[-1], span, sentence)
            return
        ahead = self._ahead(sentence, quote)
        previous = self._previous(sentence)
        if previous is not None:
            self._join(previous, span, sentence)

    def _is_speech(self, sentence: Sentence, quote: Range) -> bool:
        """A sentence of its own, not a title or a word held at arm's length."""
        words, flags = self.words, self.words.flags
        begin, end = quote
        if begin - sentence.begin <= 1 and sentence.end - end <= 1:
            return end - begin >= 2
        if begin > sentence.begin and flags[begin - 1] & COLON:
            return True
        return False

    def _ahead(self, sentence: Sentence, quote: Range) -> Found | None:
        return None

    def _previous(self, sentence: Sentence) -> Found | None:
        """The attribution before it, in this paragraph or the one before."""
        paragraph = self.paragraph_of[sentence.number]
        for number in range(sentence.number - 1, max(-1, sentence.number - 6), -1):
            if self.paragraph_of[number] < paragraph - 1:
                return None
            if number == sentence.number - 1 and number in self.opened:
                return self.opened[number]
            said = self.by_sentence.get(number)
            if said:
                return _who_spoke(said)
        return None

    def _join(self, previous: Found, span: Span, sentence: Sentence) -> None:
        made = Found(
            [span], previous.source, previous.cue, "continued", sentence.number, previous.verb
        )
        self.made.append(made)
        self.by_sentence.setdefault(sentence.number, []).append(made)


def _who_spoke(said: list[Found]) -> Found:
    """Of the attributions of a sentence, the one that speech goes on from."""
    for each in said:
        if each.rule.startswith(("quote", "continued")) or "-quote" in each.rule:
            return each
    for each in reversed(said):
        if not each.rule.startswith("relative") and each.source is not None:
            return each
    return said[-1]
