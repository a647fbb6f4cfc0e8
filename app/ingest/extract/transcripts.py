"""Transcripts and interviews: `NAME: …`, `Q: …`, `A: …`. A turn is its speaker's own words."""

import re
from dataclasses import dataclass

from app.ingest.extract.found import Span
from app.ingest.extract.lexicon import sections

LABEL = re.compile(
    r"(?:Q|A|[A-Z][A-Z.’'-]{1,24}(?: [A-Z][A-Z.’'-]{0,24}){0,4}"
    r"|[A-Z][\w.’'-]{1,24}(?: (?:[A-Z][\w.’'-]{0,24}|de|la|van|von|al|bin)){0,4})"
    r"(?: \([^)\n]{1,60}\))?:[ \t]+(?=\S)"
)
FEWEST = 3
"""Turns that make a transcript."""
NO_SPEAKERS = sections("closed.txt")["label"]


@dataclass(slots=True)
class Turn:
    """What one speaker says at a time."""

    label: Span
    content: list[Span]
    paragraphs: list[int]


def turns(text: str, paragraphs: list[Span]) -> list[Turn]:
    """The turns of a transcript; none if the text is something else."""
    found: list[Turn] = []
    for number, (start, end) in enumerate(paragraphs):
        if number == 0:
            continue  # a headline has a colon often
        colon = text.find(":", start, min(end, start + 200))
        label = LABEL.match(text, start, end) if colon > 0 else None
        if label and text[start:colon].lower() not in NO_SPEAKERS:
            found.append(Turn((start, colon), [(label.end(), end)], [number]))
        elif found:
            found[-1].content.append((start, end))
            found[-1].paragraphs.append(number)
    if len(found) < FEWEST or len({text[slice(*turn.label)] for turn in found}) == len(found):
        return []
    first = found[0].paragraphs[0]
    return found if 2 * len(found) >= len(paragraphs) - first else []
