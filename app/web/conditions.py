"""Conditions: what narrows a list, with its values kept apart.

A condition refers to its values by name, so that a statement that was made for one request serves
all others of the same shape. It is made only when there is no such statement yet.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    select,
)

from app.errors import Fault, InvalidRequest
from app.sessions import ReadSession
from app.sql import collected, unindexed
from app.tallies import OneOf

FEW = 5_000
"""Children up to which a filter collects what it lets through; with more it looks at each entry.

About the square root of a million entries times the rows of a page: there both cost the same."""

SAMPLE = 1_000
"""Children that a total looks at where there are more than a few."""

Bound = Sequence[BindParameter[Any]]
"""The values of a filter as parameters of a statement."""

Condition = Callable[[Bound], ColumnElement[bool]]
"""From the values of a filter to the condition that they make."""

Make = Callable[[], ColumnElement[bool]]


def one_of(target: ColumnElement[Any]) -> Condition:
    """The condition that a column has one of the values."""

    def condition(found: Bound) -> ColumnElement[bool]:
        return target == found[0] if len(found) == 1 else target.in_(found)

    return condition


@dataclass(frozen=True)
class Pick:
    """Values of a column, wanted or left out."""

    column: ColumnElement[Any]
    names: tuple[str, ...]
    """The parameters that bring the values."""
    out: bool

    def on(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition, on this column or what is made of it."""
        return chosen(one_of(column), self.names, out=self.out)

    def only(self, place: int) -> ColumnElement[bool]:
        """The condition that the column has the value at this place."""
        return self.column == bindparam(self.names[place])


def chosen(condition: Condition, names: Sequence[str], *, out: bool) -> ColumnElement[bool]:
    """A condition on the values of these parameters, or that it does not hold."""
    wanted = condition([bindparam(name) for name in names])
    # What has no value at all is not one of those left out.
    return func.coalesce(wanted, false()).is_(false()) if out else wanted


@dataclass(frozen=True)
class Made:
    """One condition."""

    name: str
    shape: Hashable
    make: Make
    pick: Pick | None = None
    """If it is one on a column of the list's own table."""
    collects: bool = False
    """Whether it gives the few rows that can match, from another table."""
    sample: Make | None = None
    """What a total looks at instead, where it would have to look at too much."""
    each: Make | None = None
    """The same, looked at for one entry."""


