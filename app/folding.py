"""Comparing text as people do: without case, accents or punctuation."""

import unicodedata

MAX_WORD = 64
"""Longer words are cut: no name and no search needs more, and databases have limits."""

_ACCENTS = [
    (0x0300, 0x036F),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
]
"""Marks that writers leave out: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic.
Elsewhere, in the scripts of India above all, marks are vowels and part of the word."""

_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
)
"""Letters that Unicode does not take apart, as newsrooms without them write them."""


def words(text: str) -> list[str]:
    """The words of a text, folded: letters, digits and vowel marks only, no case, no accents.

    Search and names use the same words on every database, which is why they are made here and
    not by SQLite's or PostgreSQL's own parsers, whose ideas of a word differ.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = folded.translate(_LETTERS)
    kept = (c for c in folded if not any(low <= ord(c) <= high for low, high in _ACCENTS))
    return [word[:MAX_WORD] for word in "".join(map(_or_space, kept)).split()]


def _or_space(character: str) -> str:
    """The character if it is part of a word, else a space."""
    of_word = character.isalnum() or unicodedata.category(character)[0] == "M"
    return character if of_word else " "


def fold(name: str) -> str:
    """A name as it is compared; a leading article does not count."""
    parts = words(name)
    while len(parts) > 1 and parts[0] == "the":
        parts = parts[1:]
    return " ".join(parts)
