"""What reading gives: an article in its canonical text, or the reason why there is none."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from app.errors import ArticleRefused
from app.faults import storable
from app.ingest.extract.found import Meta

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n?")
_TRAILING = re.compile(r"(?<![ \t])[ \t]++$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """An article that was read."""

    text: str
    """Canonical: offsets of evidence are code points in it."""
    meta: Meta
    name: str = ""
    """What the input is called: a path, a line of a file, an address."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that is no article, with the reason."""

    name: str
    error: ArticleRefused

    @property
    def reason(self) -> str:
        """Why, in a sentence or two."""
        return str(self.error)


Read = Iterator[Source | Refused]


def canonical(text: str) -> str:
    """The text of an article as it is kept, hashed and counted in. Canonical text is unchanged.

    Line ends become line feeds, blanks before them and byte order marks at the start go, and
    characters are composed (NFC). All else stays: empty lines, indents, quotation marks.

    Raises:
        ArticleRefused: the text has no words, or something that no database keeps.
    """
    lines = _LINE_END.sub("\n", text.lstrip(_BOM))
    kept = _TRAILING.sub("", unicodedata.normalize("NFC", lines))
    try:
        storable(kept)
    except ValueError as error:
        raise ArticleRefused(f"The text {error}") from None
    if not any(map(str.isalnum, kept)):
        raise ArticleRefused("The text has no words.")
    return kept


_NAMES = tuple(field.name for field in fields(Meta))


def filled(meta: Meta, *others: Meta) -> Meta:
    """The metadata, with what it does not state taken from the first of the others that does."""
    missing = {}
    for name in _NAMES:
        if getattr(meta, name) is None:
            stated = [getattr(other, name) for other in others]
            if (value := next((each for each in stated if each is not None), None)) is not None:
                missing[name] = value
    return replace(meta, **missing) if missing else meta
