"""What a stretch of text says: its topic, what is done by saying it, in which mode, about whom."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.codelists import GroupKind, Modality, Stance
from app.ingest.extract.dyads import Actor, Parties
from app.ingest.extract.found import Reading, Span
from app.ingest.extract.gazetteer import Mention, Told
from app.ingest.extract.vocabulary import SURE, vocabulary
from app.ingest.extract.voices import STATE, Cast, Voice

LEAD = 2
"""Words of the question asked, or of the matter turned to, tell twice as much."""

LONGEST = 1500
"""Of longer words the beginning tells."""

ENOUGH = 2
"""What it takes for a topic: a sure word, or two likely ones."""

NEAR = 80
"""As many characters around it is a word likely to be about."""

BROAD = frozenset({"diplomacy", "security", "economy", "migration"})
"""Topics that others are a part of: they count where none of those does."""

_STOP = re.compile(r"[.;\n]")
_NEGATED = re.compile(r"\b(?:not|never|no|neither|nor|n.t)\s+(?:\w+\s+)?$", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:in|inside|near|outside|across|within|into|around|over)\s+(?:the\s+)?(?:\w+ern\s+)?$"
)
_GOVERNED = re.compile(r"\b(?:to|with|against|by|from|of|towards?|on)\s+(?:the\s+)?(?:\w+\s)?$")
_PEOPLE = re.compile(
    r"\s+(?:nationals|people|refugees|migrants|civilians|families|children|women|returnees)\b"
)
_COORDINATED = re.compile(r"(?:,|,? ?and|,? ?or|/|-)(?: both)?(?: the)?(?: with)?")
_WE = re.compile(r"\b(?:we|our|us|i|my)\b", re.IGNORECASE)
_HAD = re.compile(r"\bhad (?!to\b)(?:\w+ly )?\w+")
_WAS = re.compile(r"\b(?:was|were|did)\b")
_WILL = re.compile(
    r"\b(?:will(?! (?:for|of|to)\b)|shall|would|going to)\b|\b(?:we|i|they|it|he|she)['’]ll\b",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\bif\b.*\b(?:would|could|might)\b|\b(?:would|could|might)\b.*\bif\b", re.IGNORECASE
)

_OWN_DOING = frozenset(
    {
        Stance.REJECTS,
        Stance.ACCEPTS,
        Stance.WELCOMES,
        Stance.APPRECIATES,
        Stance.COMMITS,
        Stance.OFFERS,
        Stance.DENIES,
        Stance.DEMANDS,
        Stance.APPEALS,
    }
)
"""What somebody else does by saying it is not what the speaker does."""

_ANSWERING = frozenset(
    {Stance.WELCOMES, Stance.APPRECIATES, Stance.ACCEPTS, Stance.REJECTS, Stance.UNDECIDED}
)
_NEGATIVE = {Stance.ACCEPTS: Stance.REJECTS}
_LISTENED = frozenset({Stance.UNDECIDED, Stance.DECLINES_TO_SAY})
_STRONG_TARGETS = frozenset({Stance.ACCUSES, Stance.DEMANDS, Stance.WARNS, Stance.REJECTS})


class Said(NamedTuple):
    """What is done by saying it."""

    stance: Stance
    modality: Modality
    sure: bool
    """The words tell; otherwise it is merely asserted."""


_WEAK = Said(Stance.ASSERTS, Modality.ACTUAL, sure=False)


@dataclass
class Coder:
    """Codes stretches of one article."""

    reading: Reading
    cast: Cast
    parties: Parties

    @staticmethod
    def _begun(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """What is looked at: of very long words the beginning."""
        return tuple((start, min(end, start + LONGEST)) for start, end in spans)

    def topic(self, spans: tuple[Span, ...], lead: Span | None) -> str | None:
        """The topic of a statement; none if too little tells of it."""
        spans, scores = self._begun(spans), defaultdict[str, int](int)
        for told in self._told(spans):
            for topic, weight in told.topics:
                scores[topic] += weight
        if lead:
            for told in self._told((lead,)):
                for topic, weight in told.topics:
                    scores[topic] += LEAD * weight
        if scores["mediation"] and self._names_mediator(spans):
            scores["mediation"] += 1
        for topics in self._open_topics:
            best = max(topics, key=lambda each: scores[each], default=None)
            if best is not None and scores[best] >= ENOUGH:
                return best
        return None

    def _names_mediator(self, spans: tuple[Span, ...]) -> bool:
        return any(
            Actor(each.kind, each.value) in self.mediators
            for span in spans
            for each in self.cast.found.within(span)
        )

    def answered(self, spans: tuple[Span, ...], stance: Stance) -> Actor | None:
        """The mediator whose offer is answered by `welcomed the initiative`, if it is one's."""
        if stance not in _ANSWERING or len(self.mediators) != 1:
            return None
        told = self._told(spans)
        named = any(topic == "mediation" for each in told for topic, _ in each.topics)
        return next(iter(self.mediators)) if named else None

    @cached_property
    def mediators(self) -> set[Actor]:
        """Third parties named in sentences that speak of mediation in so many words."""
        found, text = self.cast.found, self.reading.text
        made = set()
        for told in found.told_in(self.reading.body):
            if ("mediation", SURE) not in told.topics:
                continue
            low = max(self.reading.body[0], told.start - NEAR)
            for mention in found.within((low, told.end + NEAR)):
                actor = Actor(mention.kind, mention.value)
                between = text[min(mention.end, told.end) : max(mention.start, told.start)]
                third = mention.kind == "country" and mention.form != "people"
                if third and not _STOP.search(between) and not self.parties.has(actor):
                    made.add(actor)
        return made

    @cached_property
    def in_conflict(self) -> bool:
        """Whether the article is about a conflict of two parties: talks are peace talks then."""
        found = self.cast.found
        sure = any(("peace-talks", SURE) in told.topics for told in found.told)
        return bool(self.parties.pair) and (sure or len(found.conflict) >= 2)

    @cached_property
    def _open_topics(self) -> tuple[list[str], list[str]]:
        """The topics that the article can be about, the narrower first."""
        found, known = self.cast.found, vocabulary().topics
        topics = [
            topic
            for topic, needed in known.items()
            if (not needed or needed & found.needed)
            and (topic != "peace-talks" or self.in_conflict)
            and (topic != "mediation" or self.parties.pair)
        ]
        return [t for t in topics if t not in BROAD], [t for t in topics if t in BROAD]

    def said(self, spans: tuple[Span, ...], cue: Span | None, voice: Voice, direct: bool) -> Said:
        """What is done by saying it, from the verb that attributes and from the words."""
        spans, stance = self._begun(spans), self._cued(cue)
        told = [] if stance in {Stance.DENIES, Stance.REJECTS} else self._stances(spans, voice)
        best = min((each for each in told), key=lambda each: each[0], default=None)
        if stance is None and best is None:
            return _WEAK._replace(modality=self._mode(Stance.ASSERTS, spans, direct))
        if stance is None and best is not None:
            _, stance, modality = best
            if modality == Modality.ACTUAL:
                modality = self._mode(stance, spans, direct)
            return Said(stance, modality, sure=True)
        assert stance is not None  # noqa: S101 - one of the two is there
        supposed = best is not None and best[2] == Modality.HYPOTHETICAL and best[1] == stance
        mode = Modality.HYPOTHETICAL if supposed else self._mode(stance, spans, direct)
        return Said(stance, mode, sure=True)

    def _cued(self, cue: Span | None) -> Stance | None:
        if cue is None:
            return None
        written = self.reading.text[cue[0] : cue[1]].lower()
        cues = vocabulary().cues
        return cues.get(written) or next(
            (cues[word] for word in written.split() if word in cues), None
        )

    def _stances(self, spans: tuple[Span, ...], voice: Voice) -> list[tuple[int, Stance, Modality]]:
        """The stances that the words tell of, those of others left out."""
        found = []
        for span in spans:
            for told in self.cast.found.told_in(span):
                if told.stance is None:
                    continue
                rank, stance, modality = told.stance
                if self._negated(told) and stance in _OWN_DOING:
                    if stance not in _NEGATIVE:
                        continue
                    stance = _NEGATIVE[stance]
                own = stance not in _OWN_DOING or modality == Modality.HYPOTHETICAL
                if not own and self._others(told, span, voice):
                    continue
                found.append((rank, stance, modality))
        return found

    def _negated(self, told: Told) -> bool:
        return bool(_NEGATED.search(self.reading.text[max(0, told.start - 20) : told.start]))

    def _others(self, told: Told, span: Span, voice: Voice) -> bool:
        """Whether somebody else than the speaker is named as doing it."""
        before = self.cast.found.within((span[0], told.start))
        actors = [each for each in before if each.kind in {"country", "group", "body"}]
        if not actors or self._own(actors[-1], voice):
            return False
        return not _WE.search(self.reading.text[actors[-1].end : told.start])

    def _mode(self, stance: Stance, spans: tuple[Span, ...], direct: bool) -> Modality:
        text = " ".join(self.reading.text[start:end] for start, end in spans)
        if stance in {Stance.ASSERTS, Stance.DENIES}:
            if _IF.search(text):
                return Modality.HYPOTHETICAL
            if _WILL.search(text):
                return Modality.FUTURE
            if not direct and _HAD.search(text):
                return Modality.PAST
            if direct and _WAS.search(text) and not re.search(r"\b(?:is|are)\b", text):
                return Modality.PAST
        if stance in {Stance.COMMITS, Stance.WARNS, Stance.CONDITIONS} and _WILL.search(text):
            return Modality.FUTURE
        return Modality.ACTUAL

    def targets(
        self, spans: tuple[Span, ...], voice: Voice, topic: str, stance: Stance
    ) -> tuple[Actor, ...]:
        """Whom it is directed at or about: the first who is named, and who stands beside."""
        if stance in _LISTENED:
            return ()
        named = [each for span in self._begun(spans) for each in self.cast.found.within(span)]
        taken: list[tuple[Mention, Actor]] = []
        for mention in named:
            actor = self._actor(mention, voice, topic, stance)
            if actor is None:
                continue
            if taken and not self._beside(taken[-1][0], mention):
                break
            if all(actor != other for _, other in taken):
                taken.append((mention, actor))
        found = tuple(actor for _, actor in taken)
        if not found and topic == "peace-talks":
            other = self.parties.other(voice.country, voice.body)
            return (other,) if other else ()
        return found

    def _beside(self, one: Mention, other: Mention) -> bool:
        between = self.reading.text[one.end : other.start]
        return bool(_COORDINATED.fullmatch(between.strip(" "))) or not between.strip()

    def _own(self, mention: Mention, voice: Voice) -> bool:
        """Whether a mention is the speaker's own state or body."""
        if mention.kind == "country":
            return mention.value == voice.country
        if mention.kind == "body":
            beside = self.cast.beside(mention)
            return beside is None or beside == voice.country
        known = vocabulary().groups.get(mention.value)
        if known is None:
            return False
        return known.slug == voice.body or (
            voice.country is not None and known.country == voice.country and known.kind in STATE
        )

    def _actor(self, mention: Mention, voice: Voice, topic: str, stance: Stance) -> Actor | None:
        """The state or body that a mention names, if it can be meant."""
        if mention.kind not in {"country", "group"} or self._own(mention, voice):
            return None
        before = self.reading.text[max(0, mention.start - 24) : mention.start]
        actor = Actor(mention.kind, mention.value)
        if _PLACE.search(before) or (topic == "mediation" and self.parties.has(actor)):
            return None
        if mention.kind == "country" and stance == Stance.ASSERTS and not _GOVERNED.search(before):
            return None
        return actor if stance in _STRONG_TARGETS or self._acts(mention) else None

    def _acts(self, mention: Mention) -> bool:
        """Whether it is one who acts: not the people of a country, nor a body of many states."""
        if mention.kind == "country":
            people = mention.form == "people" or _PEOPLE.match(self.reading.text, mention.end)
            return not people
        kind = vocabulary().groups[mention.value].kind
        return kind not in {GroupKind.MISSION, GroupKind.INTERGOVERNMENTAL}

    def _told(self, spans: tuple[Span, ...]) -> list[Told]:
        return [told for span in spans for told in self.cast.found.told_in(span) if told.topics]