@dataclass
class Narrowed:
    """The conditions of a request."""

    session: ReadSession
    version: int
    params: dict[str, Any] = field(default_factory=dict)
    """The values, by the names that the conditions have for them."""
    faults: list[Fault] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    phrases: list[list[str]] | None = None
    """What is searched for: the words of the condition `q` (`app.web.searches`)."""
    asked: Any = None
    """The search, once it is made."""
    _values: dict[str, OneOf] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.params["version"] = self.version

    @property
    def shape(self) -> Hashable:
        """What tells these conditions from others, whatever the values."""
        return tuple((each.name, each.shape) for each in self.made)

    @property
    def names(self) -> set[str]:
        """What there are conditions on: the parameters, and what else narrows the list."""
        return {each.name for each in self.made}

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """The conditions; their values are in `params`."""
        return self.beside(None) if self.collects else [each.make() for each in self.made]

    @property
    def collects(self) -> bool:
        """Whether the few rows that can match are known."""
        return any(each.collects for each in self.made)

    @property
    def samples(self) -> bool:
        """Whether an exact total would have to look at a great deal."""
        return any(each.sample for each in self.made)

    @property
    def sampled(self) -> list[ColumnElement[bool]]:
        """The conditions of a total that need not be exact."""
        if not self.samples:
            return self.where
        return [each.sample() if each.sample else _beside(each) for each in self.made]

    def driver(self, columns: Sequence[ColumnElement[Any]]) -> Pick | None:
        """The filter whose alternatives a list is walked by, each in its own range of an index.

        None where one range does: a filter with one value, or the order itself.
        """
        if self.collects:
            return None
        found = self._picks(columns)
        return found[0] if found and all(len(p.names) > 1 for p in found) else None

    def narrowest(self, columns: Sequence[ColumnElement[Any]]) -> Pick | None:
        """The filter whose range or ranges of an index have the fewest rows."""
        found = self._picks(columns)
        return min(found, key=lambda pick: len(pick.names) > 1, default=None)

    def _picks(self, columns: Sequence[ColumnElement[Any]]) -> list[Pick]:
        picks = [each.pick for each in self.made if each.pick and not each.pick.out]
        return [p for column in columns for p in picks if p.column is column and p.names]

    def beside(self, pick: Pick | None) -> list[ColumnElement[bool]]:
        """The other conditions, for none of which an index is to be chosen."""
        return [_beside(each) for each in self.made if pick is None or each.pick is not pick]

    @property
    def wanted(self) -> dict[str, Sequence[str]]:
        """The values that conditions ask for, by the conditions' names."""
        made = {each.name for each in self.made}
        return {n: v.values for n, v in self._values.items() if n in made and not v.out}

    def each_but(self, name: str) -> list[ColumnElement[bool]]:
        """What all conditions but one look at, for an entry that was found by that one."""
        others = [each for each in self.made if each.name != name]
        return [each.each() if each.each else _beside(each) for each in others]

    def add(self, name: str, make: Make, shape: Hashable = None, **params: Any) -> None:
        """A condition, made when it is needed; name and shape stand for all that it depends on.

        Values come as parameters, which the condition has by name (`bindparam`).
        """
        self._note(Made(name, shape, make), params)

    def checked(self) -> "Narrowed":
        """These conditions. Raises InvalidRequest if a filter could not be read."""
        if self.faults:
            raise InvalidRequest.of(self.faults)
        return self

    def pick(
        self, name: str, values: Sequence[str], column: ColumnElement[Any], *, out: bool = False
    ) -> None:
        """That a column of the list's own table has one of these values, or none of them."""
        params = self._named(name, values, out=out)
        pick = Pick(column, tuple(params), out)
        self._note(Made(name, (out, len(values)), lambda: pick.on(column), pick), params)

    def choose(
        self, name: str, values: Sequence[str], condition: Condition, *, out: bool = False
    ) -> None:
        """A condition on these values, or that it does not hold."""
        params = self._named(name, values, out=out)
        make = lambda: chosen(condition, list(params), out=out)
        self._note(Made(name, (out, len(values)), make), params)

    def values_of(self, name: str) -> OneOf:
        """The values that a condition by this name lets through, or leaves out."""
        return self._values[name]

    def have_child(
        self,
        name: str,
        entries: ColumnElement[Any],
        children: Callable[[], Select[Any]],
        shape: Hashable,
        **params: Any,
    ) -> None:
        """That an entry is one of those that these children belong to.

        `entries` is the list's column and `children` selects the like of it. Where there are few,
        they are collected and put in order; where there are many, the list is gone through in its
        order and each entry is looked at, since the page will soon be full.
        """
        collect = lambda: collected(entries, children())
        belongs = lambda: exists(_with(children(), entries))
        if self._few((str(entries), name, shape), children, params):
            self._note(Made(name, ("few", shape), collect, collects=True, each=belongs), params)
            return
        sample = lambda: collected(entries, children().limit(SAMPLE))
        self._note(Made(name, ("many", shape), belongs, sample=sample), params)

    def _few(
        self, of: Hashable, children: Callable[[], Select[Any]], params: dict[str, Any]
    ) -> bool:
        def build() -> Select[Any]:
            found = children().with_only_columns(literal_column("1")).limit(FEW + 1).subquery()
            return select(func.count()).select_from(found)

        counted = self.session.run(("few", of), build, params)[0][0]
        return int(counted) <= FEW

    def _named(self, name: str, values: Sequence[str], *, out: bool) -> dict[str, str]:
        self._values[name] = OneOf(values, out)
        return {f"{name}_{place}": value for place, value in enumerate(values)}

    def _note(self, made: Made, params: dict[str, Any]) -> None:
        self.made.append(made)
        self.params |= params


def _beside(made: Made) -> ColumnElement[bool]:
    return made.pick.on(unindexed(made.pick.column)) if made.pick else made.make()


def _with(children: Select[Any], entries: ColumnElement[Any]) -> Select[Any]:
    """Of these children, those that belong to the entry at hand."""
    (parent,) = children.selected_columns
    table: FromClause = entries.table
    return children.where(parent == entries).correlate(table)
