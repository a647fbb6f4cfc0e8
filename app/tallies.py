"""Tallies: counts of the current published positions, kept by the writer, read in place of them.

A cube has a cell for each combination of values that occurs in its few dimensions. Cubes are
changed in the transaction of the change that moves them, so they are right exactly where the last
change is the record version that is read; every read asks for both in one statement, which sees one
state of the database. The past is counted from the versions themselves.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.codelists import Curation, Precision, Stance, Tone
from app.models import Change, PositionTally, PositionTotal, PositionVersion
from app.sessions import ReadSession, WriteSession
from app.sql import table

Cube = tuple[str, ...]
Said = Mapping[str, Any]
"""What a version of a position says, by column."""

CUBES: tuple[Cube, ...] = (
    ("modality", "stance"),
    ("modality", "topic"),
    ("stance", "topic"),
    ("country", "modality"),
    ("country", "stance"),
    ("country", "topic"),
    ("modality", "month"),
    ("stance", "month"),
    ("topic", "month"),
    ("country", "month"),
    ("body", "topic"),
    ("speaker", "topic"),
    ("country", "topic", "stance"),
)
"""What is counted by what, small cubes first: a question takes the first that answers it."""

_TALLY = table(PositionTally)
_TOTAL = table(PositionTotal)
_VERSION = table(PositionVersion)
_PLACES = (_TALLY.c.a, _TALLY.c.b, _TALLY.c.c)
_COLUMNS = {
    "country": "country_code",
    **{name: name for name in ("body", "speaker", "topic", "stance", "modality")},
}


# Writing


def adjust(
    session: WriteSession, seq: int, moves: Iterable[tuple[Said | None, Said | None]]
) -> None:
    """Take over what change `seq` does to positions, each as it was before and as it is now."""
    moved: Counter[tuple[str, ...]] = Counter()
    added = 0
    for before, after in moves:
        moved.subtract(_cells_of(before))
        moved.update(_cells_of(after))
        added += _public(after) - _public(before)
    if added:
        before_it = session.scalar(_total_at(), {"version": seq}) or 0
        session.execute(insert(_TOTAL), [{"seq": seq, "n": before_it + added}])
    names = [column.name for column in _TALLY.primary_key]
    cells = [
        (number, dict(zip(names, cell, strict=True)))
        for cell, number in sorted(moved.items())
        if number
    ]
    if cells:
        session.execute(_adding(session.dialect), [cell | {"n": n} for n, cell in cells])
    if less := [cell for n, cell in cells if n < 0]:
        session.execute(_dropping(), less)


def rebuild(session: WriteSession) -> None:
    """Count everything anew from the versions, as after a load that passed the tallies by."""
    session.execute(delete(_TALLY))
    current = and_(
        _VERSION.c.superseded_in.is_(None), _VERSION.c.curation == Curation.PUBLISHED.value
    )
    for cube in CUBES:
        values = [_value(name, session.dialect).label(f"value_{name}") for name in cube]
        missing = [literal("")] * (len(_PLACES) - len(cube))
        counted = (
            select(literal(_name(cube)), *values, *missing, func.count())
            .where(current)
            .group_by(*values)
        )
        session.execute(insert(_TALLY).from_select([c.name for c in _TALLY.c], counted))
    session.execute(delete(_TOTAL))
    session.execute(insert(_TOTAL).from_select(["seq", "n"], _totals()))


def _totals() -> Select[Any]:
    """How many positions were published after each change that altered their number."""
    published = _VERSION.c.curation == Curation.PUBLISHED.value
    came = select(_VERSION.c.recorded_in.label("seq"), literal(1).label("added")).where(published)
    went = select(_VERSION.c.superseded_in, literal(-1)).where(
        published, _VERSION.c.superseded_in.is_not(None)
    )
    moved = union_all(came, went).subquery()
    added = func.sum(moved.c.added)
    by_change = select(moved.c.seq, added.label("added")).group_by(moved.c.seq).having(added != 0)
    changes = by_change.subquery()
    running = func.sum(changes.c.added).over(order_by=changes.c.seq)
    return select(changes.c.seq, cast(running, BigInteger))


def _name(cube: Cube) -> str:
    return "/".join(cube)


def _cells_of(said: Said | None) -> list[tuple[str, ...]]:
    """The cells that a version of a position counts in; none if it is not public."""
    if said is None or not _public(said):
        return []
    values = {name: said[column] or "" for name, column in _COLUMNS.items()}
    values["month"] = _month(said["said_on"], said["said_on_precision"])
    return [
        (_name(cube), *(values[name] for name in cube), *[""] * (len(_PLACES) - len(cube)))
        for cube in CUBES
    ]


def _public(said: Said | None) -> bool:
    return said is not None and said["curation"] == Curation.PUBLISHED


def _month(on: date | None, precision: str) -> str:
    """A date as it is counted: its month, or its year if that is all that is known."""
    if on is None:
        return ""
    return on.isoformat()[: 4 if precision == Precision.YEAR else 7]


def _value(name: str, dialect: str) -> ColumnElement[str]:
    """A dimension's value in SQL, as `_cells_of` has it."""
    if name != "month":
        return func.coalesce(_VERSION.c[_COLUMNS[name]], "")
    on = _VERSION.c.said_on
    day = func.to_char(on, "YYYY-MM-DD") if dialect == "postgresql" else cast(on, _TALLY.c.a.type)
    length = case((_VERSION.c.said_on_precision == Precision.YEAR.value, 4), else_=7)
    return func.coalesce(func.substr(day, 1, length), "")


