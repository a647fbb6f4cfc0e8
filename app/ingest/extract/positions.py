"""Positions: statements that say the same, put together, with the day on which they were said.

A quotation carries on what the sentence before it reports; a ministry's statement in the lead is
its spokesperson's below; what somebody says twice is one position with two proofs.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.codelists import Modality, QuoteType, Stance
from app.ingest.extract.dyads import Actor
from app.ingest.extract.found import Span
from app.ingest.extract.statements import Proof, Statement
from app.ingest.extract.voices import Voice

MOST_PROOFS = 12
"""More proofs than anybody reads add nothing to a position."""


@dataclass
class Stand:
    """A position in the making."""

    voice: Voice
    topic: str
    stance: Stance
    modality: Modality
    sure: bool
    targets: tuple[Actor, ...]
    said_on: str | None
    paragraph: int
    proofs: list[Proof]
    rule: str
    confidence: float
    via: str | None = None
    last: Statement | None = field(default=None, repr=False)

    @property
    def anchor(self) -> int:
        """Where its principal words begin: the first direct speech, or else the first words."""
        direct = [p.span[0] for p in self.proofs if p.quote_type == QuoteType.DIRECT]
        return min(direct or [proof.span[0] for proof in self.proofs])

    def join(self, statement: Statement) -> None:
        """Take in a statement that says the same."""
        if statement.sure and not self.sure:
            self.stance, self.modality, self.sure = statement.stance, statement.modality, True
        elif statement.stance == self.stance and statement.modality == Modality.HYPOTHETICAL:
            self.modality = statement.modality
        if self.stance not in {Stance.UNDECIDED, Stance.DECLINES_TO_SAY}:
            self.targets = self.targets or statement.targets
        else:
            self.targets = ()
        self.said_on = self.said_on or statement.said_on
        if len(self.proofs) < MOST_PROOFS:
            self.proofs += [proof for proof in statement.proofs if proof not in self.proofs]
        self.confidence = max(self.confidence, statement.confidence)
        self.last = statement


@dataclass
class Positions:
    """Puts the statements of one article together."""

    left_out: Counter[str]
    stands: list[Stand] = field(default_factory=list)
    _open: Stand | None = None
    _previous: Statement | None = None

    def take(self, statements: Iterable[Statement]) -> list[Stand]:
        """The positions that statements make, in the order of the text."""
        waiting = list(statements)
        dated = [(each.spans[0], each.voice, each.said_on) for each in waiting if each.said_on]
        while waiting:
            pieces = [waiting.pop(0)]
            while pieces[0].piece and waiting and waiting[0].piece and _same(pieces, waiting[0]):
                pieces.append(waiting.pop(0))
            if len(pieces) > 1:
                self._pieces(pieces)
            else:
                self._one(pieces[0])
        self._said_twice()
        self._leads_to_speakers()
        self._dates(dated)
        return self.stands

    def _one(self, statement: Statement) -> None:
        near = self._near(statement)
        if near is not None and self._carries_on(near, statement):
            near.join(statement)
            return
        carried = statement.refers or (statement.direct and statement.topic is None)
        self._begin(statement, near.topic if near is not None and carried else statement.topic)

    def _begin(self, statement: Statement, topic: str | None) -> Stand | None:
        if topic is None:
            self.left_out["no topic of the tree"] += 1
            self._open = None
            return None
        stand = Stand(
            voice=statement.voice,
            topic=topic,
            stance=statement.stance,
            modality=statement.modality,
            sure=statement.sure,
            targets=statement.targets,
            said_on=statement.said_on,
            paragraph=statement.paragraph,
            proofs=list(statement.proofs),
            rule=statement.rule,
            confidence=statement.confidence,
            via=statement.via,
            last=statement,
        )
        self.stands.append(stand)
        self._open = stand
        return stand

    def _near(self, statement: Statement) -> Stand | None:
        """The position that the same speaker took just before, in the same paragraph."""
        near = self._open
        if near is None or near.paragraph != statement.paragraph:
            return None
        return near if near.voice == statement.voice else None

    def _carries_on(self, near: Stand, statement: Statement) -> bool:
        """Whether a statement goes on with the position before it."""
        last = near.last
        same = statement.topic in {near.topic, None}
        agrees = statement.stance == near.stance and statement.modality == near.modality
        if statement.direct and last is not None and not last.direct:
            fits = not statement.sure or not near.sure or statement.stance == near.stance
            return fits and (same or _shares_words(near, statement) or not statement.sure)
        if same and agrees and _fits(near.targets, statement.targets):
            return True
        undecided = near.stance == Stance.UNDECIDED == statement.stance
        if undecided and (same or statement.refers):
            return True
        return not (statement.direct or statement.sure or statement.topic) and statement.refers

    def _pieces(self, pieces: list[Statement]) -> None:
        """The parts of a quotation: what was reported before it proves those that it names."""
        near = self._near(pieces[0])
        before = near if near and near.last and not near.last.direct else None
        made = []
        for piece in pieces:
            stand = self._begin(piece, piece.topic or (before.topic if before else None))
            if stand is not None:
                made.append(stand)
        if before is None or not made:
            return
        named = {target for stand in made for target in stand.targets}
        for stand in made:
            if stand.topic == before.topic and set(stand.targets) & set(before.targets):
                stand.proofs += before.proofs
        if set(before.targets) <= named and before.targets:
            self.stands.remove(before)

    def _leads_to_speakers(self) -> None:
        """A body's statement becomes a proof of its speaker's, where that says the same."""
        for lead in [each for each in self.stands if each.voice.person is None]:
            for stand in self.stands:
                if (
                    stand.voice.person is not None
                    and lead.voice.body in {stand.voice.body, None}
                    and lead.voice.country == stand.voice.country
                    and _alike(lead, stand)
                ):
                    stand.proofs += lead.proofs
                    stand.said_on = stand.said_on or lead.said_on
                    stand.targets = stand.targets or lead.targets
                    self.stands.remove(lead)
                    break

    def _said_twice(self) -> None:
        kept: list[Stand] = []
        for stand in self.stands:
            for other in kept:
                same_day = stand.said_on in {other.said_on, None}
                if (
                    other.voice == stand.voice
                    and same_day
                    and other.modality == stand.modality
                    and other.targets == stand.targets
                    and _alike(stand, other)
                ):
                    if len(other.proofs) < MOST_PROOFS:
                        other.proofs += [e for e in stand.proofs if e not in other.proofs]
                    break
            else:
                kept.append(stand)
        self.stands = kept

    def _dates(self, dated: list[tuple[Span, Voice, str]]) -> None:
        """What is undated was said when the same speaker, or the same body, spoke before it."""
        keys: tuple[Callable[[Voice], object], ...] = (
            lambda voice: voice.person,
            lambda voice: voice.body,
        )
        for key in keys:
            known: dict[object, list[tuple[Span, str]]] = {}
            for span, voice, on in dated:
                known.setdefault(key(voice), []).append((span, on))
            for stand in self.stands:
                days = known.get(key(stand.voice)) if key(stand.voice) else None
                first = min(proof.span for proof in stand.proofs)
                if stand.said_on is None and days:
                    before = [on for span, on in days if span <= first]
                    stand.said_on = before[0] if before else None


def _same(pieces: list[Statement], other: Statement) -> bool:
    """Whether a piece belongs to the same quotation."""
    one = pieces[-1].proofs[0]
    return one.cue == other.proofs[0].cue and one.source == other.proofs[0].source


def _fits(one: tuple[Actor, ...], other: tuple[Actor, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _alike(one: Stand, other: Stand) -> bool:
    return (
        one.topic == other.topic
        and one.stance == other.stance
        and _fits(one.targets, other.targets)
    )


def _shares_words(near: Stand, statement: Statement) -> bool:
    """Whether a quotation does what was reported before it, whatever else it speaks of."""
    return near.sure and statement.sure and near.stance == statement.stance
