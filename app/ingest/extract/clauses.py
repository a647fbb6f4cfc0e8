"""Clauses: the verb group around a cue, and the noun phrase that is its subject.

No parser: a phrase ends where a closed class of words or a mark says so.
"""

from typing import NamedTuple

from app.ingest.extract.sentences import Range
from app.ingest.extract.words import (
    ADVERB,
    AUXILIARY,
    BARE,
    BE,
    CAP,
    CLOSES,
    COMMA,
    COORDINATOR,
    CUE,
    DETERMINER,
    DIGIT,
    HAVE,
    MODAL,
    DO,
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

LONGEST = 30
"""Words of the longest noun phrase that is looked for."""


class Group(NamedTuple):
    """A verb of attribution with its auxiliaries."""

    begin: int
    verb: int
    shape: str
    """`finite`, `perfect`, `modal`, `progressive`, `passive`, `infinitive`, `participle`, `noun`."""


def group(words: Words, verb: int, begin: int) -> Group:
    """The verb group of a cue, not reaching before a word."""
    flags = words.flags
    start, seen = verb, 0
    while start > begin and flags[start - 1] & (AUXILIARY | ADVERB | BARE):
        before = flags[start - 1]
        if before & (COMMA | STOP | CLOSES) or (before & CAP and start - 1 > begin):
            break
        if before & (SUBJECT | WHO | SUBORDINATOR):
            seen |= before
            break
        start -= 1
        seen |= before
    return Group(start, verb, _shape(words, start, verb, seen, begin))


def _shape(words: Words, start: int, verb: int, seen: int, begin: int) -> str:
    form = words.words[verb].cue
    kinds = form.kinds if form else frozenset()
    before = words.flags[start - 1] if start > begin else 0
    if "ing" in kinds:
        return "progressive" if seen & BE else "participle"
    if seen & BE and "participle" in kinds:
        return "passive"
    if seen & HAVE and "participle" in kinds:
        return "perfect"
    if seen & (MODAL | DO) and "base" in kinds:
        return "modal"
    if start > begin and words.words[start - 1].key == "to" and "base" in kinds:
        return "infinitive"
    if "past" in kinds and "base" not in kinds:
        return "finite"
    if start == begin and kinds == {"base"}:
        return "noun"
    if before & (DETERMINER | POSSESSIVE) or (before & PREPOSITION and not seen):
        return "noun"
    if not before and verb == start and words.flags[verb] & CAP:
        return "noun"
    if kinds <= {"base", "s"} or kinds == {"base", "s", "participle"}:
        return _present(words, start, verb, "base" in kinds)
    return "finite"


def _present(words: Words, start: int, verb: int, plural: bool) -> str:
    """A verb in the present, or a noun that looks the same: the word before tells."""
    if start == 0:
        return "noun"
    word, flags = words.words[start - 1], words.flags[start - 1]
    if flags & (SUBJECT | WHO | COMMA | CLOSES | COORDINATOR | ADVERB | BARE):
        return "finite"
    if word.key.endswith(("ed", "ing", "al", "ive", "ous")) and not flags & CAP:
        return "noun"
    if not plural:
        return "noun" if words.flags[verb] & STOP and not flags & CAP else "finite"
    if word.key in PLURALS or (word.key.endswith("s") and not word.key.endswith("ss")):
        return "finite"
    joined = range(max(0, start - 6), start - 1)
    return "finite" if any(words.words[k].key == "and" for k in joined) else "noun"


PLURALS = frozenset(
    "people police men women children some many most few others both two three four all several"
    " those these public media staff half majority gop party government".split()
)


def subject(words: Words, before: int, begin: int) -> Range | None:
    """The noun phrase that ends just before a word, not reaching before `begin`."""
    flags = words.flags
    last = before - 1
    while last >= begin and flags[last] & BARE:
        last -= 1
    if last < begin or flags[last] & (STOP | CLOSES | COORDINATOR):
        return None
    if flags[last] & (SUBJECT | WHO):
        return last, last + 1
    if flags[last] & COMMA:
        return _apposed(words, last, begin)
    start = phrase_start(words, last, begin)
    return (start, last + 1) if start is not None else None


def _apposed(words: Words, last: int, begin: int) -> Range | None:
    """A name, its post between commas, then the verb."""
    flags = words.flags
    comma = last - 1
    stop = max(begin, last - LONGEST)
    while comma >= stop and not flags[comma] & (COMMA | STOP | CLOSES | SUBJECT):
        comma -= 1
    if comma < stop or not flags[comma] & COMMA or flags[comma] & CLOSES:
        return None
    if flags[comma] & COORDINATOR:
        return None
    start = phrase_start(words, comma, begin)
    return (start, last + 1) if start is not None else None


def phrase_start(words: Words, last: int, begin: int) -> int | None:
    """Where the noun phrase begins whose last word is given."""
    flags, joined = words.flags, None
    start = last
    stop = max(begin, last - LONGEST)
    while start > stop:
        before = flags[start - 1]
        if before & (COMMA | STOP | CLOSES) and not _inside_name(words, start - 1):
            break
        if before & (SUBORDINATOR | WHO) and not before & CAP or before & SUBJECT:
            break
        if flags[start] & OPENS:
            break
        if before & COORDINATOR:
            if words.words[start - 1].key == "but":
                break
            joined = start
        elif before & AUXILIARY and not before & CAP or _is_verb(words, start - 1, begin):
            start = joined if joined is not None else start
            break
        start -= 1
    return _without_lead(words, start, last)


def _inside_name(words: Words, index: int) -> bool:
    return bool(words.flags[index] & STOP) and not words.flags[index] & CLOSES and False


def _is_verb(words: Words, index: int, begin: int) -> bool:
    """Whether a word before a noun phrase is the verb of another clause."""
    if not words.flags[index] & CUE or words.flags[index] & CAP:
        return False
    return group(words, index, begin).shape != "noun"


def _without_lead(words: Words, start: int, last: int) -> int | None:
    """What stands before the phrase itself: `In Istanbul on Friday`, `Meanwhile`."""
    flags = words.flags
    while (
        start <= last
        and flags[start] & (ADVERB | BARE | COORDINATOR)
        and not flags[start] & DETERMINER
    ):
        start += 1
    if start > last:
        return None
    if not flags[start] & PREPOSITION:
        return start
    if flags[last] & TIME and not flags[last - 1] & CAP:
        return None
    return _tail(words, start, last)


def _tail(words: Words, start: int, last: int) -> int | None:
    """The noun phrase that ends a run of words which a preposition begins."""
    flags = words.flags
    first = last
    while first > start + 1:
        before = flags[first - 1]
        if before & (PREPOSITION | TIME | DIGIT):
            break
        if flags[first] & DETERMINER:
            break
        first -= 1
    if first <= start + 1 and not any(flags[k] & (TIME | DIGIT) for k in range(start, first)):
        return None if first == start else first
    return first


def to_comma(words: Words, start: int, end: int) -> int:
    """Past the next word with a comma or stop."""
    index = start
    while index < end and not words.flags[index] & (COMMA | STOP):
        index += 1
    return min(index + 1, end)


def phrase_end(words: Words, start: int, end: int) -> int:
    """Where a noun phrase ends that begins at a word: after `said`, `according to`."""
    flags = words.flags
    index = start
    end = min(end, start + LONGEST)
    while index < end:
        flag = flags[index]
        if index > start:
            if flag & (OPENS | SUBJECT | SUBORDINATOR | WHO) and not flag & CAP:
                break
            if flag & AUXILIARY and not flag & CAP:
                break
            if flag & PREPOSITION and words.words[index].key not in KEPT and not flag & CAP:
                break
            if flag & TIME and flag & CAP and not flags[index - 1] & CAP:
                break
            if flag & ADVERB and not flag & (DETERMINER | CAP):
                break
            if flag & CUE and not flag & CAP and "ing" in words.words[index].cue.kinds:
                break
        index += 1
        if flag & (COMMA | STOP | CLOSES):
            break
    return index


KEPT = frozenset({"of", "for", "from", "with", "and"})
"""Prepositions that belong to a name or post more often than not."""


def leading(words: Words, start: int, end: int) -> Range | None:
    """The noun phrase that a clause begins with, up to its verb; none if it begins otherwise."""
    flags = words.flags
    while (
        start < end
        and flags[start] & (BARE | ADVERB | COORDINATOR)
        and not flags[start] & DETERMINER
    ):
        start += 1
    if start >= end:
        return None
    first = flags[start]
    if first & SUBJECT:
        return start, start + 1
    if first & (PREPOSITION | SUBORDINATOR | TIME | WHO | AUXILIARY | DIGIT):
        return None
    if first & CUE and not first & CAP:
        return None
    stop = start + 1
    limit = min(end, start + 12)
    while stop < limit and not flags[stop - 1] & (COMMA | STOP):
        flag, key = flags[stop], words.words[stop].key
        if flag & (AUXILIARY | WHO | SUBORDINATOR | ADVERB) and not flag & CAP:
            break
        if not flag & CAP and (flag & CUE or key.endswith("ed")):
            break
        if flag & PREPOSITION and key not in KEPT:
            break
        stop += 1
    return start, stop
