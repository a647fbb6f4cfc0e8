"""Lines on their way into the tables: some thousand at a time, by each driver's fastest way."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, func, select, text, update

from app.drivers import RowRefused
from app.errors import Fault
from app.fulltext import index_positions
from app.ingest import shapes
from app.ingest.bulk.layout import Entry, Rows, Versions
from app.ingest.bulk.lines import Line, refused
from app.ingest.shapes import Kind
from app.ingest.store import indexed
from app.models import ArticleText, Change, TopicChange, metadata
from app.sessions import WriteSession
from app.sql import table

LINES = 2000
BYTES = 32_000_000
"""A batch is full when it has so many lines, or so much text in them."""

_ANCHORS = {kind.anchor.__tablename__: kind for kind in shapes.KINDS}


class Batch:
    """Collects lines, and writes what they say in the order that the tables' references need.

    Rows are numbered in the order of the file.
    """

    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._moment = session.bound(table(Change).c.at)
        self._changes, self._topics, self._texts = (
            Rows(table(of), table(of).columns.keys()) for of in (Change, TopicChange, ArticleText)
        )
        self._versions = {kind: Versions(kind) for kind in shapes.KINDS}
        rows = [self._changes, self._topics, self._texts]
        rows += [each for versions in self._versions.values() for each in versions.all()]
        order = {of.name: place for place, of in enumerate(metadata.sorted_tables)}
        self._rows = sorted(rows, key=lambda each: order[each.table.name])
        self.entries: list[Entry] = []
        self._lines = self._bytes = 0

    def go_on(self) -> None:
        """Number rows on from those that the tables have."""
        for each in self._rows:
            if "row_id" in each.columns:
                each.last = self._session.scalar(select(func.max(each.table.c.row_id))) or 0
        for versions in self._versions.values():
            versions.taken = versions.into.last

    def leave_numbers(self) -> None:
        """Let the database number its next rows on from those that came with their numbers."""
        if self._session.dialect == "postgresql":
            for name, last in self.numbered.items():
                sequence = func.pg_get_serial_sequence(text(f"'{name}'"), text("'row_id'"))
                self._session.execute(select(func.setval(sequence, last)))

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
        if entry.row_id <= versions.taken:
            versions.into.superseded.append({"of": entry.row_id, "seq": seq})

    def take(self) -> "Ready":
        """What was collected, as rows; the next batch begins."""
        for entry in self.entries:
            self._versions[entry.kind].add(entry)
        ready = Ready(self.entries, [each.taken() for each in self._rows])
        for versions in self._versions.values():
            versions.taken = versions.into.last
        self.entries = []
        self._lines = self._bytes = 0
        return ready


@dataclass(frozen=True)
class Ready:
    """A batch to be written."""

    entries: list[Entry]
    rows: list[Rows]
    """In the order that the tables' references need."""

    def write(self, session: WriteSession) -> None:
        """Put everything into the tables. Raises RecordRefused, naming the line at fault."""
        for each in self.rows:
            if each.superseded:
                replace = update(each.table).where(each.table.c.row_id == bindparam("of"))
                session.execute(replace.values(superseded_in=bindparam("seq")), each.superseded)
            if each.rows:
                _insert(session, each)
        found = [each for each in self.entries if each.kind is shapes.POSITION]
        index_positions(
            session, [indexed(e.row_id, e.seq, e.line["id"], e.line["content"]) for e in found]
        )

    def let_go(self) -> None:
        """Forget what was read: of what waits to be superseded, the row's number is enough."""
        for entry in self.entries:
            entry.line = {}


def _insert(session: WriteSession, ready: Rows) -> None:
    try:
        session.insert_many(ready.table.name, ready.columns, ready.rows)
    except RowRefused as error:
        row = dict(zip(ready.columns, ready.rows[error.index], strict=True))
        fault = _explained(session, ready.table, row) or Fault(
            f"the database does not take it ({error})."
        )
        raise refused(ready.numbers[error.index], fault) from error


def _explained(session: WriteSession, of: Table, row: Line) -> Fault | None:
    """Why the database does not take a row: most often something is not on record."""
    kind = _ANCHORS.get(of.name)
    if kind is not None and _on_record(session, of, kind.key, row[kind.key]):
        return Fault(f"{row[kind.key]!r} has a first version already.", pointer="id")
    for key in of.foreign_keys:
        value, target = row.get(key.parent.name), key.column
        if value is None or _on_record(session, target.table, target.name, value):
            continue
        noun = _ANCHORS[target.table.name].name if target.table.name in _ANCHORS else "entity"
        detail = f"there is no {noun.replace('_', ' ')} {value!r} on record."
        return Fault(detail, pointer=key.parent.name)
    return None


def _on_record(session: WriteSession, of: Table, column: str, value: Any) -> bool:
    return bool(session.rows(select(of.c[column]).where(of.c[column] == value)))
