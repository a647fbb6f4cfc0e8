"""Mediation: what a third party offered or was asked for, and how each party answered.

`Would welcome` is no offer, `appreciates` is no acceptance, and a party that says nothing has
`none_on_record`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.codelists import Modality, OfferKind, OfferStatus, QuoteType, Response, Stance
from app.ingest.extract.dyads import Actor, Parties, of_others
from app.ingest.extract.found import Person, Span
from app.ingest.extract.gazetteer import Mention
from app.ingest.extract.positions import MOST_PROOFS, Stand
from app.ingest.extract.statements import Proof, Stater

_DO = (
    r"(?:mediat\w+|host\w*|facilitat\w+|broker\w*|good offices|help (?:mediate|broker|end|resolve))"
)
_BEFORE = (
    (
        "offer-of",
        OfferStatus.OFFERED,
        re.compile(rf"\boffers? (?:of|to) {_DO}(?: talks)?(?: \w+){{0,5}},? $"),
    ),
    (
        "asked-to",
        OfferStatus.INVITED,
        re.compile(
            r"\b(?:would (?:also )?welcome|open to|any|welcome any)\b[^.;]{0,40}"
            r"\b(?:mediation|role|offers?|efforts|good offices|facilitation)\b"
            r"(?: \w+){0,2} (?:from|by|of|for) (?:the )?$",
            re.IGNORECASE,
        ),
    ),
    (
        "offer-from",
        OfferStatus.OFFERED,
        re.compile(
            r"\b(?:the|an?|its|this|their) (?:mediation|facilitation) offers? (?:from|by|of)"
            r" (?:the )?$"
        ),
    ),
    (
        "mediated-by",
        OfferStatus.ACTIVE,
        re.compile(
            r"\b(?:talks|negotiations|process|dialogue)\b[^.;]{0,30}\b(?:mediated|brokered"
            r"|facilitated) by (?:the )?$"
            r"|\bmediators? (?:from )?(?:the )?$"
        ),
    ),
    (
        "announcement",
        OfferStatus.ANNOUNCED,
        re.compile(r"\b(?:the )?announcement of (?:an? |the )?$"),
    ),
)
_AFTER = (
    (
        "offered-to",
        OfferStatus.OFFERED,
        re.compile(
            rf"(?:['’]s? (?:\w+ ){{0,4}}| (?:\w+ ){{0,3}})?(?:has |have |had )?(?:also |again "
            rf"|formally |repeatedly )?offer(?:ed|s)? (?:to {_DO}|mediation|its (?:good "
            rf"offices|mediation|services)|to send (?:an? |its )(?:\w+ )?delegation)\b"
        ),
    ),
    (
        "offer",
        OfferStatus.OFFERED,
        re.compile(rf"(?:['’]s?)? (?:\w+ )?(?:mediation offer|offer (?:of|to) {_DO})"),
    ),
    (
        "ready-to",
        OfferStatus.OFFERED,
        re.compile(
            rf"(?: \w+){{0,3}} (?:is|was|are|were|stands?|stood|remains?|remained) (?:\w+ )?"
            rf"(?:ready|prepared|willing) to (?:\w+ )?{_DO}"
        ),
    ),
    (
        "delegation",
        OfferStatus.ANNOUNCED,
        re.compile(
            r"(?: \w+){0,3} (?:announced|said)(?: that)?(?: it| he| she)? (?:would|will|plans"
            r" to|planned to) (?:send|dispatch) (?:an? |its )?(?:\w+ ){0,2}delegation"
        ),
    ),
    (
        "mediating",
        OfferStatus.ACTIVE,
        re.compile(
            r"(?: and(?: the)? \w+)? (?:is|are|was|were|has been|have been) (?:\w+ )?"
            r"mediating\b|,? (?:which|who) (?:is|are|were|was|have been) mediating\b"
            r"|[- ](?:mediated|brokered) (?:talks|negotiations|ceasefire|deal|truce)"
            r"| mediators?\b"
        ),
    ),
)
_OF_ALL = frozenset(rule for rule, _, _ in _AFTER)
"""What is said after a row of names is said of all of them."""

_DELEGATION = re.compile(r" (?:\w+ )?delegation\b")
_ASKED = re.compile(
    r"\b(?:urged|asked|called on|calls on|call on|invited|appealed to|requested) (?:the )?$"
)
_TO_MEDIATE = re.compile(rf" to {_DO}")
_ROLE = re.compile(r"\b(?:would (?:also )?welcome|open to) (?:an? |any )?$")
_A_ROLE = re.compile(r" (?:role|mediation|involvement)\b")
_NOT = re.compile(
    r"\b(?:no|not|never|neither|denied|without|reject\w*)\b[^.;]{0,24}$", re.IGNORECASE
)
_ANNOUNCES = re.compile(
    r",? (?:had |has )?(?:earlier |also |previously )?(?:flagged|announced|promised|unveiled"
    r"|proposed)\b"
)
_JOINS = re.compile(r"(?:,|,? and|,? or)(?: the)? ")

_ORDER = (
    OfferStatus.INVITED,
    OfferStatus.ANNOUNCED,
    OfferStatus.ACTIVE,
    OfferStatus.OFFERED,
    OfferStatus.ACCEPTED,
)
_KINDS = (
    (OfferKind.DELEGATION, re.compile(r"\bdelegation")),
    (OfferKind.GOOD_OFFICES, re.compile(r"\bgood offices")),
    (OfferKind.MEDIATION, re.compile(r"\bmediat|\bbroker")),
    (OfferKind.FACILITATION, re.compile(r"\bfacilitat")),
    (OfferKind.VENUE, re.compile(r"\bhost")),
    (OfferKind.MONITORING, re.compile(r"\bmonitor")),
    (OfferKind.GUARANTEE, re.compile(r"\bguarant")),
)
_ANSWERS = {
    Stance.ACCEPTS: Response.ACCEPTED,
    Stance.REJECTS: Response.DECLINED,
    Stance.APPRECIATES: Response.APPRECIATED,
    Stance.WELCOMES: Response.APPRECIATED,
    Stance.UNDECIDED: Response.DEFERRED,
    Stance.CONDITIONS: Response.CONDITIONAL,
    Stance.ACKNOWLEDGES: Response.ACKNOWLEDGED,
}
CONFIDENCE = {
    OfferStatus.INVITED: 0.7,
    OfferStatus.ANNOUNCED: 0.7,
    OfferStatus.ACTIVE: 0.6,
    OfferStatus.OFFERED: 0.8,
    OfferStatus.ACCEPTED: 0.7,
}


@dataclass
class Offer:
    """An offer in the making, or an opening for one."""

    mediator: Actor
    parties: tuple[Actor, Actor]
    status: OfferStatus
    kind: OfferKind
    proofs: list[Proof]
    rule: str
    announced_by: Person | None = None
    offered_on: str | None = None
    answers: dict[Actor, tuple[Response, Stand]] = field(default_factory=dict)
    """How the parties that are heard in the article answered."""

    @property
    def anchor(self) -> int:
        """Where its first proof begins."""
        return min(proof.span[0] for proof in self.proofs)


def offers(stater: Stater, stands: list[Stand], parties: Parties) -> list[Offer]:
    """The offers of an article whose two parties are known, in the order of the text."""
    if parties.pair is None:
        return []
    found: dict[Actor, Offer] = {}
    for offer in [*_framed(stater, stands, parties), *_stated(stands, parties)]:
        before = found.get(offer.mediator)
        found[offer.mediator] = _merged(before, offer) if before else offer
    for offer in found.values():
        _answered(offer, stands, parties)
    if not stater.coder.in_conflict:
        found = {of: each for of, each in found.items() if each.status != OfferStatus.ACTIVE}
    return sorted(found.values(), key=lambda each: (each.anchor, each.mediator))


def _framed(stater: Stater, stands: list[Stand], parties: Parties) -> Iterator[Offer]:
    """Offers told in a phrase about a third party."""
    found, (low, high) = stater.cast.found, stater.reading.body
    sentences = {
        stater.sentence(told.start)
        for told in found.told_in((low, high))
        if any(topic == "mediation" for topic, _ in told.topics)
    }
    for sentence in sorted(sentences):
        if of_others(stater.reading.text, found, sentence, parties):
            continue
        chain: list[Mention] = []
        for mention in found.within(sentence):
            if not _third(mention, parties):
                continue
            if not (chain and _joined(stater, chain[-1], mention)):
                chain = []
            chain.append(mention)
            yield from _frame(stater, stands, parties, chain, sentence)


def _third(mention: Mention, parties: Parties) -> bool:
    if mention.kind not in {"country", "group"} or mention.form == "people":
        return False
    return not parties.has(Actor(mention.kind, mention.value))


def _joined(stater: Stater, one: Mention, other: Mention) -> bool:
    return bool(_JOINS.fullmatch(stater.reading.text[one.end : other.start]))


def _frame(
    stater: Stater, stands: list[Stand], parties: Parties, chain: list[Mention], sentence: Span
) -> Iterator[Offer]:
    """What the words around a row of names tell of the last of them, or of them all."""
    text, first, last = stater.reading.text, chain[0], chain[-1]
    low, high = max(sentence[0], first.start - 90), min(sentence[1], last.end + 110)
    before, after = text[low : first.start], text[last.end : high]
    told = _status(before, after)
    if told is None or parties.pair is None:
        return
    rule, status, left, right = told
    span = (first.start - left, last.end + right)
    person, stop = (
        _announcer(stater, sentence, span) if status == OfferStatus.ANNOUNCED else (None, 0)
    )
    span = (span[0], max(span[1], stop))
    words = text[span[0] : span[1]]
    for mention in chain if rule in _OF_ALL else [last]:
        proofs = _proofs(stands, (mention.start, mention.end))
        yield Offer(
            mediator=Actor(mention.kind, mention.value),
            parties=parties.pair,
            status=status,
            kind=_kind(words, status),
            proofs=proofs or [Proof(span, QuoteType.MENTION, None, None)],
            rule=rule,
            announced_by=person,
        )


def _status(before: str, after: str) -> tuple[str, OfferStatus, int, int] | None:
    """Which frame it is, how far the offer got, and how far the words reach to both sides."""
    if _ASKED.search(before) and (match := _TO_MEDIATE.match(after)):
        return "asked-to-mediate", OfferStatus.INVITED, 0, match.end()
    if (opening := _ROLE.search(before)) and (match := _A_ROLE.match(after)):
        return "would-welcome", OfferStatus.INVITED, len(before) - opening.start(), match.end()
    for rule, status, pattern in _BEFORE:
        match = pattern.search(before)
        if match is None or (
            status != OfferStatus.INVITED and _NOT.search(before[: match.start()])
        ):
            continue
        right = 0
        if rule == "announcement":
            what = _DELEGATION.match(after)
            if what is None:
                continue
            right = what.end()
        return rule, status, len(before) - match.start(), right
    for rule, status, pattern in _AFTER:
        match = pattern.match(after)
        if match and not _NOT.search(before):
            return rule, status, 0, match.end()
    return None


def _kind(words: str, status: OfferStatus) -> OfferKind:
    if status == OfferStatus.INVITED and re.search(r"\brole\b", words):
        return OfferKind.UNSPECIFIED
    return next((kind for kind, told in _KINDS if told.search(words)), OfferKind.UNSPECIFIED)


def _announcer(stater: Stater, sentence: Span, span: Span) -> tuple[Person | None, int]:
    """Who is said to have announced it, and where that is said."""
    text = stater.reading.text
    for person in stater.reading.people:
        place = text.find(person.surname, *sentence) if person.surname else -1
        if place < 0:
            continue
        end = place + len(person.surname)
        match = _ANNOUNCES.match(text, end, sentence[1])
        if match and match.end() > span[0]:
            return person, match.end()
    return None, 0


def _proofs(stands: list[Stand], place: Span) -> list[Proof]:
    """The words of positions on mediation that a place lies in."""
    found = [
        proof
        for stand in stands
        if stand.topic == "mediation"
        for proof in stand.proofs
        if proof.span[0] <= place[0] and place[1] <= proof.span[1]
    ]
    return list(dict.fromkeys(found))


def _stated(stands: list[Stand], parties: Parties) -> Iterator[Offer]:
    """Offers that the third party states itself."""
    if parties.pair is None:
        return
    for stand in stands:
        voice = stand.voice
        by = Actor("country", voice.country) if voice.country else Actor("group", voice.body or "")
        if stand.topic != "mediation" or stand.stance != Stance.OFFERS or not by.id:
            continue
        if parties.has(by):
            continue
        yield Offer(
            mediator=by,
            parties=parties.pair,
            status=OfferStatus.OFFERED,
            kind=OfferKind.UNSPECIFIED,
            proofs=list(stand.proofs),
            rule="says-it-offers",
            announced_by=voice.person,
            offered_on=stand.said_on or None,
        )


def _merged(one: Offer, other: Offer) -> Offer:
    """Two mentions of one offer: the one that got further, with the proofs of both."""
    first, second = (
        (other, one) if _ORDER.index(other.status) > _ORDER.index(one.status) else (one, other)
    )
    if first.status != second.status and second.status == OfferStatus.INVITED:
        return first
    first.proofs = list(dict.fromkeys([*first.proofs, *second.proofs]))[:MOST_PROOFS]
    if first.kind == OfferKind.UNSPECIFIED and first.status != OfferStatus.INVITED:
        first.kind = second.kind
    elif first.status == OfferStatus.INVITED == second.status and first.kind != second.kind:
        first.kind = OfferKind.UNSPECIFIED
    first.announced_by = first.announced_by or second.announced_by
    first.offered_on = first.offered_on or second.offered_on
    return first


def _answered(offer: Offer, stands: list[Stand], parties: Parties) -> None:
    """Note how each party answered, where it does."""
    for stand in stands:
        if stand.topic != "mediation" or offer.mediator not in stand.targets:
            continue
        for party in offer.parties:
            if parties.other(stand.voice.country, stand.voice.body) in {None, party}:
                continue
            answer = _ANSWERS.get(stand.stance)
            if stand.stance == Stance.WELCOMES and (
                stand.modality == Modality.HYPOTHETICAL or offer.status == OfferStatus.INVITED
            ):
                answer = Response.WOULD_WELCOME
            if answer and party not in offer.answers:
                offer.answers[party] = (answer, stand)
    answers = [answer for answer, _ in offer.answers.values()]
    if len(answers) == len(offer.parties) and set(answers) == {Response.ACCEPTED}:
        offer.status = OfferStatus.ACCEPTED
