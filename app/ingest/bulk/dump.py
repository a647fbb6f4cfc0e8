"""The whole record written out, as it stood after its last change when the export began.

It is read in batches, so that it takes the same memory whatever its size. The rows of each table
are numbered in the order of the changes that wrote them: that is the order they are read in.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from app import __version__
from app.db import known_revisions
from app.errors import OnRecordError
from app.ingest import shapes
from app.ingest.bulk.files import Writer
from app.ingest.bulk.lines import FORMAT, Line
from app.ingest.changes import GENESIS
from app.ingest.shapes import Kind, Shape
from app.models import ArticleText, Change, TopicChange
from app.sessions import BEFORE_ALL, ReadSession
from app.sql import table

BATCH = 2000
"""Rows read at a time."""


@dataclass
class Summary:
    """How much was written or read."""

    changes: int = 0
    versions: int = 0
    texts: int = 0


Progress = Callable[[int, int], None]
"""Is told how many versions are done, and how many there are."""


def export(
    session: ReadSession,
    out: Writer,
    *,
    texts: bool = True,
    progress: Progress = lambda _done, _total: None,
) -> Summary:
    """Write out the record.

    Args:
        session: where to read it.
        out: where to write it.
        texts: whether the held texts of articles are part of it.
        progress: is called now and then.
    """
    version, done = session.record_version(), Summary()
    header = _header(session, version, texts=texts)
    out.write(header)
    for line in _lines(session, version, texts=texts):
        out.write(line)
        done.changes += line["line"] == "change"
        done.texts += line["line"] == "text"
        done.versions += line["line"] == "version"
        if done.versions % BATCH == 0:
            progress(done.versions, header["versions"])
    if done.versions != header["versions"]:
        raise OnRecordError("The rows of the record do not stand in the order of its changes.")
    counts = {"changes": done.changes, "versions": done.versions, "texts": done.texts}
    out.write({"line": "end", "lines": out.lines + 1, **counts, "sha256": out.sha256})
    progress(done.versions, header["versions"])
    return done


def _header(session: ReadSession, version: int, *, texts: bool) -> Line:
    changes = table(Change)
    last = session.scalar(select(changes.c.digest).where(changes.c.seq == version))
    count = func.count()
    versions = sum(
        session.scalar(select(count).where(kind.table.c.recorded_in <= version))
        for kind in shapes.KINDS
    )
    return {
        "line": "record",
        "format": FORMAT,
        "schema": known_revisions()[-1],
        "software": f"onrecord {__version__}",
        "version": version,
        "digest": GENESIS if version == BEFORE_ALL else last,
        "versions": versions,
        "texts": texts,
    }


def _lines(session: ReadSession, version: int, *, texts: bool) -> Iterator[Line]:
    """Every change, each followed by the versions that it wrote."""
    written = [_Versions(session, kind, version, texts=texts) for kind in shapes.KINDS]
    for change in _changes(session, version):
        yield change
        for versions in written:
            yield from versions.of(change["seq"])


def _changes(session: ReadSession, version: int) -> Iterator[Line]:
    changes, topics = table(Change), table(TopicChange)
    for first in range(0, version + 1, BATCH):
        last = min(first + BATCH - 1, version)
        numbers: dict[int, dict[str, int]] = defaultdict(dict)
        numbered = select(topics).where(topics.c.seq.between(first, last))
        for row in session.rows(numbered.order_by(topics.c.seq, topics.c.topic)):
            numbers[row.seq][row.topic] = row.number
        of_batch = select(changes).where(changes.c.seq.between(first, last))
        for row in session.rows(of_batch.order_by(changes.c.seq)):
            said = {name: getattr(row, name) for name in changes.columns.keys()}  # noqa: SIM118 - of columns
            yield {"line": "change", **said, "at": _moment(row.at), "topics": numbers[row.seq]}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class _Versions:
    """The versions of one kind, in the order in which they were written."""

    def __init__(self, session: ReadSession, kind: Kind, version: int, *, texts: bool) -> None:
        self._session = session
        self._kind = kind
        self._version = version
        self._texts = texts and kind is shapes.ARTICLE
        self._all = self._read()
        self._next = next(self._all, None)

    def of(self, seq: int) -> Iterator[Line]:
        """The lines of the versions that this change wrote; it is asked change by change."""
        while self._next is not None and self._next[0] == seq:
            yield from self._next[1]
            self._next = next(self._all, None)

    def _read(self) -> Iterator[tuple[int, list[Line]]]:
        """The change that wrote each version, and its lines."""
        statement, last = self._statement(), 0
        row_id = self._kind.table.c.row_id
        while rows := self._session.rows(statement.where(row_id > last)):
            last = rows[-1].row_id
            children = _children(self._session, self._kind.children, [row.row_id for row in rows])
            texts = self._held(rows) if self._texts else {}
            for row in rows:
                lines = [self._line(row, children[row.row_id])]
                if row.rev == 1 and (text := texts.get(key := lines[0]["id"])) is not None:
                    lines.append({"line": "text", "article_id": key, "text": text})
                yield row.recorded_in, lines

    def _statement(self) -> Select[Any]:
        kind, v, anchor = self._kind, self._kind.table.c, table(self._kind.anchor)
        names = [*kind.untold, *kind.told]
        of = [v.row_id, v.recorded_in, v.rev, v.change_type, v.superseded_in, v[kind.key]]
        statement = select(*of, v.digest, *(v[name].label(f"said_{name}") for name in names))
        if kind.origin:
            statement = statement.add_columns(*(anchor.c[name] for name in kind.origin))
            statement = statement.join(anchor, anchor.c[kind.key] == v[kind.key])
        return statement.where(v.recorded_in <= self._version).order_by(v.row_id).limit(BATCH)

    def _line(self, row: Row[Any], children: Mapping[str, list[Line]]) -> Line:
        kind = self._kind
        _, _, rev, change_type, superseded, key, digest, *values = tuple(row)
        untold, told = len(kind.untold), len(kind.untold) + len(kind.told)
        # What happened since the export began is no part of it.
        still = superseded is None or superseded > self._version
        line = {
            "line": "version",
            "kind": kind.name,
            "id": key,
            "rev": rev,
            "change_type": change_type,
            "superseded_in": None if still else superseded,
            "digest": digest,
            **dict(zip(kind.untold, values[:untold], strict=True)),
        }
        if kind.origin and rev == 1:
            line["origin"] = dict(zip(kind.origin, values[told:], strict=True))
        said = dict(zip(kind.told, values[untold:told], strict=True))
        line["content"] = {"kind": kind.name, **said, **children}
        return line

    def _held(self, rows: Sequence[Row[Any]]) -> dict[str, str]:
        """The texts that are held of these articles."""
        held, v = table(ArticleText), self._kind.table
        statement = select(held).join(v, and_(v.c.id == held.c.article_id, v.c.rev == 1))
        found = statement.where(_between(v.c.row_id, [row.row_id for row in rows]))
        return {row.article_id: row.text for row in self._session.rows(found)}


def _children(
    session: ReadSession, children: Mapping[str, Shape], parents: Sequence[int]
) -> dict[int, dict[str, list[Line]]]:
    """What the children of these rows say, by the name of the list."""
    found: dict[int, dict[str, list[Line]]] = {p: {n: [] for n in children} for p in parents}
    for name, shape in children.items() if parents else ():
        c = shape.table.c
        numbers = [c.row_id] if shape.children else []
        statement = select(c.version_id, *numbers, *(c[each] for each in shape.said))
        ordered = statement.order_by(c.version_id, c.ordinal)
        found_rows = session.rows(ordered.where(_between(c.version_id, parents)))
        rows = [tuple(row) for row in found_rows if row.version_id in found]
        below = _children(session, shape.children, [row[1] for row in rows] if numbers else [])
        for row in rows:
            said = dict(zip(shape.said, row[1 + len(numbers) :], strict=True))
            found[row[0]][name].append(said | below[row[1]] if numbers else said)
    return found


def _between(column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """A range, which is read faster than a list of numbers."""
    return column.between(min(numbers), max(numbers))
