"""Positions: the slice's only SQL."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, case, extract, func, select

from app import models, tallies
from app.codelists import ClauseKind, Modality, Precision, Stance, Tone
from app.dates import shown_date
from app.errors import Fault, TooManyCells
from app.fulltext import match, matching, parse
from app.positions.schemas import (
    MAX_CELLS,
    CountQuery,
    Position,
    PositionFilters,
    TopicFilters,
)
from app.sessions import ReadSession
from app.sql import PINNED, Version, table
from app.web import children, filters
from app.web.facts import fact_columns, proved
from app.web.filters import Conditions
from app.web.listing import Entity, Entry, public

_VERSION = table(models.PositionVersion)
_TARGET = table(models.PositionTarget)
_CLAUSE = table(models.PositionClause)
_EVIDENCE = table(models.PositionEvidence)
_TONES = {stance.value: stance.tone.value for stance in Stance}
_CLAUSES: Mapping[str, str] = {
    ClauseKind.CONDITION: "conditions",
    ClauseKind.AWAITS: "awaits",
    ClauseKind.DECIDED_BY: "decided_by",
}


def _select(version: Version) -> Select[Any]:
    country, body, agency = (
        children.country(version),
        children.group(version),
        children.group(version),
    )
    speaker, topic = children.official(version), children.topic(version)
    statement = select(
        *fact_columns(_VERSION),
        _VERSION.c.country_code,
        country.name.label("country_name"),
        _VERSION.c.body,
        body.name.label("body_name"),
        _VERSION.c.speaker,
        speaker.name.label("speaker_name"),
        _VERSION.c.speaker_role,
        _VERSION.c.topic,
        topic.name.label("topic_name"),
        _VERSION.c.stance,
        _VERSION.c.modality,
        _VERSION.c.proposition,
        _VERSION.c.said_on,
        _VERSION.c.said_on_precision,
        _VERSION.c.reported_via,
        agency.name.label("agency_name"),
    ).select_from(_VERSION)
    for joined, reference in (
        (country, _VERSION.c.country_code),
        (body, _VERSION.c.body),
        (speaker, _VERSION.c.speaker),
        (topic, _VERSION.c.topic),
        (agency, _VERSION.c.reported_via),
    ):
        statement = joined.to(statement, reference)
    return statement


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    targets = children.actors(session, version, _TARGET, ids)
    clauses = _clauses(session, version, ids)
    proofs = children.evidence(session, version, _EVIDENCE, ids)
    return [
        _entry(row, targets[row.row_id], clauses[row.row_id], proofs[row.row_id]) for row in rows
    ]


def _entry(
    row: Row[Any], targets: list[Entry], clauses: dict[str, list[Entry]], proofs: list[Entry]
) -> Entry:
    return {
        "id": row.id,
        "country": children.coded(row.country_code, row.country_name),
        "body": children.slugged(row.body, row.body_name),
        "speaker": children.slugged(row.speaker, row.speaker_name),
        "speaker_role": row.speaker_role,
        "topic": children.slugged(row.topic, row.topic_name),
        "stance": row.stance,
        "tone": _TONES[row.stance],
        "modality": row.modality,
        "proposition": row.proposition,
        "quotation": next((proof["exact"] for proof in proofs if proof["exact"]), None),
        "targets": targets,
        **clauses,
        "said_on": shown_date(row.said_on, row.said_on_precision),
        "said_on_precision": row.said_on_precision,
        "reported_via": children.slugged(row.reported_via, row.agency_name),
        **proved(row, proofs),
    }


def _clauses(
    session: ReadSession, version: int, parents: Sequence[int]
) -> dict[int, dict[str, list[Entry]]]:
    found: dict[int, dict[str, list[Entry]]] = defaultdict(
        lambda: {name: [] for name in _CLAUSES.values()}
    )
    for row in session.run("clauses", _select_clauses, {"version": version, "parents": parents}):
        name = _CLAUSES[row.kind]
        clause = {"text": row.text, "group": children.slugged(row.group_slug, row.group_name)}
        found[row.version_id][name].append(clause)
    return found


def _select_clauses() -> Select[Any]:
    group = children.group(PINNED)
    statement = select(
        _CLAUSE.c.version_id,
        _CLAUSE.c.kind,
        _CLAUSE.c.text,
        _CLAUSE.c.group_slug,
        group.name.label("group_name"),
    ).select_from(_CLAUSE)
    return children.of_parents(group.to(statement, _CLAUSE.c.group_slug), _CLAUSE)


def narrow(conditions: Conditions, query: PositionFilters) -> None:
    """The filters of a list or of counts, as conditions."""
    conditions.named("country", query.country, filters.COUNTRY, _VERSION.c.country_code)
    conditions.named("body", query.body, filters.GROUP, _VERSION.c.body)
    conditions.named("speaker", query.speaker, filters.OFFICIAL, _VERSION.c.speaker)
    conditions.actors("target", query.target, _TARGET)
    conditions.code("stance", query.stance, Stance, _VERSION.c.stance)
    conditions.code("modality", query.modality, Modality, _VERSION.c.modality)
    conditions.evidence(query.article, _EVIDENCE)
    conditions.dates(
        "said", query.said_from, query.said_to, _VERSION.c.said_on, _VERSION.c.said_key
    )
    conditions.column("tone", query.tone, filters.codes(Tone), _VERSION.c.stance, _stances)
    _search(conditions, query.q)
    if isinstance(query, TopicFilters):
        conditions.topic(query.topic, _VERSION.c.topic)


def _stances(tones: list[str]) -> list[str]:
    """The tone is no column: it follows from the stance."""
    return [stance.value for stance in Stance if stance.tone in tones]


def _search(conditions: Conditions, given: str | None) -> None:
    if given is None:
        return
    phrases = parse(given)
    if not phrases:
        conditions.faults.append(Fault("holds no word to search for.", "q"))
        return
    conditions.read_as["q"] = [" ".join(phrase) for phrase in phrases]
    dialect = conditions.session.dialect
    conditions.phrases = phrases
    among = lambda: _VERSION.c.row_id.in_(matching(dialect))
    conditions.add("q", among, q=match(phrases, dialect))


def _hint(conditions: Conditions) -> str:
    """Countries that say nothing but are spoken about: the answer may be under `target`."""
    said = []
    for code in conditions.read_as.get("country", []):
        about = select(func.count(_VERSION.c.id.distinct())).where(
            *public(_VERSION)(conditions.version),
            _VERSION.c.row_id.in_(
                select(_TARGET.c.version_id).where(_TARGET.c.country_code == code)
            ),
        )
        if count := conditions.session.scalar(about):
            said.append(f" {code} is the target of {count} positions of others: target={code}.")
    return "".join(said)


# Totals


_TALLIED = {
    **{name: name for name in ("country", "body", "speaker", "topic", "stance", "modality")},
    "tone": "stance",
    "within": "topic",
}
"""Conditions, and the dimension of the tallies that each is on."""


def wanted(conditions: Conditions) -> tallies.Asked | None:
    """The filters in the terms of the tallies, or None if one of them goes beyond these."""
    parameters = conditions.names - {"said_from", "said_to"}
    if not parameters <= _TALLIED.keys():
        return None
    asked: list[tuple[str, tallies.Wanted]] = [
        (_TALLIED[each], conditions.values_of(each)) for each in sorted(parameters)
    ]
    since, until = (conditions.params.get(name) for name in ("said_from", "said_to"))
    months = tallies.Months(since, until)
    if not months.whole:
        return None
    return [*asked, ("month", months)] if since or until else asked


def _total(conditions: Conditions) -> int | None:
    asked = wanted(conditions)
    if asked is None:
        return None
    return tallies.total(conditions.session, conditions.version, asked)


POSITIONS: Entity[Any] = Entity(
    noun="position",
    table=_VERSION,
    key="id",
    orders={"said_on": "said_key", "recorded_in": "recorded_in"},
    visible=public(_VERSION),
    select=_select,
    show=_show,
    shown=Position,
    narrow=narrow,
    hint=_hint,
    horizon="position",
    drivers=("speaker", "body", "topic", "country_code", "stance", "modality"),
    tallied=_total,
)


# Counts


@dataclass(frozen=True)
class _Dimension:
    """What positions can be counted by: a value, and the name of what it refers to."""

    value: Any
    joined: Callable[[int], children.Joined] | None = None
    show: Callable[[Any, Any], Any] = lambda value, _: value


_MONTHS = _VERSION.c.said_on_precision.in_([Precision.DAY.value, Precision.MONTH.value])
_YEAR: ColumnElement[Any] = extract("year", _VERSION.c.said_on)
_MONTH: ColumnElement[Any] = _YEAR * 100 + extract("month", _VERSION.c.said_on)

_DIMENSIONS = {
    "country": _Dimension(_VERSION.c.country_code, children.country, children.coded),
    "body": _Dimension(_VERSION.c.body, children.group, children.slugged),
    "speaker": _Dimension(_VERSION.c.speaker, children.official, children.slugged),
    "topic": _Dimension(_VERSION.c.topic, children.topic, children.slugged),
    "stance": _Dimension(_VERSION.c.stance),
    "tone": _Dimension(
        case(
            *(
                (
                    _VERSION.c.stance.in_([s.value for s in Stance if s.tone == tone]),
                    tone.value,
                )
                for tone in Tone
            )
        )
    ),
    "modality": _Dimension(_VERSION.c.modality),
    "month": _Dimension(
        case((_MONTHS, _MONTH)),
        show=lambda value, _: value and f"{int(value) // 100:04}-{int(value) % 100:02}",
    ),
    "year": _Dimension(_YEAR, show=lambda value, _: value and f"{int(value):04}"),
}


def counts(session: ReadSession, version: int, query: CountQuery) -> tuple[list[Entry], Conditions]:
    """The cells that a count has. Raises TooManyCells beyond what one answer holds."""
    conditions = POSITIONS.conditions(session, version)
    narrow(conditions, query)
    conditions.checked()
    rows = _tallied(conditions, query.by)
    if rows is None:
        rows = _counted(conditions, query.by)
    if len(rows) > MAX_CELLS:
        raise TooManyCells(
            f"These counts have more than {MAX_CELLS:,} cells. Filter, or count by less."
        )
    return [_cell(row, query.by) for row in rows], conditions


def _tallied(conditions: Conditions, by: Sequence[str]) -> Sequence[Any] | None:
    """The cells from the tallies; None if these lack some, or are of another time."""
    asked, version = wanted(conditions), conditions.version
    kept = None if asked is None else tallies.cells(by, asked)
    if asked is None or kept is None:
        return None
    last, cells = tallies.LAST_CHANGE, kept.limit(MAX_CELLS + 1).subquery()
    # A row whatever there is to count: it tells of which time the tallies are.
    found = select(last.c.last, *cells.c).select_from(last.outerjoin(cells, last.c.last == version))
    named, params = _named(found, cells, version, by), tallies.params(asked)
    rows = conditions.session.rows(named, params)
    if rows[0].last != version:
        return None
    return [row for row in rows if row.counted is not None]


def _counted(conditions: Conditions, by: Sequence[str]) -> Sequence[Any]:
    """The cells from the positions themselves."""
    version = conditions.version
    values = [_DIMENSIONS[name].value.label(f"value_{name}") for name in by]
    where = [*public(_VERSION)(version), *conditions.where]
    counted = select(*values, func.count().label("counted")).where(*where).group_by(*values)
    cells = counted.limit(MAX_CELLS + 1).subquery()
    named = _named(select(*cells.c), cells, version, by)
    return conditions.session.rows(named, conditions.params)


def _named(found: Select[Any], cells: FromClause, version: int, by: Sequence[str]) -> Select[Any]:
    """Cells in order, with the names of what they refer to."""
    for name in by:
        value, joins = cells.c[f"value_{name}"], _DIMENSIONS[name].joined
        if joins is not None:
            joined = joins(version)
            found = joined.to(found, value).add_columns(joined.name.label(f"name_{name}"))
        found = found.order_by(value.is_(None), value)
    return found


def _cell(row: Row[Any], by: Sequence[str]) -> Entry:
    shown = {
        name: _DIMENSIONS[name].show(
            getattr(row, f"value_{name}"), getattr(row, f"name_{name}", None)
        )
        for name in by
    }
    return shown | {"count": row.counted}
