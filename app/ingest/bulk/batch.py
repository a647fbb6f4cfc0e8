"""Lines on their way into the tables: some thousand at a time, by each driver's fastest way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


class _Rows:
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

    def clear(self) -> None:
        """All of it is in the table."""
        self.rows, self.numbers, self.superseded = [], [], []


class _Children:
    """How the children of a version become rows."""

    def __init__(self, shape: Shape) -> None:
        self.numbered = bool(shape.children)
        numbers = ["row_id"] if self.numbered else []
        self.into = _Rows(shape.table, [*numbers, "version_id", "ordinal", *shape.said])
        self.values = itemgetter(*shape.said)
        self.below = {name: _Children(each) for name, each in shape.children.items()}

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

    def all(self) -> Iterator[_Rows]:
        """The rows of these tables."""
        yield self.into
        for children in self.below.values():
            yield from children.all()


class _Versions:
    """How the versions of a kind become rows."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.anchors = _Rows(table(kind.anchor), [kind.key, *kind.origin])
        columns = ["row_id", "rev", "recorded_in", "superseded_in", "change_type", "digest"]
        self.into = _Rows(kind.table, [*columns, *kind.untold, *kind.told])
        self.values = itemgetter(*kind.told)
        self.children = {name: _Children(shape) for name, shape in kind.children.items()}
        self.written = 0
        """The number of the last row that is in the table."""

    def add(self, entry: Entry) -> None:
        """A version, and the identity if it is the first one."""
        number, line, content = entry.number, entry.line, entry.line["content"]
        if line["rev"] == 1:
            origin = [line["origin"][name] for name in self.kind.origin]
            self.anchors.add(number, (line["id"], *origin))
        row = (entry.row_id, line["rev"], entry.seq, entry.superseded_in, line["change_type"])
        untold = [line[name] for name in self.kind.untold]
        self.into.add(number, (*row, line["digest"], *untold, *self.values(content)))
        for name, children in self.children.items():
            if found := content[name]:
                children.add(number, entry.row_id, found)

    def all(self) -> Iterator[_Rows]:
        """The rows of these tables."""
        yield self.anchors
        yield self.into
        for children in self.children.values():
            yield from children.all()


class Batch:
    """Collects lines, and writes what they say in the order that the tables' references need.

    Rows are numbered in the order of the file.
    """

    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._moment = session.bound(table(Change).c.at)
        self._changes, self._topics, self._texts = (
            _Rows(table(of), table(of).columns.keys()) for of in (Change, TopicChange, ArticleText)
        )
        self._versions = {kind: _Versions(kind) for kind in shapes.KINDS}
        rows = [self._changes, self._topics, self._texts]
        rows += [each for versions in self._versions.values() for each in versions.all()]
        order = {of.name: place for place, of in enumerate(metadata.sorted_tables)}
        self._rows = sorted(rows, key=lambda each: order[each.table.name])
        self.entries: list[Entry] = []
        self._lines = self._bytes = 0

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return self._lines >= LINES or self._bytes >= BYTES

    @property
    def numbered(self) -> dict[str, int]:
        """The last row number of each table that numbers its rows."""
        return {each.table.name: each.last for each in self._rows if each.last}

    def count(self, raw: bytes) -> None:
        """Take note of a line that is to be part of it."""
        self._lines += 1
        self._bytes += len(raw)

    def add_change(self, number: int, line: Line) -> None:
        """A change, and the versions of topics that it made."""
        row = line | {"at": self._moment(line["at"])}
        self._changes.add(number, tuple(row[name] for name in self._changes.columns))
        for topic, count in line["topics"].items():
            self._topics.add(number, (topic, count, line["seq"]))

    def add_text(self, number: int, line: Line) -> None:
        """The text of an article."""
        self._texts.add(number, (line["article_id"], line["text"]))

    def add_version(self, number: int, kind: Kind, line: Line, seq: int) -> Entry:
        """A version. Gives what becomes of it."""
        into = self._versions[kind].into
        into.last += 1
        entry = Entry(number, kind, line, seq, into.last)
        self.entries.append(entry)
        return entry

    def supersede(self, entry: Entry, seq: int) -> None:
        """A version is replaced by what a change wrote that is part of the batch by now."""
        entry.superseded_in = seq
        versions = self._versions[entry.kind]
        if entry.row_id <= versions.written:
            versions.into.superseded.append({"of": entry.row_id, "seq": seq})

    def write(self) -> None:
        """Put everything into the tables. Raises RecordRefused, naming the line at fault."""
        for entry in self.entries:
            self._versions[entry.kind].add(entry)
        for each in self._rows:
            if each.superseded:
                replace = update(each.table).where(each.table.c.row_id == bindparam("of"))
                self._session.execute(
                    replace.values(superseded_in=bindparam("seq")), each.superseded
                )
            if each.rows:
                self._insert(each)
        found = [e for e in self.entries if e.kind is shapes.POSITION]
        index_positions(self._session, [(e.row_id, searchable(e.line["content"])) for e in found])

    def clear(self) -> None:
        """Begin the next batch."""
        for entry in self.entries:
            entry.line = {}  # of what waits to be superseded, only the row's number is needed
        for each in self._rows:
            each.clear()
        for versions in self._versions.values():
            versions.written = versions.into.last
        self.entries = []
        self._lines = self._bytes = 0

    def _insert(self, ready: _Rows) -> None:
        try:
            self._session.insert_many(ready.table.name, ready.columns, ready.rows)
        except RowRefused as error:
            row = dict(zip(ready.columns, ready.rows[error.index], strict=True))
            number = ready.numbers[error.index]
            raise self._explained(ready.table, row, number, str(error)) from error

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
