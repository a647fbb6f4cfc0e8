"""Statements: attributions of which it is known on whose behalf they are, and what they are about.

Each is coded by itself here, together with what the sentence says before it (`Asked whether …`,
`On …`). Which of them say the same is the business of `app.ingest.extract.positions`.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.codelists import Modality, QuoteType, Stance
from app.ingest.extract.coding import Coder
from app.ingest.extract.dyads import Actor
from app.ingest.extract.found import Attribution, Reading, Span
from app.ingest.extract.voices import Cast, Voice
from app.ingest.extract.when import date_in

_LEAD = re.compile(
    r"\s*(?:When |Then |Also )?(?:[Aa]sked|[Qq]uestioned|[Pp]ressed|On|Regarding|About|Responding"
    r"|Commenting|Speaking (?:about|on|of)|Referring|Reacting|Turning|With regard|As for"
    r"|Concerning|Amid|After|Following)\b"
)
_OPENING = re.compile(r"(?:that|whether|if|saying|adding|noting|stressing|to)\s+")
_DATELINE = re.compile(
    r"[A-Z]{3}[A-Za-z0-9 .,'’/-]{0,50}(?:\([^)]{1,30}\) )?[—–:-] "
    r"|[A-Z][A-Za-z0-9 .,'’/-]{2,50}\([A-Za-z ]{2,20}\)(?: ?[—–:-])? "
)
_TURN = re.compile(
    r",? (?:but|and|while|yet) (?:also |then |has |had |he |she |they )?"
    r"(?P<cue>claim|conced|acknowledg|reiterat|add|stress|warn|admit|insist|accus|demand|reject"
    r"|vow|pledg|urg|welcom|prais|thank|express|call)(?:s|ed|ing|es|d|ted)? (?:that )?"
)
_SENTENCE = re.compile(
    r"(?:(?<!\.)\.{1,60}|…|[!?])[\"”’»]?\s+(?=[\"“«A-Z0-9])|(?:(?<!\.)\.{3,60}|…)\s*(?=[A-Z])"
)
_ANAPHORA = re.compile(
    r"^\W*(?:the |any |an? )?(?:those|these|this|that|it|such|they|both|further|choice|decision"
    r"|process|move|initiative|offer|issue|matter|proposal|plan|step|which)\b",
    re.IGNORECASE,
)

_ACTORS = frozenset({"country", "group"})
LONGEST = 20_000
"""Of more code points than this nobody's words are made."""

FEWEST = 4
"""Words that an account has at least, unless they tell what is done by saying it."""

