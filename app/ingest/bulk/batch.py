"""Lines on their way into the tables: some thousand at a time, by each driver's fastest way."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, bindparam, select, update

from app.db import WriteSession, table
from app.drivers import RowRefused
from app.errors import Fault, RecordRefused
from app.fulltext import index_positions
from app.ingest import shapes
from app.ingest.bulk.lines import Line, refused
from app.ingest.shapes import Kind, Shape
from app.ingest.store import searchable
from app.models import ArticleText, Change, TopicChange, metadata

LINES = 2000
BYTES = 32_000_000
"""A batch is full when it has so many lines, or so much text in them."""

_ANCHORS = {kind.anchor.__tablename__: kind for kind in shapes.KINDS}


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


@dataclass
class _Rows:
    """Rows for one table, and the lines that they come from."""

    columns: list[str]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, number: int, row: tuple[Any, ...]) -> None:
        self.rows.append(row)
        self.numbers.append(number)


class Batch:
    """Collects lines, and writes what they say in the order that the tables' references need.

    Rows are numbered in the order of the file.
    """

    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._moment: Callable[[datetime], Any] = session.bound(table(Change).c.at)
        self._last: Counter[str] = Counter()
        """The last row number of each table."""
        self.entries: list[Entry] = []
        self.clear()

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return self._lines >= LINES or self._bytes >= BYTES

    @property
    def last_rows(self) -> Mapping[str, int]:
        """The last row number of each table that numbers its rows."""
        return self._last

    def count(self, raw: bytes) -> None:
        """Take note of a line that is to be part of it."""
        self._lines += 1
        self._bytes += len(raw)

    def add_change(self, number: int, line: Line) -> None:
        """A change, and the versions of topics that it made."""
        changes = self._rows_of(table(Change))
        row = line | {"at": self._moment(line["at"])}
        changes.add(number, tuple(row[name] for name in changes.columns))
        topics = self._rows_of(table(TopicChange))
        for topic, count in line["topics"].items():
            topics.add(number, (topic, count, line["seq"]))

    def add_text(self, number: int, line: Line) -> None:
        """The text of an article."""
        self._rows_of(table(ArticleText)).add(number, (line["article_id"], line["text"]))

    def add_version(self, number: int, kind: Kind, line: Line, seq: int) -> Entry:
        """A version, with its identity if it is the first one. Gives what becomes of it."""
        name = kind.table.name
        self._last[name] += 1
        entry = Entry(number, kind, line, seq, self._last[name])
        self.entries.append(entry)
        return entry

    def supersede(self, entry: Entry, seq: int) -> None:
        """A version is replaced by what a change wrote that is part of the batch by now."""
        entry.superseded_in = seq
        if entry.row_id <= self._written[entry.kind.table.name]:
            self._superseded[entry.kind.table.name].append({"of": entry.row_id, "seq": seq})

    def write(self) -> None:
        """Put everything into the tables. Raises RecordRefused, naming the line at fault."""
        for entry in self.entries:
            self._add_rows(entry)
        for of in metadata.sorted_tables:
            if replaced := self._superseded.get(of.name):
                replace = update(of).where(of.c.row_id == bindparam("of"))
                self._session.execute(replace.values(superseded_in=bindparam("seq")), replaced)
            if ready := self._tables.get(of.name):
                self._insert(of, ready)
        found = [e for e in self.entries if e.kind is shapes.POSITION]
        index_positions(self._session, [(e.row_id, searchable(e.line["content"])) for e in found])

    def clear(self) -> None:
        """Begin the next batch."""
        for entry in self.entries:
            entry.line = {}  # of what waits to be superseded, only the row's number is needed
        self.entries = []
        self._tables: dict[str, _Rows] = {}
        self._superseded: dict[str, list[dict[str, int]]] = defaultdict(list)
        self._written = Counter(self._last)
        self._lines = self._bytes = 0

    def _rows_of(self, of: Table, columns: Iterable[str] | None = None) -> _Rows:
        rows = self._tables.get(of.name)
        if rows is None:
            rows = self._tables[of.name] = _Rows(list(columns or of.columns.keys()))
        return rows

    def _add_rows(self, entry: Entry) -> None:
        kind, line = entry.kind, entry.line
        content = line["content"]
        if line["rev"] == 1:
            origin = line.get("origin", {})
            anchor = self._rows_of(table(kind.anchor), [kind.key, *kind.origin])
            anchor.add(entry.number, (line["id"], *(origin[name] for name in kind.origin)))
        columns, told = _version(kind)
        written = (entry.row_id, line["rev"], entry.seq, entry.superseded_in)
        untold = [line[name] for name in kind.untold]
        row = (*written, line["change_type"], line["digest"], *untold, *told(content))
        self._rows_of(kind.table, columns).add(entry.number, row)
        self._add_children(entry.number, kind.children, entry.row_id, content)

    def _add_children(
        self, number: int, children: Mapping[str, Shape], parent: int, said: Line
    ) -> None:
        for name, shape in children.items():
            found = said[name]
            if not found:
                continue
            columns, values = _child(shape)
            rows = self._rows_of(shape.table, columns)
            for ordinal, child in enumerate(found):
                if shape.children:
                    self._last[shape.table.name] += 1
                    own = self._last[shape.table.name]
                    rows.add(number, (own, parent, ordinal, *values(child)))
                    self._add_children(number, shape.children, own, child)
                else:
                    rows.add(number, (parent, ordinal, *values(child)))

    def _insert(self, of: Table, ready: _Rows) -> None:
        try:
            self._session.insert_many(of.name, ready.columns, ready.rows)
        except RowRefused as error:
            row = dict(zip(ready.columns, ready.rows[error.index], strict=True))
            number = ready.numbers[error.index]
            raise self._explained(of, row, number, str(error)) from error

    def _explained(self, of: Table, row: Line, number: int, said: str) -> RecordRefused:
        """Why the database does not take a row: most often something is not on record."""
        if kind := _ANCHORS.get(of.name):
            id_ = row[kind.key]
            if self._on_record(of, kind.key, id_):
                return refused(number, Fault(f"{id_!r} has a first version already.", pointer="id"))
        for key in of.foreign_keys:
            value, target = row.get(key.parent.name), key.column
            if value is None or self._on_record(target.table, target.name, value):
                continue
            noun = _ANCHORS[target.table.name].name if target.table.name in _ANCHORS else "entity"
            detail = f"there is no {noun.replace('_', ' ')} {value!r} on record."
            return refused(number, Fault(detail, pointer=key.parent.name))
        return refused(number, Fault(f"the database does not take it ({said})."))

    def _on_record(self, of: Table, column: str, value: Any) -> bool:
        return bool(self._session.rows(select(of.c[column]).where(of.c[column] == value)))


@cache
def _version(kind: Kind) -> tuple[list[str], Callable[[Line], tuple[Any, ...]]]:
    """The columns of a version in the order of its rows, and how what it says becomes values."""
    of_version = ["row_id", "rev", "recorded_in", "superseded_in", "change_type", "digest"]
    return [*of_version, *kind.untold, *kind.told], itemgetter(*kind.told)


_children_read: dict[str, tuple[list[str], Callable[[Line], tuple[Any, ...]]]] = {}


def _child(shape: Shape) -> tuple[list[str], Callable[[Line], tuple[Any, ...]]]:
    """The same for a child."""
    found = _children_read.get(shape.table.name)
    if found is None:
        numbers = ["row_id"] if shape.children else []
        columns = [*numbers, "version_id", "ordinal", *shape.said]
        found = _children_read[shape.table.name] = (columns, itemgetter(*shape.said))
    return found
