"""Comparing text as people do: without case, accents or punctuation."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")

MAX_WORD = 64
"""Longer words are cut: no name and no search needs more, and databases have limits."""


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits only, no case, no accents.

    Search and names use the same words on every database, which is why they are made here and
    not by SQLite's or PostgreSQL's own parsers, whose ideas of a word differ.
    """
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word[:MAX_WORD] for word in _WORD.findall("".join(bare).casefold())]


def fold(name: str) -> str:
    """A name as it is compared; a leading article does not count."""
    parts = words(name)
    return " ".join(parts[1:] if parts[:1] == ["the"] and len(parts) > 1 else parts)
