"""Surroundings: the sentence that words stand in, with the one before and the one after.

For whoever reviews with the text at hand. Nothing of it is stored or served.
"""

import re
from dataclasses import dataclass

_WINDOW = 3_000
"""Code points that are looked at on either side."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(\s+)(?=[\"'“‘«(\[]*[^\W\d_a-z])|\s*\n\s*")
"""Where a sentence ends: a stop, closing marks and space before a capital; or the line does."""

_SHORT = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Capt|Sen|Rep|Gov|St|Jr|vs|No))\.$"
)
"""A stop after one of these ends no sentence."""


@dataclass(frozen=True)
class Surroundings:
    """Words in their sentence, and what stands around it."""

    before: str
    """The sentence before."""
    head: str
    """Their sentence, up to the words."""
    words: str
    tail: str
    """The rest of their sentence."""
    after: str
    """The sentence after."""


def surroundings(text: str, start: int, end: int) -> Surroundings:
    """What stands around the words between these code points of a text."""
    first, last = max(0, start - _WINDOW), min(len(text), end + _WINDOW)
    breaks = [(first, first), *_breaks(text, first, last), (last, last)]
    ahead = [each for each in breaks if each[1] <= start]
    behind = [each for each in breaks if each[0] >= end]
    begins, ends = ahead[-1], behind[0]
    earlier = ahead[-2][1] if len(ahead) > 1 else begins[0]
    later = behind[1][0] if len(behind) > 1 else ends[1]
    return Surroundings(
        before=text[earlier : begins[0]].strip(),
        head=text[begins[1] : start],
        words=text[start:end],
        tail=text[end : ends[0]],
        after=text[ends[1] : later].strip(),
    )


def _breaks(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """The spaces between sentences."""
    found = []
    for match in _END.finditer(text, first, last):
        at = match.start(1) if match.group(1) else match.start()
        if match.group(1) is None or not _SHORT.search(text, max(first, at - 6), at):
            found.append((at, match.end()))
    return found
