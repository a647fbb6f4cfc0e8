"""Layout: which lines of an article are its story, and which stand over, beside and under it.

A page's text comes with a headline, a deck, bylines, a caption, a summary and a credit; wire copy
with nothing of it. What is not recognised belongs to the body: a fact lost weighs more than a line.
"""

import re
from dataclasses import dataclass, field

from app.ingest.extract.found import Span

LONGEST_HEADLINE = 250
LONGEST_LINE = 160
HEAD = 14
"""Paragraphs that the head of an article may have."""
LONGEST_LEAD = 100
FOOT = 4
"""Paragraphs that the foot of an article may have."""

DATED = re.compile(r"(?:date[: ]+)?(\d{4}-\d\d-\d\d)[ \t]+(?=\S)", re.IGNORECASE)
DATELINE = re.compile(
    r"[A-Z][A-Z.’' -]{2,30}(?:,[^—–\n-]{0,40})?(?:\([^)\n]{1,40}\) ?)? ?(?:—|–|--|-) "
)
LEAD = re.compile(
    r"\d\d?[.:h]\d\d ?(?:[ap]\.?m\b\.?)?(?: ?[A-Z]{2,4}\b)? ?[:—–-] ?"
    r"|[A-Z][A-Z.’' /-]{2,30}(?:, ?[^—–\n(-]{1,40})? ?(?:\([^)\n]{1,40}\) ?)?(?:—|–|--|- ) ?"
    r"|[A-Z][\w.’' /-]{2,30}, (?:[A-Z][a-z]{2,8}\.? \d\d?|\d\d? [A-Z][a-z]{2,8})(?:,? \d{4})?"
    r" ?(?:\([^)\n]{1,40}\) ?(?:(?:—|–|--|-) ?)?|(?:—|–|--|-) )"
    r"|[A-Z][\w.’' /-]{2,30} \([^)\n]{1,40}\) ?(?:—|–|--|-) "
)
"""A dateline or the time of an entry, before the words of a paragraph."""
BYLINE = re.compile(
    r"(?:by|from|curated by|written by|edited by|reported by|author|posted|published|updated|"
    r"last updated|first published|modified)\b[:]?|"
    r".{2,40} (?:news desk|desk|bureau|staff|staff writer|correspondent)\Z",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"\b(?:file photo|representative image|photo(?:graph)?(?: by| credit|:)|image(?: credit|:)|"
    r"getty images|ap photo|reuters/|afp/|picture:)",
    re.IGNORECASE,
)
CAPTION_HINTS = ("photo", "mage", "reuter", "afp/", "cture:")
"""Without one of these there is no caption; sooner looked for than the whole pattern."""
SUMMARY = re.compile(
    r"(?:summary|key points?|key takeaways|highlights|at a glance|in short|in brief)[:.]?\Z",
    re.IGNORECASE,
)
BULLET = re.compile(r"[•●▪◦*·‣-]\s")
CREDIT = re.compile(
    r"[(\[]?(?:with (?:agency |additional )?(?:inputs?|reporting)|inputs? from|reporting by|"
    r"additional reporting|editing by|writing by|source:|agencies\b|©|copyright\b|"
    r"all rights reserved|follow .{1,60} on (?:twitter|x|facebook))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Layout:
    """The parts of an article."""

    headline: Span | None
    body: Span
    notes: dict[str, Span] = field(default_factory=dict)


def layout(text: str, paragraphs: list[Span]) -> Layout:
    """Tell the parts of an article from its lines."""
    if not paragraphs:
        return Layout(None, (0, len(text)))
    notes: dict[str, Span] = {}
    headline = _headline(text, paragraphs, notes)
    first = 0 if headline is None else 1
    if headline is not None:
        first = _head(text, paragraphs, notes)
    last = _foot(text, paragraphs, first, notes)
    return Layout(headline, (paragraphs[first][0], paragraphs[last][1]), notes)


def told(text: str, paragraph: Span) -> Span:
    """A paragraph without the dateline or the time that stands before its words."""
    start, end = paragraph
    lead = LEAD.match(text, start, min(end, start + LONGEST_LEAD))
    return (lead.end(), end) if lead and lead.end() < end else paragraph


def _headline(text: str, paragraphs: list[Span], notes: dict[str, Span]) -> Span | None:
    """The first line, unless the story begins with it."""
    start, end = paragraphs[0]
    dated = DATED.match(text, start, end)
    if dated:
        notes["date"] = dated.span(1)
        start = dated.end()
    if len(paragraphs) == 1 or end - start > LONGEST_HEADLINE:
        return None
    return None if DATELINE.match(text, start, end) else (start, end)


def _head(text: str, paragraphs: list[Span], notes: dict[str, Span]) -> int:
    """The number of the paragraph that the story begins with."""
    last = min(len(paragraphs) - 1, HEAD)
    first, kind = 1, ""
    for index in range(1, last):
        kind = _kind(text, paragraphs[index], kind)
        if kind:
            _note(notes, kind, paragraphs[index])
            first = index + 1
        elif index > 2 or not _head_follows(text, paragraphs, index):
            break
    if first > 2 and 1 not in _noted(paragraphs, notes):
        notes["deck"] = paragraphs[1]
    return first


def _kind(text: str, paragraph: Span, before: str) -> str:
    """Which part of the head a line is, if it is one."""
    start, end = paragraph
    if before == "summary" and BULLET.match(text, start, end):
        return "summary"
    if _is_caption(text, start, min(end, start + 600)):
        return "caption"
    if end - start > LONGEST_LINE:
        return ""
    if SUMMARY.match(text, start, end):
        return "summary"
    ended = text[end - 1] in '.!?”"'
    return "byline" if not ended and BYLINE.match(text, start, end) else ""


def _is_caption(text: str, start: int, end: int) -> bool:
    """Whether a line says that it belongs to a picture."""
    small = text[start:end].lower()
    if not any(hint in small for hint in CAPTION_HINTS):
        return False
    return CAPTION.search(text, start, end) is not None


def _head_follows(text: str, paragraphs: list[Span], index: int) -> bool:
    """Whether a line of the head comes soon after a line that is none: that one is the deck."""
    start, end = paragraphs[index]
    if index != 1 or end - start > 2 * LONGEST_HEADLINE:
        return False
    return any(_kind(text, paragraph, "") for paragraph in paragraphs[2:4])


def _noted(paragraphs: list[Span], notes: dict[str, Span]) -> set[int]:
    """Which of the first paragraphs a note holds."""
    return {
        index
        for index, (start, end) in enumerate(paragraphs[:HEAD])
        if any(a <= start and end <= b for a, b in notes.values())
    }


def _foot(text: str, paragraphs: list[Span], first: int, notes: dict[str, Span]) -> int:
    """The number of the paragraph that the story ends with."""
    last = len(paragraphs) - 1
    for index in range(last, max(first, last - FOOT), -1):
        if CREDIT.match(text, *paragraphs[index]):
            _note(notes, "credit", paragraphs[index])
            last = index - 1
    return last


def _note(notes: dict[str, Span], kind: str, span: Span) -> None:
    """Enter a line; lines of a kind are one span from the first to the last."""
    before = notes.get(kind, span)
    notes[kind] = (min(before[0], span[0]), max(before[1], span[1]))
