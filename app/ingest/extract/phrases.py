"""Noun phrases: who stands before a verb, behind `said`, at the head of a clause.

No parser: a phrase ends where a closed class of words or a mark says so.
"""

from app.ingest.extract.sentences import Range
from app.ingest.extract.verbs import group
from app.ingest.extract.words import (
    ADVERB,
    AUXILIARY,
    BARE,
    CAP,
    CLOSES,
    COMMA,
    COORDINATOR,
    CUE,
    DETERMINER,
    DIGIT,
    OPENS,
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
KEPT = frozenset({"of", "for", "from", "with"})
"""Prepositions that belong to a name or post more often than not."""
HEADS_NOTHING = PREPOSITION | SUBORDINATOR | TIME | WHO | AUXILIARY | DIGIT
ENDS_BEHIND = OPENS | SUBJECT | SUBORDINATOR | WHO | AUXILIARY


def subject(words: Words, before: int, begin: int) -> Range | None:
    """The noun phrase that ends just before a word, not reaching before `begin`."""
    flags, last = words.flags, before - 1
    while last >= begin and flags[last] & BARE:
        last -= 1
    if last < begin or flags[last] & (STOP | CLOSES | COORDINATOR):
        return None
    if flags[last] & (SUBJECT | WHO):
        return last, last + 1
    if flags[last] & TIME and words.words[last - 1].key == "on" and last - 2 >= begin:
        last -= 2  # `Holm on Monday said`
    end = last
    if flags[last] & COMMA:
        comma = _apposed(words, last, begin)
        if comma is None:
            return None
        end = comma
    start = _start(words, end, begin)
    return (start, last + 1) if start is not None else None


def _apposed(words: Words, last: int, begin: int) -> int | None:
    """The end of the name itself, where its post stands behind it between commas."""
    flags, comma = words.flags, last - 1
    stop = max(begin, last - LONGEST)
    while comma >= stop and not flags[comma] & (COMMA | STOP | CLOSES | SUBJECT):
        comma -= 1
    if comma < stop or not flags[comma] & COMMA or flags[comma] & (CLOSES | COORDINATOR):
        return None
    return comma


def _start(words: Words, last: int, begin: int) -> int | None:
    """Where the noun phrase begins whose last word is given."""
    flags, start, joined = words.flags, last, 0
    stop = max(begin, last - LONGEST)
    while start > stop:
        before = flags[start - 1]
        if _parts(before) or flags[start] & OPENS:
            break
        if before & COORDINATOR:
            if words.words[start - 1].key == "but":
                break
            joined = start
        elif _is_verb(words, start - 1, begin):
            start = joined or start
            break
        start -= 1
    return _without_lead(words, start, last)


def _parts(before: int) -> bool:
    """Whether no noun phrase goes on across a word."""
    if before & (COMMA | STOP | CLOSES | SUBJECT):
        return True
    return bool(before & (SUBORDINATOR | WHO)) and not before & CAP


def _is_verb(words: Words, index: int, begin: int) -> bool:
    """Whether a word before a noun phrase is the verb of another clause."""
    flags = words.flags[index]
    if flags & CAP:
        return False
    return bool(flags & AUXILIARY) or bool(
        flags & CUE and group(words, index, begin).shape != "noun"
    )


def _past_lead(words: Words, start: int, end: int) -> int:
    """Past what only leads in: `Meanwhile`, `But`."""
    flags, lead = words.flags, ADVERB | BARE | COORDINATOR
    while start < end and flags[start] & lead and not flags[start] & DETERMINER:
        start += 1
    if start + 1 < end and words.words[start].key == "as" and flags[start] & CAP:
        start += 1
    return start


def _without_lead(words: Words, start: int, last: int) -> int | None:
    """Where the phrase itself begins: behind `In Istanbul on Friday`, `Meanwhile`."""
    flags = words.flags
    start = _past_lead(words, start, last + 1)
    if start > last:
        return None
    if not flags[start] & PREPOSITION:
        return start
    if flags[last] & TIME and not flags[last - 1] & CAP:
        return None
    first = last
    while first > start + 1 and not flags[first] & DETERMINER:
        if flags[first - 1] & (PREPOSITION | TIME | DIGIT):
            break
        first -= 1
    return None if first == start else first


def to_comma(words: Words, start: int, end: int) -> int:
    """Past the next word with a comma or stop."""
    index = start
    while index < end and not words.flags[index] & (COMMA | STOP):
        index += 1
    return min(index + 1, end)


def phrase_end(words: Words, start: int, end: int) -> int:
    """Where a noun phrase ends that begins at a word: behind `said`."""
    flags, index = words.flags, start
    end = min(end, start + LONGEST)
    while index < end:
        if index > start and _ends(words, index):
            break
        index += 1
        if flags[index - 1] & (COMMA | STOP | CLOSES):
            break
    return index


def _ends(words: Words, index: int) -> bool:
    """Whether a noun phrase ends before a word."""
    flag = words.flags[index]
    if flag & CAP:
        return bool(flag & TIME) and not words.flags[index - 1] & CAP
    if flag & ENDS_BEHIND or (flag & ADVERB and not flag & DETERMINER):
        return True
    word = words.words[index]
    if flag & PREPOSITION:
        return word.key not in KEPT
    return word.cue is not None and "ing" in word.cue.kinds


def leading(words: Words, start: int, end: int) -> Range | None:
    """The noun phrase that a clause begins with, up to its verb; none if it begins otherwise."""
    flags = words.flags
    start = _past_lead(words, start, end)
    if start >= end:
        return None
    first = flags[start]
    if first & SUBJECT:
        return start, start + 1
    if first & HEADS_NOTHING or (first & CUE and not first & CAP):
        return None
    stop, limit = start + 1, min(end, start + 12)
    while stop < limit and not flags[stop - 1] & (COMMA | STOP):
        flag, key = flags[stop], words.words[stop].key
        if flag & PREPOSITION and key not in KEPT:
            break
        verb = flag & (AUXILIARY | WHO | SUBORDINATOR | ADVERB | CUE) or key.endswith("ed")
        if verb and not flag & CAP:
            break
        stop += 1
    return start, stop
