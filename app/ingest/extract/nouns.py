"""Positions that a noun carries: `Pakistan’s demand that …`, told by the reporter or an agency."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from app.codelists import Modality, QuoteType, Stance
from app.ingest.extract.found import Attribution, Span
from app.ingest.extract.statements import Proof, Statement, Stater
from app.ingest.extract.voices import Voice
from app.ingest.extract.when import UNKNOWN

_NOUN = re.compile(
    r"['’]s? (?:\w+ ){0,2}?(?P<noun>demand|insistence|accusation|allegation|warning)s? that "
)
_STANCES = {
    "demand": Stance.DEMANDS,
    "insistence": Stance.DEMANDS,
    "accusation": Stance.ACCUSES,
    "allegation": Stance.ACCUSES,
    "warning": Stance.WARNS,
}
_END = re.compile(r"(?:[.;:]['\"”’]?(?=\s|$)|, (?:which|who|while|but|and|as|with|after|he|she)\b)")

CONFIDENCE = 0.7
LONGEST = 500
"""No clause is longer, if people wrote it."""


def noun_statements(stater: Stater) -> Iterator[Statement]:
    """What such nouns say, in the order of the text. When it was said, they do not tell."""
    text, (low, high) = stater.reading.text, stater.reading.body
    for found in _NOUN.finditer(text, low, high):
        state = stater.cast.found.before(found.start(), gap=0)
        if state is None or state.kind != "country" or state.form == "people":
            continue
        close = min(stater.sentence(state.start)[1], found.end() + LONGEST)
        end = _END.search(text, found.end(), max(close, found.end()))
        stop = end.start() if end else close
        while stop > found.end() and text[stop - 1] in " .\n":
            stop -= 1
        if stop <= found.end() or "“" in text[found.end() : stop]:
            continue
        span = (found.end(), stop)
        around = _around(stater, span)
        if around and stater.cast.voice(around) is not None:
            continue
        yield from _stated(stater, state.value, span, found, around)


def _stated(
    stater: Stater, country: str, span: Span, found: re.Match[str], around: Attribution | None
) -> Iterator[Statement]:
    voice = Voice(country, None, None, None)
    stance = _STANCES[found["noun"]]
    topic = stater.coder.topic((span,), None)
    if topic is None:
        stater.left_out["no topic of the tree"] += 1
        return
    via = stater.cast.agency(around) if around else None
    cue: Span = found.span("noun")
    source: Span | None = None
    if around and via and around.cue:
        cue, source = around.cue, around.source
    starts = [start for start, _ in stater.reading.paragraphs]
    yield Statement(
        voice=voice,
        proofs=(Proof(span, QuoteType.INDIRECT, cue, source),),
        paragraph=bisect_right(starts, span[0]),
        topic=topic,
        stance=stance,
        modality=Modality.ACTUAL,
        sure=True,
        targets=stater.coder.targets((span,), voice, topic, stance),
        said_on=UNKNOWN,
        rule="noun-that",
        confidence=CONFIDENCE,
        via=via,
    )


def _around(stater: Stater, span: Span) -> Attribution | None:
    """The innermost attribution of which it is known who speaks and that the span is a part of."""
    told = [
        each
        for each in stater.around(span)
        if (each.content[0] != span) and (stater.cast.agency(each) or stater.cast.voice(each))
    ]
    return told[-1] if told else None