NEAR = 20
"""A sentence has no more attributions than this, if people wrote it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Words that carry a statement."""

    span: Span
    quote_type: QuoteType
    cue: Span | None
    source: Span | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said on somebody's behalf, coded as far as its own words go."""

    voice: Voice
    proofs: tuple[Proof, ...]
    paragraph: int
    topic: str | None
    stance: Stance
    modality: Modality
    sure: bool
    """The words tell the stance; otherwise it is merely asserted."""
    targets: tuple[Actor, ...]
    said_on: str | None
    """Empty for a time that is no date; None for no time."""
    rule: str
    confidence: float
    refers: bool = False
    """It begins with what was said before: `those gestures`."""
    via: str | None = None
    """The agency that reports it."""
    piece: bool = False
    """It is a part of a quotation whose other part says something else."""

    @property
    def direct(self) -> bool:
        """Whether these are the speaker's own words."""
        return self.proofs[0].quote_type == QuoteType.DIRECT

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where it stands."""
        return tuple(proof.span for proof in self.proofs)


@dataclass
class Stater:
    """Turns the attributions of one article into statements, counting what it leaves out."""

    reading: Reading
    cast: Cast
    coder: Coder
    published: date | None
    left_out: Counter[str]

    def __post_init__(self) -> None:
        self._paragraphs = [start for start, _ in self.reading.paragraphs]
        self._sentences = [start for start, _ in self.reading.sentences]
        self._contents = [each.content[0][0] for each in self.reading.attributions]

    def statements(self) -> Iterator[Statement]:
        """In the order of the text."""
        low, high = self.reading.body
        aside = [span for name, span in self.reading.notes.items() if name != "date"]
        for attribution in self.reading.attributions:
            start, end = attribution.content[0][0], attribution.content[-1][1]
            if start < low or end > high or any(a < end and start < b for a, b in aside):
                continue
            if end - start > LONGEST:
                self.left_out["longer than anybody speaks"] += 1
                continue
            if self.cast.agency(attribution):
                self.left_out["reported by an agency"] += 1
                continue
            voice = self.cast.voice(attribution)
            if voice is None:
                self.left_out["speaks for nobody known"] += 1
                continue
            yield from self._of(attribution, voice)

    def _of(self, attribution: Attribution, voice: Voice) -> Iterator[Statement]:
        lead = self._lead(attribution)
        said_on = self._said_on(attribution)
        for spans, cue in self._parts(attribution):
            direct = attribution.quote_type == QuoteType.DIRECT
            whole = self.stated(attribution, voice, spans, cue, lead, said_on)
            if not (direct or whole.sure) and self._says_nothing(spans):
                self.left_out["too few words"] += 1
                continue
            pieces = self._pieces(whole, spans[0]) if direct and len(spans) == 1 else []
            yield from pieces or [whole]

    def _says_nothing(self, spans: tuple[Span, ...]) -> bool:
        """Whether an account has too few words for a sentence."""
        return sum(len(self.reading.text[a:b][:60].split()) for a, b in spans) < FEWEST

    def stated(
        self,
        attribution: Attribution,
        voice: Voice,
        spans: tuple[Span, ...],
        cue: Span | None,
        lead: Span | None,
        said_on: str | None,
    ) -> Statement:
        """A statement, coded."""
        direct = attribution.quote_type == QuoteType.DIRECT
        topic = self.coder.topic(spans, lead)
        said = self.coder.said(spans, cue, voice, direct)
        answered = None if topic else self.coder.answered(spans, said.stance)
        topic = "mediation" if answered else topic
        about = (lead, *spans) if lead and topic == "mediation" else spans
        targets = self.coder.targets(about, voice, topic, said.stance) if topic else ()
        text = self.reading.text
        return Statement(
            voice=voice,
            proofs=tuple(
                Proof(span, attribution.quote_type, cue, attribution.source) for span in spans
            ),
            paragraph=bisect_right(self._paragraphs, spans[0][0]),
            topic=topic,
            stance=said.stance,
            modality=said.modality,
            sure=said.sure,
            targets=targets or ((answered,) if answered else ()),
            said_on=said_on,
            rule=attribution.rule,
            confidence=attribution.confidence,
            refers=bool(_ANAPHORA.match(text[spans[0][0] : spans[0][0] + 40])),
        )

    def _pieces(self, whole: Statement, span: Span) -> list[Statement]:
        """The parts of a quotation that say different things of different others, if it has any."""
        named = {each.value for each in self.cast.found.within(span) if each.kind in _ACTORS}
        if len(named - {whole.voice.country, whole.voice.body}) < 2:
            return []
        text, places = self.reading.text, [span[0]]
        places += [m.end() for m in _SENTENCE.finditer(text, span[0], span[1])]
        if len(places) == 1:
            return []
        made: list[Statement] = []
        for start, end in zip(places, [*places[1:], span[1]], strict=True):
            piece = self._piece(whole, (start, end))
            if made and not _apart(made[-1], piece):
                joined = (made[-1].proofs[0].span[0], end)
                made[-1] = self._piece(whole, joined)
            else:
                made.append(piece)
        return [self._trimmed(each) for each in made] if len(made) > 1 else []

    def _piece(self, whole: Statement, span: Span) -> Statement:
        proof = replace(whole.proofs[0], span=span)
        topic = self.coder.topic((span,), None) or whole.topic
        said = self.coder.said((span,), None, whole.voice, direct=True)
        return replace(
            whole,
            proofs=(proof,),
            topic=topic,
            stance=said.stance,
            modality=said.modality,
            sure=said.sure,
            targets=self.coder.targets((span,), whole.voice, topic or "", said.stance),
            piece=True,
        )

    def _trimmed(self, piece: Statement) -> Statement:
        """Without the dots between it and the next."""
        start, end = piece.proofs[0].span
        written = self.reading.text[start:end]
        kept = written.rstrip(" \t\n\xa0.…")
        if "..." in written[len(kept) :] or "…" in written[len(kept) :]:
            end = start + len(kept)
        else:
            end = start + len(written.rstrip())
        return replace(piece, proofs=(replace(piece.proofs[0], span=(start, end)),))

    def _parts(self, attribution: Attribution) -> Iterator[tuple[tuple[Span, ...], Span | None]]:
        """The content, an account divided where it turns: `…, but claimed …`."""
        spans = tuple(self._opened(span) for span in attribution.content)
        if attribution.quote_type == QuoteType.DIRECT or len(spans) != 1:
            yield spans, attribution.cue
            return
        start, end = spans[0]
        turn = _TURN.search(self.reading.text, start, end)
        if turn is None or turn.end() >= end:
            yield spans, attribution.cue
            return
        if turn.start() > start:
            yield ((start, turn.start()),), attribution.cue
        cue_start = turn.start("cue")
        cue_end = cue_start + len(self.reading.text[cue_start : turn.end()].split()[0])
        yield ((turn.end(), end),), (cue_start, cue_end)

    def _opened(self, span: Span) -> Span:
        """Without the word that only opens the account."""
        start, end = span
        for pattern in (_DATELINE, _OPENING):
            opening = pattern.match(self.reading.text, start, end)
            if opening and opening.end() < end:
                start = opening.end()
        return start, end

    def sentence(self, place: int) -> Span:
        """The sentence that a place is in."""
        index = bisect_right(self._sentences, place) - 1
        return self.reading.sentences[index] if index >= 0 else (place, place)

    def around(self, span: Span) -> list[Attribution]:
        """The attributions of the sentence whose content holds a span, the outermost first."""
        low, _ = self.sentence(span[0])
        first = bisect_left(self._contents, low)
        last = bisect_right(self._contents, span[0])
        return [
            each
            for each in self.reading.attributions[max(first, last - NEAR) : last]
            if any(start <= span[0] and span[1] <= end for start, end in each.content)
        ]

    def _lead(self, attribution: Attribution) -> Span | None:
        """What the sentence says before the attribution, if it says what this is about."""
        first = min(
            place[0]
            for place in (attribution.content[0], attribution.source, attribution.cue)
            if place
        )
        start, _ = self.sentence(first)
        if first - start > 4 and _LEAD.match(self.reading.text, start, first):
            return (start, first)
        return None

    def _said_on(self, attribution: Attribution) -> str | None:
        """The day that the attributing words give, the words said left aside."""
        anchor = attribution.cue or attribution.source
        if anchor is None:
            return None
        start, end = self.sentence(anchor[0])
        inside = [span for span in attribution.content if span[0] < end and start < span[1]]
        for low, high in _outside((start, end), inside):
            found = date_in(self.reading.text, (low, high), self.published)
            if found is not None:
                return found
        return None


def _apart(one: Statement, other: Statement) -> bool:
    """Whether two parts of a quotation do different things, about different others."""
    if not (one.sure and other.sure and one.targets and other.targets):
        return False
    return not set(one.targets) & set(other.targets)


def _outside(span: Span, inside: list[Span]) -> Iterator[Span]:
    place = span[0]
    for start, end in sorted(inside):
        if start > place:
            yield place, start
        place = max(place, end)
    if place < span[1]:
        yield place, span[1]
