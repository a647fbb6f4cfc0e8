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

_SPELT = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
"""Letters that Unicode does not take apart, as newsrooms without them write them."""


class _Letters(dict[int, int | str | None]):
    """What becomes of each character: kept, spelt out, left out, or a space.

    It is filled as characters come up: asking for the category of each again is what takes time.
    """

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        if any(low <= code <= high for low, high in _ACCENTS):
            kept = None
        elif character.isalnum() or unicodedata.category(character)[0] == "M":
            kept = character
        else:
            kept = " "
        self[code] = kept
        return kept


_FOLDED = _Letters({ord(letter): spelt for letter, spelt in _SPELT.items()})
_ASCII = bytes(ord(c.lower()) if c.isalnum() else ord(" ") for c in map(chr, range(128))).ljust(256)
"""The same for ASCII, of which nothing is spelt out or left out: most texts have nothing else."""


_TYPOGRAPHIC = "‘’“”–—"
"""No part of a word, and often all that a text has beside ASCII."""


def words(text: str) -> list[str]:
    """The words of a text, folded: letters, digits and vowel marks only, no case, no accents.

    Search and names use the same words on every database, which is why they are made here and
    not by SQLite's or PostgreSQL's own parsers, whose ideas of a word differ.
    """
    if not text.isascii():
        for mark in _TYPOGRAPHIC:
            text = text.replace(mark, " ")
    if text.isascii():
        found = text.encode().translate(_ASCII).decode().split()
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        found = folded.translate(_FOLDED).split()
    if max(map(len, found), default=0) > MAX_WORD:
        found = [word[:MAX_WORD] for word in found]
    return found


def fold(name: str) -> str:
    """A name as it is compared; a leading article does not count."""
    parts = words(name)
    while len(parts) > 1 and parts[0] == "the":
        parts = parts[1:]
    return " ".join(parts)
