"""Between whom the conflict or the talks of an article are: two parties, or nobody that is sure."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from app.codelists import GroupKind
from app.ingest.extract.found import Reading, Span
from app.ingest.extract.gazetteer import Mention, Scan
from app.ingest.extract.vocabulary import vocabulary

_JOINED = re.compile(r"(?: and |[-–—/]| and the |, and )(?:the )?")
_BETWEEN = re.compile(r"\bbetween (?:the )?$")
_ABOUT = re.compile(
    r"\b(?:talks?|negotiations?|ceasefire|truce|border|war|conflict|dialogue|peace|fighting|clashes"
    r"|deal|agreement|tensions?|relations|dispute|hostilities|discussions|differences)\b",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\b(?:talks?|negotiations?|relations|ceasefire|truce|dialogue|border|war|peace|deal|conflict"
    r"|tensions?|agreement|clashes|fighting|discussions|dispute|standoff)"
    r"(?: \w+){0,2} (?:with|against) (?:the )?(?:\w+ )?$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:mediat\w+|host\w*|broker\w*|facilitat\w+|mediators?|offers? from|guarantors?)\b"
    r"[^.;:]{0,30}$",
    re.IGNORECASE,
)


_WITH_ONE = re.compile(r"\b(?:between|with) (?:the )?$")
_HELD = re.compile(r" (?:held|hold|began|begin|resumed|resume|opened|concluded|ended)\b")
_MEDIATING = re.compile(r"\b(?:mediat|broker|guarantor|host)")


class Actor(NamedTuple):
    """A state or a body."""

    kind: str
    """`country` or `group`."""
    id: str


@dataclass(frozen=True, slots=True)
class Parties:
    """The two parties; none if the text does not tell."""

    pair: tuple[Actor, Actor] | None = None

    def has(self, actor: Actor) -> bool:
        """Whether this is one of the parties, or a body of one."""
        return self.pair is not None and as_party(actor) in self.pair

    def other(self, country: str | None, body: str | None) -> Actor | None:
        """The other party than the one that speaks; none if a third one speaks."""
        if self.pair is None:
            return None
        own = {Actor("country", country or ""), as_party(Actor("group", body or ""))}
        first, second = self.pair
        if (first in own) == (second in own):
            return None
        return second if first in own else first

    @property
    def process(self) -> str | None:
        """The series of talks, as it goes by."""
        if self.pair is None:
            return None
        known = vocabulary()
        named = known.processes.get(frozenset(actor.id for actor in self.pair))
        by_name = {actor.id: _slug(actor) for actor in self.pair}
        order = named or sorted(by_name, key=lambda each: by_name[each])
        return "-".join([*(by_name[each] for each in order), "talks"])[:80].strip("-")


def _slug(actor: Actor) -> str:
    known = vocabulary()
    return known.countries[actor.id].slug if actor.kind == "country" else actor.id


def name_of(actor: Actor) -> str:
    """The name of a state or body."""
    known = vocabulary()
    table = known.countries if actor.kind == "country" else known.groups
    return table[actor.id].name if actor.id in table else actor.id


def called(actor: Actor) -> str:
    """The name of a state or body as it stands in a sentence: `the African Union`, `Hamas`."""
    name = name_of(actor)
    single = " " not in name
    if actor.kind == "country":
        the = name.startswith(("United ", "Netherlands", "Philippines", "Gambia", "Bahamas"))
    elif single:
        the = name.islower() or (name.endswith("s") and name != "Hamas") or name in _WITH_THE
    else:
        the = name not in _WITHOUT_THE
    return f"the {name}" if the and not name.lower().startswith("the ") else name


_WITH_THE = frozenset({"Kremlin", "Knesset", "Bundestag", "Élysée"})
_WITHOUT_THE = frozenset({"Boko Haram", "Downing Street", "Palestinian Islamic Jihad"})


def as_party(actor: Actor) -> Actor:
    """Who is a party for this actor: the state of a ministry, but an armed group itself."""
    group = vocabulary().groups.get(actor.id) if actor.kind == "group" else None
    if group is None or group.party or group.country is None:
        return actor
    if group.kind == GroupKind.ARMED_GROUP:
        return actor
    return Actor("country", group.country)


def parties(reading: Reading, found: Scan) -> Parties:
    """The parties that the text names together, and most often."""
    text = reading.text
    low, high = reading.body
    named = [
        each
        for each in found.mentions
        if each.kind in {"country", "group"} and low <= each.start and each.end <= high
    ]
    counts = Counter(as_party(_actor(each)) for each in named)
    votes: Counter[frozenset[Actor]] = Counter()
    for one, other in pairwise(named):
        weight = _weight(text, one, other)
        pair = frozenset({as_party(_actor(one)), as_party(_actor(other))})
        if weight and len(pair) == 2 and all(map(_can_be_party, pair)):
            votes[pair] += weight
    for mention in named:
        _vote_with(text, reading, found, mention, votes)
    if not votes or max(votes.values()) < 2:
        return Parties()
    best = max(votes, key=lambda pair: (votes[pair], sum(counts[a] for a in pair), sorted(pair)))
    first, second = sorted(best, key=lambda actor: (-counts[actor], actor))
    return Parties((first, second))


def of_others(text: str, found: Scan, sentence: Span, of: Parties) -> bool:
    """Whether a sentence speaks of what is between others than the two parties."""
    named = [
        _actor(each)
        for each in found.within(sentence)
        if each.kind in {"country", "group"}
        and each.form != "metonym"
        and each.city is None
        and _WITH_ONE.search(text[max(0, each.start - 14) : each.start])
    ]
    return bool(named) and not any(of.has(actor) for actor in named)


def _vote_with(
    text: str, reading: Reading, found: Scan, mention: Mention, votes: Counter[frozenset[Actor]]
) -> None:
    """`talks with X`, said of the state or body that the sentence named before."""
    if not _WITH.search(text[max(0, mention.start - 48) : mention.start]):
        return
    start = max(reading.body[0], text.rfind("\n", 0, mention.start), mention.start - 200)
    for before in reversed(found.within((start, mention.start))):
        if before.kind not in {"country", "group"}:
            continue
        pair = frozenset({as_party(_actor(before)), as_party(_actor(mention))})
        if len(pair) == 2 and all(map(_can_be_party, pair)):
            votes[pair] += 2
            return


def _weight(text: str, one: Mention, other: Mention) -> int:
    """How much it tells that two are named side by side."""
    between = text[one.end : other.start]
    if len(between) > 12 or not _JOINED.fullmatch(between):
        return 0
    before = text[max(0, one.start - 48) : one.start]
    near = text[other.end : other.end + 32]
    if _BETWEEN.search(before):
        return 3
    if _ASIDE.search(before) or _MEDIATING.search(near):
        return 0
    if _HELD.match(near) and _ABOUT.search(text[other.end : other.end + 80]):
        return 2
    if between in "-–—/":
        return 3 if _ABOUT.match(near.strip()) else 1
    return int(bool(_ABOUT.search(near) or _ABOUT.search(before)))


def _actor(mention: Mention) -> Actor:
    return Actor(mention.kind, mention.value)


def _can_be_party(actor: Actor) -> bool:
    if actor.kind == "country":
        return True
    group = vocabulary().groups[actor.id]
    return group.kind not in {GroupKind.INTERGOVERNMENTAL, GroupKind.MISSION, GroupKind.OTHER}
