"""Analysis: the slice's only SQL."""

from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app import models
from app.analysis.schemas import MAX_COMPARED, MAX_STATEMENTS, CompareQuery, ShiftQuery
from app.codelists import ClauseKind, Curation, Stance, Tone
from app.errors import Fault, InvalidRequest, TooManyCells
from app.positions.queries import POSITIONS
from app.sessions import ReadSession
from app.sql import PINNED, public_at, table, valid_at
from app.web import filters
from app.web.filters import Conditions, find
from app.web.references import Entry

_POSITION = table(models.PositionVersion)
_TARGET = table(models.PositionTarget)
_CLAUSE = table(models.PositionClause)

_OPEN = {Stance.UNDECIDED, Stance.DECLINES_TO_SAY}
_OPPOSITES = (
    {Stance.ACCEPTS, Stance.REJECTS},
    {Stance.COMMITS, Stance.REJECTS},
    {Stance.OFFERS, Stance.REJECTS},
    {Stance.WELCOMES, Stance.REJECTS},
    {Stance.ACKNOWLEDGES, Stance.DENIES},
    {Stance.ASSERTS, Stance.DENIES},
)
_TEMPER = {Tone.COOPERATIVE: -1, Tone.NEUTRAL: 0, Tone.CONFLICTUAL: 1}


# Open decisions


def still_open(conditions: Conditions) -> None:
    """Only what is undecided, or waits, and was not decided since."""
    conditions.add("still open", _still_open)


def _still_open() -> ColumnElement[bool]:
    """The condition that a position says nothing is decided, or waits, and none later decides.

    Later means a later statement of the same country (or else body, or speaker) on the same topic.
    """
    later = _POSITION.alias()
    same_actor = or_(
        later.c.country_code == _POSITION.c.country_code,
        and_(_POSITION.c.country_code.is_(None), later.c.body == _POSITION.c.body),
        and_(
            _POSITION.c.country_code.is_(None),
            _POSITION.c.body.is_(None),
            later.c.speaker == _POSITION.c.speaker,
        ),
    )
    decided_since = exists().where(
        same_actor,
        later.c.topic == _POSITION.c.topic,
        later.c.said_key > _POSITION.c.said_key,
        later.c.stance.not_in([stance.value for stance in _OPEN]),
        valid_at(later, PINNED),
        later.c.curation == Curation.PUBLISHED.value,
    )
    waits = exists().where(
        _CLAUSE.c.version_id == _POSITION.c.row_id,
        _CLAUSE.c.kind.in_([ClauseKind.AWAITS.value, ClauseKind.DECIDED_BY.value]),
    )
    undecided = _POSITION.c.stance == Stance.UNDECIDED.value
    return and_(or_(undecided, waits), ~decided_since)


# Comparison


def compare(session: ReadSession, version: int, query: CompareQuery) -> list[Entry]:
    """Countries side by side. Raises InvalidRequest for one that is not known."""
    conditions = POSITIONS.conditions(session, version)
    conditions.topic(query.topic, _POSITION.c.topic)
    conditions.checked()
    codes = _countries(session, version, query.country)
    return [_side(conditions, code, query.latest) for code in codes]


def _countries(session: ReadSession, version: int, given: str) -> list[str]:
    parts = [part.strip() for part in given.split("|")]
    found = [find(session, version, filters.COUNTRY, part, "country") for part in parts]
    faults = [each for each in found if isinstance(each, Fault)]
    if len(parts) > MAX_COMPARED:
        detail = f"has {len(parts)} countries; up to {MAX_COMPARED} are compared."
        faults = [Fault(detail, "country")]
    if faults:
        raise InvalidRequest.of(faults)
    return list(dict.fromkeys(each for each in found if isinstance(each, str)))


def _side(conditions: Conditions, code: str, latest: int) -> Entry:
    session, version, params = conditions.session, conditions.version, conditions.params
    where = [*public_at(_POSITION, version), *conditions.where]
    own = [*where, _POSITION.c.country_code == code]
    others = [
        *where,
        _POSITION.c.country_code.is_distinct_from(code),
        exists().where(_TARGET.c.version_id == _POSITION.c.row_id, _TARGET.c.country_code == code),
    ]
    count = select(func.count()).select_from(_POSITION)
    total = session.scalar(count.where(*own), params)
    rows = session.rows(
        POSITIONS.select(version)
        .where(*own)
        .order_by(_POSITION.c.said_key.desc(), _POSITION.c.id.desc())
        .limit(latest),
        params,
    )
    countries = table(models.CountryVersion)
    name = select(countries.c.name).where(countries.c.code == code, valid_at(countries, version))
    return {
        "country": {"code": code, "name": session.scalar(name)},
        "statement": "on_record" if total else "none_on_record",
        "total": total,
        "target_of": session.scalar(count.where(*others), params),
        "positions": POSITIONS.show(session, version, rows),
    }


# Shifts


def shifts(session: ReadSession, version: int, query: ShiftQuery) -> list[Entry]:
    """Consecutive statements that differ. Raises TooManyCells for too wide a question."""
    conditions = POSITIONS.conditions(session, version)
    conditions.named("country", query.country, filters.COUNTRY, _POSITION.c.country_code)
    conditions.topic(query.topic, _POSITION.c.topic)
    rows = session.rows(
        POSITIONS.select(version)
        .where(
            *public_at(_POSITION, version),
            *conditions.checked().where,
            _POSITION.c.country_code.is_not(None),
            _POSITION.c.said_on.is_not(None),
        )
        .order_by(_POSITION.c.country_code, _POSITION.c.topic, _POSITION.c.said_key, _POSITION.c.id)
        .limit(MAX_STATEMENTS + 1),
        conditions.params,
    )
    if len(rows) > MAX_STATEMENTS:
        raise TooManyCells(
            f"More than {MAX_STATEMENTS:,} statements match. Ask for one country or topic."
        )
    entries = POSITIONS.show(session, version, rows)
    found = [
        {
            "country": after["country"],
            "topic": after["topic"],
            "shift": shift,
            "before": before,
            "after": after,
        }
        for _, statements in groupby(entries, key=_actor_and_topic)
        for before, after in pairwise(statements)
        if before["said_on"] != after["said_on"] and (shift := classed(before, after))
    ]
    return sorted(found, key=lambda each: (each["after"]["said_on"], each["after"]["id"]))[::-1]


def _actor_and_topic(entry: Entry) -> tuple[Any, Any]:
    return entry["country"]["code"], entry["topic"]["slug"]


def classed(before: Entry, after: Entry) -> str | None:
    """How the later of two statements shifts from the earlier; none if it does not."""
    old, new = Stance(before["stance"]), Stance(after["stance"])
    if old in _OPEN and new not in _OPEN:
        return "decided"
    if {old, new} in _OPPOSITES:
        return "reversed"
    if bool(after["conditions"]) != bool(before["conditions"]):
        return "became_conditional" if after["conditions"] else "condition_dropped"
    moved = _TEMPER[new.tone] - _TEMPER[old.tone]
    if moved:
        return "hardened" if moved > 0 else "softened"
    return "changed" if old != new or before["conditions"] != after["conditions"] else None
