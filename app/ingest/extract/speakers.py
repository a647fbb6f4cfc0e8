"""Speakers: whom a source stands for, by name, post or pronoun."""

from bisect import bisect_left
from collections.abc import Callable, Iterator

from app.ingest.extract.lexicon import sections
from app.ingest.extract.people import HE, HEADS, SHE, SHORT, TITLES, Named, People, alone
from app.ingest.extract.sentences import Range
from app.ingest.extract.sheet import Found
from app.ingest.extract.words import CAP, COMMA, POSSESSIVE, PREPOSITION, WHO, Words

LEADING = 3
"""Words at the head of a sentence among which a pronoun in it finds whom it means."""
REACH = 5
"""Sentences that a pronoun looks back over."""
PRONOUNS = sections("closed.txt")["pronoun"]


class Speakers:
    """Resolves the sources of an article, in the order of the text."""

    def __init__(self, words: Words, people: People, sentences: list[Range]) -> None:
        self.words, self.mentions = words, people.mentions
        self.starts = [mention[0] for mention in people.mentions]
        self.spoke: dict[int, list[Named]] = {}
        """Who spoke in a sentence, the last first."""
        self.named: dict[int, list[tuple[int, Named]]] = {}
        """Who is named in a sentence, outside of quotations."""
        self.sentences = sentences
        self.single: dict[str, Named | None] = {}
        self._place(sentences)

    def _place(self, sentences: list[Range]) -> None:
        quotes = sorted(self.words.quote_ranges)
        number = place = 0
        for start, _, person in self.mentions:
            while place < len(quotes) and quotes[place][1] <= start:
                place += 1
            if place < len(quotes) and quotes[place][0] <= start:
                continue
            while number < len(sentences) and sentences[number][1] <= start:
                number += 1
            self.named.setdefault(number, []).append((start, person))

    def resolve(self, found: Found) -> tuple[str | None, Named | None]:
        """What the speaker is called, and the person if it is one."""
        name, person = self._resolve(found)
        if person is not None:
            self.spoke.setdefault(found.sentence, []).insert(0, person)
        return name, person

    def interviewed(self, before: int) -> Named | None:
        """Who answers in an interview: whoever is named first above it."""
        for start, _, person in self.mentions:
            if start >= before:
                break
            if person.full:
                return person
        return None

    def answer(self, found: Found, person: Named | None) -> tuple[str | None, Named | None]:
        """Who takes a turn of a transcript; `Q` stands for nobody who is named."""
        start, stop = found.source or (0, 1)
        key = self.words.words[start].key
        if stop - start == 1 and key in {"q", "a"}:
            return (person.name, person) if key == "a" and person else (None, None)
        return self.resolve(found)

    def _resolve(self, found: Found) -> tuple[str | None, Named | None]:
        source = found.source
        if source is None:
            return None, None
        start, stop = source
        key = self.words.words[start].key
        if stop - start == 1 and key in PRONOUNS:
            person = None
            if key in {"he", "she"}:
                person = self._pronoun(found, key, start)
            elif self.words.flags[start] & WHO:
                person = self._before(start)
            return (person.name if person else None), person
        person = (
            self._in_phrase(start, stop)
            or self._apposed(start, stop)
            or self._by_post(found, start, stop)
            or self._alone(start, stop)
        )
        if person:
            return person.name, person
        text = self.words.text
        return text[self.words.start(start) : self.words.end(stop - 1)], None

    def _in_phrase(self, start: int, stop: int) -> Named | None:
        """Who is named at the head of a phrase: neither a possessor nor whom a spokesman is for."""
        flags, best = self.words.flags, None
        for begin, end, person in self._mentions(start, stop):
            if best is not None and any(flag & COMMA for flag in flags[start:begin]):
                break
            if begin > start and flags[begin - 1] & PREPOSITION and not self._post_of(begin):
                continue
            if flags[end - 1] & POSSESSIVE and end < stop:
                continue
            best = person
        return best

    def _apposed(self, start: int, stop: int) -> Named | None:
        """Who is named behind the comma that a post ends with: `their leader, Laura Holm`."""
        flags, known = self.words.flags, self.words.words
        if stop - start < 2 or not flags[stop - 1] & COMMA or not _is_post(known[stop - 1].key):
            return None
        place = bisect_left(self.starts, stop)
        if place == len(self.starts) or self.starts[place] != stop:
            return None
        return self.mentions[place][2]

    def _post_of(self, begin: int) -> bool:
        """Whether a name stands behind a post with `of`: `Secretary of State Laura Holm`."""
        known = self.words.words
        return known[begin].key in TITLES and known[begin - 2].key in TITLES

    def _alone(self, start: int, stop: int) -> Named | None:
        """Somebody who is only ever called by one name."""
        key = self.words.words[start].key
        if key not in self.single:
            self.single[key] = alone(self.words, start, stop)
        return self.single[key] if stop - start == 1 else None

    def _mentions(self, start: int, stop: int) -> Iterator[tuple[int, int, Named]]:
        place = bisect_left(self.starts, start)
        if place and self.mentions[place - 1][1] > start:
            place -= 1
        while place < len(self.mentions) and self.mentions[place][0] < stop:
            yield self.mentions[place]
            place += 1

    def _before(self, index: int) -> Named | None:
        """Who is named shortly before `who`."""
        place = bisect_left(self.starts, index)
        if place and index - self.mentions[place - 1][1] <= 8:
            return self.mentions[place - 1][2]
        return None

    def _pronoun(self, found: Found, gender: str, at: int) -> Named | None:
        """Who a pronoun means: whoever spoke or is named first, in the nearest sentence."""
        number = found.sentence
        for fits in (_surely, _perhaps):
            for start, person in self.named.get(number, ()):
                if start < min(at, self.sentences[number][0] + LEADING) and fits(person, gender):
                    return person
            for back in range(number - 1, max(-1, number - REACH), -1):
                nearest = self._spoke_or_named(back, gender, fits, near=back == number - 1)
                if nearest is not None:
                    return nearest
        return None

    def _spoke_or_named(
        self, number: int, gender: str, fits: Callable[[Named, str], bool], *, near: bool
    ) -> Named | None:
        """Who speaks in a sentence, or else is named first in it."""
        named = self.named.get(number, ())
        for person in self.spoke.get(number, ()):
            if fits(person, gender) or (near and not named and person.gender is None):
                return person
        return next((person for _, person in named if fits(person, gender)), None)

    def _holder(self, post: str, at: int) -> Named | None:
        """Who holds a post, of the people named before."""
        place = bisect_left(self.starts, at)
        for k in range(place - 1, max(-1, place - 40), -1):
            if post in self.mentions[k][2].titles:
                return self.mentions[k][2]
        return None

    def _by_post(self, found: Found, start: int, stop: int) -> Named | None:
        """`the governor`, `the Vermont senator`: who has that post, or whoever spoke last."""
        words = self.words
        if words.words[start].key not in {"the", "this"}:
            return None
        keys = [words.words[k].key for k in range(start + 1, stop)]
        head = next((i for i, key in enumerate(keys) if _is_post(key)), None)
        if head is None or (words.flags[start + 1 + head] & CAP and stop - start > 2 + head):
            return None
        while head + 1 < len(keys) and (keys[head + 1] in HEADS or keys[head + 1] in TITLES):
            head += 1
        holder = self._holder(SHORT.get(keys[head], keys[head]), start)
        if holder is not None or not (keys[head] in HEADS or _is_epithet(keys[head])):
            return holder
        gender = "he" if keys[head] in HE else "she" if keys[head] in SHE else None
        for back in range(found.sentence, max(-1, found.sentence - 4), -1):
            for person in self.spoke.get(back, ()):
                if gender is None or person.gender in {None, gender}:
                    return person
        return None


def _is_epithet(key: str) -> bool:
    """What a person is called for age or children: `the 44-year-old`, `the father-of-three`."""
    return key.endswith("-year-old") or key.startswith(("father-of-", "mother-of-"))


def _is_post(key: str) -> bool:
    return key in HEADS or key in TITLES or _is_epithet(key)


def _surely(person: Named, gender: str) -> bool:
    return person.gender == gender or (person.gender is None and bool(person.titles))


def _perhaps(person: Named, gender: str) -> bool:
    return person.gender in {None, gender}
