"""People: the names of the article, each under its fullest form, with post and gender.

A run of capitalised words is somebody if a given name or a title says so, or if somebody of that
surname is; two words without either are kept too, for reporters seldom quote a place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.ingest.extract.found import Person
from app.ingest.extract.lexicon import sections
from app.ingest.extract.sentences import Range
from app.ingest.extract.words import (
    CAP,
    CLOSES,
    COMMA,
    FUNCTION,
    LAST,
    OPENS,
    POSSESSIVE,
    STOP,
    TIME,
    Words,
)

_NAMES, _POSTS, _CLOSED = sections("names.txt"), sections("posts.txt"), sections("closed.txt")
HE, SHE = _NAMES["he"] | _POSTS["he"], _NAMES["she"] | _POSTS["she"]
GIVEN = _NAMES["he"] | _NAMES["she"]
TITLES, BODIES, HEADS = _POSTS["title"], _POSTS["body"], _POSTS["person"]
PARTICLES, SUFFIXES = _CLOSED["particle"], _CLOSED["suffix"]
EITHER = _POSTS["either"]
NO_PARTS = (BODIES | TITLES | HEADS | PARTICLES) - EITHER
SHORT = dict(entry.split("=") for entry in sorted(_POSTS["short"]))
HONORIFICS = _CLOSED["honorific"]
LONGEST = 12
"""Words of the longest name with its titles."""
NAMESAKES = 8
"""People of one surname that are told apart."""
BREAKS = COMMA | STOP | CLOSES | POSSESSIVE | LAST


@dataclass(slots=True, eq=False)
class Named:
    """A person under all the names the article uses."""

    name: str
    surname: str
    titles: set[str]
    start: int
    """The first word of the fullest mention, title included."""
    stop: int
    given: str
    """The first word of the full name, in small letters."""
    gender: str | None = None
    full: bool = False
    times: int = 1
    """How often the full name is used."""


@dataclass(slots=True)
class People:
    """The people of an article, and where each is named."""

    by_surname: dict[str, list[Named]] = field(default_factory=dict)
    mentions: list[tuple[int, int, Named]] = field(default_factory=list)
    """First word, word after the last, who; in order."""

    def everybody(self) -> list[Named]:
        """All of them, in the order of their fullest mention."""
        return sorted(
            (p for known in self.by_surname.values() for p in known), key=lambda p: p.start
        )


def people(words: Words, headline: Range, beside: list[Range]) -> People:
    """Everybody who is named in the story.

    A headline's capitals count only behind a given name; bylines and captions, `beside` the story,
    do not count.
    """
    found = People()
    runs = []
    for start, stop in _runs(words):
        if headline[0] <= start < headline[1] and words.words[start].key not in GIVEN:
            continue
        if beside and any(begin <= start < end for begin, end in beside):
            continue
        begin, end = start, stop
        if stop - start > 1:
            begin, end = _trimmed(words, start, stop)
            _enter(found, words, (start, stop), (begin, end))
        runs.append((start, stop, begin, end))
    latest: dict[str, Named] = {}
    surnames, parts = found.by_surname, _parts(found)
    for start, stop, begin, end in runs:
        key = words.words[end - 1].key
        known = surnames.get(key) or parts.get(key)
        if known:
            sole = len(known) == 1 and end - begin == 1
            person = known[0] if sole else _which(words, known, (start, begin, end), latest)
            found.mentions.append((start, stop, person))
    return found


def _parts(found: People) -> dict[str, list[Named]]:
    """Who goes by a word of a full name too: a given name, or a surname that stands first."""
    parts: dict[str, list[Named]] = {}
    everybody = found.everybody()
    for person in everybody:
        if not person.full:
            continue
        for part in person.name.lower().replace("’", "'").split()[:-1]:
            known = parts.setdefault(part, [])
            if len(part) > 2 and part not in NO_PARTS and len(known) < NAMESAKES:
                known.append(person)
    for surname, known in found.by_surname.items():
        if surname in parts:  # `Sheikh Hamad`, `President Liang`: no surname after all
            known[:] = [person for person in known if person.full or not parts[surname]]
    return parts


def _runs(words: Words) -> Iterator[Range]:
    """Runs of capitalised words that may be names."""
    flags, known, count = words.flags, words.words, words.count
    reached = 0
    for start in words.marked:
        flag = flags[start]
        if start < reached or not flag & CAP:
            continue
        if flag & FUNCTION and known[start].key not in GIVEN:
            continue
        stop = start + 1
        while stop < count and not flags[stop - 1] & BREAKS and stop - start < LONGEST:
            flag, word = flags[stop], known[stop]
            if word.lead:
                break
            if flag & CAP and (not flag & TIME or word.key in GIVEN):
                stop += 1
            elif word.key in PARTICLES and stop + 2 < count:
                following = stop + 1 + (known[stop + 1].key in PARTICLES)
                if not flags[following] & CAP:
                    break
                stop = following + 1
            else:
                break
        reached = stop
        yield start, stop


def alone(words: Words, start: int, stop: int) -> Named | None:
    """Somebody of whom the article gives a surname only, where a phrase is no more than that."""
    word = words.words[stop - 1]
    if stop - start > 1 or not words.flags[start] & CAP or words.flags[start] & FUNCTION:
        return None
    if word.key in BODIES or word.key in TITLES or word.key in HEADS or word.key.endswith("s"):
        return None
    name = words.text[words.start(start) : words.end(start)]
    return (
        Named(name, name, set(), start, stop, "") if len(name) > 2 and not name.isupper() else None
    )


def _trimmed(words: Words, start: int, stop: int) -> Range:
    """A run without the titles before the name and what only follows one."""
    known = words.words
    for index in range(stop - 2, start - 1, -1):
        if known[index].key in TITLES and known[index].key not in GIVEN:
            start = index + 1
            break
    for index in range(start + 1, stop - 1):
        before = known[index - 1]
        if before.key in PARTICLES:
            break
        if known[index].key in GIVEN and before.key in NO_PARTS:
            start = index
            break
    while stop - 1 > start and known[stop - 1].key in SUFFIXES:
        stop -= 1
    return start, stop


def _enter(found: People, words: Words, run: Range, name: Range) -> None:
    """Enter a full name, or a title with a surname."""
    keys = [word.key for word in words.words[name[0] : name[1]]]
    surname, full = keys[-1], len(keys) > 1
    if not full and name[0] == run[0]:
        return
    if not surname or surname in TITLES or surname in HEADS:
        return
    if not BODIES.isdisjoint(keys) and not _is_surname(keys, named=name[0] > run[0]):
        return
    text, given = _written(words, name)
    titles = _titles(words, run, name)
    gender = _gender(words, run[0], name[1])
    others = found.by_surname.setdefault(surname, [])
    for other in others:
        if gender and other.gender and gender != other.gender:
            continue
        if full and other.full and other.given != given and not _same(other.name, text):
            continue
        other.titles |= titles
        other.gender = other.gender or gender
        other.times += full
        if full and (not other.full or len(text) > len(other.name)):
            other.name, other.given, other.full = text, given, True
            other.start, other.stop = run[0], name[1]
        return
    if len(others) < NAMESAKES:
        last = text.split()[-1]
        others.append(Named(text, last, titles, run[0], name[1], given, gender, full))


def _written(words: Words, name: Range) -> tuple[str, str]:
    """A name as the text has it, and its first word in small letters."""
    text = words.text[words.start(name[0]) : words.end(name[1] - 1)]
    text = text.removesuffix("'s").removesuffix("’s")
    return text, text.split()[0].lower()


def _is_surname(keys: list[str], *, named: bool) -> bool:
    """Whether what a body goes by is a surname here: `Ms Park Geun-hye`, `Allan Church`."""
    bodies = [key for key in keys if key in BODIES]
    if len(bodies) > 1 or bodies[0] not in EITHER:
        return False
    if keys[-1] in BODIES:
        return keys[0] in GIVEN
    return bodies[0] == keys[0] and (named or "-" in keys[-1])


def _same(name: str, other: str) -> bool:
    """Whether two full names of one surname are one person's: one begins or holds the other."""
    one, two = name.lower().split(), other.lower().split()
    return one[0] == two[0] or set(one) <= set(two) or set(two) <= set(one)


