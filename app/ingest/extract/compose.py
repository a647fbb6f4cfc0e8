"""From an article's text to its record: the stages in their order, and the record they make.

The record is the one that a person would write (`app.ingest.record`). It goes the way of all
records: verified, resolved, stored, reviewed. Nothing is in it that no selector proves.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.ingest.extract.actors import Actors
from app.ingest.extract.coding import Coder
from app.ingest.extract.dyads import Actor, parties
from app.ingest.extract.found import Meta, Reading
from app.ingest.extract.gazetteer import scan
from app.ingest.extract.mediation import CONFIDENCE as OFFER_CONFIDENCE
from app.ingest.extract.mediation import Offer, offers
from app.ingest.extract.nouns import noun_statements
from app.ingest.extract.papers import article, on_or_before
from app.ingest.extract.positions import MOST_PROOFS, Positions, Stand
from app.ingest.extract.reader import read
from app.ingest.extract.statements import Proof, Stater
from app.ingest.extract.talks import CONFIDENCE as ROUND_CONFIDENCE
from app.ingest.extract.talks import Round, rounds
from app.ingest.extract.voices import Cast
from app.ingest.extract.wording import clauses, proposition
from app.ingest.read.plain import stated
from app.ingest.read.source import filled

VERSION = "1"
METHOD = f"extracted by rules, version {VERSION}"
FORMAT = "onrecord/article-record/1"


@dataclass(frozen=True)
class Extraction:
    """What was made of an article."""

    record: dict[str, Any]
    """The article record, as read from JSON."""
    attributions: int
    """How many attributions were read."""
    left_out: dict[str, int] = field(default_factory=dict)
    """How many of them made no position, by the reason."""


def extract_source(text: str, meta: Meta) -> dict[str, Any]:
    """The article record of a text. Raises ArticleRefused; see `extract`."""
    return extract(text, meta).record


def extract(text: str, meta: Meta | None = None) -> Extraction:
    """Read an article, and make its record.

    Args:
        text: the article's text; selectors count its code points.
        meta: what is known of it; what it does not tell is taken from the text.

    Raises:
        ArticleRefused: there is no text, or the day on which it appeared is not known.
    """
    known = meta or Meta()
    if known.published_on is None or known.headline is None:
        known = filled(known, stated(text))
    entry, papers = article(text, known)
    return compose(read(text), entry, Actors(papers))


def compose(reading: Reading, entry: dict[str, Any], actors: Actors) -> Extraction:
    """The record of an article that was read."""
    composer = Composer(reading, date.fromisoformat(entry["published_on"]), actors)
    record = {"format": FORMAT, "method": METHOD, "article": entry, **composer.facts()}
    return Extraction(record, len(reading.attributions), dict(sorted(composer.left_out.items())))


class Composer:
    """Makes the entries of one record."""

    def __init__(self, reading: Reading, published: date, actors: Actors) -> None:
        self._published = published
        self.left_out: Counter[str] = Counter()
        found = scan(reading.text)
        self._parties = parties(reading, found)
        self._cast = Cast(reading, found)
        self._coder = Coder(reading, self._cast, self._parties)
        self._stater = Stater(reading, self._cast, self._coder, published, self.left_out)
        self._actors = actors
        actors.begin(self._cast, self._stater, published)
        self._keys: Counter[str] = Counter()

    def facts(self) -> dict[str, Any]:
        """The entries, section by section."""
        said = [*self._stater.statements(), *noun_statements(self._stater)]
        said.sort(key=lambda each: each.proofs[0].span)
        stands = Positions(self.left_out).take(said)
        positions = {id(stand): made for stand in stands if (made := self._position(stand))}
        keys = {stand: made["key"] for stand, made in positions.items()}
        made_offers = [
            made
            for offer in offers(self._stater, stands, self._parties)
            if (made := self._offer(offer, keys))
        ]
        made_rounds = [
            made for each in rounds(self._stater, self._parties) if (made := self._round(each))
        ]
        sections = {
            "groups": self._actors.groups(),
            "officials": self._actors.officials(),
            "positions": list(positions.values()),
            "mediation_offers": made_offers,
            "rounds": made_rounds,
        }
        return {name: entries for name, entries in sections.items() if entries}

    def _key(self, kind: str, anchor: int) -> str:
        """A key that stays the same as long as the text does: where the principal words begin."""
        key = f"{kind}-{anchor}"
        self._keys[key] += 1
        return key if self._keys[key] == 1 else f"{key}-{self._keys[key]}"

    def _position(self, stand: Stand) -> dict[str, Any] | None:
        proofs = self._evidence(stand.proofs)
        if not proofs:
            return None
        voice, on = stand.voice, on_or_before(stand.said_on, self._published)
        speaker = self._actors.official(voice, on) if voice.person else None
        if not (voice.country or voice.body or speaker):
            return None
        if voice.body:
            self._actors.note(voice.body)
        self._actors.attest(stand)
        made: dict[str, Any] = {
            "key": self._key("position", stand.anchor),
            "topic": stand.topic,
            "country": voice.country,
            "body": voice.body,
            "speaker": speaker,
            "speaker_role": self._actors.role(voice) if speaker else None,
            "stance": stand.stance.value,
            "modality": stand.modality.value,
            "proposition": proposition(stand),
            "said_on": on,
            "targets": [self._actors.ref(each) for each in stand.targets],
            "reported_via": self._actors.paper(stand.via),
        }
        for name, said in clauses(stand, self._cast).items():
            made[name] = said
            for clause in said:
                self._actors.note(clause.get("group"))
        return _kept(made, proofs, stand.rule, stand.confidence)

    def _offer(self, offer: Offer, keys: dict[int, str]) -> dict[str, Any] | None:
        proofs = list(offer.proofs)
        for _, stand in offer.answers.values():
            proofs += [proof for proof in stand.proofs if proof not in proofs]
        evidence = self._evidence(proofs)
        if not evidence or self._parties.has(offer.mediator):
            return None
        by = self._actors.announcer(offer.announced_by, offer.mediator)
        made: dict[str, Any] = {
            "key": self._key("offer", offer.anchor),
            "topic": "mediation",
            "mediator": self._actors.ref(offer.mediator),
            "parties": [self._actors.ref(each) for each in offer.parties],
            "kind": offer.kind.value,
            "status": offer.status.value,
            "explicit": offer.status.value != "invited",
            "announced_by": by[0] if by else None,
            "announced_by_role": by[1] if by else None,
            "offered_on": on_or_before(offer.offered_on, self._published),
            "responses": [self._response(offer, party, keys) for party in offer.parties],
        }
        return _kept(made, evidence, offer.rule, OFFER_CONFIDENCE[offer.status])

    def _response(self, offer: Offer, party: Actor, keys: dict[int, str]) -> dict[str, Any]:
        if party not in offer.answers:
            return {"party": self._actors.ref(party), "response": "none_on_record"}
        answer, stand = offer.answers[party]
        made = {
            "party": self._actors.ref(party),
            "response": answer.value,
            "on": on_or_before(stand.said_on, self._published),
            "position": keys.get(id(stand)),
        }
        return {name: value for name, value in made.items() if value is not None}

    def _round(self, held: Round) -> dict[str, Any] | None:
        evidence = self._evidence([held.proof])
        if not evidence or self._parties.pair is None:
            return None
        made: dict[str, Any] = {
            "key": self._key("round", held.proof.span[0]),
            "topic": "peace-talks" if self._coder.in_conflict else "diplomacy",
            "process": self._parties.process,
            "ordinal": held.ordinal,
            "venue": held.venue,
            "host": held.host,
            "held_on": on_or_before(held.held_on, self._published),
            "parties": [self._actors.ref(each) for each in self._parties.pair],
            "outcome": held.outcome.value,
            "reported_via": self._actors.paper(held.via),
        }
        return _kept(made, evidence, held.rule, ROUND_CONFIDENCE)

    def _evidence(self, proofs: list[Proof]) -> list[dict[str, Any]]:
        """The selectors of proofs, the speaker's own words first."""
        ordered = sorted(
            {(proof.quote_type != "direct", proof.span): proof for proof in proofs}.items()
        )
        made = [self._actors.selector(proof) for _, proof in ordered[:MOST_PROOFS]]
        return [each for each in made if each is not None]


def _kept(
    made: dict[str, Any], evidence: list[dict[str, Any]], rule: str, confidence: float
) -> dict[str, Any]:
    """A fact without what is not known, with its proof and how it was found."""
    kept = {name: value for name, value in made.items() if value is not None and value != []}
    how = {"rule": rule[:80], "confidence": round(min(max(confidence, 0.0), 1.0), 2)}
    return {**kept, "evidence": evidence, "extraction": how}
