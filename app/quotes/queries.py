"""Quotations: the slice's only SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from app.dates import parse_date
from app.errors import Fault, InvalidRequest
from app.folding import words
from app.fulltext import match, matching
from app.positions.queries import POSITIONS
from app.quotation import differences, holds, normalised
from app.quotes.schemas import QuoteQuestion
from app.sessions import ReadSession
from app.sql import public_at
from app.web.filters import OFFICIAL, Conditions, find
from app.web.listing import API
from app.web.references import Entry
from app.web.totals import coverage

MAX_CANDIDATES = 200
"""Positions that are compared word by word, the latest first."""

SHINGLE = 3
"""Words in a row that a quotation must share to be compared at all."""


def verify(session: ReadSession, version: int, question: QuoteQuestion) -> Entry:
    """Whether words are on record. Raises InvalidRequest if there are none, or no such speaker."""
    given, folded = normalised(question.text), words(question.text)
    if not folded:
        raise InvalidRequest.of([Fault("holds no word to look for.", pointer="text")])
    narrowed = _narrowed(session, version, question)
    found = [
        match
        for entry in _positions(session, version, [folded], narrowed)
        for match in _matches(entry, given)
        if not match["differences"]
    ]
    verdict = "verbatim" if found else "partial"
    if not found:
        found = _near(session, version, folded, given, narrowed)
    if not found:
        verdict = "not_on_record"
    shown = None if found else coverage(POSITIONS, Conditions(session, version))
    return {"verdict": verdict, "normalised": given, "matches": found, "coverage": shown}


def _near(
    session: ReadSession,
    version: int,
    folded: list[str],
    given: str,
    narrowed: Sequence[ColumnElement[bool]],
) -> list[Entry]:
    """Quotations that hold most of the words, those with the fewest differences first."""
    last = max(1, len(folded) - SHINGLE + 1)
    shingles = [folded[at : at + SHINGLE] for at in range(last)]
    entries = _positions(session, version, shingles, narrowed)
    found = [match for entry in entries for match in _matches(entry, given)]
    return sorted(found, key=lambda match: (_words_off(match), match["position"]))


def _words_off(match: Entry) -> int:
    return sum(
        max(len(d["given"].split()), len(d["recorded"].split())) for d in match["differences"]
    )


def _narrowed(
    session: ReadSession, version: int, question: QuoteQuestion
) -> list[ColumnElement[bool]]:
    table, conditions = POSITIONS.table, public_at(POSITIONS.table, version)
    if question.speaker is not None:
        speaker = find(session, version, OFFICIAL, question.speaker, "speaker")
        if isinstance(speaker, Fault):
            raise InvalidRequest.of([speaker])
        conditions.append(table.c.speaker == speaker)
    if question.said_on is not None:
        asked = parse_date(question.said_on)
        conditions.append(table.c.said_on.between(asked.first, asked.last))
    return conditions


def _positions(
    session: ReadSession,
    version: int,
    phrases: list[list[str]],
    narrowed: Sequence[ColumnElement[bool]],
) -> list[Entry]:
    """The latest positions in which any of the phrases occurs."""
    asked = {"q": match(phrases, session.dialect, any_of=True)}
    order = POSITIONS.place("said_on")
    statement = (
        POSITIONS.select(version)
        .where(POSITIONS.table.c.row_id.in_(matching(session.dialect)), *narrowed)
        .order_by(order.desc(), POSITIONS.identifier)
        .limit(MAX_CANDIDATES)
    )
    return POSITIONS.show(session, version, session.rows(statement, asked))


def _matches(entry: Entry, given: str) -> list[Entry]:
    """The quotations of a position that hold the words, or most of them."""
    found = []
    for proof in entry["evidence"]:
        if proof["exact"] is None:
            continue
        recorded = normalised(proof["exact"])
        off = [] if holds(recorded, given) else differences(recorded, given)
        if off is not None:
            found.append(_match(entry, proof, whole=recorded == given, off=off))
    return found


def _match(entry: Entry, proof: Entry, *, whole: bool, off: list[Any]) -> Entry:
    return {
        "position": entry["id"],
        "link": f"{API}/positions/{entry['id']}",
        "speaker": entry["speaker"],
        "said_on": entry["said_on"],
        "article": proof["article"],
        "start": proof["start"],
        "end": proof["end"],
        "exact": proof["exact"],
        "whole": whole,
        "differences": [{"given": each.given, "recorded": each.recorded} for each in off],
    }