def _adding(dialect: str) -> Any:
    """Add to cells, those that there are and those that there are not yet."""
    to: Any = (sqlite if dialect == "sqlite" else postgresql).insert(_TALLY)
    added = {"n": _TALLY.c.n + to.excluded.n}
    return to.on_conflict_do_update(index_elements=list(_TALLY.primary_key), set_=added)


def _dropping() -> Any:
    """Take those of these cells away that count nothing any more."""
    key = [column == bindparam(column.name) for column in _TALLY.primary_key]
    return delete(_TALLY).where(*key, _TALLY.c.n == 0)


# Reading


class Wanted(Protocol):
    """What is wanted of a dimension's values; these are parameters, with names that begin alike."""

    @property
    def shape(self) -> Hashable:
        """What tells the condition from others, whatever the values."""

    def params(self, name: str) -> dict[str, str]:
        """The values, by the names of their parameters."""

    def among(self, value: ColumnElement[str], name: str) -> ColumnElement[bool]:
        """The condition on the value."""


@dataclass(frozen=True)
class OneOf:
    """These values; or with `out` all but these, no value at all included."""

    values: Sequence[str]
    out: bool = False

    @property
    def shape(self) -> Hashable:
        """How many values there are, and whether they are wanted."""
        return len(self.values), self.out

    def params(self, name: str) -> dict[str, str]:
        """The values, by the names of their parameters."""
        return {f"{name}_{place}": value for place, value in enumerate(self.values)}

    def among(self, value: ColumnElement[str], name: str) -> ColumnElement[bool]:
        """The condition on the value."""
        bound: list[BindParameter[str]] = [bindparam(each) for each in self.params(name)]
        return value.not_in(bound) if self.out else value.in_(bound)


@dataclass(frozen=True)
class Months:
    """The months from one day to another, either of them open."""

    since: date | None = None
    until: date | None = None

    @property
    def whole(self) -> bool:
        """Whether no month is cut in two."""
        starts = self.since is None or self.since.day == 1
        return starts and (self.until is None or self.until.day == _days(self.until))

    @property
    def shape(self) -> Hashable:
        """Always the same: an open end is a month before or after all others."""
        return "months"

    def params(self, name: str) -> dict[str, str]:
        """The two ends. A year counts as its January, before which it sorts."""
        since, until = self.since, self.until
        first = since.isoformat()[: 4 if since.month == 1 else 7] if since else _EARLIEST
        return {f"{name}_first": first, f"{name}_last": until.isoformat()[:7] if until else _LATEST}

    def among(self, value: ColumnElement[str], name: str) -> ColumnElement[bool]:
        """The condition on the value."""
        first, last = (
            bindparam(f"{name}_{end}", type_=_TALLY.c.a.type) for end in ("first", "last")
        )
        return and_(value >= first, value <= last)


_EARLIEST, _LATEST = "0", "9999-12"
"""Around all months; no month at all, the empty text, comes before."""