def _titles(words: Words, run: Range, name: Range) -> set[str]:
    """The posts that stand before and behind a name, each by one word."""
    known, flags, start = words.words, words.flags, run[0]
    while start and run[0] - start < 3 and known[start - 1].key in HEADS:
        start -= 1
    keys = [word.key for word in known[start : name[0]]]
    if flags[run[1] - 1] & COMMA:
        for index in range(run[1], min(run[1] + 10, words.count)):
            if known[index].key in HEADS:
                keys.append(known[index].key)
            if flags[index] & BREAKS and not flags[index] & POSSESSIVE:
                break
    return {SHORT.get(key, key) for key in keys}


def _gender(words: Words, start: int, stop: int) -> str | None:
    """What the titles and given names of a run tell."""
    for word in words.words[max(0, start - 1) : stop - 1]:
        he = word.key in HE
        if he != (word.key in SHE):
            return "he" if he else "she"
    return None


def _which(
    words: Words, known: list[Named], place: tuple[int, int, int], latest: dict[str, Named]
) -> Named:
    """Which of the people of a surname: by given name or title, or whoever was so named last."""
    start, begin, end = place
    surname = words.words[end - 1].key
    if end - begin > 1:
        first = words.words[begin].key
        for person in known:
            if person.full and person.given == first:
                latest[surname] = person
                return person
    if len(known) == 1:
        return known[0]
    gender = _gender(words, start, end)
    fitting = [p for p in known if gender is None or p.gender in {None, gender}] or known
    last = latest.get(surname)
    often = max(fitting, key=lambda p: p.times)
    if last is None or last not in fitting or often.times > 3 * last.times:
        return often
    return last


