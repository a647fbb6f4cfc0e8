"""The verb group around a cue: `has not said`, `was asked`; and nouns that look the same."""

from typing import NamedTuple

from app.ingest.extract.lexicon import sections
from app.ingest.extract.words import (
    ADVERB,
    AUXILIARY,
    BARE,
    BE,
    CAP,
    CLOSES,
    COMMA,
    COORDINATOR,
    DETERMINER,
    DO,
    HAVE,
    MODAL,
    POSSESSIVE,
    PREPOSITION,
    STOP,
    SUBJECT,
    SUBORDINATOR,
    WHO,
    Words,
)

NO_VERBS = frozenset({"noun", "infinitive"})
"""Shapes that have no subject of their own."""
PLURALS = sections("closed.txt")["plural"]
"""Words that a verb without -s follows though they have none themselves."""
ARTICLES = sections("closed.txt")["article"]
ADJECTIVES = ("ed", "ing", "al", "ive", "ous")
"""How a word ends that stands before a noun, not before a verb."""
LEADS = AUXILIARY | ADVERB | BARE
"""What may stand between a verb's subject and the verb."""
ENDS = COMMA | STOP | CLOSES
PARTS = SUBJECT | WHO | SUBORDINATOR
NO_KINDS: frozenset[str] = frozenset()


class Group(NamedTuple):
    """A verb of attribution with its auxiliaries."""

    begin: int
    verb: int
    shape: str
    """`finite`, `perfect`, `modal`, `progressive`, `passive`, `participle`; or of `NO_VERBS`."""


def group(words: Words, verb: int, begin: int) -> Group:
    """The verb group of a cue, not reaching before a word."""
    flags, start, seen = words.flags, verb, 0
    while start > begin and flags[start - 1] & LEADS:
        before = flags[start - 1]
        if before & ENDS or (before & CAP and start - 1 > begin):
            break
        seen |= before
        if before & PARTS:
            break
        start -= 1
    form = words.words[verb].cue
    kinds = form.kinds if form else NO_KINDS
    shape = _shape_with_auxiliary(kinds, seen)
    return Group(start, verb, shape or _shape_alone(words, kinds, (begin, start, verb), seen))


def _shape_with_auxiliary(kinds: frozenset[str], seen: int) -> str:
    """The shape that an auxiliary or an -ing gives a verb."""
    if "ing" in kinds:
        return "progressive" if seen & BE else "participle"
    if "participle" in kinds and seen & (BE | HAVE):
        return "passive" if seen & BE else "perfect"
    return "modal" if seen & (MODAL | DO) and "base" in kinds else ""


def _shape_alone(
    words: Words, kinds: frozenset[str], place: tuple[int, int, int], seen: int
) -> str:
    """The shape of a verb without an auxiliary, or of its noun."""
    begin, start, verb = place
    if "past" in kinds and "base" not in kinds:
        return "noun" if _is_adjective(words, start, begin) else "finite"
    if "base" in kinds and start > begin and words.words[start - 1].key == "to":
        return "infinitive"
    before = words.flags[start - 1] if start > begin else 0
    if before & (DETERMINER | POSSESSIVE) or (before & PREPOSITION and not seen):
        return "noun"
    if start == begin and kinds == {"base"}:
        return "noun"
    if not before and verb == start and words.flags[verb] & CAP:
        return "noun"
    return "finite" if "past" in kinds else _present(words, start, verb)


def _is_adjective(words: Words, start: int, begin: int) -> bool:
    """`the proposed force`: a participle behind an article."""
    if start == begin:
        return False
    before = words.words[start - 1]
    return bool(before.flags & POSSESSIVE) or before.key in ARTICLES


def _present(words: Words, start: int, verb: int) -> str:
    """A verb in the present, or a noun that looks the same: the word before tells."""
    if start == 0:
        return "noun"
    key, flags = words.words[start - 1].key, words.flags[start - 1]
    if flags & (SUBJECT | WHO | COMMA | CLOSES | COORDINATOR | ADVERB | BARE):
        return "finite"
    if start > 1 and words.words[start - 2].key == "to":
        return "noun"
    if key.endswith(ADJECTIVES) and not flags & CAP:
        return "noun"
    form = words.words[verb].cue
    if form and "base" not in form.kinds:
        return "noun" if words.flags[verb] & STOP and not flags & CAP else "finite"
    return "finite" if _is_plural(words, start - 1) else "noun"


def _is_plural(words: Words, last: int) -> bool:
    """Whether the noun phrase that ends at a word takes a verb without -s."""
    key = words.words[last].key
    if key in PLURALS or (key.endswith("s") and not key.endswith("ss")):
        return True
    return any(words.words[k].key == "and" for k in range(max(0, last - 5), last))