def _days(month: date) -> int:
    return monthrange(month.year, month.month)[1]


Asked = Sequence[tuple[str, Wanted]]
"""Dimensions of the cubes with what is wanted of each; all of it has to hold."""


def _plain(value: ColumnElement[str]) -> ColumnElement[Any]:
    return func.nullif(value, "")


def _tone(stance: ColumnElement[str]) -> ColumnElement[Any]:
    stances = {tone.value: [s.value for s in Stance if s.tone == tone] for tone in Tone}
    return case(*((stance.in_(of_tone), tone) for tone, of_tone in stances.items()))


def _as_month(value: ColumnElement[str]) -> ColumnElement[Any]:
    return case((func.length(value) == 7, cast(func.replace(value, "-", ""), Integer)))


def _as_year(value: ColumnElement[str]) -> ColumnElement[Any]:
    return cast(func.nullif(func.substr(value, 1, 4), ""), Integer)


_SHOWN: Mapping[str, tuple[str, Callable[[ColumnElement[str]], ColumnElement[Any]]]] = {
    **{name: (name, _plain) for name in _COLUMNS},
    "tone": ("stance", _tone),
    "month": ("month", _as_month),
    "year": ("month", _as_year),
}
"""What can be counted by: from which dimension of the cubes, and how it is had from its value."""

LAST_CHANGE = select(func.max(table(Change).c.seq).label("last")).subquery("last_change")
"""The record version that the tallies are right for, as the statement sees the database."""


def cells(by: Sequence[str], asked: Asked) -> Select[Any] | None:
    """The counts by these dimensions as `value_...` and `counted`, or None if no cube has them.

    They are right only where `LAST_CHANGE`, in the same statement, is the version that is read.
    """
    cube = _cube({_SHOWN[name][0] for name in by} | {name for name, _ in asked})
    if cube is None:
        return None
    of = dict(zip(cube, _PLACES, strict=False))
    values = [_SHOWN[name][1](of[_SHOWN[name][0]]).label(f"value_{name}") for name in by]
    found = select(*values).where(*_conditions(cube, asked))
    if set(by) == set(cube) and "month" not in by:
        return found.add_columns(_TALLY.c.n.label("counted"))  # as the cube has them
    counted = cast(func.sum(_TALLY.c.n), BigInteger).label("counted")
    return found.add_columns(counted).group_by(*values)


def total(session: ReadSession, version: int, asked: Asked) -> int | None:
    """How many positions are as asked, or None if the tallies cannot tell.

    They can if nothing is asked for, or if the version is the present one and a cube has all that
    is asked for.
    """
    if not asked:
        rows = session.run("total", _total_at, {"version": version})
        return int(rows[0].n) if rows else 0
    cube = _cube({name for name, _ in asked})
    if cube is None:
        return None

    def build() -> Select[Any]:
        counted = cast(func.coalesce(func.sum(_TALLY.c.n), 0), BigInteger)
        found = select(counted).where(*_conditions(cube, asked)).scalar_subquery()
        return select(LAST_CHANGE.c.last, found.label("counted"))

    shape = ("tallied", cube, tuple((name, wanted.shape) for name, wanted in asked))
    (row,) = session.run(shape, build, params(asked))
    return int(row.counted) if row.last == version else None


def _total_at() -> Select[Any]:
    """The number of positions as of a change, `version`."""
    found = select(_TOTAL.c.n).where(_TOTAL.c.seq <= bindparam("version"))
    return found.order_by(_TOTAL.c.seq.desc()).limit(1)


def params(asked: Asked) -> dict[str, str]:
    """The parameters of a statement that asks for this."""
    found: dict[str, str] = {}
    for place, (_, wanted) in enumerate(asked):
        found |= wanted.params(f"wanted_{place}")
    return found


def _cube(dimensions: set[str]) -> Cube | None:
    """The smallest cube that has these dimensions."""
    return next((cube for cube in CUBES if dimensions <= set(cube)), None)


def _conditions(cube: Cube, asked: Asked) -> list[ColumnElement[bool]]:
    of = dict(zip(cube, _PLACES, strict=False))
    return [
        _TALLY.c.cube == _name(cube),
        *(wanted.among(of[name], f"wanted_{place}") for place, (name, wanted) in enumerate(asked)),
    ]
