"""Where the text has quotation marks: only words between them may be recorded as spoken.

Deliberately narrow. A passage whose marks do not pair up is none, and its words are pointed at
instead of served: less is said than could be, never more.
"""

from app.ingest.extract.found import Span

_CLOSERS = {"“": '”"“', '"': '"”', "„": "“”", "«": "»", "‘": "’", "‹": "›"}
"""Marks that open, with those that close what they opened."""


def quotations(text: str) -> list[Span]:
    """The quoted passages, marks included, in the order of the text; one in another is part of it.

    A passage goes on in the next paragraph only if that begins with the mark that opened it.
    """
    found: list[Span] = []
    opened: tuple[int, str] | None = None
    for place, character in enumerate(text):
        if opened is None:
            if character in _CLOSERS and _opens(text, place):
                opened = (place, character)
        elif character == "\n":
            opened = opened if _goes_on(text, place, opened[1]) else None
        elif character in _CLOSERS[opened[1]] and _closes(text, place):
            found.append((opened[0], place + 1))
            opened = None
    return found


def _opens(text: str, place: int) -> bool:
    """Whether the mark stands before a word and after none."""
    before = text[place - 1] if place else " "
    after = text[place + 1 : place + 2]
    return not before.isalnum() and bool(after) and not after.isspace()


def _closes(text: str, place: int) -> bool:
    """Whether the mark stands after something; one within a word is an apostrophe."""
    if text[place - 1].isspace():
        return False
    return not text[place + 1 : place + 2].isalnum() if text[place] == "’" else True


def _goes_on(text: str, place: int, mark: str) -> bool:
    """Whether the paragraph after this line break begins with the mark."""
    next_ = place + 1
    while text[next_ : next_ + 1].isspace():
        next_ += 1
    return text[next_ : next_ + 1] == mark
