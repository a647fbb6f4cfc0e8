"""Statements on the driver: built from the tables once, compiled once, run many times.

SQLAlchemy is how statements are said and how each database is spoken to. To build and look up a
statement for every request costs more than to run it, so a statement that is asked for again and
again is kept in its compiled form, with its parameters by name.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Dialect,
    FromClause,
    Join,
    Select,
    SelectBase,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import SQLModel

from app.codelists import Curation

PINNED: BindParameter[int] = bindparam("version", type_=BigInteger())
"""The record version that a read is pinned to, given when the statement is run."""

Version = int | BindParameter[int]
"""A record version: a number, or PINNED."""

Row = Any
"""A row: a tuple with the names of its columns."""

MAX_PLANS = 2_000
"""Plans that are kept. There are as many as combinations of filters that are really asked for."""


def table(model: type[SQLModel]) -> Table:
    """The table of a model: statements are built from tables, which name columns as columns."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def valid_at(versions: FromClause, version: Version) -> ColumnElement[bool]:
    """The rows of a table of versions that were valid after change number `version`.

    Almost all of them were, so no index is to be chosen for it.
    """
    recorded, superseded = unindexed(versions.c.recorded_in), unindexed(versions.c.superseded_in)
    return and_(recorded <= version, or_(superseded.is_(None), superseded > version))


def public_at(versions: FromClause, version: Version) -> list[ColumnElement[bool]]:
    """The rows that the public sees at a record version: valid then and, for facts, published."""
    conditions = [valid_at(versions, version)] if "recorded_in" in versions.c else []
    if "curation" in versions.c:
        conditions.append(versions.c.curation == Curation.PUBLISHED.value)
    return conditions


_named: Callable[..., Any] = namedtuple  # with names that only the statement knows


class _Among(ColumnElement[bool]):
    """That a column has one of the values of a parameter, however many these are."""

    inherit_cache = False
    type = Boolean()
    _is_implicitly_boolean = True  # else SQLite, which has no booleans, gets a needless "= 1"

    def __init__(self, target: ColumnElement[Any], name: str) -> None:
        self.target = target
        self.name = name


def among(target: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column has one of the values that the parameter `name` brings as a list."""
    return _Among(target, name)


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    """A list goes to SQLite as JSON: it has no arrays, and the statement stays the same text."""
    listed = func.json_each(bindparam(element.name, type_=Text())).table_valued("value")
    return str(compiler.process(element.target.in_(select(listed.c.value)), **options))


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    given: BindParameter[Any] = bindparam(element.name)
    return str(compiler.process(element.target == func.any(given), **options))


class _Unindexed(ColumnElement[Any]):
    """A column that no index of SQLite is to be chosen for."""

    inherit_cache = False

    def __init__(self, target: ColumnElement[Any]) -> None:
        self.target = target
        self.type = target.type


def unindexed(target: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as it is, without SQLite's choosing an index for what is said of it.

    PostgreSQL chooses by what the tables hold and needs no such advice.
    """
    return _Unindexed(target)


@compiles(_Unindexed)
def _as_it_is(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.target, **options))


