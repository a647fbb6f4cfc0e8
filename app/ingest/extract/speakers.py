"""Speakers: whom a source stands for, by name, post or pronoun."""

from app.ingest.extract.attribution import Found
from app.ingest.extract.people import Named, People
from app.ingest.extract.sentences import Range
from app.ingest.extract.words import CAP, SUBJECT, WHO, Words

REACH = 6
"""Sentences that a pronoun looks back over."""


class Speakers:
    """Resolves the sources of an article in the order of the text."""

    def __init__(self, words: Words, people: People, sentences: list[Range]) -> None:
        self.words, self.people = words, people
        self.sentences = sentences
        self.by_sentence: dict[int, list[Named]] = {}
        self.said: list[tuple[int, Named]] = []
        self._place()

    def _place(self) -> None:
        number, sentences = 0, self.sentences
        self.first_in: dict[int, list[tuple[int, Named]]] = {}
        for start, _, person in self.people.mentions:
            while number < len(sentences) and sentences[number][1] <= start:
                number += 1
            self.first_in.setdefault(number, []).append((start, person))

    def resolve(self, found: Found) -> tuple[str | None, Named | None]:
        """The name of a source's person, or what it is called."""
        name, person = self._resolve(found)
        if person is not None:
            self.said.append((found.sentence, person))
        return name, person

    def _resolve(self, found: Found) -> tuple[str | None, Named | None]:
        source = found.source
        if source is None:
            return None, None
        words = self.words
        start, stop = source
        key = words.words[start].key
        if stop - start == 1 and key in {"he", "she", "i", "we", "it", "they", "you"}:
            if key in {"he", "she"}:
                person = self._pronoun(found, key, start)
                return (person.name, person) if person else (None, None)
            return None, None
        if words.flags[start] & WHO and stop - start == 1:
            person = self._before(start)
            return (person.name, person) if person else (None, None)
        person = self._named(start, stop)
        if person:
            return person.name, person
        text = words.text[words.start(start) : words.end(stop - 1)]
        if not words.flags[stop - 1] & CAP:
            person = self._nominal(found, start, stop)
            if person:
                return person.name, person
        return text, None

    def _named(self, start: int, stop: int) -> Named | None:
        """Who is named within the phrase."""
        best = None
        for begin, end, person in self._mentions(start, stop):
            best = person
            break
        return best

    def _mentions(self, start: int, stop: int):
        from bisect import bisect_left

        mentions = self.people.mentions
        place = bisect_left(mentions, start, key=lambda m: m[0])
        if place and mentions[place - 1][1] > start:
            place -= 1
        while place < len(mentions) and mentions[place][0] < stop:
            yield mentions[place]
            place += 1

    def _before(self, index: int) -> Named | None:
        from bisect import bisect_left

        mentions = self.people.mentions
        place = bisect_left(mentions, index, key=lambda m: m[0])
        if place and index - mentions[place - 1][1] <= 8:
            return mentions[place - 1][2]
        return None

    def _pronoun(self, found: Found, gender: str, at: int) -> Named | None:
        """The person that a pronoun means: who spoke or was spoken of last, and may be meant."""
        number = found.sentence
        fits = lambda p: p.gender in (None, gender)
        for start, person in self.first_in.get(number, ()):
            if start < at and fits(person):
                return person
        for back in range(number - 1, max(-1, number - REACH), -1):
            spoke = [p for n, p in reversed(self.said) if n == back and fits(p)]
            if spoke:
                return spoke[0]
            for start, person in self.first_in.get(back, ()):
                if fits(person):
                    return person
        return None

    def _nominal(self, found: Found, start: int, stop: int) -> Named | None:
        return None
