"""How what lines say becomes rows: worked out once for each table, from the shapes."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from app.ingest.bulk.lines import Line
from app.ingest.shapes import Kind, Shape
from app.sql import table


@dataclass(slots=True)
class Entry:
    """A version on its way in."""

    number: int
    """The number of its line."""
    kind: Kind
    line: Line
    seq: int
    row_id: int
    superseded_in: int | None = None
    """By which change, as far as that one was read."""


class Rows:
    """Rows for one table, and the lines that they come from."""

    def __init__(self, of: Table, columns: Iterable[str]) -> None:
        self.table = of
        self.columns = list(columns)
        self.rows: list[tuple[Any, ...]] = []
        self.numbers: list[int] = []
        self.last = 0
        """The last number that a row of this table has, where rows are numbered."""
        self.superseded: list[dict[str, int]] = []
        """Which versions that are in the table already are superseded by which change."""

    def add(self, number: int, row: tuple[Any, ...]) -> None:
        """One row more, from this line."""
        self.rows.append(row)
        self.numbers.append(number)

    def taken(self) -> "Rows":
        """What was collected; from here on it is collected anew."""
        found = copy(self)
        self.rows, self.numbers, self.superseded = [], [], []
        return found


class Children:
    """How the children of a version become rows."""

    def __init__(self, shape: Shape) -> None:
        self.numbered = bool(shape.children)
        numbers = ["row_id"] if self.numbered else []
        self.into = Rows(shape.table, [*numbers, "version_id", "ordinal", *shape.said])
        self.values = itemgetter(*shape.said)
        self.below = {name: Children(each) for name, each in shape.children.items()}

    def add(self, number: int, parent: int, found: list[Line]) -> None:
        """The children of a row."""
        for ordinal, child in enumerate(found):
            row = (parent, ordinal, *self.values(child))
            if self.numbered:
                self.into.last += 1
                row = (self.into.last, *row)
                for name, children in self.below.items():
                    children.add(number, self.into.last, child[name])
            self.into.add(number, row)

    def all(self) -> Iterator[Rows]:
        """The rows of these tables."""
        yield self.into
        for children in self.below.values():
            yield from children.all()


class Versions:
    """How the versions of a kind become rows."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.anchors = Rows(table(kind.anchor), [kind.key, *kind.origin])
        columns = ["row_id", "rev", "recorded_in", "superseded_in", "change_type", "digest"]
        self.into = Rows(kind.table, [*columns, *kind.untold, *kind.told])
        self.values = itemgetter(*kind.told)
        self.children = {name: Children(shape) for name, shape in kind.children.items()}
        self.taken = 0
        """The number of the last row that is in the table, or on its way there."""

    def add(self, entry: Entry) -> None:
        """A version, and the identity if it is the first one."""
        number, line, content = entry.number, entry.line, entry.line["content"]
        if line["rev"] == 1:
            origin = [line["origin"][name] for name in self.kind.origin]
            self.anchors.add(number, (line["id"], *origin))
        row = (entry.row_id, line["rev"], entry.seq, entry.superseded_in, line["change_type"])
        untold = [line.get(name) for name in self.kind.untold]
        self.into.add(number, (*row, line["digest"], *untold, *self.values(content)))
        for name, children in self.children.items():
            if found := content[name]:
                children.add(number, entry.row_id, found)

    def all(self) -> Iterator[Rows]:
        """The rows of these tables."""
        yield self.anchors
        yield self.into
        for children in self.children.values():
            yield from children.all()