@compiles(_Unindexed, "sqlite")
def _with_a_plus(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    """https://www.sqlite.org/optoverview.html: a unary plus keeps a term from using an index."""
    return f"+{compiler.process(element.target, **options)}"


class _Collected(ColumnElement[bool]):
    """That a column has one of the values that a statement gives, which is run first."""

    inherit_cache = False
    type = Boolean()
    _is_implicitly_boolean = True

    def __init__(self, target: ColumnElement[Any], found: Select[Any]) -> None:
        self.target = target
        self.found = found


def collected(target: ColumnElement[Any], found: Select[Any]) -> ColumnElement[bool]:
    """That a column has one of the values that a statement gives: few enough to collect first."""
    return _Collected(target, found)


@compiles(_Collected, "sqlite")
def _collected_sqlite(element: _Collected, compiler: SQLCompiler, **options: Any) -> str:
    return str(compiler.process(element.target.in_(element.found), **options))


@compiles(_Collected, "postgresql")
def _collected_postgresql(element: _Collected, compiler: SQLCompiler, **options: Any) -> str:
    """As an array, PostgreSQL runs it once and takes it that the values are few."""
    values = func.array(element.found.scalar_subquery())
    return str(compiler.process(element.target == func.any(values), **options))


class _InTurn(Join):
    """A join whose left side is walked, the right one being looked at for each of its rows."""

    inherit_cache = False


def in_turn(first: FromClause, then: FromClause, on: ColumnElement[bool]) -> Join:
    """Two tables joined, which SQLite goes through in this order."""
    return _InTurn(first, then, on)


@compiles(_InTurn, "sqlite")
def _in_turn_sqlite(element: _InTurn, compiler: SQLCompiler, **options: Any) -> str:
    """https://www.sqlite.org/optoverview.html: CROSS JOIN keeps the order of the tables."""
    sides = (compiler.process(side, **options) for side in (element.left, element.right))
    assert element.onclause is not None  # noqa: S101 - `in_turn` gives it
    on = compiler.process(element.onclause, **options)
    return f"{' CROSS JOIN '.join(sides)} ON {on}"


def merged(ranges: Sequence[Select[Any]], dialect: str, *, descending: bool) -> Subquery:
    """The first rows, as the parameter `limit` has it, of ranges that are each in order.

    The first column is the row number, the others are the order. SQLite merges ranges as it goes;
    PostgreSQL has to be told how far each of them can matter.
    """
    width = len(ranges[0].selected_columns)
    places: list[ColumnElement[Any]] = [
        literal_column(str(number + 1)) for number in range(1, width)
    ]
    order = [place.desc() if descending else place.asc() for place in places]
    if dialect == "postgresql":
        first = [each.order_by(*order).limit(bindparam("limit")).subquery() for each in ranges]
        ranges = [select(each) for each in first]
    return union_all(*ranges).order_by(*order).limit(bindparam("limit")).subquery()


def gathered(statements: Sequence[SelectBase]) -> Select[Any]:
    """The rows of several statements as one row of JSON texts, which `Plan.read` reads.

    To ask a server is to wait for it: for one statement as long as for four of these.
    """
    texts = []
    for each in statements:
        found = each.subquery()
        listed = func.json_agg(func.json_build_array(*found.c))
        texts.append(select(cast(listed, Text)).select_from(found).scalar_subquery())
    return select(*texts)


class Plan:
    """A statement compiled for a database."""

    def __init__(self, statement: SelectBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what every statement compiles to
        unset = {bind.key: None for bind in compiled.bind_names if bind.required}
        state = compiled.construct_expanded_state(unset)
        self.sql = state.statement
        self._order = state.positiontup
        self._processors = {
            name: processor
            for bind, name in compiled.bind_names.items()
            if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect))
        } | dict(state.processors)
        self._fixed = {
            name: self._bound(name, value)
            for name, value in state.parameters.items()
            if name not in unset
        }
        columns = list(statement.selected_columns)
        self._row = _named("Row", [c.key for c in columns], rename=True)._make
        self._readers = [
            (place, reader)
            for place, c in enumerate(columns)
            if (reader := c.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        self._dates = [place for place, c in enumerate(columns) if isinstance(c.type, Date)]

    def parameters(self, given: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        values = self._fixed | {name: self._bound(name, given[name]) for name in given}
        return values if self._order is None else [values[name] for name in self._order]

    def rows(self, fetched: Sequence[Sequence[Any]]) -> list[Row]:
        """What the driver gave, as rows with names and in Python's types."""
        if self._readers:
            fetched = [self._read(each) for each in fetched]
        return list(map(self._row, fetched))

    def read(self, text: str | None) -> list[Row]:
        """The rows in a JSON text of `gathered`; no text is no rows."""
        found: list[list[Any]] = orjson.loads(text) if text else []
        for row in found if self._dates else ():
            for place in self._dates:
                row[place] = row[place] and date.fromisoformat(row[place])
        return list(map(self._row, found))

    def _bound(self, name: str, value: Any) -> Any:
        processor = self._processors.get(name)
        if processor is not None:
            return processor(value)
        if isinstance(value, list) and self._order is not None:
            return orjson.dumps(value).decode()
        return value

    def _read(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, reader in self._readers:
            values[place] = reader(values[place])
        return values


class Plans:
    """The plans of a database, by what they were made for."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._kept: dict[Hashable, Plan] = {}

    def made(self, statement: SelectBase) -> Plan:
        """A plan for a statement that is run once."""
        return Plan(statement, self._dialect)

    def kept(self, shape: Hashable, build: Callable[[], SelectBase]) -> Plan:
        """The plan for statements of this shape, made by `build` the first time."""
        found = self._kept.get(shape)
        if found is None:
            if len(self._kept) >= MAX_PLANS:
                self._kept.clear()
            found = self._kept[shape] = self.made(build())
        return found
