"""People: the names of the article, each under its fullest form, with post and gender."""

from dataclasses import dataclass, field

from app.ingest.extract.found import Person, Span
from app.ingest.extract.lexicon import sections
from app.ingest.extract.words import (
    ADVERB,
    BARE,
    BE,
    CAP,
    CLOSES,
    COMMA,
    COORDINATOR,
    DETERMINER,
    MODAL,
    OBJECT,
    OPENS,
    POSSESSIVE,
    PREPOSITION,
    STOP,
    SUBJECT,
    SUBORDINATOR,
    TIME,
    WHO,
    Words,
)

_NAMES = sections("names.txt")
_POSTS = sections("posts.txt")
HE, SHE = _NAMES["he"] | _POSTS["he"], _NAMES["she"] | _POSTS["she"]
TITLES, BODIES = _POSTS["title"], _POSTS["body"]
PARTICLES = frozenset("de la van von der den bin ibn al el ben da di du dos le st".split())
SUFFIXES = frozenset("jr sr ii iii iv".split())
NOT_A_NAME = (
    DETERMINER
    | PREPOSITION
    | SUBJECT
    | OBJECT
    | SUBORDINATOR
    | COORDINATOR
    | ADVERB
    | WHO
    | TIME
    | BE
)


@dataclass(slots=True)
class Named:
    """A person under all the names the article uses."""

    name: str
    surname: str
    first: int
    gender: str | None = None
    titled: bool = False
    role: str | None = None
    mention: Span = (0, 1)
    full: bool = False


@dataclass(slots=True)
class People:
    """The people of an article, and where each is named."""

    words: Words
    by_surname: dict[str, list[Named]] = field(default_factory=dict)
    mentions: list[tuple[int, int, Named]] = field(default_factory=list)
    """First word, word after the last, who; in order."""


def people(words: Words, begin: int) -> People:
    """Everybody who is named from a word on."""
    found = People(words)
    runs = list(_runs(words, begin))
    for start, stop in runs:
        _enter(found, start, stop)
    for start, stop in runs:
        surname = _surname(words, start, stop)
        known = found.by_surname.get(surname)
        if known:
            found.mentions.append((start, stop, _which(words, known, start, stop)))
    return found


def _runs(words: Words, begin: int):
    """Runs of capitalised words."""
    flags, count = words.flags, words.count
    capitals = [i for i, flag in enumerate(flags) if flag & CAP and i >= begin]
    place, total = 0, len(capitals)
    while place < total:
        start = capitals[place]
        place += 1
        if flags[start] & NOT_A_NAME and not words.words[start].key in HE | SHE:
            continue
        stop = start + 1
        while not flags[stop - 1] & (COMMA | STOP | CLOSES | POSSESSIVE) and stop < count:
            if flags[stop] & CAP and not flags[stop] & OPENS:
                if flags[stop] & TIME and not words.words[stop].key in HE | SHE:
                    break
                stop += 1
            elif (
                words.words[stop].key in PARTICLES
                and stop + 1 < count
                and flags[stop + 1] & CAP
                and not flags[stop] & (COMMA | STOP)
            ):
                stop += 2
            else:
                break
        yield start, stop
        while place < total and capitals[place] < stop:
            place += 1


def _trimmed(words: Words, start: int, stop: int) -> tuple[int, int]:
    """A run without the titles before and what only belongs to a name behind."""
    known = words.words
    while start < stop - 1 and known[start].key in TITLES and known[start].key not in _NAMES["he"]:
        start += 1
    while stop - 1 > start and known[stop - 1].key in SUFFIXES:
        stop -= 1
    return start, stop


def _surname(words: Words, start: int, stop: int) -> str:
    begin, end = _trimmed(words, start, stop)
    return words.words[end - 1].key


def _enter(found: People, start: int, stop: int) -> None:
    """Enter a full name, or a title with a surname."""
    words = found.words
    begin, end = _trimmed(words, start, stop)
    keys = [words.words[k].key for k in range(begin, end)]
    if any(key in BODIES for key in keys) or not keys[-1]:
        return
    titled = begin > start
    if len(keys) < 2 and not titled:
        return
    name = words.text[words.start(begin) : words.end(end - 1)]
    if name.endswith(("'s", "’s")):
        name = name[:-2]
    surname = keys[-1]
    known = found.by_surname.setdefault(surname, [])
    for other in known:
        if other.full and len(keys) < 2:
            return
        if other.name == name:
            return
        if not other.full and len(keys) >= 2:
            other.name, other.full = name, True
            other.gender = other.gender or _gender(words, start, end)
            return
    known.append(
        Named(
            name, surname, start, _gender(words, start, end), titled, None, (0, 1), len(keys) >= 2
        )
    )


def _gender(words: Words, start: int, stop: int) -> str | None:
    for index in range(start, stop - 1):
        key = words.words[index].key
        if key in HE and key not in SHE:
            return "he"
        if key in SHE and key not in HE:
            return "she"
    return None


def _which(words: Words, known: list[Named], start: int, stop: int) -> Named:
    """Which of the people of a surname: by given name, or the one named last before."""
    if len(known) == 1:
        return known[0]
    begin, end = _trimmed(words, start, stop)
    if end - begin >= 2:
        text = words.text[words.start(begin) : words.end(end - 1)]
        for person in known:
            if text.startswith(person.name):
                return person
    before = [person for person in known if person.first <= start]
    return max(before, key=lambda p: p.first) if before else known[0]
