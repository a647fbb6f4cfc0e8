"""Where the text has quotation marks: only words between them may be recorded as spoken.

Deliberately narrow. A passage whose marks do not pair up is none, and its words are pointed at
instead of served: less is said than could be, never more.
"""

from app.ingest.extract.found import Span

_CLOSERS = {"“": '”"', '"': '"”', "„": "“”", "«": "»", "‘": "’", "‹": "›"}
"""Marks that open, with those that close what they opened."""

_SPACED = "«»‹›"
"""Marks that may have a space on their inner side."""


def quotations(text: str) -> list[Span]:
    """The quoted passages, marks included, in the order of the text; one in another is part of it.

    A passage goes on in the next paragraph only if that begins with the mark that opened it; each
    paragraph is then a passage of its own, once the last one is closed.
    """
    found: list[Span] = []
    before: list[Span] = []
    opened: tuple[int, str] | None = None
    for place, character in enumerate(text):
        if opened is None:
            if character in _CLOSERS and _opens(text, place):
                opened = (place, character)
        elif character == "\n":
            goes_on = _goes_on(text, place, opened[1])
            before = [*before, (opened[0], place)] if goes_on else []
            opened = None
        elif character in _CLOSERS[opened[1]] and _closes(text, place):
            found += [*before, (opened[0], place + 1)]
            before, opened = [], None
    return found


def _opens(text: str, place: int) -> bool:
    """Whether the mark stands before a word and after none."""
    before = text[place - 1] if place else " "
    after = text[place + 1 : place + 2]
    spaced = after.isspace() and (after == "\n" or text[place] not in _SPACED)
    touches = bool(after) and not spaced
    return touches and not before.isalnum()


def _closes(text: str, place: int) -> bool:
    """Whether the mark stands after something; one within a word is an apostrophe."""
    if text[place - 1].isspace() and text[place] not in _SPACED:
        return False
    return not text[place + 1 : place + 2].isalnum() if text[place] == "’" else True


def _goes_on(text: str, place: int, mark: str) -> bool:
    """Whether the paragraph after this line break begins with the mark."""
    next_ = place + 1
    while text[next_ : next_ + 1].isspace():
        next_ += 1
    return text[next_ : next_ + 1] == mark
