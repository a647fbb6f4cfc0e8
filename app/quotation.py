"""Comparing quotations: marks, dashes, ellipses and white space are typography, words are not."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.folding import words

_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)

SHARED = 0.6
"""The share of the words asked about that a quotation must hold, in order, to be named at all."""


@dataclass(frozen=True)
class Difference:
    """Words that differ, as asked and as recorded; either may be empty."""

    given: str
    recorded: str


def normalised(text: str) -> str:
    """A quotation without what is only typography. Case, words and other marks stay."""
    plain = " ".join(text.translate(_MARKS).split())
    while len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = plain[1:-1].strip().removesuffix(",")
    return plain


def holds(recorded: str, given: str) -> bool:
    """Whether a normalised quotation holds these words, from word to word."""
    return re.search(rf"(?<!\w){re.escape(given)}(?!\w)", recorded) is not None


def differences(recorded: str, given: str) -> list[Difference] | None:
    """Which words differ between two normalised quotations; none if they have too little in common.

    What the recorded one has before and after the words asked about is no difference.
    """
    ours, theirs = recorded.split(), given.split()
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    shared = sum(end - start for tag, start, end, *_ in blocks if tag == "equal")
    if shared < SHARED * len(theirs):
        return None
    if blocks[0][0] == "delete":
        blocks = blocks[1:]
    if blocks[-1][0] == "delete":
        blocks = blocks[:-1]
    return [
        Difference(" ".join(theirs[j1:j2]), " ".join(ours[i1:i2]))
        for tag, i1, i2, j1, j2 in blocks
        if tag != "equal"
    ]


ENOUGH = 6
"""Words that a quotation must have for standing within another to mean that they are the same."""

_EDITED = re.compile(r"\.{3}|[\[\]]")
"""Where a newspaper left words out or put its own in: that is no typography."""


def spoken_words(text: str) -> str:
    """The words of a quotation, in order, without what each newspaper writes its own way.

    Case, accents and punctuation go: nobody speaks them. Omissions and brackets stay as signs, so
    that a quotation with a gap is never taken for one without.
    """
    plain, found = text.translate(_MARKS), []
    signs = [*_EDITED.findall(plain), ""]
    for part, sign in zip(_EDITED.split(plain), signs, strict=True):
        found += words(part)
        found += [sign] * bool(sign)
    return " ".join(found)


def same_words(one: str, other: str) -> bool:
    """Whether two quotations, by their words, are the same or one is an excerpt of the other."""
    if one == other:
        return bool(one)
    short, long = sorted((one, other), key=len)
    return short.count(" ") >= ENOUGH - 1 and f" {short} " in f" {long} "
