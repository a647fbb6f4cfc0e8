"""What the tests of the extractor share: attributions in the words of the text."""

from typing import NamedTuple

from app.ingest.extract.found import Attribution, Span
from app.ingest.extract.reader import read


class Said(NamedTuple):
    """An attribution in words."""

    kind: str
    content: tuple[str, ...]
    source: str | None
    cue: str | None
    speaker: str | None


def said(text: str) -> list[Said]:
    """The attributions of a text."""
    return [in_words(text, each) for each in read(text).attributions]


def in_words(text: str, each: Attribution) -> Said:
    def words(span: Span | None) -> str | None:
        return text[slice(*span)] if span else None

    content = tuple(text[slice(*span)] for span in each.content)
    return Said(each.quote_type.value, content, words(each.source), words(each.cue), each.speaker)


def direct(text: str) -> list[tuple[str | None, tuple[str, ...]]]:
    """Who is quoted in a text, and how."""
    return [(each.speaker, each.content) for each in said(text) if each.kind == "direct"]


def speakers(text: str) -> list[str | None]:
    """Whom the attributions of a text are laid to."""
    return [each.speaker for each in said(text)]
