"""One pass over a text: every country, body, city and agency in it, and the words of our topics."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from app.codelists import Modality, Stance
from app.ingest.extract.found import Span
from app.ingest.extract.vocabulary import Entry, Phrase, between, vocabulary

_SPLIT = re.compile(r"(\W+)")


class Mention(NamedTuple):
    """A country, body, city or agency where the text names it."""

    start: int
    end: int
    kind: str
    value: str
    """The code or slug; of a body that every state has, its id."""
    form: str
    city: str | None = None
    """The country that this city is in, if the name is also a city's."""


class Told(NamedTuple):
    """A word that tells what a statement is about, or what is done by it."""

    start: int
    end: int
    topics: tuple[tuple[str, int], ...]
    stance: tuple[int, Stance, Modality] | None


@dataclass(slots=True)
class Scan:
    """What was found, in the order of the text."""

    mentions: list[Mention] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    needed: set[str] = field(default_factory=set)
    """Words that some topics count on."""
    conflict: set[str] = field(default_factory=set)
    """Words that show that the article is about a conflict."""
    starts: list[int] = field(default_factory=list)
    told_starts: list[int] = field(default_factory=list)

    def add(self, name: Phrase, start: int, end: int) -> None:
        """Note a name where it stands."""
        term = name.name
        if term is not None:
            self.mentions.append(Mention(start, end, term.kind, term.value, term.form, name.city))
            self.starts.append(start)

    def within(self, span: Span) -> list[Mention]:
        """The mentions that lie in a span."""
        low, high = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        return [each for each in self.mentions[low:high] if each.end <= span[1]]

    def told_in(self, span: Span) -> list[Told]:
        """The telling words that lie in a span."""
        low = bisect_left(self.told_starts, span[0])
        high = bisect_left(self.told_starts, span[1])
        return [each for each in self.told[low:high] if each.end <= span[1]]

    def before(self, place: int, gap: int = 3) -> Mention | None:
        """The mention that ends just before a place."""
        index = bisect_left(self.starts, place) - 1
        if index >= 0 and 0 <= place - self.mentions[index].end <= gap:
            return self.mentions[index]
        return None

    def index_after(self, place: int) -> int:
        """Where in the list the mentions from a place on begin."""
        return bisect_left(self.starts, place)


def scan(text: str) -> Scan:
    """Find everything that the vocabulary has, in time linear in the text's length."""
    parts = _SPLIT.split(text)
    words = parts[::2]
    lows = [*map(str.lower, words), ""]
    ends = list(accumulate(map(len, parts)))
    found, free, told_free = Scan(), 0, 0
    for index, entry in enumerate(map(vocabulary().phrases.get, lows)):
        if entry is None:
            continue
        alone = entry.term is not None or words[index] in entry.names
        if not alone and lows[index + 1] not in entry.longer:
            continue
        matching = _matching(entry, parts, words, lows, index)
        if not matching:
            continue
        start = ends[2 * index] - len(words[index])
        name = next((each for each in matching if each.name), None)
        if name is not None and start >= free:
            free = ends[2 * (index + len(name.words) - 1)]
            found.add(name, start, free)
        if matching[-1].name is None or len(matching) > 1:
            told_free = _tell(found, matching, start, ends, 2 * index, told_free)
    return found


def _matching(
    entry: Entry, parts: list[str], words: list[str], lows: list[str], index: int
) -> list[Phrase]:
    """The phrases that begin at a word, longer ones first."""
    longer = entry.longer.get(lows[index + 1], ())
    found = [each for each in longer if _matches(each, parts, words, lows, index)]
    if name := entry.names.get(words[index]):
        found.append(name)
    if entry.term is not None:
        found.append(entry.term)
    return found


def _matches(
    phrase: Phrase, parts: list[str], words: list[str], lows: list[str], index: int
) -> bool:
    count = len(phrase.words)
    if phrase.name is not None:
        if tuple(words[index : index + count]) != phrase.words:
            return False
    elif count > 2 and tuple(lows[index : index + count]) != phrase.words:
        return False
    gaps = parts[2 * index + 1 : 2 * (index + count) - 1 : 2]
    return all(between(gap) == wanted for gap, wanted in zip(gaps, phrase.between, strict=True))


def _tell(
    found: Scan, phrases: list[Phrase], start: int, ends: list[int], place: int, free: int
) -> int:
    """Note the terms that begin at a word; of topics and of stances the longest phrase counts."""
    topics: tuple[tuple[str, int], ...] = ()
    stance, longest = None, 0
    for phrase in phrases:
        for kind, word in phrase.signs:
            (found.needed if kind == "needed" else found.conflict).add(word)
        if not topics and phrase.topics and start >= free:
            topics = phrase.topics
            free = max(free, ends[place + 2 * (len(phrase.words) - 1)])
            longest = max(longest, len(phrase.words))
        if stance is None and phrase.stance:
            stance = phrase.stance
            longest = max(longest, len(phrase.words))
    if longest:
        end = ends[place + 2 * (longest - 1)]
        found.told.append(Told(start, end, topics, stance))
        found.told_starts.append(start)
    return free
