"""Propositions and clauses in our own words, put together from codes and names alone.

The reporter's sentence is pointed at by a selector; it is never taken over, whole or in part.
"""

import re
from functools import cache
from typing import Any

from app.codelists import Stance
from app.ingest.extract.dyads import Actor, called
from app.ingest.extract.found import Span
from app.ingest.extract.gazetteer import Mention
from app.ingest.extract.positions import Stand
from app.ingest.extract.vocabulary import read_lexicon
from app.ingest.extract.voices import Cast

LONGEST = 300
_WAIT = re.compile(r"\bawait(?:s|ed|ing)?\b|\bwait(?:s|ed|ing)? for\b")
_DECISION = re.compile(
    r"(?:['’]s?)? +(?:\w+ )?(?P<what>decision|vote|approval|mandate|resolution)\b"
)
_ANSWER = re.compile(r"(?:['’]s?)? +(?:\w+ )?(?:reply|response|answer)\b")
_DECIDES = re.compile(
    r"\b(?:made|taken|decided|approved|approval|up to|rests with|lies with)\b"
    r"(?:\s+(?:at|by|to|with|in|of|from|the))*\s*(?P<level>highest level)?"
)
_DEPENDS = re.compile(
    r"\b(?:depend\w*|hinge\w*|conditional|contingent|condition|only (?:if|after|when)|unless"
    r"|provided|prerequisite|preconditions?|as long as|not until)\b"
)


@cache
def _templates() -> dict[str, Any]:
    found: dict[str, Any] = read_lexicon("wording.yaml")
    return found


def proposition(stand: Stand) -> str:
    """What is said, in a sentence of ours of at most 300 characters."""
    known = _templates()
    target = _listed([called(each) for each in stand.targets])
    prepositions = ("with", "by", "from", "against", "towards")
    filled = {each: f" {each} {target}" if target else "" for each in prepositions}
    both, stance = f"{stand.topic}/{stand.stance.value}", stand.stance.value
    mode = known.get(stand.modality.value, {})
    lists = [mode, known["special"], known["stances"]]
    if not target:
        lists.insert(1, known["nobody_named"])
    template = next(t for each in lists if (t := each.get(both) or each.get(stance)))
    topic = known["topics"][stand.topic]
    bare = topic.format(**dict.fromkeys(prepositions, ""))
    said: str = template.format(
        who=who(stand),
        about=topic.format(**filled),
        topic=bare,
        target=target or known["nobody"],
        **filled,
    )
    return said[0].upper() + said[1:LONGEST]


def who(stand: Stand) -> str:
    """Who speaks: the state, or else the body or the person."""
    voice = stand.voice
    if voice.country is not None:
        return called(Actor("country", voice.country))
    if voice.body is not None:
        return called(Actor("group", voice.body))
    return " ".join(voice.person.name.split())[:120] if voice.person else "The speaker"


def clauses(stand: Stand, cast: Cast) -> dict[str, list[dict[str, str]]]:
    """The conditions, what is awaited and who decides, as far as the words name them."""
    found: dict[str, list[dict[str, str]]] = {}
    for proof in stand.proofs:
        if stand.stance == Stance.CONDITIONS:
            _note(found, "conditions", _condition(proof.span, stand, cast))
        if stand.stance == Stance.UNDECIDED:
            _note(found, "awaits", _awaited(proof.span, cast))
            _note(found, "decided_by", _decider(proof.span, stand, cast))
    return found


def _note(found: dict[str, list[dict[str, str]]], name: str, clause: dict[str, str] | None) -> None:
    if clause and clause not in found.setdefault(name, []):
        found[name].append(clause)
    if not found.get(name):
        found.pop(name, None)


def _condition(span: Span, stand: Stand, cast: Cast) -> dict[str, str] | None:
    """What is to be met: that somebody who is named acts first."""
    depends = _DEPENDS.search(cast.reading.text, *span)
    if depends is None:
        return None
    for mention in cast.found.within((depends.end(), span[1])):
        actor = Actor(mention.kind, mention.value)
        if actor in stand.targets:
            return _clause(f"{_cap(called(actor))} acts first, as it is asked to.", actor)
    said = cast.reading.text[depends.end() : min(span[1], depends.end() + 120)].lower()
    known: dict[str, str] = _templates()["conditions"]
    return next(({"text": text} for word, text in known.items() if word in said), None)


def _awaited(span: Span, cast: Cast) -> dict[str, str] | None:
    text = cast.reading.text
    waits = _WAIT.search(text, *span)
    if waits is None:
        return None
    for mention in cast.found.within((waits.end(), min(span[1], waits.end() + 80))):
        actor = _actor(mention, cast)
        if actor is None:
            continue
        what = _DECISION.match(text, mention.end, span[1])
        if what:
            return _clause(f"The {what['what']} of {called(actor)}.", actor)
        if _ANSWER.match(text, mention.end, span[1]):
            return _clause(f"The answer of {called(actor)}.", actor)
    return None


def _decider(span: Span, stand: Stand, cast: Cast) -> dict[str, str] | None:
    text = cast.reading.text
    decides = _DECIDES.search(text, *span)
    if decides is None:
        return None
    stop = min(span[1], decides.end() + 80)
    for mention in cast.found.within((decides.end(), stop)):
        if mention.kind not in {"body", "group"}:
            continue
        slug = cast.body_of(mention, stand.voice.country)
        if slug is not None:
            name = cast.groups[slug].name
            said = f"The highest level, the {name} included." if decides["level"] else f"{name}."
            return {"text": said, "group": slug}
    return {"text": "The highest level."} if decides["level"] else None


def _actor(mention: Mention, cast: Cast) -> Actor | None:
    if mention.kind == "country":
        return Actor("country", mention.value)
    if mention.kind == "group":
        return Actor("group", cast.group(mention.value))
    return None


def _clause(text: str, actor: Actor) -> dict[str, str]:
    return {"text": text, "group": actor.id} if actor.kind == "group" else {"text": text}


def _listed(names: list[str]) -> str:
    """At most three names, as one reads them out."""
    if len(names) > 3:
        names = [*names[:2], "others"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _cap(name: str) -> str:
    return name[:1].upper() + name[1:]