def as_person(words: Words, named: Named) -> Person:
    """Somebody as the stages after this one take them."""
    begin, end = _trimmed(words, named.start, named.stop)
    start = _post_start(words, named.start)
    span = (words.start(start), words.end(end - 1))
    role = words.text[span[0] : words.end(begin - 1)] if start < begin else ""
    if start == begin or words.words[begin - 1].key in HONORIFICS:
        role = _post_after(words, named.stop) or role
    return Person(named.name, named.surname, role or None, span, named.gender)


def _post_start(words: Words, start: int) -> int:
    """Where the post begins that stands before a name: `Foreign Office spokesperson`."""
    flags, known = words.flags, words.words
    limit = max(0, start - 8)
    while start > limit and not flags[start - 1] & BREAKS and not flags[start] & OPENS:
        before = known[start - 1].key
        capital = flags[start - 1] & CAP and not flags[start - 1] & FUNCTION
        noun = not flags[start - 1] and known[start].key in HEADS and not flags[start] & CAP
        if before in TITLES or before in HEADS or capital or noun:
            start -= 1
        elif before == "of" and start - 1 > limit and known[start - 2].key in TITLES:
            start -= 2
        else:
            break
    return start


def _post_after(words: Words, stop: int) -> str:
    """The post that stands behind a name, between commas: `, the union's chief negotiator,`."""
    flags, known = words.flags, words.words
    if not flags[stop - 1] & COMMA:
        return ""
    end = stop
    while end < min(words.count, stop + 12) and not (
        end > stop and flags[end - 1] & (COMMA | STOP)
    ):
        end += 1
    if not any(known[k].key in HEADS or known[k].key in TITLES for k in range(stop, end)):
        return ""
    if known[stop].key in {"the", "a", "an", "who"}:
        stop += 1
    return words.text[words.start(stop) : words.end(end - 1)] if stop < end else ""
