"""Finding quoted words in the article: exactly, in one place, or not at all.

Models cannot count, so they are asked for words and never for places. The comparison leaves out
what is only typography (`app.quotation`); the selector takes the text's own characters.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.codelists import QuoteType
from app.folding import words as fold_words
from app.ingest.extract.found import Span
from app.ingest.extract.model.answer import Quote
from app.ingest.extract.model.speech import quotations
from app.ingest.resolve import Directory
from app.ingest.verify import CLOSING, OPENING, sha256, spoken
from app.quotation import aligned, normalised

AFFIX = 16
"""How much of the text before and after a selection is recorded with it."""

_LOOSE = " \"',:"
"""What may stand between quoted words and the context that is given for them."""


class NotFound(Exception):
    """Words that do not stand in the text, or in more places than one. Says which."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A detail of a quotation that does not hold: the field, its words, and why."""

    words: str
    detail: str


class Anchor:
    """One article's text, prepared for finding words in it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _aligned(self) -> tuple[str, list[int]]:
        return aligned(self.text)

    @cached_property
    def _quoted(self) -> list[Span]:
        return quotations(self.text)

    def stands(self, words: str) -> bool:
        """Whether these words stand in the text, wherever."""
        return next(self._matches(normalised(words)), None) is not None

    def place(self, quote: Quote) -> Span:
        """Where the quoted words stand. Raises NotFound."""
        words = normalised(quote.words)
        if not any(map(_wordy, words)):
            raise NotFound("there are no words in it.")
        fitting = self._matches(words)
        first, second = next(fitting, None), next(fitting, None)
        if first is not None and second is not None:
            fitting = (span for span in self._matches(words) if self._fits(span, quote))
            first, second = next(fitting, None), next(fitting, None)
            if first is None or second is not None:
                raise NotFound(
                    "stands in more than one place, and the context does not tell which."
                )
        if first is None:
            raise NotFound("does not stand in the text.")
        return self._in_text(first)

    def selector(self, quote: Quote) -> tuple[dict[str, Any], list[Dropped]]:
        """The selector of the quoted words, and what was said about them that does not hold.

        Raises NotFound.
        """
        start, end = self.place(quote)
        kind = self._kind(quote, start, end)
        if kind == QuoteType.DIRECT:
            start, end = self._with_marks(start, end)
            exact = spoken(self.text, start, end)
        else:
            exact = self.text[start:end]
        made: dict[str, Any] = {
            "start": start,
            "end": end,
            "quote_type": kind.value,
            "prefix": self.text[max(0, start - AFFIX) : start],
            "suffix": self.text[end : end + AFFIX],
            "exact_sha256": sha256(exact),
        }
        if kind == QuoteType.DIRECT:
            made["exact"] = exact
        dropped = []
        for name, words in (("cue", quote.cue), ("source_text", quote.source)):
            if words and words in self._paragraph(start, end):
                made[name] = words
            elif words:
                dropped.append(Dropped(words, f"does not stand in that paragraph: no {name}."))
        return made, dropped

    def _matches(self, words: str) -> Iterator[Span]:
        """Where the words stand as whole words, in the text without its typography."""
        plain, places = self._aligned
        if not words:
            return
        head, tail = (r"(?<!\w)" * _wordy(words[0]), r"(?!\w)" * _wordy(words[-1]))
        for found in re.finditer(f"{head}{re.escape(words)}{tail}", plain):
            start, end = found.span()
            whole = start == 0 or places[start - 1] != places[start]
            if whole and places[end] != places[end - 1]:
                yield start, end

    def _fits(self, span: Span, quote: Quote) -> bool:
        """Whether the context that was given stands on both sides; there has to be some."""
        plain, _ = self._aligned
        before, after = (
            normalised(each or "").strip(_LOOSE) for each in (quote.before, quote.after)
        )
        reach = len(before) + len(after) + 2 * AFFIX
        ahead = plain[max(0, span[0] - reach) : span[0]].rstrip(_LOOSE)
        behind = plain[span[1] : span[1] + reach].lstrip(_LOOSE)
        return bool(before or after) and ahead.endswith(before) and behind.startswith(after)

    def _in_text(self, span: Span) -> Span:
        _, places = self._aligned
        return places[span[0]], places[span[1] - 1] + 1

    def _kind(self, quote: Quote, start: int, end: int) -> QuoteType:
        """How the text carries the words: marks are seen in the text, not believed of the model."""
        if quote.kind == "mention":
            return QuoteType.MENTION
        if self._around(start, end) is not None:
            return QuoteType.DIRECT if quote.kind == "direct" else QuoteType.MIXED
        touched = any(q[0] < end and start < q[1] for q in self._near(start, end))
        return QuoteType.MIXED if touched else QuoteType.INDIRECT

    def _near(self, start: int, end: int) -> list[Span]:
        """The quoted passages that may reach into a selection."""
        last = bisect_right(self._quoted, (end, 0))
        first = max(0, bisect_right(self._quoted, (start, 0)) - 1)
        return self._quoted[first:last]

    def _around(self, start: int, end: int) -> Span | None:
        """The quoted passage that the selection lies in, if it lies in one."""
        return next((q for q in self._near(start, end + 1) if q[0] <= start and end <= q[1]), None)

    def _with_marks(self, start: int, end: int) -> Span:
        """The selection with the marks beside it, and a comma before the closing one."""
        opening, closing = self._around(start, end) or (start, end)
        if start == opening + 1 and self.text[opening] in OPENING:
            start = opening
        if self.text[end:closing] in tuple(f"{comma}{m}" for comma in ("", ",") for m in CLOSING):
            end = closing
        return start, end

    def _paragraph(self, start: int, end: int) -> str:
        text = self.text
        return text[text.rfind("\n", 0, start) + 1 : (text + "\n").index("\n", end)]


def _wordy(character: str) -> bool:
    return re.match(r"\w", character) is not None


def folded(text: str) -> str:
    """A text as names are looked for in it (`app.folding`)."""
    return f" {' '.join(fold_words(text))} "


def named(directory: Directory, id_: str, folded_text: str) -> bool:
    """Whether a text has any of the names that lead to somebody."""
    return any(f" {name} " in folded_text for name in directory.names(id_))
