"""Positions: the slice's only SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    extract,
    func,
    literal_column,
    select,
)

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
from app.web.entities import Entity, public
from app.web.facts import fact_columns, proved
from app.web.filters import Conditions
from app.web.references import Entry, References
from app.web.schemas import UNTALLIED_CAP

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


def _select(_: Version) -> Select[Any]:
    return select(
        *fact_columns(_VERSION),
        _VERSION.c.country_code,
        _VERSION.c.body,
        _VERSION.c.speaker,
        _VERSION.c.speaker_role,
        _VERSION.c.topic,
        _VERSION.c.stance,
        _VERSION.c.modality,
        _VERSION.c.proposition,
        _VERSION.c.said_on,
        _VERSION.c.said_on_precision,
        _VERSION.c.reported_via,
        _VERSION.c.sources,
        _VERSION.c.independent_sources,
    ).select_from(_VERSION)


def _show(session: ReadSession, version: int, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.row_id for row in rows]
    with References(session, version) as refer:
        targets, clauses, proofs = children.load(refer, ids, _TARGETS, _SAID, _PROOFS)
        return [
            _entry(refer, row, targets[row.row_id], clauses[row.row_id], proofs[row.row_id])
            for row in rows
        ]


def _entry(
    refer: References,
    row: Row[Any],
    targets: list[Entry],
    clauses: list[tuple[str, Entry]],
    proofs: list[Entry],
) -> Entry:
    said: dict[str, list[Entry]] = {"conditions": [], "awaits": [], "decided_by": []}
    for kind, clause in clauses:
        said[_CLAUSES[kind]].append(clause)
    return {
        "id": row.id,
        "country": refer.country[row.country_code],
        "body": refer.group[row.body],
        "speaker": refer.official[row.speaker],
        "speaker_role": row.speaker_role,
        "topic": refer.topic[row.topic],
        "stance": row.stance,
        "tone": _TONES[row.stance],
        "modality": row.modality,
        "proposition": row.proposition,
        "quotation": next((proof["exact"] for proof in proofs if proof["exact"]), None),
        "targets": targets,
        **said,
        "said_on": shown_date(row.said_on, row.said_on_precision),
        "said_on_precision": row.said_on_precision,
        "reported_via": refer.group[row.reported_via],
        "sources": row.sources,
        "independent_sources": row.independent_sources,
        **proved(row, proofs),
    }


def _select_clauses(child: Table) -> Select[Any]:
    return select(child.c.version_id, child.c.kind, child.c.text, child.c.group_slug)


def _show_clause(refer: References, row: Row[Any]) -> tuple[str, Entry]:
    return row.kind, {"text": row.text, "group": refer.group[row.group_slug]}


_TARGETS, _PROOFS = children.actors(_TARGET), children.evidence(_EVIDENCE)
_SAID = children.Children(_CLAUSE, _select_clauses, _show_clause)


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
    _number(conditions, "sources", query.sources_from, query.sources_to)
    least, most = query.independent_sources_from, query.independent_sources_to
    _number(conditions, "independent_sources", least, most)
    conditions.column("tone", query.tone, filters.codes(Tone), _VERSION.c.stance, _stances)
    _search(conditions, query.q)
    if isinstance(query, TopicFilters):
        conditions.topic(query.topic, _VERSION.c.topic)


def _stances(tones: list[str]) -> list[str]:
    """The tone is no column: it follows from the stance."""
    return [stance.value for stance in Stance if stance.tone in tones]


def _number(conditions: Conditions, name: str, least: int | None, most: int | None) -> None:
    """A range of a number that is one or more, both ends included.

    Few positions have more than one: of these there are indexes, for which the condition says so.
    """
    column, since, until = _VERSION.c[name], f"{name}_from", f"{name}_to"
    if least is not None and most is not None and least > most:
        fault = f"{least} is more than {until}, {most}: nothing can lie between."
        conditions.faults.append(Fault(fault, since))
    given = {parameter: n for parameter, n in ((since, least), (until, most)) if n is not None}
    conditions.read_as |= {parameter: [str(n)] for parameter, n in given.items()}
    if least is not None and least > 1:
        enough = lambda: and_(column > literal_column("1"), column >= bindparam(since))
        conditions.add(since, enough, **{since: least})
    if most is not None:
        conditions.add(until, lambda: column <= bindparam(until), **{until: most})


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
        params = {"version": conditions.version, "code": code, "most": UNTALLIED_CAP + 1}
        if count := conditions.session.run("about", _about, params)[0][0]:
            many = f"more than {UNTALLIED_CAP:,}" if count > UNTALLIED_CAP else count
            said.append(f" {code} is the target of {many} positions of others: target={code}.")
    return "".join(said)


def _about() -> Select[Any]:
    """How many positions are addressed to a country, as far as that is told."""
    addressed = and_(
        _TARGET.c.version_id == _VERSION.c.row_id, _TARGET.c.country_code == bindparam("code")
    )
    found = select(_VERSION.c.row_id).join(_TARGET, addressed).where(*public(_VERSION)(PINNED))
    some = found.limit(bindparam("most")).subquery()
    return select(func.count(some.c.row_id.distinct()))


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
    """What positions can be counted by, and how a value of it is shown."""

    value: Any
    show: Callable[[References], Callable[[Any], Any]] = lambda _: lambda value: value


def _shown_month(value: Any) -> str | None:
    return value and f"{int(value) // 100:04}-{int(value) % 100:02}"


def _shown_year(value: Any) -> str | None:
    return value and f"{int(value):04}"


_MONTHS = _VERSION.c.said_on_precision.in_([Precision.DAY.value, Precision.MONTH.value])
_YEAR: ColumnElement[Any] = extract("year", _VERSION.c.said_on)
_MONTH: ColumnElement[Any] = _YEAR * 100 + extract("month", _VERSION.c.said_on)

_DIMENSIONS = {
    "country": _Dimension(_VERSION.c.country_code, lambda refer: refer.country.__getitem__),
    "body": _Dimension(_VERSION.c.body, lambda refer: refer.group.__getitem__),
    "speaker": _Dimension(_VERSION.c.speaker, lambda refer: refer.official.__getitem__),
    "topic": _Dimension(_VERSION.c.topic, lambda refer: refer.topic.__getitem__),
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
    "month": _Dimension(case((_MONTHS, _MONTH)), lambda _: _shown_month),
    "year": _Dimension(_YEAR, lambda _: _shown_year),
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
    return _cells(session, version, rows, query.by), conditions


def _tallied(conditions: Conditions, by: Sequence[str]) -> Sequence[Any] | None:
    """The cells from the tallies; None if these lack some, or are of another time."""
    asked, version = wanted(conditions), conditions.version
    kept = None if asked is None else tallies.cells(by, asked)
    if asked is None or kept is None:
        return None

    def build() -> Select[Any]:
        last, cells = tallies.LAST_CHANGE, kept.limit(MAX_CELLS + 1).subquery()
        # A row whatever there is to count: it tells of which time the tallies are.
        found = select(last.c.last, *cells.c)
        return _ordered(found.select_from(last.outerjoin(cells, last.c.last == PINNED)), cells, by)

    shape = ("cells", *by, tuple((name, wanted.shape) for name, wanted in asked))
    params = tallies.params(asked) | {"version": version}
    rows = conditions.session.run(shape, build, params)
    if rows[0].last != version:
        return None
    return [row for row in rows if row.counted is not None]


def _counted(conditions: Conditions, by: Sequence[str]) -> Sequence[Any]:
    """The cells from the positions themselves."""

    def build() -> Select[Any]:
        values = [_DIMENSIONS[name].value.label(f"value_{name}") for name in by]
        where = [*public(_VERSION)(PINNED), *conditions.where]
        counted = select(*values, func.count().label("counted")).where(*where).group_by(*values)
        cells = counted.limit(MAX_CELLS + 1).subquery()
        return _ordered(select(*cells.c), cells, by)

    params = conditions.params | {"version": conditions.version}
    return conditions.session.run(("counted", *by, conditions.shape), build, params)


def _ordered(found: Select[Any], cells: FromClause, by: Sequence[str]) -> Select[Any]:
    """Cells in order, what has no value last."""
    for name in by:
        value = cells.c[f"value_{name}"]
        found = found.order_by(value.is_(None), value)
    return found


def _cells(
    session: ReadSession, version: int, rows: Sequence[Any], by: Sequence[str]
) -> list[Entry]:
    columns = []
    with References(session, version) as refer:
        for name in by:
            show, column = _DIMENSIONS[name].show(refer), f"value_{name}"
            columns.append([show(getattr(row, column)) for row in rows])
        return [
            {**dict(zip(by, cell, strict=True)), "count": row.counted}
            for row, *cell in zip(rows, *columns, strict=True)
        ]
