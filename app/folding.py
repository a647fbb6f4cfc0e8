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


def words(text: str) -> list[str]:
    """The words of a text, folded: letters, digits and vowel marks only, no case, no accents.

    Search and names use the same words on every database, which is why they are made here and
    not by SQLite's or PostgreSQL's own parsers, whose ideas of a word differ.
    """
    if text.isascii():  # nothing to take apart, and lower case is all of it
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    folded = folded.translate(_FOLDED)
    found = folded.split()
    return [word[:MAX_WORD] for word in found] if len(folded) > MAX_WORD else found


def fold(name: str) -> str:
    """A name as it is compared; a leading article does not count."""
    parts = words(name)
    while len(parts) > 1 and parts[0] == "the":
        parts = parts[1:]
    return " ".join(parts)
