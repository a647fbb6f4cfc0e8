"""Talks: which round was held, where, when, between whom, and how it ended."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.codelists import Outcome, QuoteType
from app.ingest.extract.dyads import Parties, of_others
from app.ingest.extract.found import Span
from app.ingest.extract.statements import Proof, Stater
from app.ingest.extract.when import date_in

_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_TALKS = r"(?:talks|discussions|negotiations|dialogue|consultations|meetings)"
_ROUND = re.compile(
    rf"(?:\b[Tt]he |\b[Aa] )?(?P<which>{'|'.join(_ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th)|latest|new"
    rf"|fresh|final|last) round(?: of (?:(?!round)[\w-]+ ){{0,4}}?{_TALKS})?\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"(?:\b[Tt]he )?(?:(?:peace|indirect|direct|border|nuclear|ceasefire|truce|technical"
    rf"|high-level|face-to-face|proximity) )?\b{_TALKS}\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|would|could|may|might|expected|due|scheduled|planned|upcoming|next|set to"
    r"|to be held|proposed|ahead of|plans?|invited|agreed to hold|ready|offered)\b"
)
_OUTCOMES = (
    (
        Outcome.NO_AGREEMENT,
        re.compile(
            r"\b(?:without (?:any |an? |reaching |making )*(?:\w+ )?(?:breakthrough|agreement|deal"
            r"|progress|result|results|accord|resolution)|fail(?:ed|ing) to (?:\w+ )?(?:yield|reach"
            r"|produce|agree|secure|bridge|make|achieve)\w*(?: (?:\w+ )?(?:breakthrough|agreement"
            r"|deal|progress|accord))?|collapsed|broke down|no (?:agreement|breakthrough|deal)"
            r"|inconclusive(?:ly)?|ended in (?:failure|deadlock|stalemate))\b"
        ),
    ),
    (
        Outcome.SUSPENDED,
        re.compile(
            r"\b(?:suspended|adjourned|broken off|broke off|paused|postponed|put on hold)\b"
        ),
    ),
    (
        Outcome.CEASEFIRE,
        re.compile(
            r"\b(?:agreed (?:to|on) (?:\w+[ -]){0,4}?(?:ceasefire|truce)"
            r"|(?:produced|ended with|led to|resulted in|yielded) (?:\w+ ){0,3}?"
            r"(?:ceasefire|truce))\b"
        ),
    ),
    (
        Outcome.PARTIAL,
        re.compile(
            r"\b(?:partial (?:agreement|deal)|interim (?:agreement|deal)"
            r"|framework (?:agreement|deal)|preliminary (?:agreement|deal)"
            r"|agreed on some|agreed to exchange|agreed to swap"
            r"|agreed (?:to|on) (?:\w+ ){0,4}?(?:prisoners?|disengage\w*|pull back|de-escalate))\b"
        ),
    ),
    (
        Outcome.FULL,
        re.compile(
            r"\b(?:signed (?:an? |the )?(?:\w+ )?(?:peace )?(?:agreement|deal|accord|treaty)"
            r"|comprehensive (?:agreement|deal) was (?:reached|signed))\b"
        ),
    ),
    (
        Outcome.ONGOING,
        re.compile(
            r"\b(?:(?:are|were|is|was) (?:still )?(?:under ?way|continuing|ongoing)|began|started"
            r"|opened|resumed|got under way|kicked off|entered (?:its|their|a))\b"
        ),
    ),
)
_CLAUSE = re.compile(r"(?:, (?:with|as|while|but|after|amid|despite|even)\b|;|\. )")
_OF_ELSE = re.compile(r"\b(?:truce|ceasefire|deal|agreement|accord)\b[^,]*$")
_ENDED = re.compile(r"\b(?:ended|concluded|wrapped up|closed|held|took place|finished|met)\b")
_IN = re.compile(r"\b(?:in|at) (?:the \w+ city of |the \w+ capital,? |central )?$")

CONFIDENCE = 0.75


@dataclass
class Round:
    """A round in the making."""

    ordinal: int | None
    venue: str | None
    host: str | None
    held_on: str | None
    outcome: Outcome
    proof: Proof
    via: str | None
    rule: str


def rounds(stater: Stater, parties: Parties) -> list[Round]:
    """The rounds of talks between the two parties of an article that the text says were held."""
    if parties.pair is None:
        return []
    kept: list[Round] = []
    for found in _all(stater, parties):
        same = next((each for each in kept if _same(each, found)), None)
        if same is None:
            kept.append(found)
        else:
            _fill(same, found)
    return kept


def _all(stater: Stater, parties: Parties) -> Iterator[Round]:
    found, (low, high) = stater.cast.found, stater.reading.body
    sentences = sorted(
        {
            stater.sentence(told.start)
            for told in found.told_in((low, high))
            if any(topic in {"peace-talks", "diplomacy"} for topic, _ in told.topics)
        }
    )
    for sentence in sentences:
        told = _round(stater, sentence, parties)
        if told is not None:
            yield told


def _round(stater: Stater, sentence: Span, parties: Parties) -> Round | None:
    """The round that a sentence tells of, if it says enough for one."""
    text = stater.reading.text
    start, end = sentence[0], min(sentence[1], sentence[0] + 1200)
    match = _ROUND.search(text, start, end)
    rule = "ordinal-round" if match else "talks-in-city"
    match = match or _PLAIN.search(text, start, end)
    if match is None or of_others(stater.reading.text, stater.cast.found, sentence, parties):
        return None
    which = match["which"].lower() if rule == "ordinal-round" else ""
    ordinal = _ordinal(which)
    clause = _CLAUSE.search(text, match.end(), end)
    outcome, stop = _outcome(text, match.end(), clause.start() if clause else end)
    ended = _ENDED.search(text, match.end(), end)
    if _TO_COME.search(text, start, stop or end) and outcome in {Outcome.UNKNOWN, Outcome.ONGOING}:
        return None
    venue, host, place_end = _venue(stater, match.end(), end)
    held_on = date_in(text, (match.end(), stop or end), stater.published) or None
    if not _enough(ordinal, venue, held_on, outcome, ended is not None):
        return None
    stop = stop or max(place_end, ended.end() if ended else 0, match.end())
    proof, via = _proof(stater, (match.start(), stop))
    return Round(ordinal, venue, host, held_on, outcome, proof, via, rule)


def _enough(
    ordinal: int | None, venue: str | None, held_on: str | None, outcome: Outcome, ended: bool
) -> bool:
    """Whether a meeting is told, and not just talk of talks."""
    known = outcome != Outcome.UNKNOWN
    if ordinal is not None:
        return venue is not None or held_on is not None or known
    return venue is not None and (known or (ended and held_on is not None))


def _ordinal(which: str) -> int | None:
    if which in _ORDINALS:
        return _ORDINALS.index(which) + 1
    number = int(which[:-2]) if which[:1].isdigit() else 0
    return number or None


def _outcome(text: str, start: int, end: int) -> tuple[Outcome, int]:
    """How it ended, and where the words that say so end."""
    for outcome, pattern in _OUTCOMES:
        match = pattern.search(text, start, end)
        if match and not _OF_ELSE.search(text, max(start, match.start() - 30), match.start()):
            return outcome, match.end()
    return Outcome.UNKNOWN, 0


def _venue(stater: Stater, start: int, end: int) -> tuple[str | None, str | None, int]:
    """The city where it was held, with its country."""
    text = stater.reading.text
    for mention in stater.cast.found.within((start, end)):
        if mention.city and _IN.search(text[max(0, mention.start - 40) : mention.start]):
            return text[mention.start : mention.end], mention.city, mention.end
    return None, None, 0


def _proof(stater: Stater, span: Span) -> tuple[Proof, str | None]:
    """The words that tell of it, as somebody's account if they are one, and the agency's name."""
    holding = [each for each in stater.around(span) if each.quote_type != QuoteType.DIRECT]
    around = holding[0] if holding else None
    if around is None:
        return Proof(span, QuoteType.MENTION, None, None), None
    via = stater.cast.agency(around)
    return Proof(span, QuoteType.INDIRECT, around.cue, around.source), via


def _same(one: Round, other: Round) -> bool:
    if one.ordinal is not None and other.ordinal is not None:
        return one.ordinal == other.ordinal
    return one.venue == other.venue and one.held_on == other.held_on


def _fill(one: Round, other: Round) -> None:
    """What the one does not say, the other may."""
    one.ordinal = one.ordinal or other.ordinal
    if one.venue is None:
        one.venue, one.host = other.venue, other.host
    one.held_on = one.held_on or other.held_on
    one.via = one.via or other.via
    if one.outcome == Outcome.UNKNOWN:
        one.outcome, one.proof = other.outcome, other.proof
