"""What a search is asked: the words, the list that they narrow, and its order."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select

from app.fulltext import match
from app.sessions import ReadSession
from app.web.conditions import Pick


@dataclass(frozen=True)
class Search:
    """What is searched for."""

    phrases: list[list[str]]
    marks: list[list[str]]
    """Of each list, one is among the marks of what the other filters let through."""

    def asked(self, dialect: str, *marks: Sequence[str]) -> str:
        """It as the index takes it, with further marks."""
        return match(self.phrases, dialect, marks=[*self.marks, *marks])


@dataclass(frozen=True)
class Order:
    """The order of a list, and from where on it is asked for."""

    columns: list[Any]
    """The column that it goes by, and the one that tells apart what is equal there."""
    descending: bool
    bounds: list[ColumnElement[bool]]
    """The conditions that its place makes."""
    start: tuple[Any, Any] | None
    """The place that the page comes after."""

    @property
    def name(self) -> str:
        """The column that it goes by."""
        return str(self.columns[0].key)

    @property
    def by(self) -> list[ColumnElement[Any]]:
        """The order, for a statement."""
        return [c.desc() if self.descending else c.asc() for c in self.columns]


@dataclass(frozen=True)
class Asked:
    """A list by words."""

    session: ReadSession
    search: Search
    table: FromClause
    shape: Hashable
    """What its statements are kept for."""
    params: dict[str, Any]
    where: Callable[[], list[ColumnElement[bool]]]
    """What is looked at in each version that has the words: all other conditions."""
    pick: Pick | None
    """The filter whose range of an index the list is walked by."""
    version: int
    past: bool
    latest: Callable[[], date | None] = field(default=lambda: None)
    """The latest date on record at the time, where that was in the past."""
    found: list[list[int] | None] = field(default_factory=list)
    """All that match if they are few, or None, once that was looked for."""

    @property
    def row_id(self) -> ColumnElement[Any]:
        """The row numbers of the versions."""
        return self.table.c.row_id

    def run(self, what: Hashable, build: Callable[[], Select[Any]], **params: Any) -> list[Any]:
        """All rows of a statement; `what` stands for all of it that is not the list's own."""
        return self.session.run(("search", what, self.shape), build, {**self.params, **params})

    def first_and_last(self) -> tuple[date, date]:
        """The dates that are asked for."""
        since = self.params.get("said_from", date.min)
        until = self.params.get("said_to", date(MAXYEAR, 12, 31))
        found = self.latest() if self.past else None
        return since, until if found is None else min(until, found)
